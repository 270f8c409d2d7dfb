"""Random histories of tasks: steps that crash, answers that are lost, executions that are begun twice, people who
cancel and confirm in the middle of it all. Whatever happens, a task ends once, and tells exactly what it has done.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from openhouse.core.errors import OpenhouseError
from openhouse.crm.modules.clients import CLIENTS
from openhouse.storage.keys import work_key
from openhouse.tasks.kind import TaskKind
from openhouse.tasks.moves import Known
from tests.fakes import BEN
from tests.functional.conftest import World
from tests.functional.logs import events
from tests.functional.sockets import found
from tests.functional.task_kinds import ADD_AT_ONCE, ADD_CLIENTS, LOOK, TestKinds
from tests.functional.test_http import call
from tests.memory_table import MemoryTable

ROOM = "user:ava"
HISTORIES, AT_A_TIME = 600, 50
ENDS = ("ai:task:completed", "ai:task:failed", "ai:task:cancelled")


class Crash(BaseException):
    """The function is gone."""


class History:
    """One world, whose table is the place where things go wrong."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.world = World.in_memory()
        self.world.task_kinds = TestKinds()
        found(self.world)
        self.table: MemoryTable = self.world.table  # type: ignore[assignment]
        self.table.told = self.note
        self.task_id = ""
        self.ends = 0
        self.written_at_the_end: int | None = None
        self.depth = 0
        self.trouble = 0.0
        self.table.before = self.before
        transact = self.table.transact

        def lossy(writes: Any) -> None:
            transact(writes)
            if self.ends == 1 and self.written_at_the_end is None:
                self.written_at_the_end = self.written()
            if self.happens(0.3):
                raise Crash

        self.table.transact = lossy

    # What goes wrong --------------------------------------------------------------------------------------------------

    def happens(self, part: float) -> bool:
        return self.trouble > 0 and self.chance.random() < self.trouble * part

    def before(self, step: str) -> None:
        if self.happens(0.2):
            raise Crash
        if step in ("transact", "write", "get") and self.depth < 2 and self.happens(1.0):
            self.depth += 1
            try:
                self.somebody_else()
            finally:
                self.depth -= 1

    def somebody_else(self) -> None:
        """Between two steps of somebody's."""
        others: list[Callable[[], object]] = [self.step, self.step, self.look, self.touch, self.confirm, self.pass_time]
        if self.chance.random() < 0.15:
            others = [self.cancel, self.give_up]
        self.attempt(self.chance.choice(others))

    def attempt(self, act: Callable[[], object]) -> None:
        with suppress(Crash, OpenhouseError):
            act()

    def note(self, old: Any, new: Any) -> None:
        """Which task there is, and that it is over by the transaction that is being written."""
        if new is None or new["sk"] != work_key("", "")["sk"]:
            return
        if old is None:
            assert not self.task_id, "it was begun twice"
            self.task_id = new["task_id"]
        if new["task_id"] == self.task_id and new["standing"] == "over":
            self.ends += 1
            assert self.ends == 1, "it ended twice"

    def written(self) -> int:
        return sum(item["sk"].startswith("client#") for item in self.table.items("R#"))

    # Who does what ----------------------------------------------------------------------------------------------------

    def begin(self, kind: TaskKind, of: int) -> None:
        answered = ""
        while not answered:
            with suppress(Crash):
                key = {"idempotency-key": "begin"}
                answered = self.post("/tasks", {"kind": kind.name, "input": {"of": of}}, key)["id"]
        assert answered == self.task_id

    def post(self, path: str, body: Any = None, headers: Any = None) -> Any:
        status, document, _ = call(self.world, "POST", path, body, headers=headers)
        return document if status < 300 else {"id": ""}

    def step(self) -> bool:
        """Of any execution that was ever begun, also of one that is long over."""
        begun = [*self.world.workflows.begun.values()]
        more = False
        if begun:
            self.world.clock.advance(self.chance.random())
            more = self.world.task_steps.handle(self.chance.choice(begun))["more"]
        return more

    def give_up(self) -> None:
        if begun := [*self.world.workflows.begun.values()]:
            self.world.task_steps.handle({**begun[-1], "failed": {"Error": "States.Timeout"}})

    def look(self) -> None:
        self.world.task_reconciler.look()

    def pass_time(self) -> None:
        self.world.clock.advance(self.chance.choice([0.1, 1, 200]))

    def confirm(self) -> None:
        self.post(f"/tasks/{self.task_id}/confirm")

    def cancel(self) -> None:
        self.post(f"/tasks/{self.task_id}/cancel")

    def touch(self) -> None:
        """A colleague saves one of the records."""
        ids = [item["sk"].partition("#")[2] for item in self.table.items("R#") if item["sk"].startswith("client#")]
        if ids:
            self.world.records.patch(CLIENTS, BEN, self.chance.choice(ids), {"notes": str(self.chance.random())})

    # The whole --------------------------------------------------------------------------------------------------------

    @contextmanager
    def troubled(self, how_much: float) -> Iterator[None]:
        self.trouble = how_much
        try:
            yield
        finally:
            self.trouble = 0.0

    def is_over(self) -> bool:
        known = Known.read(self.table, ROOM, self.task_id)
        return known is not None and known.task.is_over

    def end(self) -> None:
        """As it ends if nothing goes wrong any more."""
        for _ in range(30):
            if self.is_over():
                return
            for about in [*self.world.workflows.begun.values()]:
                while self.world.task_steps.handle(about)["more"]:
                    pass
            self.confirm()
            self.world.clock.advance(130)
            self.look()
        raise AssertionError("it does not end")


