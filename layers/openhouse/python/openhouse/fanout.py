"""From the table's stream to the sockets: each commit to every member of its room.

Small rooms are posted to as the stream comes. Large ones are handed on, shard by shard, so that they delay nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openhouse.budget import Lane
from openhouse.connections import Connections
from openhouse.courier import Courier, Parcel
from openhouse.observability import logger
from openhouse.queues import Queues, ShardTask
from openhouse.room_log import RoomLog, is_sound
from openhouse.table import Item, from_stream, place_of_entry

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


def entries(records: Iterable[Mapping[str, Any]]) -> list[LogEntry]:
    """The log entries of a stream event, in stream order (per room that is commit order)."""
    return [_entry(record["dynamodb"]) for record in records]


def _entry(change: Mapping[str, Any]) -> LogEntry:
    room, seq = place_of_entry(change["Keys"])  # of these the stream's filter has made sure
    try:
        item: Item = from_stream(change["NewImage"])
    except Exception:  # noqa: BLE001 - whatever it is that stands there, it is no commit
        item = {}
    return LogEntry(room, seq, item["commit"] if is_sound(item) else None, change["SequenceNumber"])


class FanOut:
    """`each`: a `map`, such as that of a thread pool, for asking about several rooms at once."""

    def __init__(
        self,
        connections: Connections,
        courier: Courier,
        queues: Queues,
        *,
        each: Callable[..., Iterable[Any]] = map,
    ) -> None:
        self._connections = connections
        self._courier = courier
        self._queues = queues
        self._each = each

    def deliver(self, batch: Sequence[LogEntry]) -> list[str]:
        """Posts a batch, all rooms side by side. Returns the positions of entries whose room could not be served."""
        rooms: dict[str, list[LogEntry]] = defaultdict(list)
        for entry in batch:
            rooms[entry.room].append(entry)
        failed: set[str] = set()
        parcels: list[Parcel] = []
        for room, parcel in zip(rooms, self._each(self._try_to_prepare, rooms.values()), strict=True):
            if isinstance(parcel, Parcel):
                parcels.append(parcel)
            elif parcel is False:
                failed.add(room)
        served = self._courier.deliver(parcels, Lane.SMALL) if parcels else []
        failed |= {parcel.room for parcel, done in zip(parcels, served, strict=True) if not done}
        return [entry.position for entry in batch if entry.room in failed]

    def _try_to_prepare(self, pending: Sequence[LogEntry]) -> Parcel | bool:
        """What is to be posted to a room here and now; else whether it is seen to."""
        try:
            return self._prepare(pending) or True
        except Exception:  # noqa: BLE001 - one room's trouble must not stop the others; the stream retries what we return
            logger.exception("room not served", room=pending[0].room, seq=pending[0].seq)
            return False

    def _prepare(self, pending: Sequence[LogEntry]) -> Parcel | None:
        room = pending[0].room
        for entry in pending:
            if (
                entry.commit is None
            ):  # trying again would not help; clients see the gap, and the log tells them to refetch
                logger.error("log entry is no commit", room=room, seq=entry.seq)
                self._queues.set_aside(room, entry.seq, "the log entry holds no commit")
        sound = sorted((entry for entry in pending if entry.commit is not None), key=lambda entry: entry.seq)
        if not sound:
            return None
        shards = self._connections.shards(room)
        members = self._connections.members(room) if len(shards) == 1 else []
        if len(shards) == 1 and len(members) <= SMALL:
            return Parcel(room, members, [entry.commit for entry in sound if entry.commit is not None])
        tasks = [ShardTask(room, shard, sound[0].seq, sound[-1].seq) for shard in shards]
        self._queues.send(tasks, cause=pending[-1].position)
        return None


class ShardWorker:
    """`each` as above."""

    def __init__(
        self, connections: Connections, log: RoomLog, courier: Courier, *, each: Callable[..., Iterable[Any]] = map
    ) -> None:
        self._connections = connections
        self._log = log
        self._courier = courier
        self._each = each

    def deliver(self, tasks: Sequence[ShardTask]) -> list[ShardTask]:
        """Posts what the log has, tasks of one shard together. Returns those that could not be done."""
        shards: dict[tuple[str, int], list[ShardTask]] = defaultdict(list)
        for task in tasks:
            shards[task.room, task.shard].append(task)
        read = _Once(self._log)
        prepared = self._each(lambda wanted: self._try_to_prepare(wanted, read), shards.values())
        parcels = {shard: parcel for shard, parcel in zip(shards, prepared, strict=True) if parcel}
        served = dict(zip(parcels, self._courier.deliver([*parcels.values()], Lane.LARGE), strict=True))
        return [task for task in tasks if not served.get((task.room, task.shard))]

    def _try_to_prepare(self, wanted: Sequence[ShardTask], read: _Once) -> Parcel | None:
        room, shard = wanted[0].room, wanted[0].shard
        try:
            members = self._connections.members(room, shard)
            return Parcel(room, members, read.commits(wanted) if members else [])
        except Exception:  # noqa: BLE001 - one shard's trouble must not stop the others; the queue retries what we return
            logger.exception("shard not served", room=room, shard=shard)
            return None


class _Once:
    """What the log has for tasks, read once though each shard of a room has a task for it."""

    def __init__(self, log: RoomLog) -> None:
        self._log = log
        self._read: dict[tuple[str, int, int], list[str]] = {}

    def commits(self, tasks: Iterable[ShardTask]) -> list[str]:
        found: list[str] = []
        reached = 0
        for task in sorted(tasks, key=lambda task: (task.first, task.last)):  # repeats overlap
            if task.last > reached:
                place = task.room, max(task.first, reached + 1), task.last
                if place not in self._read:
                    self._read[place] = self._log.commits(*place)
                found += self._read[place]
                reached = task.last
        return found
