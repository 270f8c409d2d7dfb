from __future__ import annotations

from bench.imports import BENCHMARK, GOAL, QUICK_ROWS, dollars, measure_file, report
from deployed.terminal import Steps


def test_an_import_is_counted_and_costs_less_than_its_goal() -> None:
    result = BENCHMARK.measure(True, Steps())
    assert (result["rows"], result["createdAgain"]) == (QUICK_ROWS, 0)
    assert result["writing"]["written"] > 20 * QUICK_ROWS, "records, histories, look-ups, indexes, search"
    cost = dollars(result)
    assert cost["writes, those of indexes and search too"] < sum(cost.values()) < GOAL
    assert f"Goal: under ${GOAL}: met." in " ".join(BENCHMARK.report(result).split())


def test_a_file_of_somebodys_own_is_counted_the_same_way() -> None:
    row = "1 Oak St,Davis,95616,CA,05/21/2008,59222\n"
    sales = f"street,city,zip,state,sale_date,price\n{row}{row}"
    result = measure_file(sales, "listing", Steps(), constants={"status": "sold"})
    assert (result["module"], result["rows"]) == ("listings", 2)
    assert result["counts"] == {"created": 1, "updated": 0, "skipped": 1, "rejected": 0, "warned": 0}
    assert (result["createdAgain"], result["skippedAgain"]) == (0, 2)
    assert "2 rows, imported as listings." in " ".join(report(result).split())
