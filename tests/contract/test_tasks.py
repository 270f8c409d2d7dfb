"""What is said about tasks is what the documents say."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.api.http import MAX_BODY_BYTES
from openhouse.core import errors
from openhouse.core.errors import OpenhouseError
from openhouse.entities import ENTITIES
from openhouse.tasks.kinds import KINDS
from openhouse.tasks.task import TASKS
from tests.contract.checked_world import CheckedWorld
from tests.contract.documented import check_model, rest_examples
from tests.contract.module_contract import documented_of
from tests.contract.requests import USED, WAYS, raising, table_put_off

PHONE = "+14155550123"
BEGIN = {"kind": "find_duplicates", "input": {}}
CALLS: dict[str, tuple[str, str, Any]] = {
    "listTasks": ("GET", "/tasks", None),
    "beginTask": ("POST", "/tasks", BEGIN),
    "getTask": ("GET", "/tasks/unknown", None),
    "confirmTask": ("POST", "/tasks/unknown/confirm", {}),
    "cancelTask": ("POST", "/tasks/unknown/cancel", None),
    "undoTask": ("POST", "/tasks/unknown/undo", None),
}


def ours(checked: CheckedWorld) -> dict[str, Any]:
    return {call.name: call for call, _ in checked.documented.operations if call.tag == TASKS.path}


def ask(checked: CheckedWorld, name: str, **how: Any) -> Any:
    method, path, body = CALLS[name]
    return checked.call(method, how.pop("path", path), **{"body": body, **how})


def begin(checked: CheckedWorld, **how: Any) -> str:
    return str(ask(checked, "beginTask", **how)["id"])


def work(checked: CheckedWorld) -> None:
    for about in checked.world.workflows.take():
        checked.world.task_steps.handle(about)


def test_every_call_and_every_event_is_as_documented(checked: CheckedWorld) -> None:
    pair = duplicates(checked)
    id_ = proposed(checked)
    ask(checked, "listTasks")
    answer = {"answer": {"pairs": [{"keep": pair[0], "drop": pair[1]}]}}
    ask(checked, "confirmTask", path=f"/tasks/{id_}/confirm", body=answer)
    work(checked)
    assert ask(checked, "getTask", path=f"/tasks/{id_}")["result"]["merged"] == 1
    ask(checked, "undoTask", path=f"/tasks/{id_}/undo")
    work(checked)
    ask(checked, "cancelTask", path=f"/tasks/{begin(checked)}/cancel")
    failed = begin(checked)
    (*_, about) = checked.world.workflows.take()
    checked.world.task_steps.handle({**about, "failed": {}})
    assert ask(checked, "getTask", path=f"/tasks/{failed}")["problem"]["reason"] == "crashed"
    ask(checked, "confirmTask", path=f"/tasks/{proposed(checked)}/confirm")

    assert {name: set(seen) for name, seen in checked.seen.items() if name in CALLS} == {
        name: {call.status} for name, call in ours(checked).items()
    }
    told = {event["type"] for event in checked.events() if event["type"].startswith("ai:task:")}
    assert TASKS.own_types is not None
    assert told == {*TASKS.own_types.all}


def duplicates(checked: CheckedWorld) -> list[str]:
    return [checked.call("POST", "/clients", {"lastName": "Hart", "phone": PHONE})["id"] for _ in range(2)]


def proposed(checked: CheckedWorld) -> str:
    id_ = begin(checked)
    work(checked)
    return id_


def test_every_example_is_as_its_schema_and_its_model_say() -> None:
    documented = documented_of(ENTITIES)
    for where, schema, model, value in rest_examples(documented, TASKS.path):
        assert documented.openapi.faults(schema, value) == [], where
        check_model(model, value)


@pytest.mark.parametrize("kind", [*KINDS], ids=lambda kind: kind.name)
def test_a_kinds_examples_are_what_it_takes(kind: Any) -> None:
    check_model(kind.input, kind.example)
    check_model(kind.answer, kind.answer_example)


def test_every_refusal_is_as_documented_and_every_documented_one_happens(checked: CheckedWorld) -> None:
    duplicates(checked)
    waits, done = proposed(checked), begin(checked)
    ask(checked, "cancelTask", path=f"/tasks/{done}/cancel")
    confirm, undo = {"path": f"/tasks/{waits}/confirm"}, {"path": f"/tasks/{done}/undo"}
    ways: dict[type[OpenhouseError], dict[str, Any]] = {
        **{error: how for error, how in WAYS.items() if error is not errors.NotFound},
        errors.NotFound: {},
        errors.TooLarge: {"body": "x" * (MAX_BODY_BYTES + 1)},
        errors.Invalid: {"body": {"colour": "red"}},
    }
    calls = ours(checked)
    begin(checked, headers=USED, body={**BEGIN, "input": {"among": ["client"]}})
    ask(checked, "beginTask", headers={"idempotency-key": "a b"})
    ask(checked, "confirmTask", headers={"idempotency-key": "a b"}, **confirm)
    ask(checked, "confirmTask", headers=USED, **confirm)
    ask(checked, "confirmTask", path=f"/tasks/{done}/confirm")
    ask(checked, "undoTask", **undo)
    for name, call in calls.items():
        for error in call.problems:
            if error in ways and not (name == "confirmTask" and error is errors.IdempotencyMismatch):
                ask(checked, name, **ways[error])
    undoable = begin(checked)
    work(checked)
    ask(checked, "confirmTask", path=f"/tasks/{undoable}/confirm")
    work(checked)
    for _ in range(3):
        begin(checked)
    ask(checked, "beginTask")
    ask(checked, "confirmTask", **confirm)
    ask(checked, "undoTask", path=f"/tasks/{undoable}/undo")
    with table_put_off(checked):
        for name in calls:
            ask(checked, name)
    commit, checked.world.log.commit = checked.world.log.commit, raising(errors.Busy)  # type: ignore[assignment]
    ask(checked, "beginTask")
    checked.world.log.commit = commit
    checked.world.client.delete_table(TableName="openhouse")
    for name in calls:
        ask(checked, name)
    for name, call in calls.items():
        assert checked.seen[name] - {call.status} == {error.code for error in call.problems}, name
