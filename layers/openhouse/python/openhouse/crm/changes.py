"""The rules by which records begin, change and end. Pure: who may do what to which record, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, get_args, get_origin

from pydantic.alias_generators import to_camel

from openhouse.core import clock
from openhouse.core.errors import InvalidTransition, TooLarge, invalid
from openhouse.core.json_text import size
from openhouse.core.merge_patch import Document, blanks_as_null, merge
from openhouse.core.principal import Principal
from openhouse.core.wire import Wire, parse
from openhouse.crm import events
from openhouse.crm.access import check_may_move, check_may_reassign, room_of, team_for
from openhouse.crm.module import MAX_RECORD_BYTES, NON_NULLABLE, Module, Record
from openhouse.rooms.room_log import Event

_NON_NULLABLE = sorted(map(to_camel, NON_NULLABLE))


@dataclass(frozen=True)
class Change:
    """One step of one record. `before` is None for a new one, `after` for one that is deleted."""

    module: Module
    before: Record | None
    after: Record | None
    by: str
    origin: Record | None = None  # what a new one is converted from

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


def begin(module: Module, principal: Principal, document: Document, *, id_: str, now: datetime) -> Change:
    """A new record, in any status but that of a converted one. Its owner is whoever creates it, or whom a lead or a
    broker names.

    Raises Invalid, Forbidden, TooLarge.
    """
    given = _without_assigned(module, document)
    _refuse_removal(module, given)
    at, by = clock.to_wire(now), principal.user_id
    audit = {"createdAt": at, "createdBy": by, "updatedAt": at, "updatedBy": by}
    assigned = {"id": id_, "version": 1, "room": "", **audit}
    record = parse(module.model, {"status": module.first_status, "ownerId": by, **merge({}, given), **assigned})
    if record.status not in module.initial_statuses:
        raise invalid(("status", f"a {module.noun} becomes {record.status} only by being converted"))
    record = record.model_copy(update={"team_id": team_for(principal, record.team_id)})
    record = record.model_copy(update={"room": _room(principal, record)})
    if record.owner_id != by:
        check_may_reassign(principal, owner_id=by, team_id=record.team_id)
        check_may_move(principal, owner_id=record.owner_id, to=record.visibility, room=record.room)
    return _small_enough(Change(module, None, record, by))


def revise(module: Module, principal: Principal, before: Record, patch: Document, *, now: datetime) -> Change | None:
    """`before` under a merge patch; None if that changes nothing.

    Raises Invalid, InvalidTransition, Forbidden, TooLarge.
    """
    patch = _without_assigned(module, patch, before)
    _refuse_removal(module, patch)
    wanted = parse(module.model, merge(before.wire(), patch), stored=before.item())
    if wanted == before:
        return None
    _check_transition(module, before, wanted)
    room = _check_place(principal, before, wanted)
    after = _next(wanted, {"room": room}, principal, now)
    return _small_enough(Change(module, before, after, principal.user_id))


def remove(module: Module, principal: Principal, before: Record) -> Change:
    return Change(module, before, None, principal.user_id)


def convert(
    module: Module, principal: Principal, before: Record, document: Document, *, id_: str, now: datetime
) -> tuple[Change, Change]:
    """The record's last change, and the record of another module that begins from it and from `document`.

    The new one has the same owner, team and visibility, unless `document` names others to which this principal could
    bring the old one. Raises Invalid, InvalidTransition, Forbidden, TooLarge.
    """
    conversion = module.conversion
    assert conversion is not None
    if before.status == conversion.status:
        raise InvalidTransition(f"it is {before.status} already")
    _check_transition(module, before, before.model_copy(update={"status": conversion.status}))
    own_team = {"teamId": before.team_id} if before.team_id in principal.team_ids else {}
    document = _without_assigned(conversion.into, document)
    _refuse_removal(conversion.into, document)
    begun = {**conversion.begin(before), "visibility": before.visibility, **own_team}
    began = begin(conversion.into, principal, merge(begun, document), id_=id_, now=now).after
    assert began is not None
    kept = {name: getattr(before, name) for name in ("owner_id", "team_id") if to_camel(name) not in document}
    began = began.model_copy(update=kept)
    began = began.model_copy(update={"room": _check_place(principal, before, began)})
    after = _next(before, {"status": conversion.status, conversion.link: id_}, principal, now)
    return (
        _small_enough(Change(module, before, after, principal.user_id)),
        _small_enough(Change(conversion.into, None, began, principal.user_id, origin=before)),
    )


def numbered(change: Change, text: str) -> Change:
    """A new record with its readable number."""
    numbering, after = change.module.numbering, change.after
    assert numbering is not None
    assert after is not None
    return replace(change, after=after.model_copy(update={numbering.field: text}))


def added_references(change: Change) -> Mapping[str, set[str]]:
    """The ids that a change begins to name, by the field that names them."""
    found: dict[str, set[str]] = {}
    for field in change.module.references:
        named = _named(change.after, field) - _named(change.before, field)
        if named:
            found[field] = named
    return found


def _named(record: Record | None, field: str) -> set[str]:
    value: Any = getattr(record, field, None)
    if value is None:
        return set()
    return {value} if isinstance(value, str) else set(value)


def _next(record: Record, update: Mapping[str, Any], principal: Principal, now: datetime) -> Record:
    audit = {"version": record.version + 1, "updated_at": now, "updated_by": principal.user_id}
    return record.model_copy(update={**update, **audit})


def _check_transition(module: Module, before: Record, wanted: Record) -> None:
    if wanted.status != before.status and wanted.status not in module.transitions[before.status]:
        allowed = ", ".join(module.transitions[before.status]) or "nothing: it is final"
        raise InvalidTransition(f"from {before.status} it may become {allowed}; not {wanted.status}")


def _check_place(principal: Principal, before: Record, wanted: Record) -> str:
    """The room that the record goes to, if this principal may bring it there."""
    other_team = wanted.team_id != before.team_id
    if wanted.owner_id != before.owner_id or (other_team and before.visibility == "team"):
        check_may_reassign(principal, owner_id=before.owner_id, team_id=before.team_id)
    if other_team and wanted.team_id not in principal.team_ids:
        raise invalid(("teamId", "this is not one of your teams"))
    room = _room(principal, wanted)
    if (wanted.visibility, wanted.team_id, wanted.owner_id) != (before.visibility, before.team_id, before.owner_id):
        check_may_move(principal, owner_id=before.owner_id, to=wanted.visibility, room=room)
    return room


def _room(principal: Principal, record: Record) -> str:
    return room_of(
        record.visibility, owner_id=record.owner_id, team_id=record.team_id, brokerage_id=principal.brokerage_id
    )


def _small_enough(change: Change) -> Change:
    assert change.after is not None
    if size(change.after.item()) > MAX_RECORD_BYTES:
        raise TooLarge(f"a record may hold {MAX_RECORD_BYTES} bytes")
    return change


def _without_assigned(module: Module, document: Document, before: Record | None = None) -> Document:
    """What a client may write. The server's own fields may stand as they are: many send the whole record back."""
    present = before.wire() if before else {}
    named = module.assigned & document.keys()
    if changed := sorted(name for name in named if name not in present or document[name] != present[name]):
        raise invalid(*((name, "is assigned by the server") for name in changed))
    return blanks_as_null({name: value for name, value in document.items() if name not in named})


