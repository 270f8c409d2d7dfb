"""Random histories of imports: steps that crash, answers that are lost, executions that are begun twice, colleagues who
change what was imported, people who cancel in the middle. And random files, whose rows all come to some end.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openhouse.core.errors import OpenhouseError
from openhouse.tasks.imports.ids import is_of
from openhouse.tasks.kind import TaskKind
from openhouse.tasks.kinds import KINDS
from tests.fakes import BEN
from tests.functional.importing import NUMBERS, imported, new_world, numbers, planned, read, records, undone, upload
from tests.functional.test_http import call
from tests.functional.test_task_histories import ENDS, Crash, History, told

HISTORIES, AT_A_TIME = 60, 15


class ImportHistory(History):
    """A file of people, the last of whom is there already."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.world.task_kinds = KINDS
        self.of = self.chance.randint(1, 90)
        text = "First Name,Email\n" + "".join(f"N{number:03d},n{number}@example.com\n" for number in range(self.of))
        self.file = upload(self.world, text)

    def bring(self) -> None:
        body = {"kind": "import", "input": {"file": self.file, "module": "client"}}
        answered = ""
        while not answered:
            with suppress(Crash):
                answered = self.post("/tasks", body, {"idempotency-key": "begin"})["id"]
        assert answered == self.task_id

    def names(self) -> list[str]:
        return sorted(item["first_name"] for item in self.table.items("R#") if item["sk"].startswith("client#"))


def live(seed: int) -> str:
    history = ImportHistory(seed)
    with history.troubled(history.chance.choice([0.01, 0.03, 0.1])):
        history.bring()
        for _ in range(history.chance.randint(1, 10)):
            history.attempt(history.chance.choice([history.step, history.step, history.confirm, history.look]))
    history.end()
    ended = check(history)
    if ended == "completed" or (history.written() and history.chance.random() < 0.5):
        undo(history)
    else:
        history.table.told = lambda *_: None  # of another task
        again = imported(history.world, again_of(history))
        assert again["result"]["created"] == history.of - again["result"]["skipped"]
        assert history.names() == [f"N{number:03d}" for number in range(history.of)]
    return ended


def again_of(history: ImportHistory) -> str:
    return "First Name,Email\n" + "".join(f"N{number:03d},n{number}@example.com\n" for number in range(history.of))


def check(history: ImportHistory) -> str:
    """What holds of every history. Returns how it ended."""
    said = told(history)
    last = said[-1]["data"]["task"]
    assert [event["type"] in ENDS for event in said] == [False] * (len(said) - 1) + [True]
    assert history.written_at_the_end in (None, history.written()), "something was written after the end"
    names = history.names()
    assert names == [f"N{number:03d}" for number in range(len(names))], "a row was left out, or made twice"
    assert last["counts"].get("created", 0) == len(names)
    ids = [item["sk"].partition("#")[2] for item in history.table.items("R#") if item["sk"].startswith("client#")]
    assert all(is_of(history.task_id, id_) for id_ in ids)
    if last["status"] == "completed":
        assert sum(last["result"][name] for name in NUMBERS) == history.of == len(names)
    return str(last["status"])


def undo(history: ImportHistory) -> None:
    original, history.task_id = history.task_id, ""
    history.ends, history.written_at_the_end = 0, None
    touched = {item["sk"] for item in history.table.items("R#") if item.get("notes")}
    written = history.written()
    while not history.task_id:
        with history.troubled(0.05), suppress(Crash, OpenhouseError):
            history.post(f"/tasks/{original}/undo")
    with history.troubled(0.05):
        for _ in range(4):
            history.attempt(history.step)
    history.end()
    last = told(history)[-1]["data"]["task"]
    assert history.written() == written - last["counts"].get("removed", 0)
    if last["status"] == "completed":
        left = {item["sk"] for item in history.table.items("R#") if item["sk"].startswith("client#")}
        assert touched <= left
        assert last["result"]["left"] == len(left)


@pytest.mark.parametrize("first", range(0, HISTORIES, AT_A_TIME))
def test_whatever_happens_every_row_is_written_once_and_counted(first: int) -> None:
    assert {live(seed) for seed in range(first, first + AT_A_TIME)} >= {"completed"}


def test_what_was_written_before_a_cancelling_stays_and_is_counted() -> None:
    world = new_world()
    text = "First Name,Email\n" + "".join(f"N{number:03d},n{number}@example.com\n" for number in range(200))
    task = planned(world, text)
    call(world, "POST", f"/tasks/{task['id']}/confirm", {})
    (about,) = world.workflows.take()

    def cancel(kind: TaskKind, phase: str, done: int, took: float, deadline: float) -> None:
        call(world, "POST", f"/tasks/{task['id']}/cancel")

    world.task_steps._rest = cancel
    assert not world.task_steps.handle(about)["more"]
    done = read(world, task["id"])
    assert done["status"] == "cancelled"
    assert 0 < done["counts"]["created"] == len(records(world)) < 200


