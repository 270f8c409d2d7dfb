"""Exports of other systems, each imported whole and a second time: what was made, and that nothing is made twice."""

from __future__ import annotations

import csv
import io

import pytest

from tests.functional.importing import imported, new_world, numbers, records, undone
from tests.layouts import TIME_ZONE, Layout, layouts


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)
def test_an_export_is_imported_without_help_and_a_second_time_creates_nothing(layout: Layout) -> None:
    world, noun = new_world(), layout.module.noun
    out = io.StringIO()
    csv.writer(out).writerows([layout.columns, *layout.rows])
    done = imported(world, out.getvalue(), noun, timeZone=TIME_ZONE)
    created, updated, skipped, rejected = numbers(done)
    assert created + updated + skipped + rejected == len(layout.rows)
    assert rejected == layout.documents.count("rejected")
    assert len(records(world, layout.module.path)) == created
    assert created or rejected == len(layout.rows), "what lacks a required field has to be decided first"
    again = imported(world, out.getvalue(), noun, timeZone=TIME_ZONE)
    assert numbers(again) == (0, 0, created + skipped, rejected)
    assert undone(world, done["id"])["result"]["removed"] == created
    assert records(world, layout.module.path) == []
