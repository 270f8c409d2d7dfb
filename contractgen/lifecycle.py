"""The life of one record of a module, told by the real rules at fixed times: what the examples are taken from."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from openhouse.contract.registry import models_of
from openhouse.core import clock, ids
from openhouse.core.errors import Invalid
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.crm import changes
from openhouse.crm.changes import Change
from openhouse.crm.module import Module, Record
from openhouse.rooms.entity import Entity
from openhouse.rooms.position import Position

Named = Mapping[str, Document]  # examples of one thing, by what they show

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOON.date().isoformat()

AVA = Principal(
    user_id="ava",
    brokerage_id="harbor",
    role="agent",
    team_ids=("north",),
    expires_at=clock.seconds(NOON) + 3600,
    name="Ava Reyes",
    email="ava@demo.test",
)


def modules_of(entities: Iterable[Entity]) -> list[Module]:
    return [entity for entity in entities if isinstance(entity, Module)]


HEAD = Position(ids.epoch(lambda _: b"\x9f\x2c\x41\xd0\x7a\x1e"), 41)
POSITIONS = {room: HEAD.wire() for room in AVA.rooms}


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """`patch`: what `changed` was asked for. `entered`: the last step into each status that has a verb, by verb."""

    began: Change
    patch: Document
    changed: Change
    archived: Change
    restored: Change
    entered: dict[str, Change]
    moved: Change
    removed: Change
    converted: tuple[Change, Change] | None

    @property
    def record(self) -> Record:
        return after(self.began)


@cache
def lifecycle_of(module: Module) -> Lifecycle:
    began = changes.create(module, AVA, module.example, id_=made_id(1), now=NOON)
    if module.numbering:
        began = changes.with_number(began, module.numbering.text(NOON.year, 1))
    record = after(began)
    patch, changed = _first_change(module, record)
    archived = _revised(module, record, {"archived": True})
    return Lifecycle(
        began=began,
        patch=patch,
        changed=changed,
        archived=archived,
        restored=_revised(module, after(archived), {"archived": False}),
        entered={verb: _entered(module, record, status) for status, verb in module.verbs.items()},
        moved=_revised(module, record, {"visibility": "broker"}),
        removed=changes.delete(module, AVA, record, now=NOON),
        converted=_converted(module, record) if module.conversion else None,
    )


def after(change: Change) -> Record:
    assert change.after is not None
    return change.after


def made_id(number: int) -> str:
    """An id as the product makes them, with a number in place of the noise."""
    return ids.uuid7(NOON, lambda count: number.to_bytes(count, "big"))


def _next(record: Record) -> datetime:
    """When something happens to it, five minutes after the last time."""
    return record.updated_at + timedelta(minutes=5)


def _revised(module: Module, record: Record, patch: Document) -> Change:
    """With what the rules ask for beside `patch`: a listing is sold for a price, on a day."""
    try:
        change = changes.update(module, AVA, record, patch, now=_next(record))
    except Invalid as refused:
        named = [str(wrong["field"]) for wrong in refused.extra["errors"]]
        missing = {field: _sample(module, field) for field in named if field not in patch}
        if not missing:
            raise
        return _revised(module, record, {**patch, **missing})
    assert change is not None
    return change


def _first_change(module: Module, record: Record) -> tuple[Document, Change]:
    """A number of the example made greater, else a text of it taken away: the first that the rules allow."""
    for patch in _wishes(module):
        try:
            change = changes.update(module, AVA, record, patch, now=_next(record))
        except Invalid:
            continue
        if change:
            return patch, change
    raise ValueError(f"nothing of the example of {module.noun} can change")


def _wishes(module: Module) -> Iterator[Document]:
    for field, value in module.example.items():
        if isinstance(value, int) and not isinstance(value, bool):
            yield {field: value + max(1, value // 50)}
    for field, value in module.example.items():
        if isinstance(value, str):
            yield {field: None}
    for field, value in module.example.items():
        if isinstance(value, str):
            yield {field: f"{value} (changed)"}


def _entered(module: Module, record: Record, status: str) -> Change:
    if module.conversion and status == module.conversion.status:
        return _converted(module, record)[0]
    return _revised(module, _before(module, record, status), {"status": status})


def _converted(module: Module, record: Record) -> tuple[Change, Change]:
    assert module.conversion is not None
    before = _before(module, record, module.conversion.status)
    return changes.convert(module, AVA, before, {}, id_=made_id(2), now=_next(before))


def _before(module: Module, record: Record, status: str) -> Record:
    """The record where it may become `status` next, on the shortest way there."""
    for step in way(module, status)[:-1]:
        record = after(_revised(module, record, {"status": step}))
    return record


def way(module: Module, status: str) -> list[str]:
    """The statuses on the shortest way to this one, without the first status of all."""
    ways = deque([[module.first_status]])
    seen: set[str] = set()
    while ways:
        *before, last = ways.popleft()
        if last == status:
            return [*before, last][1:]
        seen.add(last)
        ways.extend([*before, last, following] for following in module.transitions[last] if following not in seen)
    raise ValueError(f"no {module.noun} becomes {status}")


def _sample(module: Module, field: str) -> Any:
    """What the example has in a field of the same kind, else something that suits the field."""
    described = models_of(module).new.model_json_schema()["properties"]
    kind = _kind(described[field])
    alike = (value for other, value in module.example.items() if _kind(described[other]) == kind)
    suits = {"date": TODAY, "date-time": clock.to_wire(NOON), "string": field, "boolean": True}
    (first, *_) = kind.get("enum") or [suits.get(str(kind.get("format") or kind["type"]), kind.get("minimum", 1))]
    return next(alike, first)


def _kind(schema: Document) -> Document:
    """Without null, and without what does not matter for the values."""
    some = next((each for each in schema.get("anyOf", []) if each.get("type") != "null"), schema)
    return {name: value for name, value in some.items() if name not in ("title", "default", "description")}
