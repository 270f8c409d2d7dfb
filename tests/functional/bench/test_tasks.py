"""What tasks cost is counted: a step is two transitions, and all of the work is done."""

from __future__ import annotations

from bench import tasks
from deployed.terminal import Steps

TEXTS = ("create_from_text", "describe_listing", "escrow_timeline")


def test_each_phase_of_each_kind_is_counted() -> None:
    result = tasks.measure(quick=True, steps=Steps())
    phases = [tasks.Phase(**each) for each in result["phases"]]
    assert [phase.name for phase in phases] == [
        *(f"find_duplicates: {phase}" for phase in ("plan", "write", "undo")),
        *(f"{kind}: {phase}" for kind in TEXTS for phase in ("plan", "write")),
        "daily_brief",
    ]
    assert {phase.transitions for phase in phases} == {3}
    plan, write, undo = phases[:3]
    assert plan.commits == plan.told
    assert write.commits - write.told >= 5
    assert undo.commits - undo.told >= 5
    assert all(0 < phase.dollars < 0.001 for phase in phases)
    assert result["morning"]["written"] > 0
    assert "find_duplicates: write" in tasks.report(result)
