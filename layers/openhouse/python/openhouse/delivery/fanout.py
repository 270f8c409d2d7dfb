"""From the table's stream to the sockets: each commit to every member of its room.

Small rooms are posted to as the stream comes, unless the fast lane has done it. Large ones are handed on, shard by
shard, so that they delay nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openhouse.core.observability import logger
from openhouse.delivery.census import SMALL, Census, census, members_of
from openhouse.delivery.content import Content
from openhouse.delivery.dispatcher import Dispatcher, RoomDelivery, Served
from openhouse.delivery.marks import Marks, Place
from openhouse.delivery.queues import Queues, ShardTask, tasks
from openhouse.delivery.rate_limiter import Traffic
from openhouse.delivery.stream import StreamRecord
from openhouse.rooms.connections import Connections
from openhouse.rooms.room_log import RoomLog, commit_of
from openhouse.storage.keys import Item, place_of_entry
from openhouse.storage.table import from_stream

Ranges = tuple[tuple[int, int], ...]  # of seqs, the last included


@dataclass(frozen=True)
class LogEntry:
    """One commit as the stream hands it over. `position`: the stream's own number, which a retry starts from.

    `commit` is its JSON: None, and nothing is `parsed`, when something else than a commit stands there.
    """

    room: str
    seq: int
    commit: str | None
    position: str
    parsed: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def place(self) -> Place:
        return Place(self.room, self.parsed.get("epoch", ""), self.seq)


def entries(records: Iterable[StreamRecord]) -> list[LogEntry]:
    """The log entries of a stream event, in stream order (per room that is commit order)."""
    return [_entry(record["dynamodb"]) for record in records]


def _entry(change: Mapping[str, Any]) -> LogEntry:
    room, seq = place_of_entry(change["Keys"])
    try:
        item: Item = from_stream(change["NewImage"])
    except Exception:  # noqa: BLE001 - whatever it is that stands there, it is no commit
        item = {}
    commit = commit_of(item)
    if commit is None:
        return LogEntry(room, seq, None, change["SequenceNumber"])
    return LogEntry(room, seq, item["commit"], change["SequenceNumber"], commit)


class FanOut:
    """`parallel_map`: a `map`, such as that of a thread pool, for asking about several rooms at once.

    `small`: members up to which a room is posted to at once. `marks`: of the fast lane, where there is one.
    """

    def __init__(
        self,
        connections: Connections,
        dispatcher: Dispatcher,
        queues: Queues,
        *,
        marks: Marks | None = None,
        parallel_map: Callable[..., Iterable[Any]] = map,
        small: int = SMALL,
    ) -> None:
        self._connections = connections
        self._dispatcher = dispatcher
        self._queues = queues
        self._marks = marks
        self._parallel_map = parallel_map
        self._small = small

    def process(self, records: Sequence[StreamRecord]) -> list[str]:
        """Posts the log entries among a stream event's records. Returns the sequence numbers of those that failed."""
        return self.deliver(entries(records))

    def deliver(self, batch: Sequence[LogEntry]) -> list[str]:
        """Posts a batch, all rooms side by side. Returns the positions of entries whose room could not be served."""
        pending = self._to_be_posted(batch)
        rooms: dict[str, list[LogEntry]] = defaultdict(list)
        for entry in pending:
            rooms[entry.room].append(entry)
        sound = dict(zip(rooms, map(self._try_to_sort, rooms.values()), strict=True))
        failed = {room for room, commits in sound.items() if commits is None}
        commits = {room: commits for room, commits in sound.items() if commits}
        census = self._census([*commits])
        failed |= census.unknown
        handed_over = self._parallel_map(self._try_to_hand_over, [rooms[room] for room in census.large])
        failed |= {room for room, done in zip(census.large, handed_over, strict=True) if not done}
        deliveries = [RoomDelivery(room, members, _content(commits[room])) for room, members in census.small.items()]
        served = self._dispatcher.deliver(deliveries, Traffic.SMALL) if deliveries else []
        failed |= {delivery.room for delivery, done in zip(deliveries, served, strict=True) if done is Served.NOT}
        return [entry.position for entry in pending if entry.room in failed]

    def _to_be_posted(self, batch: Sequence[LogEntry]) -> Sequence[LogEntry]:
        """Without what the fast lane has posted to everyone."""
        if self._marks is None:
            return batch
        try:
            marked = self._marks.among({entry.place for entry in batch if entry.commit is not None})
        except Exception:  # noqa: BLE001 - clients drop what they are sent twice
            logger.exception("marks not read")
            return batch
        if marked:
            logger.info("posted before", commits=len(marked), rooms=_seqs(marked))
        return [entry for entry in batch if entry.place not in marked]

    def _try_to_sort(self, pending: Sequence[LogEntry]) -> list[LogEntry] | None:
        """A room's commits in order, without what is none; None if that could not be set aside."""
        try:
            for entry in pending:
                if entry.commit is None:
                    # To try again would not help. Clients see the gap, and the log tells them to refetch.
                    logger.error("log entry is no commit", room=entry.room, seq=entry.seq)
                    self._queues.dead_letter(entry.room, entry.seq, "the log entry holds no commit")
        except Exception:  # noqa: BLE001 - one room's trouble must not stop the others; the stream retries what we return
            logger.exception("room not served", room=pending[0].room, seq=pending[0].seq)
            return None
        return sorted((entry for entry in pending if entry.commit is not None), key=lambda entry: entry.seq)

    def _census(self, rooms: Sequence[str]) -> Census:
        return census(self._connections, rooms, small=self._small, parallel_map=self._parallel_map)

    def _try_to_hand_over(self, pending: Sequence[LogEntry]) -> bool:
        room = pending[0].room
        seqs = [entry.seq for entry in pending if entry.commit is not None]
        try:
            wanted = [
                ShardTask(room, shard, first=min(seqs), last=max(seqs)) for shard in self._connections.shards(room)
            ]
            self._queues.send(wanted, cause=pending[-1].position)
        except Exception:  # noqa: BLE001 - nor one room's queue
            logger.exception("room not served", room=room, seq=pending[0].seq)
            return False
        return True


