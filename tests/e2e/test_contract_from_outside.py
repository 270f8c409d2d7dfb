"""schemathesis over the published OpenAPI document, against the deployed stack: no server error, no status that is not
documented, no answer that its schema does not describe, nothing accepted that it forbids.

Bounded: some calls of every operation, good and bad ones. Half of them name a record that exists.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from local.stack import RunningStack
from openhouse.crm.modules import MODULES
from tests.e2e.conftest import Caller

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"
EXAMPLES = 5  # of each operation, beside those in the document and those of its limits
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
NEW_RECORDS = {module.path: module.example for module in MODULES}

document = json.loads(DOCUMENT.read_text())
del document["security"]  # every call comes with a token here; `test_tokens.py` is about those that do not
schema = schemathesis.openapi.from_dict(document)
# A body can be too large, and a version stale, before its fields are looked at.
schema.config.checks.negative_data_rejection.expected_statuses += ["412", "413"]


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_call_answers_as_documented(
    case: Case[Any], stack: RunningStack, caller: Callable[[str], Caller]
) -> None:
    ava = caller("ava@demo.test")
    name_an_existing_record(case, ava)
    case.call_and_validate(
        base_url=stack.deployment.endpoints.http_url,
        headers={"Authorization": f"Bearer {ava.token}"},
        # An entry of a bulk request that its schema forbids is refused by itself, in an answer of 200.
        checks=CHECKS if case.path.endswith("/bulk") else [*CHECKS, negative_data_rejection],
    )


def name_an_existing_record(case: Case[Any], caller: Caller) -> None:
    id_ = case.path_parameters.get("id")
    well_formed = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
    if well_formed and isinstance(id_, str) and crc32(id_.encode(errors="replace")) % 2:
        path = case.path.split("/")[1]
        response = caller("POST", f"/{path}", NEW_RECORDS[path])
        assert response.status_code == 201, response.text
        case.path_parameters["id"] = response.json()["id"]
