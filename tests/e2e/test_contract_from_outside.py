"""schemathesis over the published OpenAPI document, against the deployed stack: no server error, no status that is not
documented, no answer that its schema does not describe, nothing accepted that it forbids.

Bounded: some calls of every operation, good and bad ones, and what is at the limits of its path, query and headers.
Half of the good ones name a record that exists. Bodies at their limits are thousands:
`tests/contract/test_bodies_from_outside.py` asks them of the functions, and some of them are asked here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings
from schemathesis import Case

from local.stack import RunningStack
from tests.contract.outside import (
    NEW_RECORDS,
    Operation,
    cases_at_the_limits,
    checks_of,
    is_about_the_body,
    is_allowed,
    operations_of,
    read_schema,
)
from tests.e2e.conftest import Caller
from tests.e2e.test_files import bring, of

EXAMPLES = 5  # of each operation, beside those in the document
ONE_BODY_IN = 20

schema = read_schema()
# A body can be too large, and a version stale, before its fields are looked at.
schema.config.checks.negative_data_rejection.expected_statuses += ["412", "413"]


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_call_answers_as_documented(
    case: Case[Any], stack: RunningStack, caller: Callable[[str], Caller]
) -> None:
    ask(case, stack, caller)


@pytest.mark.parametrize("operation", operations_of(schema), ids=lambda operation: operation.label)
def test_every_call_at_a_limit_answers_as_documented(
    operation: Operation, stack: RunningStack, caller: Callable[[str], Caller]
) -> None:
    for case in without_most_bodies(cases_at_the_limits(operation)):
        ask(case, stack, caller)


def without_most_bodies(cases: Iterator[Case[Any]]) -> Iterator[Case[Any]]:
    bodies = 0
    for case in cases:
        bodies += is_about_the_body(case)
        if not is_about_the_body(case) or bodies % ONE_BODY_IN == 0:
            yield case


def ask(case: Case[Any], stack: RunningStack, caller: Callable[[str], Caller]) -> None:
    name_what_exists(case, caller)
    case.call_and_validate(
        base_url=stack.deployment.endpoints.http_url,
        headers={"Authorization": f"Bearer {caller('ava@demo.test').token}"},
        checks=checks_of(case),
    )


def name_what_exists(case: Case[Any], caller: Callable[[str], Caller]) -> None:
    id_ = case.path_parameters.get("id")
    if is_allowed(case) and isinstance(id_, str) and crc32(id_.encode(errors="replace")) % 2:
        path = case.path.split("/")[1]
        ava = caller("ava@demo.test")
        make = {"notifications": lambda: a_notification(ava, caller), "files": lambda: bring(ava, of(ava.create()))}
        case.path_parameters["id"] = make.get(path, lambda: a_record(path, ava))()


def a_record(path: str, ava: Caller) -> str:
    response = ava("POST", f"/{path}", NEW_RECORDS[path])
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def a_notification(ava: Caller, caller: Callable[[str], Caller]) -> str:
    message = {"to": {"userId": ava.user_id}, "level": "info", "title": "Keys", "text": "At the desk."}
    response = caller("dana@demo.test")("POST", "/notifications", message)
    assert response.status_code == 201, response.text
    return str(ava("GET", "/notifications?limit=1").json()["items"][0]["id"])