class ShardWorker:
    """`parallel_map` as above."""

    def __init__(
        self,
        connections: Connections,
        log: RoomLog,
        dispatcher: Dispatcher,
        queues: Queues,
        *,
        parallel_map: Callable[..., Iterable[Any]] = map,
    ) -> None:
        self._connections = connections
        self._log = log
        self._dispatcher = dispatcher
        self._queues = queues
        self._parallel_map = parallel_map

    def process(self, messages: Sequence[Mapping[str, Any]]) -> list[str]:
        """Does the tasks of an SQS event's records. Returns the ids of those that shall come again, soon."""
        wanted = tasks(messages)
        failed = self.deliver([task for task in wanted.values() if task])
        again = [message for message in messages if (task := wanted[message["messageId"]]) is None or task in failed]
        if again:
            self._queues.shorten_visibility([message["receiptHandle"] for message in again])
        return [message["messageId"] for message in again]

    def deliver(self, wanted: Sequence[ShardTask]) -> list[ShardTask]:
        """Posts what the log has, tasks of one shard together. Returns those that could not be done."""
        shards: dict[tuple[str, int], list[ShardTask]] = defaultdict(list)
        for task in wanted:
            shards[task.room, task.shard].append(task)
        members = members_of(self._connections, [*shards], self._parallel_map, "shard not served")
        read: dict[tuple[str, Ranges], Content | None] = {}  # once, though each shard of a room has a task for it
        deliveries: dict[tuple[str, int], RoomDelivery] = {}
        done = {shard: found == [] for shard, found in members.items()}
        for shard, found in members.items():
            if found:
                room, ranges = shard[0], _ranges(shards[shard])
                if (room, ranges) not in read:
                    read[room, ranges] = self._try_to_read(room, ranges)
                if content := read[room, ranges]:
                    deliveries[shard] = RoomDelivery(room, found, content)
        served = self._dispatcher.deliver([*deliveries.values()], Traffic.LARGE)
        done |= {shard: how is not Served.NOT for shard, how in zip(deliveries, served, strict=True)}
        return [task for task in wanted if not done[task.room, task.shard]]

    def _try_to_read(self, room: str, ranges: Ranges) -> Content | None:
        try:
            return Content.of([commit for first, last in ranges for commit in self._log.commits(room, first, last)])
        except Exception:  # noqa: BLE001 - nor one room's
            logger.exception("log not read", room=room, ranges=ranges)
            return None


def _content(entries: Sequence[LogEntry]) -> Content:
    return Content.of([str(entry.commit) for entry in entries], [entry.parsed for entry in entries])


def _seqs(places: Iterable[Place]) -> dict[str, list[int]]:
    """By room, for the log."""
    found: dict[str, list[int]] = defaultdict(list)
    for place in sorted(places):
        found[place.room].append(place.seq)
    return found


def _ranges(tasks: Iterable[ShardTask]) -> Ranges:
    """In order, and apart from each other: tasks that are repeated overlap."""
    found: list[tuple[int, int]] = []
    for first, last in sorted((task.first, task.last) for task in tasks):
        reached = found[-1][1] if found else 0
        if last > reached:
            found.append((max(first, reached + 1), last))
    return tuple(found)
