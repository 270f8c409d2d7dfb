"""What a brokerage has spent on the model, in memory: for tests, and for benchmarks that ask a real one."""

from __future__ import annotations

from datetime import UTC, date, datetime

from openhouse.language.bedrock.allowance import NOTHING, Spending, budget_spent


class MemoryAllowance:
    """Held to the one in the table by `test_allowances.py`."""

    def __init__(self, now: datetime | None = None) -> None:
        self._spent: dict[tuple[str, date], Spending] = {}
        self._open: dict[tuple[str, date, str], Spending] = {}
        self._settled: set[tuple[str, date, str]] = set()
        self._now = now

    def reserve(self, brokerage_id: str, day: date, call_id: str, most: Spending, limit: Spending) -> None:
        call = (brokerage_id, day, call_id)
        if call in self._open or call in self._settled:
            return
        spent = self.spent(brokerage_id, day) + most
        if spent.exceeds(limit):
            raise budget_spent(self._now or datetime.combine(day, datetime.min.time(), UTC), day)
        self._spent[brokerage_id, day] = spent
        self._open[call] = most

    def settle(self, brokerage_id: str, day: date, call_id: str, spent: Spending) -> None:
        call = (brokerage_id, day, call_id)
        reserved = self._open.pop(call, None)
        if reserved is not None:
            self._settled.add(call)
            self._spent[brokerage_id, day] = self.spent(brokerage_id, day) - reserved + spent

    def spent(self, brokerage_id: str, day: date) -> Spending:
        return self._spent.get((brokerage_id, day), NOTHING)
