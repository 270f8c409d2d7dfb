"""A room's log: the truth. `commit` appends to it together with the items it is about; others read it.

Sequence numbers are gap-free and in commit order, because every commit is conditional on the room's HEAD.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, islice
from typing import Any, Generic, TypeVar

from openhouse.core import clock, ids
from openhouse.core.backoff import longest_pause_for_turn
from openhouse.core.clock import Clock
from openhouse.core.errors import Busy
from openhouse.core.json_text import compact
from openhouse.core.metrics import Metric, metrics
from openhouse.core.observability import correlation_id, logger
from openhouse.core.room_names import is_of_kind
from openhouse.rooms.draft import Draft
from openhouse.rooms.head import Head
from openhouse.rooms.position import Position
from openhouse.storage.keys import Item, all_installed, entry_key, head_key, installed_key
from openhouse.storage.table import Table, WriteConflict, batches
from openhouse.storage.writes import ABSENT, Put, Update, Write, absent_or, equals

T = TypeVar("T")

RETENTION_SECONDS = 7 * 24 * 3600
LAST_SEQ = 999_999_999_999
RETRY_SECONDS = 6.0  # a function has 28 s and API Gateway 30 s


@dataclass(frozen=True)
class Entry:
    """A commit in a room's log. `commit`: its JSON text, as every client gets it."""

    room: str
    position: Position
    commit: str


@dataclass(frozen=True)
class Committed(Generic[T]):
    """What the draft promised its caller, and what was appended to the logs for it: nothing if nothing was written."""

    result: T
    entries: Sequence[Entry] = ()


@dataclass(frozen=True)
class Replay:
    """Commits in order, as JSON texts. `reached` is the position after the last; `reset`: the log cannot tell."""

    commits: list[str]
    reached: Position
    reset: bool
    more: bool


def commit_of(entry: Item) -> dict[str, Any] | None:
    """What a log entry holds; None if that is not what it says, as something else has written into it."""
    try:
        commit: dict[str, Any] = json.loads(entry["commit"])
        sound = commit["room"] == entry["room"] and commit["seq"] == entry["seq"] and commit["events"]
    except (KeyError, TypeError, ValueError):
        return None
    return commit if sound else None


def is_sound(entry: Item) -> bool:
    """Whether it may reach a frame."""
    return commit_of(entry) is not None


