"""How two records of one person become one: what the one that is kept takes from the other. Pure.

Nothing that the kept one says is changed. What it lacks it takes; addresses and numbers that it has not come beside its
own, labels are united, and notes follow its notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from pydantic.alias_generators import to_camel

from openhouse.core.merge_patch import Document, difference
from openhouse.crm.module import Module, Record

# Each group as a whole, if the kept one has nothing of it: half of an address fits no other half.
_TAKEN = (
    *(("first_name", "last_name"), ("company",), ("email",), ("phone",)),
    ("address", "city", "state", "zip", "country"),
    *(("client_type",), ("source",), ("budget_cents",), ("score",)),
)
_ALWAYS_THERE = {"country"}  # by default, which says nothing
_BESIDE = {"email": "emails", "phone": "phones"}
_UNITED = ("tags",)
_NOTES = "notes"


def merged(kept: Record, other: Record) -> Document:
    """The merge patch of the kept one, in wire form."""
    patch: Document = {}
    for group in _TAKEN:
        names = [name for name in group if name in type(kept).model_fields]
        if not any(getattr(kept, name) for name in names if name not in _ALWAYS_THERE):
            patch |= {to_camel(name): value for name in names if (value := _plain(other, name)) is not None}
    for main, more in _BESIDE.items():
        taken = patch.get(main)
        known = {getattr(kept, main), taken, *(item.value for item in getattr(kept, more).values())}
        labelled = {item.value: item.label for item in getattr(other, more).values()}
        others = {getattr(other, main): None, **labelled}
        added = {value: label for value, label in others.items() if value is not None and value not in known}
        if added:
            patch[more] = {_item_id(value): _labelled(value, label) for value, label in added.items()}
    for name in _UNITED:
        have = {tag.casefold() for tag in getattr(kept, name)}
        if more_tags := {tag: True for tag in getattr(other, name) if tag.casefold() not in have}:
            patch[name] = more_tags
    notes, others_notes = getattr(kept, _NOTES), getattr(other, _NOTES)
    if others_notes and others_notes != notes:
        patch[_NOTES] = f"{notes}\n\n{others_notes}" if notes else others_notes
    return patch


def renamed(module: Module, record: Record, noun: str, old: str, new: str) -> Document:
    """The merge patch by which a record names the new one instead of the old one; empty if it does not name that."""
    patch: Document = {}
    for field, named in module.references.items():
        value: Any = getattr(record, field)
        if named != noun or not value:
            continue
        if isinstance(value, Mapping):
            if old in value:
                patch[to_camel(field)] = {old: None, new: True}
        elif value == old:
            patch[to_camel(field)] = new
    return patch


def taken_back(module: Module, before: Record, after: Record) -> Document:
    """The merge patch by which a record says again what it did before."""
    patch = difference(after.wire(), before.wire())
    return {name: value for name, value in patch.items() if name not in module.assigned}


def filled(record: Record) -> int:
    """How much it says: of two, the one that says more is kept."""
    return len(record.wire())


def _plain(record: Record, name: str) -> Any:
    return record.wire().get(to_camel(name))


def _item_id(value: str) -> str:
    return sha256(value.encode()).hexdigest()[:16]


def _labelled(value: str, label: str | None) -> Document:
    return {"value": value, **({"label": label} if label else {})}