def _refuse_removal(module: Module, patch: Document) -> None:
    """Of what a record must have, and of what it cannot have: merging would make nothing of a null there."""
    if removed := [name for name in _NON_NULLABLE if name in patch and patch[name] is None]:
        raise invalid(*((name, "cannot be removed") for name in removed))
    if unknown := list(_unknown(module.model, patch)):
        raise invalid(*((name, "there is no such field") for name in unknown))


def _unknown(model: type[Wire], patch: Document) -> Iterator[str]:
    """Names under a null that the model does not declare."""
    fields = {info.alias: info.annotation for info in model.model_fields.values()}
    for name, value in patch.items():
        kind = fields.get(name)
        if value is None and name not in fields:
            yield name
        elif isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, Wire):
            yield from (f"{name}.{inner}" for inner in _unknown(kind, value))
        elif isinstance(value, dict) and get_origin(kind) is dict:
            yield from (f"{name}.{inner}" for inner in _unknown_of_items(get_args(kind)[1], value))


def _unknown_of_items(item: Any, patch: Document) -> Iterator[str]:
    if isinstance(item, type) and issubclass(item, Wire):
        for id_, value in patch.items():
            yield from (f"{id_}.{inner}" for inner in _unknown(item, value)) if isinstance(value, dict) else ()
