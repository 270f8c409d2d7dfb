"""schemathesis over the bodies of the published OpenAPI document, each at every limit of its schema: what the document
forbids is refused for what it is, and what it allows is understood.

They are asked of the functions, about a record that exists, as a record that does not is answered 404 whatever the body
says. `tests/e2e/test_contract_from_outside.py` asks the deployed stack everything else, and some of these.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from schemathesis import Case
from schemathesis.core.transport import Response

from openhouse.core.merge_patch import blanks_as_null, merge
from openhouse.core.principal import Principal
from openhouse.crm.modules import MODULES
from tests.contract import in_process, requests
from tests.contract.checked_world import CheckedWorld
from tests.contract.module_contract import documented_of
from tests.contract.outside import (
    Operation,
    accepts,
    cases_at_the_limits,
    checks_of,
    fields_it_is_about,
    is_about_the_body,
    is_allowed,
    operations_of,
    read_schema,
)
from tests.fakes import AVA, DANA, FakeLogins, principal
from tests.functional.brokerage import LEE, staff
from tests.functional.conftest import World
from tests.memory_table import MemoryTable

ROOT = principal("root", role="admin")
BY_PATH = {module.path: module for module in MODULES}
KNOWN = {"teamId": "north", "userId": "ben"}

schema = read_schema()
schema.config.checks.negative_data_rejection.expected_statuses = ["400", "413", "422"]
with_a_body = [operation for operation in operations_of(schema) if operation.body]


@pytest.fixture
def world() -> World:
    world = World.in_memory(logins=FakeLogins)
    staff(world)
    return world


@pytest.mark.parametrize("operation", with_a_body, ids=lambda operation: operation.label)
def test_every_body_at_a_limit_is_answered_as_documented(operation: Operation, world: World) -> None:
    assert isinstance(world.table, MemoryTable)
    known, answers = what_it_is_about(operation, world), set()
    before = MemoryTable()
    before.copy(world.table)
    for case in filter(is_about_the_body, cases_at_the_limits(operation)):
        case.path_parameters.update(known)
        case.headers.clear()  # a version or a key of theirs would be looked at before the body
        leave_out_what_is_refused_anyway(case)
        if lacks_a_text(case):
            continue
        response = in_process.ask(world, case, who_may(operation))
        assert_answered_as_documented(case, response)
        world.table.copy(before)
        answers.add((is_allowed(case), response.status_code < 400))
    assert answers >= {(True, True), (False, False)}


def lacks_a_text(case: Case[Any]) -> bool:
    """Forbidden for an empty text within an object alone, which clears as null does: the documents do not say so."""
    if is_allowed(case) or not isinstance(case.body, dict):
        return False
    return accepts(case.operation, merge({}, blanks_as_null(case.body)))


def who_may(operation: Operation) -> Principal:
    if operation.path.startswith("/directory"):
        return ROOT
    if operation.path == "/notifications":
        return DANA
    return LEE if operation.path.endswith("/reopen") else AVA


def leave_out_what_is_refused_anyway(case: Case[Any]) -> None:
    """schemathesis fills the other fields of a body with what their schemas allow and the server refuses for reasons of
    its own, which would hide whether it looks at the field that the case is about: a time of creation, an unknown
    owner, an end before the beginning. In their place comes what is usual.
    """
    if not isinstance(case.body, dict):
        return
    _, path, *rest = case.path.split("/")
    usual = BY_PATH["clients" if rest[-1:] == ["convert"] else path].example if path in BY_PATH else {}
    asked = fields_it_is_about(case)
    body = {
        name: value if name in asked else usual[name] for name, value in case.body.items() if name in {*asked, *usual}
    }
    if accepts(case.operation, body) == is_allowed(case):
        case.body = body


def what_it_is_about(operation: Operation, world: World) -> dict[str, str]:
    """The parameters of its path: a record that exists, and with which this can be done."""
    _, path, *rest = operation.path.split("/")
    if path == "tasks":
        return proposed_task(world)
    if path not in BY_PATH:
        return {name: known for name, known in KNOWN.items() if name in operation.path}
    if "{id}" not in rest:
        return {}
    checked, module = CheckedWorld(world, documented_of(MODULES)), BY_PATH[path]
    if rest[-1] == "reopen":
        return {"id": requests.ended(checked, module)}
    if rest[-1] == "convert":
        return {"id": requests.brought_to(checked, module, "qualified")}
    return {"id": requests.brought_to(checked, module, module.first_status)}


def proposed_task(world: World) -> dict[str, str]:
    for _ in range(2):
        world.records.create(BY_PATH["clients"], AVA, {"lastName": "Hart", "phone": "+14155550123"})
    id_ = world.tasks.begin(AVA, "find_duplicates", {})["id"]
    for about in world.workflows.take():
        world.task_steps.handle(about)
    return {"id": id_}


def assert_answered_as_documented(case: Case[Any], response: Response) -> None:
    case.validate_response(response, checks=checks_of(case))
    told = f"{case.method} {case.path} {case.body!r:.500} is answered {response.status_code}: {response.content!r:.500}"
    if is_allowed(case):
        refused = {400, 403, 404} - unknown_to_schemas(case)
        assert response.status_code not in refused, told
    elif case.path.endswith("/bulk"):
        assert refuses_something(response), told


def unknown_to_schemas(case: Case[Any]) -> set[int]:
    """How a body is answered that names somebody, a team or a record: which there are no schema tells."""
    named = case.body.keys() if isinstance(case.body, dict) else set()
    return ({403} if {"ownerId", "teamId"} & named else set()) | ({404} if "for" in named else set())


def refuses_something(response: Response) -> bool:
    """The request, or one of its entries."""
    return response.status_code >= 400 or any(each["status"] >= 400 for each in json.loads(response.content)["results"])
