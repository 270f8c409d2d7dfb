"""From the table's stream to the sockets: each commit to every member of its room.

Small rooms are posted to as the stream comes. Large ones are handed on, shard by shard, so that they delay nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openhouse.core.observability import logger
from openhouse.delivery.dispatcher import Content, Dispatcher, RoomDelivery
from openhouse.delivery.queues import Queues, ShardTask, tasks
from openhouse.delivery.rate_limiter import Traffic
from openhouse.delivery.stream import StreamRecord
from openhouse.rooms.connections import Connections, Member
from openhouse.rooms.room_log import RoomLog, is_sound
from openhouse.storage.keys import Item, place_of_entry
from openhouse.storage.table import from_stream

Ranges = tuple[tuple[int, int], ...]  # of seqs, the last included

SMALL = 200  # members of a room that are posted to at once


@dataclass(frozen=True)
class LogEntry:
    """One commit as the stream hands it over. `position`: the stream's own number, which a retry starts from.

    `commit` is None when something else than a commit stands there.
    """

    room: str
    seq: int
    commit: str | None
    position: str


def entries(records: Iterable[StreamRecord]) -> list[LogEntry]:
    """The log entries of a stream event, in stream order (per room that is commit order)."""
    return [_entry(record["dynamodb"]) for record in records]


def _entry(change: Mapping[str, Any]) -> LogEntry:
    room, seq = place_of_entry(change["Keys"])
    try:
        item: Item = from_stream(change["NewImage"])
    except Exception:  # noqa: BLE001 - whatever it is that stands there, it is no commit
        item = {}
    return LogEntry(room, seq, item["commit"] if is_sound(item) else None, change["SequenceNumber"])


class FanOut:
    """`parallel_map`: a `map`, such as that of a thread pool, for asking about several rooms at once."""

    def __init__(
        self,
        connections: Connections,
        dispatcher: Dispatcher,
        queues: Queues,
        *,
        parallel_map: Callable[..., Iterable[Any]] = map,
    ) -> None:
        self._connections = connections
        self._dispatcher = dispatcher
        self._queues = queues
        self._parallel_map = parallel_map

    def process(self, records: Sequence[StreamRecord]) -> list[str]:
        """Posts the log entries among a stream event's records. Returns the sequence numbers of those that failed."""
        return self.deliver(entries(records))

    def deliver(self, batch: Sequence[LogEntry]) -> list[str]:
        """Posts a batch, all rooms side by side. Returns the positions of entries whose room could not be served."""
        rooms: dict[str, list[LogEntry]] = defaultdict(list)
        for entry in batch:
            rooms[entry.room].append(entry)
        failed: set[str] = set()
        deliveries: list[RoomDelivery] = []
        for room, delivery in zip(rooms, self._parallel_map(self._try_to_prepare, rooms.values()), strict=True):
            if isinstance(delivery, RoomDelivery):
                deliveries.append(delivery)
            elif delivery is False:
                failed.add(room)
        served = self._dispatcher.deliver(deliveries, Traffic.SMALL) if deliveries else []
        failed |= {delivery.room for delivery, done in zip(deliveries, served, strict=True) if not done}
        return [entry.position for entry in batch if entry.room in failed]

    def _try_to_prepare(self, pending: Sequence[LogEntry]) -> RoomDelivery | bool:
        """What is to be posted to a room here and now; else whether it is seen to."""
        try:
            return self._prepare(pending) or True
        except Exception:  # noqa: BLE001 - one room's trouble must not stop the others; the stream retries what we return
            logger.exception("room not served", room=pending[0].room, seq=pending[0].seq)
            return False

    def _prepare(self, pending: Sequence[LogEntry]) -> RoomDelivery | None:
        room = pending[0].room
        for entry in pending:
            if entry.commit is None:
                # To try again would not help. Clients see the gap, and the log tells them to refetch.
                logger.error("log entry is no commit", room=room, seq=entry.seq)
                self._queues.dead_letter(room, entry.seq, "the log entry holds no commit")
        commits = sorted((entry.seq, entry.commit) for entry in pending if entry.commit is not None)
        if not commits:
            return None
        shards = self._connections.shards(room)
        if len(shards) == 1:
            members = self._connections.members(room)
            if len(members) <= SMALL:
                return RoomDelivery(room, members, Content.of([commit for _, commit in commits]))
        wanted = [ShardTask(room, shard, first=commits[0][0], last=commits[-1][0]) for shard in shards]
        self._queues.send(wanted, cause=pending[-1].position)
        return None


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
        members = dict(zip(shards, self._parallel_map(self._try_to_find, shards), strict=True))
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
        done |= zip(deliveries, self._dispatcher.deliver([*deliveries.values()], Traffic.LARGE), strict=True)
        return [task for task in wanted if not done[task.room, task.shard]]

    def _try_to_find(self, shard: tuple[str, int]) -> list[Member] | None:
        try:
            return self._connections.members(*shard)
        except Exception:  # noqa: BLE001 - one shard's trouble must not stop the others; the queue retries what we return
            logger.exception("shard not served", room=shard[0], shard=shard[1])
            return None

    def _try_to_read(self, room: str, ranges: Ranges) -> Content | None:
        try:
            return Content.of([commit for first, last in ranges for commit in self._log.commits(room, first, last)])
        except Exception:  # noqa: BLE001 - nor one room's
            logger.exception("log not read", room=room, ranges=ranges)
            return None


def _ranges(tasks: Iterable[ShardTask]) -> Ranges:
    """In order, and apart from each other: tasks that are repeated overlap."""
    found: list[tuple[int, int]] = []
    for first, last in sorted((task.first, task.last) for task in tasks):
        reached = found[-1][1] if found else 0
        if last > reached:
            found.append((max(first, reached + 1), last))
    return tuple(found)
