"""What the benchmark of the web app makes of what it found."""

from __future__ import annotations

from typing import Any

import pytest

from bench.browser import SORTS, report


def found(**differences: Any) -> dict[str, Any]:
    """Every goal met, but for `differences` of the rows that are patched, as they are four times slower and as not."""
    frames: dict[str, Any] = {"fps": 60.0, "long": 0, "longest": 0.0}
    rows: list[dict[str, Any]] = [
        {"what": what, "slower": slower, **frames} for what in ("an empty page", "scrolled") for slower in (1, 4)
    ]
    rows += [{"what": what, "slower": slower, "gets": 0, **frames} for what in SORTS.values() for slower in (1, 4)]
    for row in rows:
        row.update(differences.get(f"{row['what'].split(',')[0]}_{row['slower']}", {}))
    seen = {"changes": 30, "p50": 90.0, "p95": 120.0, "gets": 0, **differences.get("seen", {})}
    return {"escrows": 5_000, "perSecond": 100, "smoothness": rows, "seen": seen}


def test_all_goals_of_the_browser_are_met_by_a_page_that_draws_every_frame() -> None:
    text = report(found())
    assert (text.count(", met."), text.count("missed")) == (5, 0)


@pytest.mark.parametrize(
    ("differences", "goal"),
    [
        ({"scrolled_1": {"fps": 58.0}}, "5,000 escrows scroll at 60 frames a second: 58"),
        ({"patched_1": {"long": 1, "longest": 51.0}}, "no task over 50 ms while patched: 2"),
        ({"patched_4": {"fps": 49.0}}, "50 frames a second while patched, 4 times slower: 49"),
        ({"seen": {"p50": 151.0}}, "seen by a colleague within 150 ms, p50: 151"),
        ({"seen": {"gets": 1}}, "no GET after what others change: 1"),
        ({"patched_1": {"gets": 2}}, "no GET after what others change: 4"),
    ],
)
def test_a_goal_of_the_browser_is_missed_by_its_own_figure_alone(differences: dict[str, Any], goal: str) -> None:
    lines = [line for line in report(found(**differences)).splitlines() if line.endswith("missed.")]
    assert lines == [f"Goal: {goal}, missed."]
