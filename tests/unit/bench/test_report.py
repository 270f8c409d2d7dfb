from bench.report import figures, report
from bench.viewers import Turn

LINE = {"function": "crm", "operation": "GetItem", "calls": 3, "readUnits": 1.5, "writeUnits": 0}
RESULT = {
    "header": {"date": "today", "machine": "this one", "versions": "all of them"},
    "patched": figures([Turn(0.05, (0.01 * number, 0.02 * number, 0.03 * number), 400) for number in range(1, 6)]),
    "refetched": figures([Turn(0.05, (0.1, 0.2, 0.9), 40_000)] * 5),
    "calls": {"viewers": 3, "patch": [LINE], "refetch": [LINE, LINE]},
}


def test_figures_are_percentiles_in_milliseconds_of_the_first_the_median_and_the_last_viewer():
    patched = RESULT["patched"]
    assert round(patched["first"]["p50"]) == 30
    assert round(patched["median"]["p50"]) == 60
    assert round(patched["last"]["p50"]) == 90
    assert round(patched["last"]["p95"]) == 144
    assert (patched["bytes"], patched["turns"]) == (400, 5)


def test_the_report_compares_both_ways_and_adds_up_the_calls():
    text = report(RESULT)
    assert "machine   this one" in text
    rows = [line.split() for line in text.splitlines()]
    assert ["last", "viewer", "90", "144", "900", "900", "10.0x"] in rows
    assert ["bytes", "400", "40,000", "100.0x"] in rows
    assert ["per", "change", "3", "1.5", "0"] in rows
    assert ["per", "delivered", "commit", "1.00", "0.50", "0.00"] in rows
    assert ["per", "refetch", "6", "3", "0"] in rows
    assert "Refetching adds 18 calls and 9 read units" in text
    assert "Goal: p50 under 100 ms by patch: met." in text
