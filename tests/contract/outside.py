"""The published OpenAPI document as schemathesis reads it, and the cases it makes of it. Others ask them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import schemathesis
from jsonschema_rs import Validator, validator_for
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.generation.meta import CoveragePhaseData
from schemathesis.generation.overrides import Override
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from openhouse.crm.modules import MODULES

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"
NEW_RECORDS = {module.path: module.example for module in MODULES}
Operation = APIOperation[Any, Any, Any, Any]

_ALWAYS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def read_schema() -> BaseSchema:
    document = json.loads(DOCUMENT.read_text())
    del document["security"]  # each call comes from somebody; others are about those that come from nobody
    schema = schemathesis.openapi.from_dict(document)
    # Its cases at the limits are thousands: `cases_at_the_limits` makes those of one operation, when they are asked.
    schema.config.phases.coverage.enabled = False
    return schema


def operations_of(schema: BaseSchema) -> list[Operation]:
    operations = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operations.append(found.ok())
    return operations


def checks_of(case: Case[Any]) -> list[Any]:
    """An entry of a bulk request that its schema forbids is refused by itself, in an answer of 200."""
    return _ALWAYS if case.path.endswith("/bulk") else [*_ALWAYS, negative_data_rejection]


def cases_at_the_limits(operation: Operation) -> Iterator[Case[Any]]:
    """Each limit in its schemas, met and exceeded. The same ones each time."""
    yield from CoverageGenerator(
        operation=operation,
        generation_modes=list(GenerationMode),
        generation_config=operation.schema.config.generation_for(operation=operation, phase="coverage"),
        auth_storage=None,
        override=Override(),
        feedback=FeedbackSources(),
    )


def is_about_the_body(case: Case[Any]) -> bool:
    """Whether all else in it is as usual."""
    about = case.meta.phase.data if case.meta else None
    return isinstance(about, CoveragePhaseData) and about.parameter_location is ParameterLocation.BODY


def fields_it_is_about(case: Case[Any]) -> set[str]:
    """The fields of its body, which is an object, by which the case differs from others."""
    assert isinstance(case.body, dict)
    about = case.meta.phase.data if case.meta else None  # worked out anew each time: the case may have changed
    assert isinstance(about, CoveragePhaseData)
    named = f"{about.location}/{about.parameter}".split("/")
    return {name for name in case.body if name in named or f"'{name}'" in about.description}


def accepts(operation: Operation, body: Any) -> bool:
    """Whether its schema does."""
    return _validator(operation).is_valid(body)


@cache
def _validator(operation: Operation) -> Validator:
    document = operation.schema.raw_schema
    (content,) = document["paths"][operation.path][operation.method]["requestBody"]["content"].values()
    return validator_for({**content["schema"], "components": document["components"]}, validate_formats=True)


def is_allowed(case: Case[Any]) -> bool:
    return case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
