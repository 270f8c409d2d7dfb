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
from schemathesis.schemas import APIOperation

from openhouse.crm.modules import MODULES
from tests.contract import in_process, requests
from tests.contract.checked_world import CheckedWorld
from tests.contract.module_contract import documented_of
from tests.contract.outside import (
    cases_at_the_limits,
    checks_of,
    is_about_the_body,
    is_allowed,
    operations_of,
    read_schema,
)
from tests.fakes import principal
from tests.functional.brokerage import LEE, staff
from tests.functional.conftest import World
from tests.memory_table import MemoryTable

ROOT = principal("root", role="admin")
BY_PATH = {module.path: module for module in MODULES}
KNOWN = {"teamId": "north", "userId": "ben"}

Operation = APIOperation[Any, Any, Any, Any]

schema = read_schema()
schema.config.checks.negative_data_rejection.expected_statuses = ["400", "413", "422"]
with_a_body = [operation for operation in operations_of(schema) if operation.body]


@pytest.fixture
def world() -> World:
    world = World.in_memory()
    staff(world)
    return world


@pytest.mark.parametrize("operation", with_a_body, ids=lambda operation: operation.label)
def test_every_body_at_a_limit_is_answered_as_documented(operation: Operation, world: World) -> None:
    assert isinstance(world.table, MemoryTable)
    known, asked = what_it_is_about(operation, world), 0
    before = MemoryTable()
    before.copy(world.table)
    for case in filter(is_about_the_body, cases_at_the_limits(operation)):
        case.path_parameters.update(known)
        case.headers.clear()  # a version or a key of theirs would be looked at before the body
        response = in_process.ask(world, case, LEE if "id" in known or case.path[1:] in BY_PATH else ROOT)
        assert_answered_as_documented(case, response)
        world.table.copy(before)
        asked += 1
    assert asked > 5


def what_it_is_about(operation: Operation, world: World) -> dict[str, str]:
    """The parameters of its path: a record that exists, and with which this can be done."""
    _, path, *rest = operation.path.split("/")
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


def assert_answered_as_documented(case: Case[Any], response: Response) -> None:
    case.validate_response(response, checks=checks_of(case))
    told = f"{case.method} {case.path} {case.body!r:.500} is answered {response.status_code}: {response.content!r:.500}"
    if is_allowed(case):
        refused = (400, 404) if names_somebody(case) else (400, 403, 404)
        assert response.status_code not in refused, told
    elif case.path.endswith("/bulk"):
        assert refuses_something(response), told


def names_somebody(case: Case[Any]) -> bool:
    """Whom and which team there are no schema tells."""
    return isinstance(case.body, dict) and not {"ownerId", "teamId"}.isdisjoint(case.body)


def refuses_something(response: Response) -> bool:
    """The request, or one of its entries."""
    return response.status_code >= 400 or any(each["status"] >= 400 for each in json.loads(response.content)["results"])
