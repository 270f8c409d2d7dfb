"""How records lie in the table: the items and writes that a change of one comes to."""

from __future__ import annotations

from datetime import timedelta

from openhouse.core import clock
from openhouse.core.json_text import size
from openhouse.core.wire import known_texts
from openhouse.crm.changes import Change
from openhouse.crm.cursors import name_place, price_place
from openhouse.crm.module import Module, Record
from openhouse.storage.keys import Item, deleted_noun, order_values, record_key
from openhouse.storage.writes import ABSENT, Delete, Put, Write, at_version

KEPT_DELETED = timedelta(days=30)


def writes_of(change: Change) -> list[Write]:
    """Those of the record itself. One that is deleted is kept for 30 days, out of reach of all but recovering."""
    module, before, after = change.module, change.before, change.after
    if before is None:
        assert after is not None
        writes: list[Write] = [Put(item_of(module, after), ABSENT)]
        if change.recovered:
            gone = record_key(change.recovered.room, deleted_noun(module.noun), change.recovered.id)
            unchanged = at_version(change.recovered.version)
            writes.append(Delete(gone, unchanged, size(item_of(module, change.recovered))))
        return writes
    unchanged = at_version(before.version)
    if after and before.room == after.room:
        return [Put(item_of(module, after), unchanged)]
    item = item_of(module, before)
    return [
        Delete(record_key(before.room, module.noun, before.id), unchanged, size(item)),
        Put(item_of(module, after) if after else _deleted_item(change, before), ABSENT),
    ]


def item_of(module: Module, record: Record) -> Item:
    return _item(module, record, module.noun)


def from_item(module: Module, item: Item) -> Record:
    """The record that an item of the table holds."""
    fields = module.fields
    stored = {name: value for name, value in item.items() if name in fields}
    return module.model.model_validate(stored, context=known_texts(stored))


def _deleted_item(change: Change, record: Record) -> Item:
    deleted = record.model_copy(
        update={"version": record.version + 1, "updated_at": change.at, "updated_by": change.by}
    )
    ends = {"ttl": clock.seconds(change.at + KEPT_DELETED)}
    return {**_item(change.module, deleted, deleted_noun(change.module.noun)), **ends}


def _item(module: Module, record: Record, noun: str) -> Item:
    item = record.item()
    orders: dict[str, str | None] = {}
    if module.dated_by:
        orders["by_date"] = item.get(module.dated_by)
    if module.named_by:
        orders["by_name"] = name_place(" ".join(item.get(name, "") for name in module.named_by))
    if module.priced_by:
        orders["by_price"] = price_place(item[module.priced_by]) if module.priced_by in item else None
    values = order_values(noun, record.id, changed=item["updated_at"], **orders)
    return {**record_key(record.room, noun, record.id), **values, **item}
