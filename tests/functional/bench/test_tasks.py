"""What tasks cost is counted: a step is two transitions, and all of the work is done."""

from __future__ import annotations

from bench import tasks
from deployed.terminal import Steps


def test_duplicates_are_counted_from_the_proposal_to_the_undoing() -> None:
    result = tasks.measure(quick=True, steps=Steps())
    phases = [tasks.Phase(**each) for each in result["phases"]]
    assert [phase.name for phase in phases] == [f"find_duplicates: {phase}" for phase in ("plan", "write", "undo")]
    assert [phase.transitions for phase in phases] == [3, 3, 3]
    plan, write, undo = phases
    assert plan.commits == plan.told
    assert write.commits - write.told >= 5
    assert undo.commits - undo.told >= 5
    assert all(0 < phase.dollars < 0.001 for phase in phases)
    assert "find_duplicates: write" in tasks.report(result)
