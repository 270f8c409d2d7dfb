"""What the benchmark of imports says of the tables of other systems."""

from __future__ import annotations

from bench import importing
from deployed.terminal import Steps, terminal
from tests.layouts import layouts


def test_it_counts_what_becomes_of_each_layout_and_says_whether_the_goals_are_met():
    result = importing.measure(quick=True, steps=Steps(terminal(error=True)))
    assert [one["name"] for one in result["layouts"]] == [layout.name for layout in layouts()]
    for one in result["layouts"]:
        assert one["created"] + one["rejected"] == one["rows"]
        assert one["right"] <= one["columns"]
    text = importing.report(result)
    assert "Goal: 95%: met" in text
    assert "Wrong without a warning: 0 columns" in text.replace("\n", " ")


def test_a_goal_that_is_missed_is_said_to_be():
    one = {"name": "a", "module": "clients", "columns": 10, "right": 9, "asked": 1, "wrongColumns": 1, "wrongValues": 0}
    rows = {"rows": 2, "created": 2, "warned": 0, "rejected": 0}
    text = importing.report({"layouts": [{**one, **rows}], "speeds": []}).replace("\n", " ")
    assert "without help: 90.0%. Goal: 95%: missed." in text
    assert "Goal: none: missed." in text
