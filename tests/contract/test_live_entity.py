"""A live entity is one declaration, and its list, events and documents follow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from contractgen.asyncapi import asyncapi
from contractgen.documents import ASYNCAPI, EVENTS, OPENAPI, TYPES, documents
from contractgen.node import run_script
from openhouse.api.operations.entities import operations_of
from openhouse.api.rest import RestApi
from openhouse.contract.registry import ephemeral_frame_of, events_of
from openhouse.crm.modules import MODULES
from openhouse.storage.table import from_stream
from tests.contract.checked_world import CheckedWorld
from tests.contract.documented import Book, Documented, check_model
from tests.contract.test_typescript import unhandled
from tests.functional.conftest import World
from tests.functional.live_entities import PULSES, VIEWINGS, always

ENTITIES = (*MODULES, VIEWINGS, PULSES)


@pytest.fixture(scope="module")
def made() -> dict[Path, str]:
    return documents(ENTITIES)


@pytest.fixture(scope="module")
def documented() -> Documented:
    return Documented(ENTITIES)


def test_what_it_lists_and_commits_is_as_its_documents_say(world: World, documented: Documented) -> None:
    world.crm = RestApi([*operations_of(VIEWINGS), *operations_of(PULSES)], world)
    checked = CheckedWorld(world, documented)
    for step in ("inside", "leaving", None):
        fields = {"listing_id": "l1", "step": step} if step else None
        world.live_states.change(VIEWINGS, "team:north", "v1", always(fields), by="ava")
        world.live_states.change(PULSES, "team:north", "ava", always({"street": step} if step else None), by="ava")
        for entity in (VIEWINGS, PULSES):
            assert len(checked.call("GET", f"/{entity.path}")["items"]) == (step is not None)
    assert [event["type"] for event in checked.events()] == ["viewing:created", "viewing:updated", "viewing:deleted"]


def test_its_hints_are_as_the_document_says(world: World) -> None:
    frame, document = ephemeral_frame_of(ENTITIES), Book(asyncapi(ENTITIES))
    assert frame is not None
    for fields in ({"street": "First St"}, {"street": "x" * 40_000}, None):
        world.live_states.change(PULSES, "team:north", "ava", always(fields), by="ava")
        (item,) = map(from_stream, world.items("U#"))
        told: dict[str, Any] = {"ephemeral": [json.loads(item["ephemeral"])]}
        assert len(item["ephemeral"]) < 31_000
        check_model(frame, told)
        document.check(document.document["components"]["messages"]["ephemeral"]["payload"], told)
    assert ephemeral_frame_of(MODULES) is None


def test_the_documents_with_it_are_valid(made: dict[Path, str]) -> None:
    validate(json.loads(made[OPENAPI]))
    run_script("asyncapi.mjs", made[ASYNCAPI])
    assert {"/viewings", "/pulses"} <= json.loads(made[OPENAPI])["paths"].keys()
    assert {"ViewingCreated", "PulseUpdated"} <= json.loads(made[EVENTS])["$defs"].keys()
    commits = json.loads(made[ASYNCAPI])["components"]["schemas"]["Event"]
    assert "PulseUpdated" not in json.dumps(commits)


def test_a_typed_client_has_to_handle_its_events(made: dict[Path, str], tmp_path: Path) -> None:
    types = list(events_of((*MODULES, VIEWINGS)))
    assert unhandled(made[TYPES], types, "viewing:deleted", tmp_path) == [("without", "ViewingDeleted")]
