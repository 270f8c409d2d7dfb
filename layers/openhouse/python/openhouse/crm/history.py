"""Who changed what of a record and when, for good: an item for each step, in the transaction of that step.

The log of a room forgets after a week, because it is for catching up; this does not. The last step tells, too,
which room its record is in (`reach.py`). Cost: a new record is written twice over, a change once more as its patch
(mostly 2 write units), a page is a query (mostly 1 read unit).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openhouse.core import clock
from openhouse.core.json_text import size
from openhouse.core.merge_patch import Document, difference
from openhouse.core.principal import Principal
from openhouse.crm import events
from openhouse.crm.changes import Change
from openhouse.crm.module import PAGE_BYTES
from openhouse.crm.reach import place_of
from openhouse.storage.keys import LAST_VERSION, history_key, history_range
from openhouse.storage.table import Table
from openhouse.storage.writes import ABSENT, Put

DEFAULT_STEPS, MOST_STEPS = 20, 100


def step_of(change: Change, brokerage_id: str) -> Put:
    """`{version, at, by, action, changes, reason}`; `changes` is a merge patch, from nothing for a new record."""
    record = change.after or change.before
    assert record is not None
    version = record.version if change.after else record.version + 1
    step: Document = {
        "version": version,
        "at": clock.to_wire(change.at),
        "by": change.by,
        "action": _action(change),
        "changes": _changes(change),
        **({"reason": change.reason} if change.reason else {}),
    }
    key = history_key(brokerage_id, change.module.noun, record.id, version)
    return Put({**key, **place_of(record.room, deleted=change.after is None), "step": step}, ABSENT)


def _action(change: Change) -> str:
    if change.after is None:
        return "deleted"
    if change.recovered:
        return "recovered"
    if change.reason:
        return "reopened"
    if change.before is None:
        return "created"
    return events.verb(change.module, change.before, change.after)


def _changes(change: Change) -> Document:
    if change.after is None:
        return {}
    before = change.before or change.recovered
    return difference(before.wire() if before else {}, change.after.wire())


@dataclass(frozen=True, kw_only=True)
class HistoryQuery:
    """`before`: a version; the steps that led to earlier ones."""

    limit: int = DEFAULT_STEPS
    before: int | None = None


class History:
    def __init__(self, table: Table) -> None:
        self._table = table

    def page(self, principal: Principal, noun: str, id_: str, query: HistoryQuery) -> dict[str, Any]:
        """`{items, cursor}`, newest first. For whoever may read the record: the caller asks that before."""
        last = LAST_VERSION if query.before is None else query.before - 1
        if last < 1:
            return {"items": []}
        steps_up_to = history_range(principal.brokerage_id, noun, id_, last)
        found = self._table.query(*steps_up_to, backwards=True, page_size=query.limit + 1)
        steps: list[Document] = []
        bytes_, more = 0, False
        for item in found:
            more = len(steps) == query.limit or bytes_ > PAGE_BYTES
            if more:
                break
            steps.append(item["step"])
            bytes_ += size(item["step"])
        return {"items": steps, **({"cursor": str(steps[-1]["version"])} if more else {})}
