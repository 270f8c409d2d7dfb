"""What one can do with a record of any module. Each write is one commit to the record's room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from openhouse import clock, events, ids
from openhouse.errors import InvalidTransition, NotFound, StaleVersion, TooLarge, invalid
from openhouse.events import Event
from openhouse.json_text import size
from openhouse.module import MAX_RECORD_BYTES, Module, Record, parse
from openhouse.patches import Document, merge
from openhouse.requests import Once, Requests
from openhouse.room_log import Draft, RoomLog
from openhouse.rooms import Principal, check_may_move, room_of, team_for
from openhouse.table import (
    ABSENT,
    Condition,
    Delete,
    Item,
    Put,
    Table,
    Update,
    Write,
    counter_key,
    equals,
    record_key,
)


@dataclass(frozen=True)
class Expected:
    """The versions that an If-Match header accepts; None accepts any."""

    versions: frozenset[int] | None = None

    def check(self, record: Record) -> None:
        """Raises StaleVersion, which carries the current record."""
        if self.versions is not None and record.version not in self.versions:
            raise StaleVersion(f"it is at version {record.version} now", current=record.wire())


ANY_VERSION = Expected()

_LASTING = ("visibility", "status", "archived")  # whose defaults must not come back through a patch of null


class Records:
    def __init__(
        self,
        table: Table,
        log: RoomLog,
        requests: Requests,
        *,
        new_id: Callable[[datetime], str] = ids.uuid7,
    ) -> None:
        self._table = table
        self._log = log
        self._requests = requests
        self._new_id = new_id

    def read(self, module: Module, principal: Principal, id_: str) -> Record:
        """Raises NotFound, also for what exists in rooms that the caller is not in."""
        keys = [record_key(room, module.noun, id_) for room in principal.rooms if len(id_) <= ids.MAX_LENGTH]
        # The answer is no snapshot: a record that moves just then can be missed in both rooms, but not twice.
        found = self._table.get_many(keys) or self._table.get_many(keys)
        if not found:
            raise NotFound(f"there is no such {module.noun}")
        return from_item(module, max(found, key=lambda item: int(item["version"])))

    def create(self, module: Module, principal: Principal, document: Document, once: Once | None = None) -> Document:
        """Returns the record in wire form. Raises Invalid, InvalidTransition, TooLarge, Busy."""
        _refuse_assigned(module, document)

        def draft(now: datetime) -> Draft[Document]:
            if repeat := self._requests.find(once, now):
                return Draft(repeat.body)
            record = self._new_record(module, principal, document, now)
            writes: list[Write] = []
            if module.numbering:
                record, counted = self._number(module, principal, record, now)
                writes.append(counted)
            writes.append(_put(module, record, ABSENT))
            body = record.wire()
            event = events.created(module, record, by=principal.user_id)
            return Draft(body, {record.room: [event]}, [*writes, *self._requests.keep(once, body, now)])

        return self._log.commit(draft, by=principal.user_id)

    def patch(
        self,
        module: Module,
        principal: Principal,
        id_: str,
        patch: Document,
        *,
        expected: Expected = ANY_VERSION,
        once: Once | None = None,
    ) -> Document:
        """Applies a merge patch; writes nothing if it changes nothing. Returns the record in wire form.

        Raises NotFound, StaleVersion, Invalid, InvalidTransition, Forbidden, TooLarge, Busy.
        """
        _refuse_assigned(module, patch)
        if removed := [name for name in _LASTING if name in patch and patch[name] is None]:
            raise invalid(*((name, "cannot be removed") for name in removed))

        def draft(now: datetime) -> Draft[Document]:
            if repeat := self._requests.find(once, now):
                return Draft(repeat.body)
            before = self.read(module, principal, id_)
            expected.check(before)
            wanted = parse(module.model, merge(before.wire(), patch))
            if wanted == before:
                body = before.wire()
                return Draft(body, writes=self._requests.keep(once, body, now))
            after = _next(module, principal, before, wanted, now)
            body = after.wire()
            writes = [*_replace(module, before, after), *self._requests.keep(once, body, now)]
            return Draft(body, _events_of(module, before, after), writes)

        return self._log.commit(draft, by=principal.user_id)

    def delete(
        self,
        module: Module,
        principal: Principal,
        id_: str,
        *,
        expected: Expected = ANY_VERSION,
        once: Once | None = None,
    ) -> None:
        """Raises NotFound, StaleVersion, Busy."""

        def draft(now: datetime) -> Draft[None]:
            if self._requests.find(once, now):
                return Draft(None)
            record = self.read(module, principal, id_)
            expected.check(record)
            event = events.deleted(module, record, record.version + 1, by=principal.user_id, reason="deleted")
            gone = Delete(record_key(record.room, module.noun, id_), equals(version=record.version))
            return Draft(None, {record.room: [event]}, [gone, *self._requests.keep(once, {}, now)])

        self._log.commit(draft, by=principal.user_id)

    def _new_record(self, module: Module, principal: Principal, document: Document, now: datetime) -> Record:
        at, by = clock.to_wire(now), principal.user_id
        audit = {"createdAt": at, "createdBy": by, "updatedAt": at, "updatedBy": by}
        assigned = {"id": self._new_id(now), "version": 1, "room": "", "ownerId": by, **audit}
        record = parse(module.model, {"status": module.first_status, **document, **assigned})
        if record.status != module.first_status:
            raise InvalidTransition(f"a new {module.noun} is {module.first_status}; change its status afterwards")
        record = record.model_copy(update={"team_id": team_for(principal, record.team_id)})
        return record.model_copy(update={"room": _room(principal, record)})

    def _number(self, module: Module, principal: Principal, record: Record, now: datetime) -> tuple[Record, Write]:
        """The brokerage's next number, counted in the record's own transaction: no failure leaves a gap."""
        assert module.numbering is not None
        key = counter_key(principal.broker_id, module.noun, now.year)
        item = self._table.get(key)
        count = item["count"] + 1 if item else 1
        counted = Update(key, {"count": count}, equals(count=count - 1) if item else ABSENT)
        return record.model_copy(update={module.numbering.field: module.numbering.text(now.year, count)}), counted


def from_item(module: Module, item: Item) -> Record:
    """The record that an item of the table holds."""
    return module.model.model_validate({name: value for name, value in item.items() if name not in ("pk", "sk")})


def _next(module: Module, principal: Principal, before: Record, wanted: Record, now: datetime) -> Record:
    """`wanted` as the version after `before`, if its status, team and visibility may change so."""
    if wanted.status != before.status and wanted.status not in module.moves[before.status]:
        allowed = ", ".join(module.moves[before.status]) or "nothing: it is final"
        raise InvalidTransition(f"from {before.status} it may become {allowed}; not {wanted.status}")
    if wanted.team_id != before.team_id and (before.visibility == "team" or wanted.team_id not in principal.team_ids):
        raise invalid(("teamId", "may only become a team of yours, and not while the record is a team's"))
    room = _room(principal, wanted)
    if (wanted.visibility, wanted.team_id) != (before.visibility, before.team_id):
        check_may_move(principal, owner_id=before.owner_id, to=wanted.visibility, room=room)
    return wanted.model_copy(
        update={"version": before.version + 1, "room": room, "updated_at": now, "updated_by": principal.user_id}
    )


def _room(principal: Principal, record: Record) -> str:
    return room_of(record.visibility, owner_id=record.owner_id, team_id=record.team_id, broker_id=principal.broker_id)


def _events_of(module: Module, before: Record, after: Record) -> dict[str, list[Event]]:
    """A record that changes room is deleted in the old one and created in the new one, in one transaction."""
    by = after.updated_by
    if before.room == after.room:
        return {after.room: [events.changed(module, before, after, by=by)]}
    return {
        before.room: [events.deleted(module, before, after.version, by=by, reason="moved")],
        after.room: [events.created(module, after, by=by)],
    }


def _replace(module: Module, before: Record, after: Record) -> list[Write]:
    unchanged = equals(version=before.version)
    if before.room == after.room:
        return [_put(module, after, unchanged)]
    return [Delete(record_key(before.room, module.noun, before.id), unchanged), _put(module, after, ABSENT)]


def _put(module: Module, record: Record, when: Condition) -> Put:
    item = record.item()
    if size(item) > MAX_RECORD_BYTES:
        raise TooLarge(f"a record may hold {MAX_RECORD_BYTES} bytes")
    return Put({**record_key(record.room, module.noun, record.id), **item}, when)


def _refuse_assigned(module: Module, document: Document) -> None:
    if named := sorted(module.assigned & document.keys()):
        raise invalid(*((name, "is assigned by the server") for name in named))
