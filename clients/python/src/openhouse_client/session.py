"""A person's live session, over as many sockets as it takes: connect, catch up, stay whole, change over, come back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from openhouse_client.backoff import Backoff
from openhouse_client.clock import wait
from openhouse_client.connection import Connection
from openhouse_client.environment import DEFAULT_TIMINGS, SYSTEM_ENVIRONMENT, Environment, Tickets, Timings
from openhouse_client.errors import ClientError, NotConnected, Problem, decisive, fatal
from openhouse_client.listener import Listener, State, Status
from openhouse_client.presence import Presence
from openhouse_client.protocol import Position
from openhouse_client.socket_run import SocketRun
from openhouse_client.synchronizer import Synchronizer


class Session:
    """`positions`: where to go on from, for whoever holds the state up to there already. To be run once."""

    def __init__(
        self,
        tickets: Tickets,
        listener: Listener,
        *,
        positions: Mapping[str, Position] | None = None,
        timings: Timings = DEFAULT_TIMINGS,
        environment: Environment = SYSTEM_ENVIRONMENT,
    ) -> None:
        self._tickets = tickets
        self._listener = listener
        self._timings = timings
        self._environment = environment
        self._clock = environment.clock
        self._random = environment.random
        self._backoff = Backoff(environment.random)
        self._presence = Presence(environment.clock)
        self._synchronizer = Synchronizer(
            listener, positions, clock=environment.clock, random=environment.random, gap=timings.gap
        )
        self._current: SocketRun | None = None  # the one in use
        self._connected_at: float | None = None
        self._broken_at: float | None = None
        self._woken = asyncio.Event()
        self._running: asyncio.Task[Any] | None = None
        self._closing = False
        self.state = State(Status.CLOSED, "not started")

    @property
    def latency(self) -> float | None:
        """Seconds from the last ping to its reply, while connected."""
        return self._current.latency if self._current else None

    async def run(self) -> None:
        """Keeps the session alive. Returns after `close`; raises ClientError when trying again is of no use."""
        self._running = asyncio.current_task()
        failures = 0
        try:
            while not self._closing:
                self._tell(Status.CONNECTING, "connecting")
                ended = await self._online()
                if fatal(ended):
                    self._tell(Status.FATAL, str(ended))
                    raise ended
                failures = 1 if self._has_settled() else failures + 1
                delay = self._delay(failures, ended)
                self._tell(Status.OFFLINE, str(ended), delay)
                await wait(self._clock, delay, unless=self._woken)
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

    def use(self, *, active: bool) -> None:
        """Whether somebody uses the device: else they are away, for their colleagues. Until told, somebody does."""
        self._presence.change(active=active)

    async def request(self, action: str, **content: Any) -> Mapping[str, Any]:
        """The reply to a request of one's own. Raises NotConnected, Refused, TimedOut or another ClientError."""
        if self._current is None or self._current.connection is None:
            raise NotConnected(f"not connected: {self.state.reason}")
        return await self._current.connection.request(action, **content)

    # One socket after another ----------------------------------------------------------------------------------------

    async def _online(self) -> ClientError:
        """Lives until a socket ends before another could take over; returns why."""
        self._connected_at = None
        try:
            async with asyncio.TaskGroup() as runs:
                raise await self._change_over(runs)  # which ends all that are left
        except* ClientError as group:
            ended = decisive(group)
        finally:
            self._current = None
        if self._broken_at is None:
            self._broken_at = self._clock.monotonic()
        return ended

    async def _change_over(self, runs: asyncio.TaskGroup) -> ClientError:
        run = self._begin(runs, self._recover)
        await _first(run.whole, run.ended)
        if run.ended.done():
            return run.ended.result()
        self._current, self._connected_at, self._broken_at = run, self._clock.monotonic(), None
        self._tell(Status.CONNECTED, "connected")
        failures, pause = 0, self._time_left(run)
        while await run.lasts(pause):
            successor = self._begin(runs, self._synchronizer.take_over)
            await _first(run.ended, successor.whole, successor.ended)
            if successor.ended.done():
                failed = successor.ended.result()
                if fatal(failed):
                    return failed
                failures += 1
                pause = self._delay(failures, failed)
            elif successor.whole.done():
                run.retire()
                successor.latency = run.latency  # until it has one of its own
                self._current = run = successor
                failures, pause = 0, self._time_left(run)
        return run.ended.result()

    def _begin(self, runs: asyncio.TaskGroup, catch_up: Callable[[Connection], Awaitable[None]]) -> SocketRun:
        return SocketRun(
            runs,
            self._tickets,
            self._synchronizer,
            self._presence,
            catch_up,
            timings=self._timings,
            environment=self._environment,
            woken=self._woken,
        )

    async def _recover(self, connection: Connection) -> None:
        away = None if self._broken_at is None else self._clock.monotonic() - self._broken_at
        await self._synchronizer.catch_up(connection, away)

    def _time_left(self, run: SocketRun) -> float:
        """Those who connected together do not change over together."""
        lifetime = self._timings.rotate * (1 - self._random() / 4)
        return max(0.0, run.opened_at + lifetime - self._clock.monotonic())

    # -----------------------------------------------------------------------------------------------------------------

    def _delay(self, failures: int, error: ClientError) -> float:
        return self._backoff.seconds(failures, error.retry_after if isinstance(error, Problem) else None)

    def _has_settled(self) -> bool:
        return self._connected_at is not None and self._clock.monotonic() - self._connected_at >= self._timings.settled

    def _tell(self, status: Status, reason: str, retry_in: float | None = None) -> None:
        self.state = State(status, reason, retry_in)
        self._listener.state(self.state)


async def _first(*futures: asyncio.Future[Any]) -> None:
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
