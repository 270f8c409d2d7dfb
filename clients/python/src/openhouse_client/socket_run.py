"""One socket of a session, from its ticket to its goodbye."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import NoReturn

from openhouse_client.backoff import Backoff
from openhouse_client.clock import wait
from openhouse_client.connection import Connection
from openhouse_client.environment import Environment, Tickets, Timings
from openhouse_client.errors import ClientError, Disconnected, Refused, decisive
from openhouse_client.presence import Presence
from openhouse_client.protocol import read_positions, read_time
from openhouse_client.rest import Ticket
from openhouse_client.synchronizer import Synchronizer


class SocketRun:
    """Begins by itself, as one of `tasks`. `catch_up` is called once the socket is open; `woken` hastens the next ping.

    `whole` comes true when nothing is missing any more, `ended` when the socket has ended, with the reason.
    """

    def __init__(
        self,
        tasks: asyncio.TaskGroup,
        tickets: Tickets,
        synchronizer: Synchronizer,
        presence: Presence,
        catch_up: Callable[[Connection], Awaitable[None]],
        *,
        timings: Timings,
        environment: Environment,
        woken: asyncio.Event,
    ) -> None:
        self._tickets = tickets
        self._synchronizer = synchronizer
        self._presence = presence
        self._catch_up = catch_up
        self._timings = timings
        self._connect = environment.connect
        self._clock = environment.clock
        self._backoff = Backoff(environment.random)
        self._woken = woken
        self._retired = asyncio.Event()
        self.connection: Connection | None = None  # to ask on, since nothing is missing
        self.opened_at = self._clock.monotonic()
        self.latency: float | None = None  # seconds from the last ping to its reply
        self.whole: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ended: asyncio.Task[ClientError] = tasks.create_task(self._run())

    async def lasts(self, seconds: float) -> bool:
        """Waits so long, or until it ends."""
        with suppress(TimeoutError):
            async with self._clock.timeout(seconds):
                await asyncio.wait([self.ended])
        return not self.ended.done()

    def retire(self) -> None:
        """Another has taken over: it delivers until the last request has its reply, and says goodbye."""
        self._retired.set()

    async def _run(self) -> ClientError:
        try:
            ticket = await self._tickets()
            socket = await self._connect(ticket.url)
            self.opened_at = self._clock.monotonic()
            try:
                connection = Connection(socket, self._clock, reply_seconds=self._timings.reply)
                await self._live(connection, ticket)
            finally:
                self.connection = None
                await socket.close()
        except* ClientError as group:
            ended = decisive(group)
        return ended

    async def _live(self, connection: Connection, ticket: Ticket) -> NoReturn:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(connection.read(self._synchronizer.receive))
            tasks.create_task(self._extend_session(connection, ticket.session_ends))
            told = ticket.presence_seconds is None or await self._presence.introduce(connection)
            await self._catch_up(connection)
            self.connection = connection
            self.whole.set_result(None)
            own = [
                tasks.create_task(self._ask_in_silence(connection, ticket.ping_seconds)),
                tasks.create_task(self._synchronizer.stay_whole(connection)),
            ]
            if ticket.presence_seconds is not None:
                own.append(tasks.create_task(self._presence.beat(connection, ticket.presence_seconds, told)))
            await self._retired.wait()
            for task in own:
                task.cancel()
            await connection.answered()
            raise Disconnected("another socket has taken over")

    async def _ask_in_silence(self, connection: Connection, advised: float) -> NoReturn:
        silence = advised if self._timings.silence is None else self._timings.silence
        asked_at = self._clock.monotonic()  # the sync has just told
        while True:
            due = min(connection.heard_at + silence, asked_at + self._timings.check)
            left = due - self._clock.monotonic()
            if left > 0:
                await wait(self._clock, left, unless=self._woken)
                if not self._woken.is_set():
                    continue
            asked_at = self._clock.monotonic()
            try:
                reply = await connection.request("ping")
            except Refused as refused:
                if not refused.retryable:
                    raise
                continue
            self.latency = self._clock.monotonic() - asked_at
            self._synchronizer.heard(read_positions(reply.get("rooms")))

    async def _extend_session(self, connection: Connection, ends: datetime) -> None:
        """Gives the server a ticket of a new token before the old token ends. If that fails, the server closes."""
        failures = 0
        while (left := (ends - self._clock.now()).total_seconds()) > 0:
            await self._clock.sleep(
                self._backoff.seconds(failures) if failures else max(1.0, left - min(300.0, left / 5))
            )
            try:
                ticket = await self._tickets(fresh=True)
            except ClientError as error:
                if not error.retryable:
                    raise
                failures += 1
                continue
            reply = await connection.request("auth", ticket=ticket.text)
            ends, failures = read_time(reply.get("sessionExpiresAt")), 0
