"""Which records a connection has locked: rows beside its own, for whoever notices that it is gone.

They are hints: what counts is what the records hold. Imported wherever sockets end, so it knows nothing of records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from typing import Any, Self

from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.errors import SessionExpired
from openhouse.rooms.timers import Timer, Timers
from openhouse.storage.keys import Item, connection_key, lock_row_key, lock_row_range
from openhouse.storage.table import Table
from openhouse.storage.writes import PRESENT, Check, Put, Write, absent_or

GONE = "lock_connection"  # the kind of timer
PATIENCE = timedelta(seconds=15)  # a blip of the network costs nobody their lock
KEPT = timedelta(hours=3)  # API Gateway closes a socket after two


@dataclass(frozen=True)
class LockedRecord:
    room: str
    noun: str
    id: str
    token: int
    holder: str

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        return cls(**{field.name: document[field.name] for field in fields(cls)})

    @property
    def document(self) -> dict[str, Any]:
        return asdict(self)


class LockRows:
    def __init__(self, table: Table, timers: Callable[[], Timers], *, now: Clock = clock.utc_now) -> None:
        self._table = table
        self._timers = timers
        self._now = now

    def ended(self, connection_id: str) -> None:
        """A socket has closed: what it has locked is looked at a while later."""
        if self.of(connection_id):
            self._timers().set([Timer(GONE, self._now() + PATIENCE, {"connection": connection_id})])

    def of(self, connection_id: str) -> list[LockedRecord]:
        rows = self._table.query(*lock_row_range(connection_id))
        return [LockedRecord.of(row) for row in rows]

    def forget(self, connection_id: str, records: Iterable[LockedRecord]) -> None:
        self._table.delete_all(lock_row_key(connection_id, record.noun, record.id) for record in records)

    def check(self, connection_id: str) -> None:
        """Raises SessionExpired if the connection is gone."""
        if self._table.get(connection_key(connection_id)) is None:
            raise SessionExpired("connect again with a new ticket")

    def writes(self, connection_id: str, record: LockedRecord) -> list[Write]:
        """For the transaction that locks it, which fails if the connection is gone: nobody would look for it again."""
        item: Item = {**lock_row_key(connection_id, record.noun, record.id), **record.document}
        item["ttl"] = clock.seconds(self._now() + KEPT)
        return [Check(connection_key(connection_id), PRESENT), Put(item, absent_or(noun=record.noun))]
