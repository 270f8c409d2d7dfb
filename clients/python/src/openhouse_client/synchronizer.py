"""Keeping a feed whole, over one connection after another: what `feed.py` needs, asked of the server.

Only one catches up at a time, so that a `sync` and its reply, or a refetch, never overlap.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

from openhouse_client.backoff import Backoff
from openhouse_client.clock import Clock
from openhouse_client.connection import Connection
from openhouse_client.errors import ProtocolError, Refused
from openhouse_client.feed import Feed
from openhouse_client.listener import Listener, Recovered
from openhouse_client.protocol import (
    Commit,
    Commits,
    Ephemeral,
    Position,
    SyncReply,
    read_positions,
    read_sync,
)

_MAX_STALLS = 6  # syncs in a row that bring nothing, before the connection is given up


class Synchronizer:
    """`gap`: seconds in which a gap may close by itself. Jittered, as a post that failed for one failed for many."""

    def __init__(
        self,
        listener: Listener,
        positions: Mapping[str, Position] | None,
        *,
        clock: Clock,
        random: Callable[[], float],
        gap: float,
    ) -> None:
        self._listener = listener
        self._clock = clock
        self._random = random
        self._backoff = Backoff(random)
        self._gap = gap
        self._feed = Feed(positions)
        self._behind = asyncio.Event()  # set as long as something is missing
        self._one_at_a_time = asyncio.Lock()
        # Since nothing was missing the last time; it may take more than one connection until that is so again.
        self._before: dict[str, Position] | None = None
        self._reset: set[str] = set()

    def receive(self, news: Commits | Ephemeral) -> None:
        match news:
            case Commits(commits):
                self._deliver(self._feed.receive(commits))
                self._notice()
            case Ephemeral(events):
                for event in events:
                    self._listener.ephemeral(event)

    def heard(self, heads: Mapping[str, Position]) -> None:
        self._feed.heard(heads)
        self._notice()

    async def catch_up(self, connection: Connection, away: float | None) -> None:
        """Asks until nothing is missing: all that the server posted has arrived, or was asked for again.

        `away`: seconds without a connection, for the report. Raises ClientError if this connection will not do.
        """
        async with self._one_at_a_time:
            if self._before is None:
                self._before = self._feed.positions()
            self._end(self._before, await self._ask(connection), away)

    async def take_over(self, connection: Connection) -> None:
        """The same on a second connection, while the first still delivers: what both bring was not missed."""
        async with self._one_at_a_time:
            whole = self._before is None and not self._lacking
            before = self._before or self._feed.positions()
            reached = await self._ask(connection)
            self._end(before, {} if whole else reached, 0.0)

    async def stay_whole(self, connection: Connection) -> NoReturn:
        while True:
            await self._behind.wait()
            await self._clock.sleep(self._gap * (1 + self._random()) / 2)
            if self._lacking:
                await self.catch_up(connection, 0.0)

    @property
    def _lacking(self) -> bool:
        """Also between finding rooms lost and fetching them, where a catch-up may break off."""
        return self._feed.behind or bool(self._feed.lost)

    async def _ask(self, connection: Connection) -> dict[str, Position]:
        """Returns where the last sync found the logs."""
        reached: dict[str, Position] = {}
        stalls, more = 0, True
        try:
            while more or self._feed.behind:
                asked = self._feed.positions()
                try:
                    replies = await self._sync(connection)
                except Refused as refused:
                    if not refused.retryable:
                        raise
                else:
                    reached = {name: room.reached for reply in replies for name, room in reply.rooms.items()}
                    more = any(reply.more for reply in replies)
                if self._feed.lost:
                    await self._refetch()
                if more or self._feed.behind:
                    stalls = stalls + 1 if self._feed.positions() == asked else 0
                    await self._back_off(stalls)
        finally:
            self._notice()
        return reached

    def _end(self, before: Mapping[str, Position], reached: Mapping[str, Position], away: float | None) -> None:
        self._report(before, reached, away)
        self._before = None
        self._reset.clear()

    async def _sync(self, connection: Connection) -> list[SyncReply]:
        """Asks once about every room: in one frame, or in as many as it takes to name them."""
        questions = self._feed.questions()
        in_parts = len(questions) > 1
        replies: list[SyncReply] = []
        for asked in questions:
            about = {"positions": _wire(asked), **({"part": True} if in_parts else {})}
            reply = read_sync(await connection.request("sync", **about))
            for room in self._feed.resumed(asked, reply, part=in_parts):
                self._listener.left(room)
            replies.append(reply)
        if in_parts:
            heads = await connection.request("ping")
            self._feed.joined(read_positions(heads.get("rooms")).keys())
        return replies

    async def _refetch(self) -> None:
        lost = self._feed.lost
        self._reset |= lost.keys()
        found = await self._listener.refetch(lost)
        if strange := sorted(lost.keys() - found.keys()):
            raise ProtocolError(f"there is a live room, but no list of it: {', '.join(strange)}")
        self._deliver(self._feed.reset({room: found[room] for room in lost}))

    async def _back_off(self, stalls: int) -> None:
        if stalls > _MAX_STALLS:
            raise ProtocolError("the server says that there is more, and sends nothing")
        if stalls:  # replayed frames may still be on their way; or the server asked for patience
            await self._clock.sleep(self._backoff.seconds(stalls))

    def _report(self, before: Mapping[str, Position], reached: Mapping[str, Position], away: float | None) -> None:
        reset = frozenset(self._reset & before.keys())
        missed = {
            room: reached[room].seq - position.seq
            for room, position in before.items()
            if room in reached and room not in reset and reached[room].seq > position.seq
        }
        if (before and away != 0) or missed or reset:
            self._listener.recovered(Recovered(missed=missed, reset=reset, away=away))

    def _deliver(self, commits: Iterable[Commit]) -> None:
        for commit in commits:
            self._listener.commit(commit)

    def _notice(self) -> None:
        if self._lacking:
            self._behind.set()
        else:
            self._behind.clear()


def _wire(positions: Mapping[str, Position]) -> dict[str, dict[str, Any]]:
    return {room: position.wire() for room, position in positions.items()}
