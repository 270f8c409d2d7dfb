"""What brokerages spend on the model, kept in the table: shared by all functions that ask it.

An item for each brokerage and day counts its changes, and each call has one of its own: both are written together, so
of two who reserve the last of it one is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.errors import Busy
from openhouse.language.bedrock.allowance import NOTHING, Spending, budget_spent
from openhouse.storage.keys import Item, Key, model_call_key, spending_key
from openhouse.storage.table import Table, WriteConflict
from openhouse.storage.writes import ABSENT, Put, Write, equals

KEPT = timedelta(days=40)  # for whoever looks at what a month has cost
MOST_TRIES = 8  # of one brokerage's tasks, few ask at a time


class TableAllowance:
    def __init__(self, table: Table, *, now: Clock = clock.utc_now) -> None:
        self._table = table
        self._now = now

    def reserve(self, brokerage_id: str, day: date, call_id: str, most: Spending, limit: Spending) -> None:
        """Raises ModelBudgetSpent, Busy."""
        call = model_call_key(brokerage_id, day.isoformat(), call_id)

        def writes() -> list[Write]:
            if self._table.get(call):
                return []
            before = self._spent(brokerage_id, day)
            spent = _spending(before) + most
            if spent.exceeds(limit):
                raise budget_spent(self._now(), day)
            return [self._changed(before, brokerage_id, day, spent), Put(_item(call, most, day), ABSENT)]

        self._write(writes)

    def settle(self, brokerage_id: str, day: date, call_id: str, spent: Spending) -> None:
        """Raises Busy: then what was reserved stays spent."""
        key = model_call_key(brokerage_id, day.isoformat(), call_id)

        def writes() -> list[Write]:
            call = self._table.get(key)
            if call is None or call.get("settled"):
                return []
            before = self._spent(brokerage_id, day)
            after = _spending(before) - _spending(call) + spent
            done = Put({**_item(key, spent, day), "settled": True}, equals(tokens=call["tokens"]))
            return [self._changed(before, brokerage_id, day, after), done]

        self._write(writes)

    def spent(self, brokerage_id: str, day: date) -> Spending:
        return _spending(self._spent(brokerage_id, day))

    def _spent(self, brokerage_id: str, day: date) -> Item | None:
        return self._table.get(spending_key(brokerage_id, day.isoformat()))

    def _changed(self, before: Item | None, brokerage_id: str, day: date, spent: Spending) -> Put:
        count = before["count"] if before else 0
        item = _item(spending_key(brokerage_id, day.isoformat()), spent, day)
        return Put({**item, "count": count + 1}, equals(count=count) if before else ABSENT)

    def _write(self, writes: Callable[[], list[Write]]) -> None:
        for _ in range(MOST_TRIES):
            wanted = writes()
            if not wanted:
                return
            try:
                self._table.transact(wanted)
            except WriteConflict:
                continue
            return
        raise Busy("too many tasks of this brokerage ask the language model at once; try again")


def _spending(item: Item | None) -> Spending:
    return Spending(item["tokens"], item["microcents"]) if item else NOTHING


def _item(key: Key, spent: Spending, day: date) -> Item:
    ttl = clock.seconds(datetime.combine(day, datetime.min.time(), UTC) + KEPT)
    return {**key, "tokens": spent.tokens, "microcents": spent.microcents, "ttl": ttl}
