"""What tests of tasks over texts say: an engine that fails when told, what is proposed, confirmed and taken back."""

from __future__ import annotations

from typing import Any

from openhouse.core.principal import Principal
from openhouse.language.rules.engine import RulesEngine
from tests.fakes import AVA
from tests.functional.conftest import World
from tests.functional.test_http import call
from tests.functional.test_tasks import begin, do, read, work

ZONE = "America/Los_Angeles"
ESCROW = "Escrow for 123 Main St, Bakersfield CA 93301, buyer Ana Ruiz, $540,000, closing August 3"
AGREEMENT = (
    "Date of Acceptance: March 4, 2026. Buyer shall deliver the deposit within 3 business days after acceptance. "
    "Buyer shall remove all contingencies within 17 days after acceptance. Close of escrow shall be April 17, 2026."
)


class Failing(RulesEngine):
    """Raises what it is given, once each, before it answers; counts how often it is asked."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = [*errors]
        self.asked = 0

    def mentions(self, *given: Any) -> Any:
        self._ask()
        return super().mentions(*given)

    def sentences(self, *given: Any) -> Any:
        self._ask()
        return super().sentences(*given)

    def _ask(self) -> None:
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)


def planned(world: World, kind: str, who: Principal = AVA, **input_: Any) -> Any:
    begun = begin(world, kind, who=who, **input_)
    work(world)
    return read(world, begun["id"], who=who)


def proposed(world: World, text: str = ESCROW, who: Principal = AVA) -> Any:
    task = planned(world, "create_from_text", who=who, text=text, timeZone=ZONE)
    assert task["status"] == "proposed", task
    return task


def confirmed(world: World, task: Any, answer: Any = None) -> Any:
    do(world, task["id"], "confirm", {"answer": answer} if answer is not None else {})
    work(world)
    return read(world, task["id"])


def refused(world: World, task: Any, answer: Any) -> dict[str, str]:
    status, body, _ = call(world, "POST", f"/tasks/{task['id']}/confirm", {"answer": answer})
    assert status == 422, body
    return {fault["field"]: fault["message"] for fault in body["errors"]}


def undone(world: World, task: Any) -> Any:
    undoing = do(world, task["id"], "undo")
    work(world)
    return read(world, undoing["id"])


def by_noun(task: Any) -> dict[str, str]:
    return {each["noun"]: each["id"] for each in task["result"]["records"]}
