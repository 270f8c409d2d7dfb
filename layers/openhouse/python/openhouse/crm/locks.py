"""Locks of records as live states of their rooms: who hears that one begins, is prolonged, or has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from openhouse.core.merge_patch import Document
from openhouse.crm.changes import Change
from openhouse.crm.leases import LEASE, SKEW, Hold, RecordLock
from openhouse.crm.module import Module
from openhouse.crm.record_items import Stored, lock_write
from openhouse.rooms.draft import Event
from openhouse.rooms.live_states import LiveEntity, OwnTypes, StateChange
from openhouse.storage.writes import Write


def types_of(noun: str) -> tuple[str, str]:
    """Of the events of a module's locks: of one that is there, and of one that is no more."""
    return f"{noun}:locked", f"{noun}:unlocked"


def _type(before: RecordLock, after: RecordLock | None) -> str:
    is_there, is_gone = types_of((after or before).noun)
    return is_there if after else is_gone


def lock_id(noun: str, record_id: str) -> str:
    return f"{noun}:{record_id}"


def _example(noun: str) -> Document:
    record_id = "0199a0c1-9d24-7b6e-8a5e-3f1f7d0f6a01"
    return {
        "id": lock_id(noun, record_id),
        "noun": noun,
        "recordId": record_id,
        "holder": "u-123",
        "token": 3,
        "since": "2026-03-02T12:00:00.000Z",
        "until": "2026-03-02T12:05:00.000Z",
    }


_LOCKS = LiveEntity(
    noun="lock",
    path="locks",
    model=RecordLock,
    example=_example("record"),
    own_types=OwnTypes(all=(), of=_type),
    over=lambda lock: lock.until + SKEW,
    ends_are_kept=False,  # a record's own item counts the versions of its lock
)


def locks_of(modules: Sequence[Module]) -> LiveEntity:
    """What lists and documents tell of the locks of these modules' records."""
    types = tuple(each for module in modules for each in types_of(module.noun))
    examples = tuple(_example(module.noun) for module in modules)
    return replace(_LOCKS, example=examples[0], more_examples=examples, own_types=OwnTypes(all=types, of=_type))


def _lock_change(
    module: Module, room: str, record_id: str, before: Hold, after: Hold, *, by: str, at: datetime
) -> StateChange:
    """The live state's step from what a record holds of its lock to another, by whatever writes that."""
    states = [_state(module, room, record_id, hold) for hold in (before, after)]
    id_ = lock_id(module.noun, record_id)
    return StateChange(_LOCKS, room, id_, after.version, states[0], states[1], by, at)


@dataclass(frozen=True)
class LockStep:
    """A step of a lock alone, where the record stays as it is."""

    lock: StateChange
    writes: Sequence[Write]

    @property
    def events(self) -> dict[str, list[Event]]:
        """By room."""
        return self.lock.events

    @property
    def document(self) -> Document:
        """The lock as it is after that, in wire form."""
        assert self.lock.after is not None
        return self.lock.after.wire()


def lock_step(module: Module, found: Stored, after: Hold, *, by: str, at: datetime) -> LockStep:
    """To be written in one transaction, with nothing else that changes the record."""
    record = found.record
    change = _lock_change(module, record.room, record.id, found.hold, after, by=by, at=at)
    return LockStep(change, [lock_write(module, found, after), change.write])


def end_by(change: Change) -> StateChange | None:
    """A record's lock ends with every change of it: none is let through but its holder's, or after its time."""
    record = change.before
    if record is None or change.hold.lease is None:
        return None
    after = change.hold.ended()
    return _lock_change(change.module, record.room, record.id, change.hold, after, by=change.by, at=change.at)


def _state(module: Module, room: str, record_id: str, hold: Hold) -> RecordLock | None:
    lease = hold.lease
    if lease is None:
        return None
    return RecordLock(
        id=lock_id(module.noun, record_id),
        version=hold.version,
        room=room,
        updated_at=lease.until - LEASE,
        updated_by=lease.holder,
        noun=module.noun,
        record_id=record_id,
        holder=lease.holder,
        token=lease.token,
        since=lease.since,
        until=lease.until,
        taken_from=lease.taken_from,
    )
