"""What the benchmark of imports says of the tables of other systems."""

from __future__ import annotations

from bench import importing
from deployed.terminal import Steps, terminal
from tests.layouts import held_out, layouts

LEAST = 40  # header rows


def test_it_counts_what_becomes_of_each_layout_and_says_whether_the_goals_are_met():
    result = importing.measure(quick=True, steps=Steps(terminal(error=True)))
    assert [one["name"] for one in result["layouts"]] == [layout.name for layout in layouts()]
    assert [one["name"] for one in result["heldOut"]] == [layout.name for layout in held_out()]
    for one in (*result["layouts"], *result["heldOut"]):
        assert one["created"] + one["rejected"] == one["rows"]
        assert one["right"] <= one["columns"]
    text = " ".join(importing.report(result).split())
    assert f"{len(layouts()) + len(held_out())} header rows with values, engine: rules." in text
    learnt, unseen = text.split("Of tables that are held out")
    assert "Goal: 95%: met. Columns that fill another field than expected: 0." in learnt
    assert "Values wrong without a warning: 0. Goal: none: met." in learnt
    assert "Goal: 95%:" in unseen


def test_a_goal_that_is_missed_is_said_to_be():
    one = {"name": "a", "module": "clients", "columns": 10, "right": 9, "asked": 1, "wrongColumns": 1, "filledWrong": 2}
    rows = {"rows": 2, "created": 2, "warned": 0, "rejected": 0}
    found = [{**one, **rows}]
    text = importing.report({"engine": "rules", "layouts": found, "heldOut": found, "speeds": []}).replace("\n", " ")
    assert text.count("without help: 90.0%. Goal: 95%: missed.") == 2
    assert text.count("Values wrong without a warning: 2. Goal: none: missed.") == 2


def test_there_are_many_header_rows_and_none_that_is_held_out_is_among_those_that_rules_were_made_for():
    assert len(layouts()) >= LEAST
    assert not {layout.columns for layout in held_out()} & {layout.columns for layout in layouts()}
