"""What brokerages may spend on the model: one contract of the allowance in memory and of that in the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from openhouse.core.errors import Busy, ModelBudgetSpent
from openhouse.language.bedrock.allowance import NOTHING, Spending
from openhouse.language.bedrock.table_allowance import MOST_TRIES, TableAllowance
from openhouse.storage.table import Table, WriteConflict
from openhouse.storage.writes import Write
from tests.functional.conftest import TABLES
from tests.memory_allowance import MemoryAllowance
from tests.memory_table import MemoryTable

DAY = date(2026, 11, 29)
LIMIT = Spending(1_000, 10_000)
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture(params=["memory", "table in memory", "dynamodb"])
def allowance(request: pytest.FixtureRequest) -> Any:
    if request.param == "memory":
        return MemoryAllowance()
    if request.param == "dynamodb":
        return TableAllowance(Table(request.getfixturevalue("dynamodb"), *TABLES), now=lambda: NOON)
    return TableAllowance(MemoryTable(), now=lambda: NOON)


def test_a_day_is_spent_by_what_calls_cost_and_not_by_what_was_reserved(allowance: Any):
    allowance.reserve("harbor", DAY, "a", Spending(900, 9_000), LIMIT)
    with pytest.raises(ModelBudgetSpent):
        allowance.reserve("harbor", DAY, "b", Spending(200, 0), LIMIT)
    allowance.settle("harbor", DAY, "a", Spending(100, 1_000))
    allowance.reserve("harbor", DAY, "b", Spending(900, 0), LIMIT)
    assert allowance.spent("harbor", DAY) == Spending(1_000, 1_000)


def test_dollars_are_a_limit_of_their_own(allowance: Any):
    with pytest.raises(ModelBudgetSpent):
        allowance.reserve("harbor", DAY, "a", Spending(1, 10_001), LIMIT)


def test_a_call_is_reserved_and_settled_once(allowance: Any):
    for _ in range(3):
        allowance.reserve("harbor", DAY, "a", Spending(600, 0), LIMIT)
    for spent in (10, 20, 0):
        allowance.settle("harbor", DAY, "a", Spending(spent, 0))
        allowance.reserve("harbor", DAY, "a", Spending(600, 0), LIMIT)
    allowance.settle("harbor", DAY, "never reserved", Spending(500, 0))
    assert allowance.spent("harbor", DAY) == Spending(10, 0)


def test_another_brokerage_and_another_day_have_their_own(allowance: Any):
    allowance.reserve("harbor", DAY, "a", LIMIT, LIMIT)
    allowance.reserve("bay", DAY, "a", LIMIT, LIMIT)
    allowance.reserve("harbor", date(2026, 11, 30), "b", LIMIT, LIMIT)
    assert allowance.spent("bay", date(2026, 11, 30)) == NOTHING


class Meddled(MemoryTable):
    """Somebody else is faster, before a write; once each."""

    def __init__(self) -> None:
        super().__init__()
        self.meddling: list[Callable[[], None]] = []

    def transact(self, writes: Sequence[Write]) -> None:
        if self.meddling:
            self.meddling.pop(0)()
        super().transact(writes)


def test_of_two_who_reserve_the_last_of_it_one_is_refused():
    table = Meddled()
    mine, theirs = TableAllowance(table), TableAllowance(table)
    table.meddling = [lambda: theirs.reserve("harbor", DAY, "b", Spending(600, 0), LIMIT)]
    with pytest.raises(ModelBudgetSpent):
        mine.reserve("harbor", DAY, "a", Spending(600, 0), LIMIT)
    assert mine.spent("harbor", DAY) == Spending(600, 0)


def test_two_who_settle_at_once_are_both_counted():
    table = Meddled()
    mine, theirs = TableAllowance(table), TableAllowance(table)
    for call_id in "ab":
        mine.reserve("harbor", DAY, call_id, Spending(400, 0), LIMIT)
    table.meddling = [lambda: theirs.settle("harbor", DAY, "b", Spending(20, 0))]
    mine.settle("harbor", DAY, "a", Spending(1, 0))
    assert mine.spent("harbor", DAY) == Spending(21, 0)


def test_whoever_never_gets_a_turn_is_told_to_try_again():
    class Contended(MemoryTable):
        tries = 0

        def transact(self, writes: Sequence[Write]) -> None:
            self.tries += 1
            raise WriteConflict

    table = Contended()
    with pytest.raises(Busy):
        TableAllowance(table).reserve("harbor", DAY, "a", Spending(1, 0), LIMIT)
    assert table.tries == MOST_TRIES


def test_what_was_spent_is_forgotten_after_some_weeks():
    table = MemoryTable()
    TableAllowance(table).reserve("harbor", DAY, "a", Spending(1, 0), LIMIT)
    ends = {datetime.fromtimestamp(item["ttl"], UTC) for item in table.items("U#")}
    assert ends == {datetime(2027, 1, 8, tzinfo=UTC)}
