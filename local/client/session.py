"""A person's live session, over as many sockets as it takes: connect, catch up, stay whole, come back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn, Protocol

from local.client.backoff import Backoff
from local.client.clock import Clock, SystemClock
from local.client.connection import Connection
from local.client.errors import ClientError, NotConnected, Problem, Refused
from local.client.follower import Follower
from local.client.listener import Listener, State, Status
from local.client.protocol import Position, read_positions, read_time
from local.client.rest import Ticket
from local.client.websocket import Connect, open_websocket

# A new ticket and a new connection put these right, though the same request never would.
_MENDED_BY_RECONNECTING = frozenset({"session_expired", "ticket_invalid"})


class Tickets(Protocol):
    async def __call__(self, *, fresh: bool = False) -> Ticket:
        """A new one-use ticket; `fresh`: of a new token, so that the session lasts longer. Raises ClientError."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """In seconds."""

    heartbeat: float = 30.0  # within this, a silent client notices what it missed
    reply: float = 10.0
    gap: float = 0.6  # longer than the way of a commit, or every ping in a busy room would look like a gap
    settled: float = 10.0  # only a connection that lasted ends a series of failures


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a session takes from outside."""

    connect: Connect = open_websocket
    clock: Clock = field(default_factory=SystemClock)
    random: Callable[[], float] = random.random  # in [0, 1)


class Session:
    """`positions`: where to go on from, for whoever holds the state up to there already. To be run once."""

    def __init__(
        self,
        tickets: Tickets,
        listener: Listener,
        *,
        positions: Mapping[str, Position] | None = None,
        pace: Pace = Pace(),
        surroundings: Surroundings = Surroundings(),
    ) -> None:
        self._tickets = tickets
        self._listener = listener
        self._pace = pace
        self._connect = surroundings.connect
        self._clock = surroundings.clock
        self._backoff = Backoff(surroundings.random)
        self._follower = Follower(
            listener, positions, clock=surroundings.clock, random=surroundings.random, gap=pace.gap
        )
        self._connection: Connection | None = None
        self._connected_at: float | None = None
        self._broken_at: float | None = None
        self._woken = asyncio.Event()
        self._running: asyncio.Task[Any] | None = None
        self._closing = False
        self.state = State(Status.CLOSED, "not started")
        self.latency: float | None = None  # seconds from the last ping to its reply

    async def run(self) -> None:
        """Keeps the session alive. Returns after `close`; raises ClientError when trying again is of no use."""
        self._running = asyncio.current_task()
        failures = 0
        try:
            while not self._closing:
                self._tell(Status.CONNECTING, "connecting")
                ended = await self._one_connection()
                if _fatal(ended):
                    self._tell(Status.FATAL, str(ended))
                    raise ended
                failures = 1 if self._has_settled() else failures + 1
                delay = self._backoff.seconds(failures, ended.retry_after if isinstance(ended, Problem) else None)
                self._tell(Status.OFFLINE, str(ended), delay)
                await self._wait(delay)
        except asyncio.CancelledError:
            if not self._closing:
                raise
            if self._running:
                self._running.uncancel()
        finally:
            self._running = None
            if self.state.status is not Status.FATAL:
                self._tell(Status.CLOSED, "closed")

    async def close(self) -> None:
        """Ends `run` for good, after a goodbye to the server."""
        self._closing = True
        if self._running:
            self._running.cancel()
            await asyncio.wait([self._running])

    def wake(self) -> None:
        """Do now what would be done later: reconnect if offline, ask for the heads if connected."""
        self._woken.set()

    async def request(self, action: str, **content: Any) -> Mapping[str, Any]:
        """The reply to a request of one's own. Raises NotConnected, Refused, TimedOut or another ClientError."""
        if self._connection is None:
            raise NotConnected(f"not connected: {self.state.reason}")
        return await self._connection.request(action, **content)

    # One connection --------------------------------------------------------------------------------------------------

    async def _one_connection(self) -> ClientError:
        """Lives until the connection ends; returns why."""
        causes: list[ClientError] = []
        self._connected_at = None
        try:
            ticket = await self._tickets()
            socket = await self._connect(ticket.url)
            try:
                await self._live(Connection(socket, self._clock, reply_seconds=self._pace.reply), ticket.session_ends)
            finally:
                self._connection = None
                await socket.close()
        except* ClientError as ended:
            causes += _leaves(ended)
        if self._broken_at is None:
            self._broken_at = self._clock.monotonic()
        return next(filter(_fatal, causes), causes[0])

    async def _live(self, connection: Connection, session_ends: datetime) -> NoReturn:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(connection.read(self._follower.receive))
            tasks.create_task(self._prolong(connection, session_ends))
            now = self._clock.monotonic()
            await self._follower.catch_up(connection, None if self._broken_at is None else now - self._broken_at)
            self._connection, self._connected_at, self._broken_at = connection, self._clock.monotonic(), None
            self._tell(Status.CONNECTED, "connected")
            tasks.create_task(self._beat(connection))
            await self._follower.stay_whole(connection)

    async def _beat(self, connection: Connection) -> NoReturn:
        while True:
            await self._wait(self._pace.heartbeat)
            asked_at = self._clock.monotonic()
            try:
                reply = await connection.request("ping")
            except Refused as refused:
                if not refused.retryable:
                    raise
                continue
            self.latency = self._clock.monotonic() - asked_at
            self._follower.heard(read_positions(reply.get("rooms")))

    async def _prolong(self, connection: Connection, ends: datetime) -> None:
        """Gives the server a ticket of a new token before the old token ends. If that fails, the server closes."""
        failures = 0
        while (left := (ends - self._clock.now()).total_seconds()) > 0:
            wait = self._backoff.seconds(failures) if failures else max(1.0, left - min(300.0, left / 5))
            await self._clock.sleep(wait)
            try:
                ticket = await self._tickets(fresh=True)
            except ClientError as error:
                if not error.retryable:
                    raise
                failures += 1
                continue
            reply = await connection.request("auth", ticket=ticket.text)
            ends, failures = read_time(reply.get("sessionExpiresAt")), 0

    # -----------------------------------------------------------------------------------------------------------------

    def _has_settled(self) -> bool:
        return self._connected_at is not None and self._clock.monotonic() - self._connected_at >= self._pace.settled

    async def _wait(self, seconds: float) -> None:
        """Until then, or until woken."""
        self._woken.clear()
        with suppress(TimeoutError):
            async with self._clock.timeout(seconds):
                await self._woken.wait()

    def _tell(self, status: Status, reason: str, retry_in: float | None = None) -> None:
        self.state = State(status, reason, retry_in)
        self._listener.state(self.state)


def _fatal(error: ClientError) -> bool:
    return not error.retryable and error.code not in _MENDED_BY_RECONNECTING


def _leaves(group: BaseExceptionGroup[ClientError]) -> list[ClientError]:
    found: list[ClientError] = []
    for error in group.exceptions:
        found += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found
