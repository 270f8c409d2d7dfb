"""The committed documents are what the code says, what their own tools accept, and what the functions serve."""

from __future__ import annotations

import json
import re

import pytest
from openapi_spec_validator import validate

from contractgen.asyncapi import asyncapi
from contractgen.documents import ASYNCAPI, OPENAPI, contract
from contractgen.node import run_script
from contractgen.schemas import schemas_of
from deployed import ROOT
from deployed.terminal import CommandFailed
from openhouse.contract import frames
from openhouse.contract.operations import documented_operations
from openhouse.core.errors import Forbidden, LanguageError, Unauthenticated, all_errors
from openhouse.core.wire import Wire
from openhouse.crm.access import Right
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.entities import ENTITIES
from tests.contract.documented import Documented, Operation
from tests.contract.module_contract import documented_of


@pytest.fixture
def documented() -> Documented:
    return documented_of(MODULES)


def test_the_committed_documents_are_what_the_code_says_and_break_no_client() -> None:
    contract(ENTITIES, ROOT, check=True)


def test_openapi_is_valid() -> None:
    validate(json.loads((ROOT / OPENAPI).read_text()))


def test_asyncapi_is_valid_and_its_own_parser_finds_nothing_to_warn_of() -> None:
    run_script("asyncapi.mjs", (ROOT / ASYNCAPI).read_text())


def test_the_parser_would_find_a_fault() -> None:
    broken = asyncapi([ESCROWS])  # of one module: the more there is, the longer it takes
    broken["operations"]["ping"]["action"] = "shout"
    with pytest.raises(CommandFailed, match=r"operations\.ping"):
        run_script("asyncapi.mjs", json.dumps(broken))


def test_whoever_needs_a_right_or_a_role_can_be_refused_for_lacking_it() -> None:
    for operation in documented_operations(MODULES):
        needs = operation.role or (operation.right and operation.right is not Right.READ)
        assert not needs or Forbidden in operation.problems, operation.name


def test_every_error_there_is_is_one_of_a_call_or_of_the_socket() -> None:
    told = {error.code for call in documented_operations(MODULES) for error in call.problems}
    told |= {error.code for error in (*frames.REFUSALS, *frames.CLOSINGS)}
    # What API Gateway says in its own words, before a function is called, and what tasks fail with later.
    later = {error.code for error in all_errors(LanguageError)}
    assert told == {error.code for error in all_errors()} - {Unauthenticated.code} - later


def test_every_call_has_a_name_of_its_own(documented: Documented) -> None:
    names = [call.name for call, _ in documented.operations]
    assert len(set(names)) == len(names)


def test_the_codes_of_an_answer_are_exactly_those_of_its_status(documented: Documented) -> None:
    for operation in documented.operations:
        codes = {error.code for error in operation.call.problems}
        told = [narrowed(documented, operation, status) for status in operation.told["responses"]]
        assert codes == set().union(*told)


def narrowed(documented: Documented, operation: Operation, status: str) -> set[str]:
    """The codes that a problem of this status may have, each of that status."""
    content = documented.openapi.resolved(operation.told["responses"][status]).get("content", {})
    schema = content.get("application/problem+json", {}).get("schema", {"properties": {"code": {"enum": []}}})
    by_code = {error.code: error for error in all_errors()}
    codes = set(schema["properties"]["code"]["enum"])
    assert {by_code[code].status for code in codes} <= {int(status)}
    return codes


def test_only_what_clients_send_forbids_fields_that_nobody_declared(documented: Documented) -> None:
    for book in (documented.openapi, documented.asyncapi):
        closed = {
            name
            for name, schema in book.document["components"]["schemas"].items()
            if schema.get("additionalProperties") is False
        }
        assert {"NewEscrow", "EscrowPatch"} <= closed or {"Sync", "Ping", "Auth"} <= closed
        assert not closed & {"Escrow", "EscrowPage", "Problem", "EscrowUpdated", "Commit", "SyncReply"}


def test_the_names_of_schemas_can_be_read(documented: Documented) -> None:
    for book in (documented.openapi, documented.asyncapi):
        for name, schema in book.document["components"]["schemas"].items():
            assert re.fullmatch("[A-Z][A-Za-z]+", name)
            assert schema["title"] == name


def test_two_models_of_one_name_are_refused() -> None:
    class Milestone(Wire):
        at: str

    class MilestoneInput(Wire):
        at: str

    assert schemas_of([Milestone], [Milestone]).definitions.keys() == {"Milestone", "MilestoneInput"}
    with pytest.raises(ValueError, match="called the same"):
        schemas_of([Milestone, MilestoneInput], [Milestone])
