"""From changes of records to what a commit writes: items, events, the brokerage's numbers, the rooms' figures."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from openhouse.core.errors import Invalid
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.crm.changes import Change, with_number
from openhouse.crm.history import step_of
from openhouse.crm.likenesses import Likenesses, likeness_writes
from openhouse.crm.record_items import writes_of
from openhouse.crm.references import References
from openhouse.crm.stats import Stats
from openhouse.rooms.room_log import Draft, Event
from openhouse.storage.keys import counter_key
from openhouse.storage.table import Table
from openhouse.storage.writes import ABSENT, Update, Write, equals

T = TypeVar("T")


class CommitBuilder:
    def __init__(self, table: Table, references: References, likenesses: Likenesses, stats: Stats) -> None:
        self._table = table
        self._references = references
        self._likenesses = likenesses
        self._stats = stats

    def judge(self, principal: Principal, changes: Sequence[Change]) -> list[Change | Invalid]:
        """Each change, guarded by what it relies on, or why it cannot be: it names what its author cannot reach."""
        return self._references.judge(principal, changes)

    def assign_numbers(
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
        done = [with_number(change, next(texts)) if _is_numbered(change) else change for change in changes]
        done = done[: fitting(done)]
        if not (given := sum(map(_is_numbered, done))):
            return done, []
        return done, [Update(key, {"count": before + given}, equals(count=before) if item else ABSENT)]

    def warnings(self, principal: Principal, change: Change) -> list[Document]:
        """Hints about a change that refuse nothing: `{field, message}` in wire form."""
        if change.after is None:
            return []
        hints = [*change.module.warnings(change.after), *self._likenesses.warnings(principal, change)]
        return [{"field": field, "message": message} for field, message in hints]

    def writes(self, principal: Principal, change: Change) -> list[Write]:
        """What one change comes to, beside what it shares with others: the record, its history, its look-ups."""
        return [
            *writes_of(change),
            step_of(change, principal.brokerage_id),
            *likeness_writes(change),
        ]

    def draft(self, principal: Principal, result: T, changes: Sequence[Change], *also: Write) -> Draft[T]:
        """One commit per room. A record may be in one change only."""
        figure_events, figure_writes = self._stats.updates(changes)
        events: dict[str, list[Event]] = {}
        for room, event in [*(event for change in changes for event in change.events()), *figure_events]:
            events.setdefault(room, []).append(event)
        written = [write for change in changes for write in self.writes(principal, change)]
        guards = {tuple(guard.key.values()): guard for change in changes for guard in change.guards}
        return Draft(result, events, [*written, *figure_writes, *also, *guards.values()])


def _is_numbered(change: Change) -> bool:
    return change.before is None and change.recovered is None and change.module.numbering is not None
