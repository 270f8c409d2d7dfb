"""The lock of a record: who is at work on it, and which saves are let through. Pure.

A lock is a lease of five minutes. Each has a token, a number that is greater than those of all before it, and the
record's item keeps the last one for good (its fence). So a save is fenced by a condition on the item that it writes
anyway: whoever has read another fence is refused there, whatever they or their clock believe.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from openhouse.core import clock
from openhouse.core.errors import Locked
from openhouse.core.wire import Moment
from openhouse.rooms.live_states import State
from openhouse.storage.keys import Item
from openhouse.storage.writes import Condition, Equals, Lacks

LEASE = timedelta(minutes=5)
SKEW = timedelta(seconds=2)  # by which clocks may differ: others take a lease for over no earlier than that after it
SETTLED = timedelta(seconds=30)  # that a lease has lasted since it was prolonged, before it is again

_FENCE, _LOCK = "_fence", "_lock"  # no field begins like that


class RecordLock(State):
    """`holder` is at work on a record, `until` then at most. `token`: what their saves say in `Lock-Token`."""

    noun: str
    record_id: str
    holder: str
    token: int
    since: Moment
    until: Moment
    taken_from: str | None = None


@dataclass(frozen=True, kw_only=True)
class Lease:
    """`connection`: the socket that it was last asked for by; without one it lasts until its time is over."""

    holder: str
    token: int
    since: datetime
    until: datetime
    connection: str | None = None
    taken_from: str | None = None

    def lives(self, now: datetime) -> bool:
        """Whether others have to respect it. Its holder stops to rely on it at `until`."""
        return now < self.until + SKEW


@dataclass(frozen=True)
class Hold:
    """What a record's item holds of its lock. `version`: that of the lock as a live state, which goes on counting."""

    fence: int = 0  # the last token that was given
    version: int = 0
    lease: Lease | None = None  # until it is ended, also if its time is over

    @classmethod
    def of(cls, item: Item) -> Self:
        if _LOCK not in item:
            return cls()
        version, lease = item[_LOCK]["version"], item[_LOCK].get("lease")
        return cls(item[_FENCE], version, _read(lease) if lease else None)

    @property
    def attributes(self) -> Item:
        """What the item holds; nothing of a record that was never locked."""
        if not self.version:
            return {}
        lease = {"lease": _document(self.lease)} if self.lease else {}
        return {_FENCE: self.fence, _LOCK: {"version": self.version, **lease}}

    @property
    def is_unchanged(self) -> Condition:
        """That nobody has taken, prolonged or ended it since it was read: each of these counts its version."""
        return Equals(_LOCK, self.attributes[_LOCK]) if self.version else Lacks(_LOCK)

    def living(self, now: datetime) -> Lease | None:
        return self.lease if self.lease and self.lease.lives(now) else None

    def is_held(self, user_id: str, token: int | None) -> bool:
        """Whether this is its holder with its token; also after its time, as long as nobody has ended it."""
        return self.lease is not None and (self.lease.holder, self.lease.token) == (user_id, token)

    def check(self, user_id: str, token: int | None, now: datetime) -> None:
        """Raises Locked, unless this person may save with this token; `None`: with none.

        The last token stays good when its lease has ended: nobody else has been at work on the record since.
        """
        lease = self.living(now)
        if token is not None and token != self.fence:
            raise locked(lease, "this Lock-Token is over: lock the record again")
        if lease and not self.is_held(user_id, token):
            raise locked(lease, "somebody is at work on this record")

    def taken(self, holder: str, now: datetime, connection: str | None) -> Hold:
        """By whoever may: on the next token. It was taken from somebody if their lease lived."""
        before, now = self.living(now), clock.in_milliseconds(now)
        token = self.fence + 1
        lease = Lease(
            holder=holder,
            token=token,
            since=now,
            until=now + LEASE,
            connection=connection,
            taken_from=before.holder if before else None,
        )
        return Hold(token, self.version + 1, lease)

    def prolonged(self, now: datetime, connection: str | None) -> Hold:
        """Its lease, until five minutes from now. The same hold, if it was prolonged a moment ago."""
        assert self.lease is not None
        until = max(self.lease.until, clock.in_milliseconds(now) + LEASE)
        if until - self.lease.until < SETTLED and connection == self.lease.connection:
            return self
        return replace(self, version=self.version + 1, lease=replace(self.lease, until=until, connection=connection))

    def ended(self) -> Hold:
        """Without a lease: what every save leaves behind."""
        return Hold(self.fence, self.version + 1) if self.lease else self


FREE = Hold()


def locked(lease: Lease | None, why: str) -> Locked:
    who = {"holder": lease.holder, "until": clock.to_wire(lease.until)} if lease else {}
    return Locked(why, **who)


def _document(lease: Lease) -> dict[str, Any]:
    return dict(_written(asdict(lease)))


def _written(lease: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in lease.items():
        if value is not None:
            yield name, clock.to_wire(value) if isinstance(value, datetime) else value


def _read(document: dict[str, Any]) -> Lease:
    moments = {name: datetime.fromisoformat(document[name]) for name in ("since", "until")}
    return Lease(**{**document, **moments})
