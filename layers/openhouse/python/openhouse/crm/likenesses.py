"""Hints that another record has the same number, address or telephone. They refuse nothing.

A record leaves an item in its room for each value that its module looks up, in the transaction that gives it the value.
Cost: two write units for each value that comes or goes; for one that comes, a query in each of the caller's rooms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import islice
from typing import Any, NamedTuple

from pydantic.alias_generators import to_camel

from openhouse.core.principal import Principal
from openhouse.crm.changes import Change
from openhouse.crm.module import Module, Record
from openhouse.storage.keys import likeness_key, likeness_range
from openhouse.storage.table import Table
from openhouse.storage.writes import Delete, Put, Write, absent_or


class Likeness(NamedTuple):
    """`field` in snake_case; `value`: a digest of the text, whatever its length and case."""

    field: str
    kind: str
    value: str


def likenesses(module: Module, record: Record | None) -> set[Likeness]:
    """What of a record others may have too."""
    if record is None:
        return set()
    return {
        Likeness(field, kind, sha256(text.casefold().encode()).hexdigest()[:32])
        for field, kind in module.looked_up.items()
        for text in _texts(getattr(record, field))
    }


def likeness_writes(change: Change) -> list[Write]:
    """Each value of each field once, whichever field holds it: an address may be the main one and a further one."""
    before, after = _places(change, change.before), _places(change, change.after)
    noun = change.module.noun
    record = change.after or change.before
    assert record is not None
    own = absent_or(noun=noun)
    gone = [Delete(likeness_key(*place, noun, record.id), own) for place in sorted(before - after)]
    come = [Put({**likeness_key(*place, noun, record.id), "noun": noun}, own) for place in sorted(after - before)]
    return [*gone, *come]


def _places(change: Change, record: Record | None) -> set[tuple[str, str, str]]:
    return {(record.room, kind, value) for _, kind, value in likenesses(change.module, record)} if record else set()


def _texts(value: Any) -> Iterable[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else [item.value for item in value.values()]


class Likenesses:
    def __init__(self, table: Table) -> None:
        self._table = table

    def warnings(self, principal: Principal, change: Change) -> Iterator[tuple[str, str]]:
        """Of what a change brings that the caller can see in another record: a field in wire form, and a sentence."""
        if change.after is None:
            return
        known = {(kind, value) for _, kind, value in likenesses(change.module, change.before or change.recovered)}
        for field, kind, value in sorted(likenesses(change.module, change.after)):
            if (kind, value) not in known and (other := self._other(principal, change, kind, value)):
                yield to_camel(field), f"a {other} that you can see has the same {kind}"

    def _other(self, principal: Principal, change: Change, kind: str, value: str) -> str | None:
        """The noun of another record with this value."""
        assert change.after is not None
        # What a lead was converted into has its address, and that is no news.
        own = {change.after.id, change.origin.id if change.origin else ""}
        for room in principal.rooms:
            pk, low, high = likeness_range(room, kind, value)
            for item in islice(self._table.query(pk, low, high, page_size=3), 3):
                noun, _, id_ = item["sk"].removeprefix(low).partition("#")
                if id_ not in own:
                    return str(noun)
        return None
