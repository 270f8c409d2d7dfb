"""Sightings: that a connection of somebody is there, and when it was last heard of.

One small item for each connection, written when it joins, with each of its beats, and when it is known to be gone.
Times are milliseconds since 1970, by the clock of whichever function wrote them: these may differ by some seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.errors import Busy
from openhouse.storage.keys import Item, Key, SightingPlace, sighting_key, sighting_range
from openhouse.storage.table import Table, WriteConflict
from openhouse.storage.writes import ABSENT, AllOf, AtMost, Delete, Equals, MoreThan, Put, Update, equals

BEAT_SECONDS = 25  # between two beats of a connection
GONE_SECONDS = 15  # after which one that is gone counts as such: a blip is shorter
UNSEEN_SECONDS = 40  # a beat has been missed, and is late by more than it takes to reconnect

_KEPT_SECONDS = 24 * 3600  # by DynamoDB, should nobody else delete it
_ATTEMPTS = 5


@dataclass(frozen=True)
class Sighting:
    """`changed_at`: since when it is `active`, or not. `gone_at`: 0 while it is there."""

    user_id: str
    connection_id: str
    active: bool
    changed_at: int
    seen_at: int
    gone_at: int = 0

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Self:
        user_id, connection_id = SightingPlace.at(item["sk"])
        return cls(user_id, connection_id, item["active"], item["changed_at"], item["seen_at"], item["gone_at"])

    @property
    def last_seen(self) -> int:
        return self.gone_at or self.seen_at

    @property
    def lapses_at(self) -> int:
        """From when on its connection counts as gone, unless it is heard of before."""
        unseen = self.seen_at + UNSEEN_SECONDS * 1000
        return min(unseen, self.gone_at + GONE_SECONDS * 1000) if self.gone_at else unseen


class Sightings:
    def __init__(self, table: Table, *, now: Clock = clock.utc_now) -> None:
        self._table = table
        self._now = now

    def joined(self, brokerage_id: str, user_id: str, connection_id: str) -> bool:
        """A connection has joined its rooms. Whether that is news: one that has told of itself before is known."""
        return self._begin(sighting_key(brokerage_id, user_id, connection_id), active=True)

    def beat(self, brokerage_id: str, user_id: str, connection_id: str, *, active: bool) -> bool:
        """A connection says that it is there. Whether that is news: mostly it is not, and that is one write.

        One that comes late, of a connection that is gone, changes nothing. Raises Busy.
        """
        key = sighting_key(brokerage_id, user_id, connection_id)
        if self._goes_on(key, active=active):
            return False
        for _ in range(_ATTEMPTS):
            now, item = self._milliseconds(), self._table.get(key)
            if item is None:
                if self._begin(key, active=active):
                    return True
                continue
            before = Sighting.read(item)
            if before.gone_at:
                return False
            changes = {} if before.active is active else {"active": active, "changed_at": now}
            same = equals(active=before.active, seen_at=before.seen_at, gone_at=0)
            with suppress(WriteConflict):
                self._table.write(Update(key, {**_seen(max(now, before.seen_at)), **changes}, same))
                return bool(changes) or before.lapses_at <= now
        raise Busy("other messages of this socket say whether it is active; try again")

    def gone(self, brokerage_id: str, user_id: str, connection_id: str) -> None:
        """The first time counts."""
        with suppress(WriteConflict):
            key = sighting_key(brokerage_id, user_id, connection_id)
            self._table.write(Update(key, {"gone_at": self._milliseconds()}, Equals("gone_at", 0)))

    def has(self, brokerage_id: str, user_id: str, connection_id: str) -> bool:
        """Whether there is one of this connection."""
        return self._table.get(sighting_key(brokerage_id, user_id, connection_id)) is not None

    def of(self, brokerage_id: str) -> list[Sighting]:
        """All of a brokerage, those that have lapsed included."""
        return [Sighting.read(item) for item in self._table.query(*sighting_range(brokerage_id))]

    def drop(self, brokerage_id: str, lapsed: Sighting) -> bool:
        """Whether it is not there any more: one that has been heard of since stays."""
        key = sighting_key(brokerage_id, lapsed.user_id, lapsed.connection_id)
        try:
            self._table.write(Delete(key, equals(seen_at=lapsed.seen_at, gone_at=lapsed.gone_at)))
        except WriteConflict:
            return self._table.get(key) is None
        return True

    def _goes_on(self, key: Key, *, active: bool) -> bool:
        """Whether all is as it was, which is written down."""
        now = self._milliseconds()
        alive = MoreThan("seen_at", now - UNSEEN_SECONDS * 1000)
        as_it_was = AllOf((Equals("active", active), Equals("gone_at", 0), alive, AtMost("seen_at", now)))
        try:
            self._table.write(Update(key, _seen(now), as_it_was))
        except WriteConflict:
            return False
        return True

    def _begin(self, key: Key, *, active: bool) -> bool:
        now = self._milliseconds()
        try:
            self._table.write(Put({**key, "active": active, "changed_at": now, "gone_at": 0, **_seen(now)}, ABSENT))
        except WriteConflict:
            return False
        return True

    def _milliseconds(self) -> int:
        return clock.milliseconds(self._now())


def _seen(at: int) -> Item:
    return {"seen_at": at, "ttl": at // 1000 + _KEPT_SECONDS}
