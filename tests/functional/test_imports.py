"""Imports from the upload of a file to the undoing, over REST and as the state machine works on them."""

from __future__ import annotations

import pytest

from tests.functional.conftest import World
from tests.functional.importing import CONTACTS, answer, imported, new_world, numbers, planned, read, records, undone


@pytest.fixture
def world() -> World:
    return new_world()


def test_a_file_is_mapped_shown_confirmed_and_written_in_its_order(world: World) -> None:
    task = planned(world, CONTACTS)
    assert task["status"] == "proposed", task
    proposal = task["proposal"]
    assert [column["target"] for column in proposal["columns"]] == ["firstName", "lastName", "email", "phone", "city"]
    assert proposal["columns"][2]["samples"] == ["ana@example.com", "ben@example.com", "cleo@example.com"]
    assert proposal["counts"]["create"] == proposal["rows"] == 3
    assert records(world) == []

    done = answer(world, task["id"])
    assert (done["status"], done["message"]) == ("completed", "Imported 3 clients!")
    assert numbers(done) == (3, 0, 0, 0)
    assert [record["firstName"] for record in records(world)] == ["Ana", "Ben", "Cleo"]


def test_what_was_imported_and_nobody_touched_is_taken_back(world: World) -> None:
    done = imported(world, CONTACTS)
    assert done["can"] == ["undo"]
    over = undone(world, done["id"])
    assert over["result"] == {"removed": 3, "restored": 0, "left": 0, "leftRecords": []}, read(world, over["id"])
    assert records(world) == []