def told(history: History) -> list[Any]:
    return [
        event
        for event in events(history.world, ROOM)
        if event["type"].startswith("ai:task:") and event["data"]["taskId"] == history.task_id
    ]


def check(history: History, of: int, kind: TaskKind) -> str:
    """What holds of every history. Returns how it ended."""
    said = told(history)
    states = [event["data"]["task"] for event in said]
    assert [event["data"]["version"] for event in said] == [*range(1, len(said) + 1)]
    assert [event["type"] in ENDS for event in said] == [False] * (len(said) - 1) + [True]
    percents = [state["percent"] for state in states]
    assert percents == sorted(percents)
    assert all((state["percent"] == 100) == (state["status"] == "completed") for state in states)
    progress = [state for state in states if state["status"] == "running"]
    times = [datetime.fromisoformat(state["updatedAt"]) for state in progress]
    confirmed = [number for number, state in enumerate(progress) if number and "total" not in state]
    for number, (earlier, later) in enumerate(pairwise(times), start=1):
        assert number in confirmed or (later - earlier).total_seconds() >= 0.25

    last, written = states[-1], history.written()
    assert history.written_at_the_end == written, "something was written after the end"
    assert last["counts"].get("added", 0) == written
    ids = sorted(
        item["sk"].rpartition("-")[2] for item in history.table.items("R#") if item["sk"].startswith("client#")
    )
    assert ids == [f"{number:05d}" for number in range(written)], "a record was left out, or made twice"
    if last["status"] == "completed":
        assert written == (0 if kind is LOOK else of)
        assert last["done"] == of
    assert [*history.table.items("O#")] == []
    failed = [event for event in events(history.world, ROOM) if event["type"] == "notification:error"]
    assert len(failed) == (last["status"] == "failed")
    return str(last["status"])


def live(seed: int) -> str:
    history = History(seed)
    kind = history.chance.choice([ADD_CLIENTS, ADD_AT_ONCE, ADD_AT_ONCE, LOOK])
    of = history.chance.randint(0, 40)
    with history.troubled(history.chance.choice([0.02, 0.1, 0.3])):
        history.begin(kind, of)
        for _ in range(history.chance.randint(1, 12)):
            history.attempt(history.chance.choice([history.step, history.step, history.confirm, history.look]))
    history.end()
    ended = check(history, of, kind)
    if kind.undo and (ended == "completed" or history.written()):
        undo(history, history.written())
    return ended


def undo(history: History, of: int) -> None:
    """What it has done is taken back, each record once, however often somebody asks and whatever goes wrong."""
    original, history.task_id = history.task_id, ""
    history.ends, history.written_at_the_end = 0, None
    touched = {item["sk"] for item in history.table.items("R#") if item.get("notes")}
    while not history.task_id:
        with history.troubled(0.1), suppress(Crash, OpenhouseError):
            history.post(f"/tasks/{original}/undo")
    with history.troubled(0.1):
        for _ in range(4):
            history.attempt(history.step)
    history.end()
    (*_, last) = (event["data"]["task"] for event in told(history))
    assert [event["type"] for event in told(history)][-1] in ENDS
    assert history.written() == of - last["counts"].get("removed", 0)
    assert history.written_at_the_end == history.written()
    if last["status"] == "completed":
        left = {item["sk"] for item in history.table.items("R#") if item["sk"].startswith("client#")}
        assert touched <= left
        assert last["counts"].get("left", 0) == len(left)


@pytest.mark.parametrize("first", range(0, HISTORIES, AT_A_TIME))
def test_whatever_happens_a_task_ends_once_and_tells_exactly_what_it_has_done(first: int) -> None:
    ends = {live(seed) for seed in range(first, first + AT_A_TIME)}
    assert ends == {"completed", "failed", "cancelled"}
