"""What becomes of tasks whose language engine fails, and what is asked of it."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.core.errors import ModelBudgetSpent, ModelBusy, ModelMisconfigured
from tests.functional.conftest import World
from tests.functional.test_http import call
from tests.functional.test_tasks import begin, read
from tests.functional.texts.support import (
    ESCROW,
    ZONE,
    Failing,
    planned,
    proposed,
)


def test_a_busy_model_is_left_to_the_next_try_of_the_step(world: World, engine: Failing) -> None:
    engine.errors = [ModelBusy("the model is asked too often at the moment; try again")]
    task = begin(world, "create_from_text", text=ESCROW, timeZone=ZONE)
    (about,) = world.workflows.take()
    with pytest.raises(ModelBusy):
        world.task_steps.handle(about)
    assert read(world, task["id"])["status"] == "running"
    assert world.task_steps.handle(about) == {"more": False}
    assert read(world, task["id"])["status"] == "proposed"


@pytest.mark.parametrize(
    "error",
    [
        ModelBudgetSpent("this brokerage has used what its language model may cost today; try again tomorrow (UTC)"),
        ModelMisconfigured("this deployment may not ask its language model"),
    ],
    ids=["budget", "configuration"],
)
def test_what_no_try_gets_past_ends_the_task_in_plain_words(world: World, engine: Failing, error: Any) -> None:
    engine.errors = [error]
    task = planned(world, "create_from_text", text=ESCROW, timeZone=ZONE)
    assert task["problem"] == {"reason": "refused", "detail": error.message}


def test_a_model_that_stays_busy_ends_the_task_in_its_words(world: World) -> None:
    """As Step Functions tells of a function's error."""
    task = begin(world, "create_from_text", text=ESCROW, timeZone=ZONE)
    (about,) = world.workflows.take()
    cause = '{"errorMessage": "the model has failed; try again", "errorType": "ModelBusy", "stackTrace": []}'
    world.task_steps.handle({**about, "failed": {"Error": "Lambda.Unknown", "Cause": cause}})
    assert read(world, task["id"])["problem"] == {"reason": "refused", "detail": "the model has failed; try again"}


@pytest.mark.parametrize("cause", ['{"errorMessage": "secret", "errorType": "KeyError"}', "killed", None])
def test_of_any_other_failure_nothing_is_told_but_that_it_failed(world: World, cause: Any) -> None:
    task = begin(world, "create_from_text", text=ESCROW, timeZone=ZONE)
    (about,) = world.workflows.take()
    world.task_steps.handle({**about, "failed": {"Error": "States.TaskFailed", "Cause": cause}})
    assert read(world, task["id"])["problem"]["reason"] == "crashed"


def test_a_part_that_meets_others_asks_only_once(world: World, engine: Failing) -> None:
    """An answer is paid for."""
    table: Any = world.table
    met: list[str] = []

    def meet(call_: str) -> None:
        if call_ == "transact" and engine.asked and not met:
            met.append(call_)
            call(world, "PATCH", "/preferences", {"timeZone": ZONE})

    table.before = meet
    proposed(world)
    assert (met, engine.asked) == (["transact"], 1)
