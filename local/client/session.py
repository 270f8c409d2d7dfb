"""A person's live session, over as many sockets as it takes: connect, catch up, stay whole, come back.

What decides about order is in `feed.py`; here is what takes time. One task alone catches up, so that a `sync` and its
reply, or a refetch, never overlap.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn, Protocol

from local.client.backoff import Backoff
from local.client.clock import Clock, SystemClock
from local.client.connection import Connection
from local.client.errors import ClientError, NotConnected, Problem, ProtocolError, Refused
from local.client.feed import Feed
from local.client.listener import Listener, Recovered, State, Status
from local.client.protocol import Commit, Commits, Ephemeral, Position, SyncReply, read_positions, read_sync, read_time
from local.client.rest import Ticket
from local.client.websocket import Connect, open_websocket

# A new ticket and a new connection put these right, though the same request never would.
_MENDED_BY_RECONNECTING = frozenset({"session_expired", "ticket_invalid"})
_MAX_STALLS = 6  # syncs in a row that bring nothing, before the connection is given up


class Tickets(Protocol):
    async def __call__(self, *, fresh: bool = False) -> Ticket:
        """A new one-use ticket; `fresh`: of a new token, so that the session lasts longer. Raises ClientError."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """In seconds."""

    heartbeat: float = 30.0  # within this, a silent client notices what it missed
    reply: float = 10.0
    gap: float = 0.3  # a late frame often closes a gap; and a post that failed for many must not make all ask at once
    settled: float = 10.0  # only a connection that lasted ends a series of failures


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a session takes from outside."""

    connect: Connect = open_websocket
    clock: Clock = field(default_factory=SystemClock)
    random: Callable[[], float] = random.random  # in [0, 1)


class Session:
    """`positions`: where to go on from, for whoever holds the state up to there already."""

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
        self._random = surroundings.random
        self._backoff = Backoff(surroundings.random)
        self._feed = Feed(positions)
        self._connection: Connection | None = None
        self._connected_at: float | None = None
        self._broken_at: float | None = None
        self._behind = asyncio.Event()
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
                now = self._clock.monotonic()
                if self._connected_at is not None and now - self._connected_at >= self._pace.settled:
                    failures = 0
                failures += 1
                self._connected_at, self._broken_at = None, self._broken_at or now
                if _fatal(ended):
                    self._tell(Status.FATAL, str(ended))
                    raise ended
                delay = self._backoff.seconds(failures, ended.retry_after if isinstance(ended, Problem) else None)
                self._tell(Status.OFFLINE, str(ended), delay)
                await self._rest(delay)
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
        try:
            ticket = await self._tickets()
            socket = await self._connect(ticket.url)
            try:
                connection = Connection(socket, self._clock, reply_seconds=self._pace.reply, news=self._receive)
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(connection.read())
                    tasks.create_task(self._prolong(connection, ticket.session_ends))
                    await self._catch_up(connection, self._away())
                    self._connection, self._connected_at = connection, self._clock.monotonic()
                    self._broken_at = None
                    self._tell(Status.CONNECTED, "connected")
                    tasks.create_task(self._beat(connection))
                    await self._stay_whole(connection)
            finally:
                self._connection = None
                await socket.close()
        except* ClientError as ended:
            causes += _leaves(ended)
        return next(filter(_fatal, causes), causes[0])

    async def _stay_whole(self, connection: Connection) -> NoReturn:
        while True:
            await self._behind.wait()
            self._behind.clear()
            await self._clock.sleep(self._pace.gap * (1 + self._random()) / 2)
            if self._feed.behind:
                await self._catch_up(connection, 0.0)

    async def _beat(self, connection: Connection) -> NoReturn:
        while True:
            await self._rest(self._pace.heartbeat)
            asked_at = self._clock.monotonic()
            try:
                reply = await connection.request("ping")
            except Refused as refused:
                if not refused.retryable:
                    raise
                continue
            self.latency = self._clock.monotonic() - asked_at
            self._feed.heard(read_positions(reply.get("rooms")))
            self._notice()

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
            ends, failures = read_time(reply.get("expiresAt")), 0

    # Catching up -----------------------------------------------------------------------------------------------------

    async def _catch_up(self, connection: Connection, away: float | None) -> None:
        """Asks until nothing is missing: whatever the server posted meanwhile has arrived, or was asked for again."""
        before = self._feed.positions()
        reached: dict[str, Position] = {}
        reset: set[str] = set()
        stalls, more = 0, True
        while more or self._feed.behind:
            asked = self._feed.positions()
            try:
                reply = read_sync(await connection.request("sync", positions=_wire(asked)))
            except Refused as refused:
                if not refused.retryable:
                    raise
            else:
                reset |= await self._resume(asked, reply)
                reached = {name: room.reached for name, room in reply.rooms.items()}
                more = reply.more
            if more or self._feed.behind:
                stalls = stalls + 1 if self._feed.positions() == asked else 0
                await self._bear_with(stalls)
        missed = {
            room: reached[room].seq - position.seq
            for room, position in before.items()
            if room in reached and room not in reset and reached[room].seq > position.seq
        }
        if (before and away != 0) or missed or reset & before.keys():
            self._listener.recovered(Recovered(missed=missed, reset=frozenset(reset & before.keys()), away=away))

    async def _resume(self, asked: Mapping[str, Position], reply: SyncReply) -> set[str]:
        """Goes on as the reply says. Returns the rooms that had to be refetched."""
        for room in self._feed.resumed(asked, reply):
            self._listener.left(room)
        lost = self._feed.lost
        if lost:
            found = await self._listener.refetch(lost)
            if strange := sorted(lost.keys() - found.keys()):
                raise ProtocolError(f"there is a live room, but no list of it: {', '.join(strange)}")
            self._deliver(self._feed.reset({room: found[room] for room in lost}))
        return set(lost)

    async def _bear_with(self, stalls: int) -> None:
        if stalls > _MAX_STALLS:
            raise ProtocolError("the server says that there is more, and sends nothing")
        if stalls:  # replayed frames may still be on their way; or the server asked for patience
            await self._clock.sleep(self._backoff.seconds(stalls))

    def _receive(self, news: Commits | Ephemeral) -> None:
        match news:
            case Commits(commits):
                self._deliver(self._feed.receive(commits))
                self._notice()
            case Ephemeral(events):
                for event in events:
                    self._listener.ephemeral(event)

    def _deliver(self, commits: Iterable[Commit]) -> None:
        for commit in commits:
            self._listener.commit(commit)

    def _notice(self) -> None:
        if self._feed.behind:
            self._behind.set()

    # -----------------------------------------------------------------------------------------------------------------

    async def _rest(self, seconds: float) -> None:
        """Waits, or until woken."""
        self._woken.clear()
        with suppress(TimeoutError):
            async with self._clock.timeout(seconds):
                await self._woken.wait()

    def _away(self) -> float | None:
        return None if self._broken_at is None else self._clock.monotonic() - self._broken_at

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


def _wire(positions: Mapping[str, Position]) -> dict[str, dict[str, Any]]:
    return {room: position.wire() for room, position in positions.items()}
