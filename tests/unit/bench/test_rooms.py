from bench.rooms import report

FAIR = {"samples": 9, "p50": 0.5, "p95": 1.25, "most": 2.0}
RESULT = {
    "commits": 3,
    "fairness": {"members": 1_000, "broadcasts": 2, "seconds": 0.5, "idle": FAIR, "during": {**FAIR, "most": 7.0}},
}


def row(members, **changed):
    grows = {"members": members, "posts": members, "bytes": 500 * members, "rowUnits": 16.0, "deliverMs": 1.0}
    same = {"readUnits": 6.0, "looks": 2, "writeUnits": 12.0, "budget": 2.0}
    queued = {"batches": 2, "messages": 16} if members > 200 else {"batches": 0, "messages": 0}
    return {**grows, **same, **queued, "writeMs": 1.5, **changed}


def test_the_report_says_whether_what_must_not_grow_stays_the_same():
    assert "the same for all sizes; the rest is within its bounds" in flat(row(10), row(1_000), row(10_000))
    for wrong in (row(1_000, messages=17), row(1_000, writeUnits=13.0), row(100, messages=16, batches=2)):
        assert "NOT the same for all sizes" in flat(row(10), wrong, row(10_000))
    assert "the rest is NOT within its bounds" in flat(row(10), row(10_000, looks=17))
    assert "the rest is NOT within its bounds" in flat(row(10), row(10_000, budget=33.0))


def flat(*rows):
    return " ".join(report({**RESULT, "rows": rows}).split())


def test_the_team_beside_a_broadcast_is_reported_idle_and_during_it():
    text = flat(row(10))
    assert "idle 0.5 1.2 2.0 9" in text
    assert "during a broadcast 0.5 1.2 7.0 9" in text
    assert "A broadcast takes 0.50 s: 2,000 posts a second" in text
