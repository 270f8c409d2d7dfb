"""How records and their history lie in the table: the items and writes that a change of one comes to.

The latest steps of a history lie in the record's own item, for as long as they make its write cost no more: it is
charged by the kilobyte. When they would, all of them go into an item of the history, for good.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from openhouse.core import clock
from openhouse.core.json_text import size
from openhouse.core.wire import known_texts
from openhouse.crm.changes import Change
from openhouse.crm.cursors import moment_place, name_place, price_place
from openhouse.crm.file_rows import end_writes
from openhouse.crm.leases import FREE, Hold
from openhouse.crm.module import Module, Record
from openhouse.crm.reach import place_of
from openhouse.crm.steps import packed, step_of, unpacked
from openhouse.storage import item_size
from openhouse.storage.keys import Item, RecordPlace, deleted_noun, history_key, order_values, record_key
from openhouse.storage.marshalling import marshal
from openhouse.storage.writes import ABSENT, AllOf, Condition, Delete, Put, Update, Write, at_version

KEPT_DELETED = timedelta(days=30)
MOST_RECENT = 10  # steps in a record's item: all are read whenever it is
_RECENT = "_steps"  # no field begins like that
_IN_KEY = ("id", "room")


class Stored(NamedTuple):
    """A record as its item holds it. `recent`: the latest steps of its history, packed, that no other item holds."""

    record: Record
    recent: str
    hold: Hold = FREE

    def changed_by(self, change: Change) -> Change:
        """A change of it, with what it brings along."""
        return replace(change, recent=self.recent, hold=self.hold)


def writes_of(change: Change, brokerage_id: str) -> list[Write]:
    """Those of the record itself, and of its history. One that is deleted is kept for 30 days, out of reach of all but
    recovering.
    """
    module, before, after = change.module, change.before, change.after
    ends = end_writes(change, brokerage_id, change.at + KEPT_DELETED)
    steps = [*unpacked(change.recent), step_of(change)]
    if before and after and before.room == after.room:
        item, unchanged, recent = _held(change, item_of(module, after)), _unchanged(change, before), packed(steps)
        if len(steps) <= MOST_RECENT and _costs_no_more(item, recent):
            return [Put({**item, _RECENT: recent}, unchanged), *ends]
        writes: list[Write] = [Put(item, unchanged)]
    else:
        writes = _writes_elsewhere(change)
    record = after or before
    assert record is not None
    place = place_of(record.room, deleted=after is None)
    key = history_key(brokerage_id, module.noun, record.id, steps[0]["version"])
    return [*writes, *ends, Put({**key, **place, "steps": packed(steps)}, ABSENT)]


def item_of(module: Module, record: Record) -> Item:
    """Without its history."""
    return _item(module, record, module.noun)


def from_item(module: Module, item: Item) -> Record:
    """The record that an item of the table holds."""
    fields = module.fields
    place = RecordPlace.of(item)
    stored = {name: value for name, value in item.items() if name in fields} | {"id": place.id, "room": place.room}
    return module.model.model_validate(stored, context=known_texts(stored))


def stored(module: Module, item: Item) -> Stored:
    return Stored(from_item(module, item), item.get(_RECENT, ""), Hold.of(item))


def lock_write(module: Module, found: Stored, after: Hold) -> Update:
    """What becomes of its lock, if the record and its fence are as they were read."""
    record = found.record
    unchanged = AllOf((at_version(record.version), found.hold.is_unchanged))
    return Update(record_key(record.room, module.noun, record.id), after.attributes, unchanged)


def _unchanged(change: Change, record: Record) -> Condition:
    """That nobody has changed the record since it was read, nor begun to work on it."""
    return AllOf((at_version(record.version), change.hold.is_unchanged))


def _held(change: Change, item: Item) -> Item:
    """The fence stays with the record for good."""
    return {**item, **change.hold.ended().attributes}


def _costs_no_more(item: Item, recent: str) -> bool:
    alone = item_size.size(marshal(item))
    return item_size.write_units(alone + len(_RECENT) + len(recent)) == item_size.write_units(alone)


def _writes_elsewhere(change: Change) -> list[Write]:
    """Of a record that comes to another place, or from one."""
    module, before, after = change.module, change.before, change.after
    if before is None:
        assert after is not None
        writes: list[Write] = [Put(_held(change, item_of(module, after)), ABSENT)]
        if change.recovered:
            gone = record_key(change.recovered.room, deleted_noun(module.noun), change.recovered.id)
            unchanged = _unchanged(change, change.recovered)
            writes.append(Delete(gone, unchanged, size(item_of(module, change.recovered))))
        return writes
    item = item_of(module, before)
    return [
        Delete(record_key(before.room, module.noun, before.id), _unchanged(change, before), size(item)),
        Put(_held(change, item_of(module, after) if after else _deleted_item(change, before)), ABSENT),
    ]


def _deleted_item(change: Change, record: Record) -> Item:
    deleted = record.model_copy(
        update={"version": record.version + 1, "updated_at": change.at, "updated_by": change.by}
    )
    ends = {"ttl": clock.seconds(change.at + KEPT_DELETED)}
    return {**_item(change.module, deleted, deleted_noun(change.module.noun)), **ends}


def _item(module: Module, record: Record, noun: str) -> Item:
    item = {name: value for name, value in record.item().items() if name not in _IN_KEY}
    orders: dict[str, str | None] = {}
    if module.dated_by:
        orders["by_date"] = item.get(module.dated_by)
    if module.named_by:
        orders["by_name"] = name_place(" ".join(item.get(name, "") for name in module.named_by))
    if module.priced_by:
        orders["by_price"] = price_place(item[module.priced_by]) if module.priced_by in item else None
    values = order_values(noun, record.id, changed=moment_place(record.updated_at), **orders)
    return {**record_key(record.room, noun, record.id), **values, **item}
