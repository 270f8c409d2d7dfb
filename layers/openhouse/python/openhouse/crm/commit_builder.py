"""From changes of records to what a commit writes: items, events, the brokerage's numbers, the rooms' figures."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from openhouse.core.errors import Invalid
from openhouse.core.principal import Principal
from openhouse.core.wire import known_texts
from openhouse.crm.changes import Change, numbered
from openhouse.crm.module import Module, Record
from openhouse.crm.references import References
from openhouse.crm.stats import Stats
from openhouse.rooms.room_log import Draft, Event
from openhouse.storage.keys import Item, counter_key, order_values, record_key
from openhouse.storage.table import Table
from openhouse.storage.writes import ABSENT, Delete, Put, Update, Write, equals

T = TypeVar("T")


class CommitBuilder:
    def __init__(self, table: Table, references: References, stats: Stats) -> None:
        self._table = table
        self._references = references
        self._stats = stats

    def judge(self, principal: Principal, changes: Sequence[Change]) -> list[Change | Invalid]:
        """Each change, guarded by what it relies on, or why it cannot be: it names what its author cannot reach."""
        return self._references.judge(principal, changes)

    def number(
        self,
        principal: Principal,
        changes: Sequence[Change],
        now: datetime,
        *,
        fitting: Callable[[Sequence[Change]], int] = len,
    ) -> tuple[list[Change], list[Write]]:
        """New records with the brokerage's next numbers, counted in their own transaction: no failure leaves a gap.

        `fitting`: how many of the changes, with their numbers, are to be written; the others are left out.
        Those that are numbered are of one module.
        """
        module = next((change.module for change in changes if _is_numbered(change)), None)
        if module is None or module.numbering is None:
            return list(changes[: fitting(changes)]), []
        key = counter_key(principal.brokerage_id, module.noun, now.year)
        item = self._table.get(key)
        before = item["count"] if item else 0
        texts = (module.numbering.text(now.year, count) for count in itertools.count(before + 1))
        done = [numbered(change, next(texts)) if _is_numbered(change) else change for change in changes]
        done = done[: fitting(done)]
        if not (given := sum(map(_is_numbered, done))):
            return done, []
        return done, [Update(key, {"count": before + given}, equals(count=before) if item else ABSENT)]

    def draft(self, result: T, changes: Sequence[Change], *also: Write) -> Draft[T]:
        """One commit per room. A record may be in one change only."""
        told, counted = self._stats.told(changes)
        events: dict[str, list[Event]] = {}
        for room, event in [*(event for change in changes for event in change.events()), *told]:
            events.setdefault(room, []).append(event)
        written = [write for change in changes for write in writes_of(change)]
        guards = {tuple(guard.key.values()): guard for change in changes for guard in change.guards}
        return Draft(result, events, [*written, *counted, *also, *guards.values()])


def _is_numbered(change: Change) -> bool:
    return change.before is None and change.module.numbering is not None


def writes_of(change: Change) -> list[Write]:
    module, before, after = change.module, change.before, change.after
    if before is None:
        assert after is not None
        return [Put(item_of(module, after), ABSENT)]
    unchanged = equals(version=before.version)
    if after is None:
        return [Delete(record_key(before.room, module.noun, before.id), unchanged)]
    if before.room == after.room:
        return [Put(item_of(module, after), unchanged)]
    return [
        Delete(record_key(before.room, module.noun, before.id), unchanged),
        Put(item_of(module, after), ABSENT),
    ]


def item_of(module: Module, record: Record) -> Item:
    item = record.item()
    orders = order_values(
        module.noun,
        record.id,
        changed=item["updated_at"],
        date=item.get(module.dated_by) if module.dated_by else None,
        dated=module.dated_by is not None,
    )
    return {**record_key(record.room, module.noun, record.id), **orders, **item}


def from_item(module: Module, item: Item) -> Record:
    """The record that an item of the table holds."""
    stored = {name: value for name, value in item.items() if name in module.model.model_fields}
    return module.model.model_validate(stored, context=known_texts(stored))
