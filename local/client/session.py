"""A person's live session, over as many sockets as it takes: connect, catch up, stay whole, change over, come back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from local.client.backoff import Backoff
from local.client.clock import wait
from local.client.connection import Connection
from local.client.errors import ClientError, NotConnected, Problem, decisive, fatal
from local.client.follower import Follower
from local.client.line import Line
from local.client.listener import Listener, State, Status
from local.client.protocol import Position
from local.client.surroundings import REALITY, USUAL_PACE, Pace, Surroundings, Tickets

__all__ = ["Pace", "Session", "Surroundings", "Tickets"]


class Session:
    """`positions`: where to go on from, for whoever holds the state up to there already. To be run once."""

    def __init__(
        self,
        tickets: Tickets,
        listener: Listener,
        *,
        positions: Mapping[str, Position] | None = None,
        pace: Pace = USUAL_PACE,
        surroundings: Surroundings = REALITY,
    ) -> None:
        self._tickets = tickets
        self._listener = listener
        self._pace = pace
        self._surroundings = surroundings
        self._clock = surroundings.clock
        self._random = surroundings.random
        self._backoff = Backoff(surroundings.random)
        self._follower = Follower(
            listener, positions, clock=surroundings.clock, random=surroundings.random, gap=pace.gap
        )
        self._line: Line | None = None  # the one in use
        self._connected_at: float | None = None
        self._broken_at: float | None = None
        self._woken = asyncio.Event()
        self._running: asyncio.Task[Any] | None = None
        self._closing = False
        self.state = State(Status.CLOSED, "not started")

    @property
    def latency(self) -> float | None:
        """Seconds from the last ping to its reply, while connected."""
        return self._line.latency if self._line else None

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

    async def request(self, action: str, **content: Any) -> Mapping[str, Any]:
        """The reply to a request of one's own. Raises NotConnected, Refused, TimedOut or another ClientError."""
        if self._line is None or self._line.connection is None:
            raise NotConnected(f"not connected: {self.state.reason}")
        return await self._line.connection.request(action, **content)

    # One line after another ------------------------------------------------------------------------------------------

    async def _online(self) -> ClientError:
        """Lives until a line ends before another could take over; returns why."""
        self._connected_at = None
        try:
            async with asyncio.TaskGroup() as lines:
                raise await self._change_over(lines)  # which ends all that are left
        except* ClientError as group:
            ended = decisive(group)
        finally:
            self._line = None
        if self._broken_at is None:
            self._broken_at = self._clock.monotonic()
        return ended

    async def _change_over(self, lines: asyncio.TaskGroup) -> ClientError:
        line = self._begin(lines, self._recover)
        await _first(line.whole, line.ended)
        if line.ended.done():
            return line.ended.result()
        self._line, self._connected_at, self._broken_at = line, self._clock.monotonic(), None
        self._tell(Status.CONNECTED, "connected")
        failures, pause = 0, self._time_left(line)
        while await line.lasts(pause):
            successor = self._begin(lines, self._follower.take_over)
            await _first(line.ended, successor.whole, successor.ended)
            if successor.ended.done():
                failed = successor.ended.result()
                if fatal(failed):
                    return failed
                failures += 1
                pause = self._delay(failures, failed)
            elif successor.whole.done():
                line.retire()
                successor.latency = line.latency  # until it has one of its own
                self._line = line = successor
                failures, pause = 0, self._time_left(line)
        return line.ended.result()

    def _begin(self, lines: asyncio.TaskGroup, catch_up: Callable[[Connection], Awaitable[None]]) -> Line:
        return Line(
            lines,
            self._tickets,
            self._follower,
            catch_up,
            pace=self._pace,
            surroundings=self._surroundings,
            woken=self._woken,
        )

    async def _recover(self, connection: Connection) -> None:
        away = None if self._broken_at is None else self._clock.monotonic() - self._broken_at
        await self._follower.catch_up(connection, away)

    def _time_left(self, line: Line) -> float:
        """Those who connected together do not change over together."""
        lifetime = self._pace.rotate * (1 - self._random() / 4)
        return max(0.0, line.opened_at + lifetime - self._clock.monotonic())

    # -----------------------------------------------------------------------------------------------------------------

    def _delay(self, failures: int, error: ClientError) -> float:
        return self._backoff.seconds(failures, error.retry_after if isinstance(error, Problem) else None)

    def _has_settled(self) -> bool:
        return self._connected_at is not None and self._clock.monotonic() - self._connected_at >= self._pace.settled

    def _tell(self, status: Status, reason: str, retry_in: float | None = None) -> None:
        self.state = State(status, reason, retry_in)
        self._listener.state(self.state)


async def _first(*futures: asyncio.Future[Any]) -> None:
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
