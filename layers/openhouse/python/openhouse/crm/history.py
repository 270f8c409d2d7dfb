"""Who changed what of a record and when, for good: written in the transaction of each step (`record_items.py`).

The log of a room forgets after a week, because it is for catching up; this does not. Its latest steps may lie in the
record's own item, the others some at a time in items under the record's key. A page is a query (mostly 1 read unit).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from openhouse.core.backoff import longest_pause
from openhouse.core.json_text import size
from openhouse.core.principal import Principal
from openhouse.crm.module import PAGE_BYTES
from openhouse.crm.record_items import Stored
from openhouse.crm.steps import Step, unpacked
from openhouse.storage.keys import history_range
from openhouse.storage.table import Table

DEFAULT_STEPS, MOST_STEPS = 20, 100
TRIES = 6


@dataclass(frozen=True, kw_only=True)
class HistoryQuery:
    """`before`: a version; the steps that led to earlier ones."""

    limit: int = DEFAULT_STEPS
    before: int | None = None


class History:
    def __init__(
        self,
        table: Table,
        *,
        jitter: Callable[[], float] = random.random,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table = table
        self._jitter = jitter
        self._sleep = sleep

    def page(self, principal: Principal, noun: str, of: Stored, query: HistoryQuery) -> dict[str, Any]:
        """`{items, cursor}`, newest first, of the record as it was read. For whoever may read it: the caller asks that
        before.

        A transaction's items come into sight one by one: steps that the record has just handed over are waited for.
        """
        last = of.record.version if query.before is None else min(of.record.version, query.before - 1)
        if last < 1:
            return {"items": []}
        page: dict[str, Any] = {"items": []}
        for number in range(TRIES):
            page = _page(self._backwards(principal, noun, of, last, query.limit), query.limit)
            if page["items"] and page["items"][0]["version"] == last:
                break
            self._sleep(self._jitter() * longest_pause(number + 1))
        return page

    def _backwards(self, principal: Principal, noun: str, of: Stored, last: int, limit: int) -> Iterator[Step]:
        """From the step that led to version `last`."""
        recent = unpacked(of.recent)
        yield from (step for step in reversed(recent) if step["version"] <= last)
        if recent:
            last = min(last, recent[0]["version"] - 1)
        if last < 1:
            return
        steps_up_to = history_range(principal.brokerage_id, noun, of.record.id, last)
        for item in self._table.query(*steps_up_to, backwards=True, page_size=limit + 1):
            yield from (step for step in reversed(unpacked(item["steps"])) if step["version"] <= last)


def _page(found: Iterator[Step], limit: int) -> dict[str, Any]:
    steps: list[Step] = []
    bytes_ = 0
    for step in found:
        if len(steps) == limit or bytes_ > PAGE_BYTES:
            return {"items": steps, "cursor": str(steps[-1]["version"])}
        steps.append(step)
        bytes_ += size(step)
    return {"items": steps}