@pytest.mark.parametrize("ends_by", ["a cancelling", "a failure"])
@pytest.mark.parametrize("rows", [200, 900], ids=["in the first page", "in a later page"])
def test_what_an_import_wrote_before_it_ended_in_the_middle_is_taken_back(ends_by: str, rows: int) -> None:
    world = new_world()
    imported(world, "First Name,Email\nOld,n001@example.com\n")
    before = {record["id"]: _content(record) for record in records(world)}
    text = "First Name,Email,City\n" + "".join(f"N{n:03d},n{n:03d}@example.com,Davis\n" for n in range(rows))
    text = text.replace("N001", "Old")
    task = planned(world, text, duplicates="update", update="empty")
    call(world, "POST", f"/tasks/{task['id']}/confirm", {})
    (about,) = world.workflows.take()

    def end(kind: TaskKind, phase: str, done: int, took: float, deadline: float) -> None:
        if len(records(world)) < rows - 150:
            return
        if ends_by == "a cancelling":
            call(world, "POST", f"/tasks/{task['id']}/cancel")
        else:
            world.task_steps.handle({**about, "failed": {"Error": "States.Timeout"}})

    world.task_steps._rest = end
    world.task_steps.handle(about)
    done = read(world, task["id"])
    assert (done["can"], done["counts"]["updated"]) == (["undo"], 1)
    made = done["counts"]["created"]
    assert 0 < made < rows - 1
    mine = next(record["id"] for record in records(world) if record["firstName"] == "N002")
    call(world, "PATCH", f"/clients/{mine}", {"notes": "mine"})
    over = undone(world, task["id"])
    result = over["result"]
    assert (result["removed"], result["restored"], result["left"]) == (made - 1, 1, 1)
    assert [each["id"] for each in result["leftRecords"]] == [mine]
    assert over["total"] == made + 1
    left = {record["id"]: _content(record) for record in records(world)}
    assert left.keys() - {mine} == before.keys()
    assert {id_: left[id_] for id_ in before} == before
    assert not world.task_steps.handle(about)["more"]
    assert len(records(world)) == len(left), "a step that comes late writes nothing"


# Random files ---------------------------------------------------------------------------------------------------------

_NAMES = st.sampled_from(["Ana", "Ben", "", "N/A", "=1+1", "<b>x</b>", "Ökofen", "O'Hara"])
_EMAILS = st.sampled_from(["ana@example.com", "ben@example.com", "cleo@example.com", "", "not one", "x@", "n/a"])
_PHONES = st.sampled_from(["415-555-0123", "(415) 555-0124", "", "12", "555", "+1 415 555 0125"])
_CITIES = st.sampled_from(["Davis", "", "Woodland", "Sacramento, CA"])
_ROWS = st.lists(st.tuples(_NAMES, _NAMES, _EMAILS, _PHONES, _CITIES), max_size=25)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=_ROWS,
    there=_ROWS,
    duplicates=st.sampled_from(["skip", "update", "create"]),
    update=st.sampled_from(["empty", "all"]),
    breaks=st.booleans(),
)
def test_the_numbers_add_up_to_the_rows_of_any_file(
    rows: list[tuple[str, ...]], there: list[tuple[str, ...]], duplicates: str, update: str, breaks: bool
) -> None:
    world = new_world()
    if there:
        imported(world, _csv(there), who=BEN, duplicates="create")
    before = {record["id"]: record for record in records(world)}
    text = _csv(rows) + ('Ana,"broken,ana@example.com,,\n' if breaks else "")
    task = planned(world, text, duplicates=duplicates, update=update)
    proposal = task["proposal"]
    counts = proposal["counts"]
    assert sum(counts[name] for name in ("create", "update", "skip", "reject")) == proposal["rows"]
    done = imported(world, text, duplicates=duplicates, update=update)
    assert sum(numbers(done)) == proposal["rows"]
    assert numbers(done) == tuple(counts[name] for name in ("create", "update", "skip", "reject"))
    after = {record["id"]: record for record in records(world)}
    assert len(after) == len(before) + done["result"]["created"]
    changed = [id_ for id_ in before if after[id_] != before[id_]]
    assert len(changed) == done["result"]["updated"]
    if duplicates == "skip":  # what an update fills may tell a record from others from then on
        again = imported(world, text, duplicates="skip")
        assert again["result"]["created"] == 0
    over = undone(world, done["id"])
    assert over["result"]["left"] == 0
    left = {record["id"]: _content(record) for record in records(world)}
    assert left == {id_: _content(record) for id_, record in before.items()}


def _csv(rows: list[tuple[str, ...]]) -> str:
    lines = ["First Name,Last Name,Email,Phone,City"]
    return "\n".join([*lines, *(",".join(f'"{cell}"' for cell in row) for row in rows)]) + "\n"


def _content(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in ("version", "updatedAt", "updatedBy")}
