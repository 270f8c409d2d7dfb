from __future__ import annotations

from bench.imports import BENCHMARK, GOAL, QUICK_ROWS, dollars
from deployed.terminal import Steps


def test_an_import_is_counted_and_costs_less_than_its_goal() -> None:
    result = BENCHMARK.measure(True, Steps())
    assert (result["rows"], result["createdAgain"]) == (QUICK_ROWS, 0)
    assert result["writing"]["written"] > 20 * QUICK_ROWS, "records, histories, look-ups, indexes, search"
    cost = dollars(result)
    assert cost["writes, those of indexes and search too"] < sum(cost.values()) < GOAL
    assert f"Goal: under ${GOAL}: met." in " ".join(BENCHMARK.report(result).split())
