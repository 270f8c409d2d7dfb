"""The rules by which records begin, change and end. Pure: who may do what to which record, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from pydantic.alias_generators import to_camel

from openhouse.core import clock
from openhouse.core.errors import InvalidTransition, TooLarge, invalid
from openhouse.core.json_text import size
from openhouse.core.merge_patch import Document, merge
from openhouse.core.principal import Principal
from openhouse.core.wire import parse
from openhouse.crm import events
from openhouse.crm.access import (
    Placed,
    Placement,
    Right,
    authorize,
    authorize_creation,
    authorize_move,
    room_of,
)
from openhouse.crm.fields import MOST_FILES, StoredFile
from openhouse.crm.leases import FREE, Hold
from openhouse.crm.module import MAX_RECORD_BYTES, Module, Record
from openhouse.crm.positions import with_positions
from openhouse.crm.writable import writable
from openhouse.rooms.draft import Event
from openhouse.storage.writes import Check


@dataclass(frozen=True)
class Change:
    """One step of one record. `before` is None for a new one, `after` for one that is deleted."""

    module: Module
    before: Record | None
    after: Record | None
    by: str
    at: datetime
    origin: Record | None = None  # what a new one is converted from
    recovered: Record | None = None  # what a new one was when it had been deleted
    reason: str = ""  # why it was reopened
    recent: str = ""  # the steps of its history that the item of `before` holds
    hold: Hold = FREE  # what that item, or that of `recovered`, holds of its lock
    guards: tuple[Check, ...] = ()  # what must still be so when it is written

    def events(self) -> list[tuple[str, Event]]:
        """By room. A record that changes room is deleted in the old one and created in the new one."""
        before, after, module = self.before, self.after, self.module
        if after is None:
            assert before is not None
            gone = events.deleted(module, before, before.version + 1, by=self.by, reason="deleted")
            return [(before.room, gone)]
        if before is None:
            return [(after.room, events.created(module, after, by=self.by))]
        if before.room == after.room:
            return [(after.room, events.changed(module, before, after, by=self.by))]
        return [
            (before.room, events.deleted(module, before, after.version, by=self.by, reason="moved")),
            (after.room, events.created(module, after, by=self.by)),
        ]


def create(module: Module, principal: Principal, document: Document, *, id_: str, now: datetime) -> Change:
    """A new record, in any status but that of a converted one. Its owner is whoever creates it, or whom a lead or a
    broker names.

    Raises Invalid, Forbidden, TooLarge.
    """
    begun = {"status": module.first_status, "ownerId": principal.user_id, **merge({}, writable(module, document))}
    wanted = _new(module, principal, begun, id_, now)
    placement = authorize_creation(principal, wanted)
    return _small_enough(Change(module, None, _placed(principal, wanted, placement), principal.user_id, now))


def update(module: Module, principal: Principal, before: Record, patch: Document, *, now: datetime) -> Change | None:
    """`before` under a merge patch; None if that changes nothing.

    Raises Invalid, InvalidTransition, Forbidden, TooLarge.
    """
    merged = merge(before.wire(), writable(module, patch, before))
    wanted = with_positions(parse(module.model, merged, stored=before.item()))
    if wanted == before:
        return None
    placement = authorize_move(principal, before, wanted)
    if wanted != before.model_copy(update=_place(wanted)):
        authorize(principal, before, Right.EDIT)
    _check_transition(module, before, wanted)
    after = _next(_placed(principal, wanted, placement), {}, principal, now)
    return _small_enough(Change(module, before, after, principal.user_id, now))


def attach(
    module: Module, principal: Principal, before: Record, field: str, id_: str, file: StoredFile, *, now: datetime
) -> Change:
    """The record with one file more, after those that are there. Raises Forbidden, Invalid, TooLarge."""
    authorize(principal, before, Right.EDIT)
    files: dict[str, StoredFile] = getattr(before, field)
    if len(files) >= MOST_FILES:
        raise invalid((to_camel(field), f"must have at most {MOST_FILES} items"))
    wanted = with_positions(before.model_copy(update={field: {**files, id_: file}}))
    return _small_enough(Change(module, before, _next(wanted, {}, principal, now), principal.user_id, now))


def delete(module: Module, principal: Principal, before: Record, *, now: datetime) -> Change:
    """Raises Forbidden."""
    authorize(principal, before, Right.DELETE)
    return Change(module, before, None, principal.user_id, now)


def recover(module: Module, principal: Principal, deleted: Record, *, now: datetime) -> Change:
    """The record as it was before it was deleted. Raises Forbidden."""
    authorize(principal, deleted, Right.DELETE)
    after = _next(deleted, {}, principal, now)
    return Change(module, None, after, principal.user_id, now, recovered=deleted)


def reopen(module: Module, principal: Principal, before: Record, status: str, reason: str, *, now: datetime) -> Change:
    """From a final status to one that is not. What a conversion made stays; the link to it goes.

    Raises Forbidden, InvalidTransition, Invalid, TooLarge.
    """
    authorize(principal, before, Right.REOPEN)
    if not module.is_final(before.status):
        raise InvalidTransition(f"a {module.noun} that is {before.status} is open: change its status instead")
    if status not in module.transitions or module.is_final(status):
        open_ones = ", ".join(each for each in module.transitions if not module.is_final(each))
        raise invalid(("status", f"must be one of {open_ones}"))
    link = {to_camel(module.conversion.link): None} if module.conversion else {}
    wanted = parse(module.model, merge(before.wire(), {"status": status, **link}), stored=before.item())
    after = _next(wanted, {}, principal, now)
    return _small_enough(Change(module, before, after, principal.user_id, now, reason=reason))


def convert(
    module: Module, principal: Principal, before: Record, document: Document, *, id_: str, now: datetime
) -> tuple[Change, Change]:
    """The record's last change, and the record of another module that begins from it and from `document`.

    The new one has the same owner, team and visibility, unless `document` names others to which this principal could
    bring the old one. Raises Invalid, InvalidTransition, Forbidden, TooLarge.
    """
    conversion = module.conversion
    assert conversion is not None
    authorize(principal, before, Right.EDIT)
    if before.status == conversion.status:
        raise InvalidTransition(f"it is {before.status} already")
    _check_transition(module, before, before.model_copy(update={"status": conversion.status}))
    into, by = conversion.into, principal.user_id
    document = writable(into, document)
    place = {"visibility": before.visibility, "ownerId": before.owner_id, "status": into.first_status}
    place |= {"teamId": before.team_id} if before.team_id else {}
    wanted = _new(into, principal, merge({**conversion.new_record(before), **place}, document), id_, now)
    new = _placed(principal, wanted, authorize_move(principal, before, wanted))
    after = _next(before, {"status": conversion.status, conversion.link: id_}, principal, now)
    return (
        _small_enough(Change(module, before, after, by, now)),
        _small_enough(Change(into, None, new, by, now, origin=before)),
    )


def with_number(change: Change, text: str) -> Change:
    """A new record with its readable number."""
    numbering, after = change.module.numbering, change.after
    assert numbering is not None
    assert after is not None
    return replace(change, after=after.model_copy(update={numbering.field: text}))


def added_references(change: Change) -> Mapping[str, set[str]]:
    """The ids that a change begins to name, by the field that names them."""
    found: dict[str, set[str]] = {}
    for field in change.module.references:
        named = _named(change.after, field) - _named(change.before or change.recovered, field)
        if named:
            found[field] = named
    return found


def _named(record: Record | None, field: str) -> set[str]:
    value: Any = getattr(record, field, None)
    if value is None:
        return set()
    return {value} if isinstance(value, str) else set(value)


def _new(module: Module, principal: Principal, document: Document, id_: str, now: datetime) -> Record:
    """Not yet placed: its room is to be chosen."""
    at, by = clock.to_wire(now), principal.user_id
    audit = {"createdAt": at, "createdBy": by, "updatedAt": at, "updatedBy": by}
    record = parse(module.model, {**document, "id": id_, "version": 1, "room": "", **audit})
    if record.status not in module.initial_statuses:
        raise invalid(("status", f"a {module.noun} becomes {record.status} only by being converted"))
    return with_positions(record)


def _next(record: Record, update: Mapping[str, Any], principal: Principal, now: datetime) -> Record:
    audit = {"version": record.version + 1, "updated_at": now, "updated_by": principal.user_id}
    return record.model_copy(update={**update, **audit})


def _check_transition(module: Module, before: Record, wanted: Record) -> None:
    if wanted.status != before.status and wanted.status not in module.transitions[before.status]:
        allowed = ", ".join(module.transitions[before.status])
        where = f"can become {allowed}, but not {wanted.status}" if allowed else "is final: reopen it first"
        raise InvalidTransition(f"a {module.noun} that is {before.status} {where}")


def _placed(principal: Principal, record: Record, placement: Placement) -> Record:
    return record.model_copy(update={**_place(placement), "room": room_of(placement, principal.brokerage_id)})


def _place(placed: Placed) -> dict[str, Any]:
    return asdict(Placement.of(placed))


def _small_enough(change: Change) -> Change:
    record, numbering = change.after, change.module.numbering
    assert record is not None
    if numbering and change.before is None:  # it is numbered later
        record = record.model_copy(update={numbering.field: numbering.text(record.created_at.year, 1)})
    if size(record.item()) > MAX_RECORD_BYTES:
        raise TooLarge(f"a record may hold {MAX_RECORD_BYTES} bytes")
    return change