class RoomLog:
    """`parallel_map`: a `map`, such as that of a thread pool, for asking about many rooms at once.

    `committed` is handed what was appended by each transaction; it must neither fail nor take long. `request_id`: of
    what is being done, which commits carry on.
    """

    def __init__(
        self,
        table: Table,
        *,
        now: Clock = clock.utc_now,
        new_id: Callable[[datetime], str] = ids.uuid7,
        new_epoch: Callable[[], str] = ids.epoch,
        jitter: Callable[[], float] = random.random,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        parallel_map: Callable[..., Iterable[Any]] = map,
        committed: Callable[[Sequence[Entry]], None] | None = None,
        request_id: Callable[[], str | None] = correlation_id,
    ) -> None:
        self._table = table
        self._now = now
        self._new_id = new_id
        self._new_epoch = new_epoch
        self._jitter = jitter
        self._sleep = sleep
        self._monotonic = monotonic
        self._parallel_map = parallel_map
        self._committed = committed
        self._request_id = request_id

    def now(self) -> datetime:
        """The time that commits are written at."""
        return self._now()

    def heads(self, rooms: Sequence[str]) -> dict[str, Position]:
        """Where each log ends now. A room without a log gets one."""
        return {room: head.position for room, head in self.whole_heads(rooms).items()}

    def brokerage_rooms(self) -> list[str]:
        """Of all brokerages, in any order."""
        return [item["room"] for item in self._table.query(*all_installed())]

    def whole_heads(self, rooms: Sequence[str]) -> dict[str, Head]:
        """The same, with what else each HEAD holds."""
        return self._opened(rooms, self._read_heads(rooms))

    def late_positions(self, rooms: Sequence[str]) -> dict[str, Any]:
        """Where each log ends, or ended a moment ago, in wire form: for half of what `positions` costs."""
        heads = self._opened(rooms, self._read_heads(rooms, consistent=False))
        return {room: head.position.wire() for room, head in heads.items()}

    def _opened(self, rooms: Sequence[str], items: Iterable[Item]) -> dict[str, Head]:
        found = {item["pk"]: Head.of(item) for item in items}
        unopened = [room for room in rooms if head_key(room)["pk"] not in found]
        opened = dict(zip(unopened, self._parallel_map(self._open, unopened), strict=True))
        return {room: opened.get(room) or found[head_key(room)["pk"]] for room in rooms}

    def positions(self, rooms: Sequence[str]) -> dict[str, Any]:
        """Where each log ends, in wire form: `{room: {epoch, seq}}`."""
        return {room: head.wire() for room, head in self.heads(rooms).items()}

    def commit(self, draft: Callable[[datetime], Draft[T]], *, by: str) -> Committed[T]:
        """Writes what `draft(now)` returns: the items and one commit per room, all or nothing.

        `draft` reads afresh on every attempt, so that whoever loses a race decides again. Raises Busy, TooLarge.
        """
        deadline = self._monotonic() + RETRY_SECONDS
        failures = 0
        while True:
            now = self._now()
            attempt = draft(now)
            if not attempt.events and not attempt.writes:
                return Committed(attempt.result)
            attempt.check()
            entries = self._entries(attempt, now, by)
            try:
                self._table.transact([*self._appends(entries, attempt.kept, now), *attempt.writes])
            except WriteConflict as conflict:
                failures += 1
                metrics.count(Metric.CONFLICTS)
                pause = self._jitter() * longest_pause_for_turn(failures)
                if self._monotonic() + pause > deadline:
                    raise Busy("many people are changing the same records; try again in a moment") from conflict
                self._sleep(pause)
            else:
                _tell(entries, failures)
                if self._committed and entries:
                    self._committed(entries)
                return Committed(attempt.result, entries)

    def replay(self, room: str, after: Position | None, head: Position, *, max_commits: int, max_bytes: int) -> Replay:
        """The commits after a client's position up to `head`, at most the given amount of them (but one at least)."""
        if after is None or after.epoch != head.epoch or after.seq > head.seq:
            return Replay([], head, reset=True, more=False)
        if after.seq == head.seq:
            return Replay([], head, reset=False, more=False)
        now = clock.seconds(self._now())
        commits: list[str] = []
        size, reached = 0, after.seq
        pages = self._table.query(
            head_key(room)["pk"],
            entry_key(room, after.seq + 1)["sk"],
            entry_key(room, head.seq)["sk"],
            page_size=max_commits + 1,
        )
        for entry in pages:
            if entry["seq"] != reached + 1 or entry["ttl"] <= now or not is_sound(entry):
                return Replay([], head, reset=True, more=False)
            size += len(entry["commit"].encode())
            if len(commits) == max_commits or (commits and size > max_bytes):
                return Replay(commits, Position(head.epoch, reached), reset=False, more=True)
            commits.append(entry["commit"])
            reached = entry["seq"]
        if reached != head.seq:  # the end of the log has been deleted under us
            return Replay([], head, reset=True, more=False)
        return Replay(commits, head, reset=False, more=False)

    def commits(self, room: str, first: int, last: int) -> list[str]:
        """Those of the commits from `first` to `last` that are still there, in order, as JSON texts."""
        pages = self._table.query(head_key(room)["pk"], entry_key(room, first)["sk"], entry_key(room, last)["sk"])
        return [entry["commit"] for entry in pages if is_sound(entry)]

    def recent(self, room: str, since: datetime, most: int) -> Iterator[dict[str, Any]]:
        """The room's last commits that were written after that, the last first, at most so many.

        The last one is read alone: mostly it is too old, and others may be large.
        """
        pk, first = head_key(room)["pk"], entry_key(room, 1)["sk"]
        newest = next(self._table.query(pk, first, entry_key(room, LAST_SEQ)["sk"], backwards=True, page_size=1), None)
        if newest is None:
            return
        before = entry_key(room, newest["seq"] - 1)["sk"]
        others = self._table.query(pk, first, before, backwards=True, page_size=5) if newest["seq"] > 1 else ()
        for commit in filter(None, map(commit_of, islice(chain([newest], others), most))):
            if datetime.fromisoformat(commit["at"]) < since:
                return
            yield commit

    def _entries(self, attempt: Draft[Any], now: datetime, by: str) -> list[Entry]:
        entries: list[Entry] = []
        request = self._request_id()
        for room, head in self._heads_for(attempt).items():
            position = Position(head.epoch, head.seq + 1)
            commit = {
                "room": room,
                **position.wire(),
                "id": self._new_id(now),
                "at": clock.to_wire(now),
                "by": by,
                **({"request": request} if request else {}),
                "events": attempt.events[room],
            }
            entries.append(Entry(room, position, compact(commit)))
        return entries

    def _heads_for(self, attempt: Draft[Any]) -> dict[str, Position]:
        """Of the rooms that it commits to, in their order; what it has read is not read again."""
        known = {room: head.position for room, head in attempt.heads.items()}
        known |= self.heads([room for room in attempt.events if room not in known])
        return {room: known[room] for room in attempt.events}

    def _appends(self, entries: Sequence[Entry], kept: Mapping[str, Item], now: datetime) -> list[Write]:
        """On the condition that each is the next of its room."""
        writes: list[Write] = []
        ttl = clock.seconds(now) + RETENTION_SECONDS
        for entry in entries:
            room, (epoch, seq) = entry.room, (entry.position.epoch, entry.position.seq)
            head = {"seq": seq, **kept.get(room, {})}
            writes.append(Update(head_key(room), head, equals(seq=seq - 1, epoch=epoch)))
            item: Item = {**entry_key(room, seq), "room": room, "seq": seq, "commit": entry.commit, "ttl": ttl}
            writes.append(Put(item, ABSENT))
        return writes

    def _read_heads(self, rooms: Sequence[str], *, consistent: bool = True) -> list[Item]:
        keys = [head_key(room) for room in rooms]
        read = self._table.get_many if consistent else partial(self._table.get_many, consistent=False)
        return list(chain.from_iterable(self._parallel_map(read, batches(keys))))

    def _open(self, room: str) -> Head:
        """A brokerage that nobody has founded comes into the list of all of them first: broadcasts are for all."""
        if is_of_kind(room, ["broker"]):
            listed = installed_key(room.partition(":")[2])
            self._table.write(Put({**listed, "room": room}, absent_or(room=room)))
        fresh = {**head_key(room), "epoch": self._new_epoch(), "seq": 0}
        try:
            self._table.write(Put(fresh, ABSENT))
        except WriteConflict:
            (item,) = self._read_heads([room])
            return Head.of(item)
        return Head.of(fresh)


def _tell(entries: Sequence[Entry], conflicts: int) -> None:
    """Of a transaction that wrote commits: where they are in the logs of their rooms."""
    if entries:
        metrics.count(Metric.COMMITS, len(entries))
        logger.info("committed", rooms={entry.room: entry.position.seq for entry in entries}, conflicts=conflicts)
