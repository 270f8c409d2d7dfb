"""Hints that another record has the same number, address or telephone. They refuse nothing.

A record leaves an item in its brokerage for each value that its module looks up, in the transaction that gives it the
value; the item tells the record's room. Cost: two write units for each value that comes, goes or moves with its record;
for one that comes, a query, whatever number of rooms the caller is in.
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

LOOKED_AT = 20  # records with one value, of all rooms: some 4 KB. One that is everywhere is no hint


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


def likeness_writes(change: Change, brokerage_id: str) -> list[Write]:
    """Each value of each field once, whichever field holds it: an address may be the main one and a further one."""
    before, after = _rooms(change.module, change.before), _rooms(change.module, change.after)
    noun = change.module.noun
    record = change.after or change.before
    assert record is not None
    own = absent_or(noun=noun)
    keys = {place: likeness_key(brokerage_id, *place, noun, record.id) for place in before | after}
    gone = [Delete(keys[place], own) for place in sorted(before.keys() - after.keys())]
    come = [
        Put({**keys[place], "noun": noun, "room": room}, own)
        for place, room in sorted(after.items())
        if before.get(place) != room
    ]
    return [*gone, *come]


def _rooms(module: Module, record: Record | None) -> dict[tuple[str, str], str]:
    """Of each kind and value of a record, the room that it is in."""
    return {(kind, value): record.room for _, kind, value in likenesses(module, record)} if record else {}


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
        rooms = frozenset(principal.rooms)
        found = self._table.query(*likeness_range(principal.brokerage_id, kind, value), page_size=LOOKED_AT)
        for item in islice(found, LOOKED_AT):
            noun, _, id_ = item["sk"].partition("#")
            if item["room"] in rooms and id_ not in own:
                return str(noun)
        return None
