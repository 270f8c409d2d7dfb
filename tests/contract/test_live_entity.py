"""A live entity is one declaration, and its list, events and documents follow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from contractgen.documents import ASYNCAPI, EVENTS, OPENAPI, TYPES, documents
from contractgen.node import run_script
from openhouse.api.operations.entities import operations_of
from openhouse.api.rest import RestApi
from openhouse.contract.registry import events_of
from openhouse.crm.modules import MODULES
from tests.contract.checked_world import CheckedWorld
from tests.contract.documented import Documented
from tests.contract.test_typescript import unhandled
from tests.functional.conftest import World
from tests.functional.live_entities import VIEWINGS, always

ENTITIES = (*MODULES, VIEWINGS)


@pytest.fixture(scope="module")
def made() -> dict[Path, str]:
    return documents(ENTITIES)


@pytest.fixture(scope="module")
def documented() -> Documented:
    return Documented(ENTITIES)


def test_what_it_lists_and_commits_is_as_its_documents_say(world: World, documented: Documented) -> None:
    world.crm = RestApi(operations_of(VIEWINGS), world)
    checked = CheckedWorld(world, documented)
    for step in ("inside", "leaving", None):
        fields = {"listing_id": "l1", "step": step} if step else None
        world.live_states.change(VIEWINGS, "team:north", "v1", always(fields), by="ava")
        assert len(checked.call("GET", "/viewings")["items"]) == (step is not None)
    assert [event["type"] for event in checked.events()] == ["viewing:created", "viewing:updated", "viewing:deleted"]


def test_the_documents_with_it_are_valid(made: dict[Path, str]) -> None:
    validate(json.loads(made[OPENAPI]))
    run_script("asyncapi.mjs", made[ASYNCAPI])
    assert "/viewings" in json.loads(made[OPENAPI])["paths"]
    assert {"ViewingCreated", "UserTyping"} <= json.loads(made[EVENTS])["$defs"].keys()
    commits = json.dumps(json.loads(made[ASYNCAPI])["components"]["schemas"]["Event"])
    assert "ViewingCreated" in commits
    assert "UserTyping" not in commits


def test_a_typed_client_has_to_handle_its_events(made: dict[Path, str], tmp_path: Path) -> None:
    types = list(events_of((*MODULES, VIEWINGS)))
    assert unhandled(made[TYPES], types, "viewing:deleted", tmp_path) == [("without", "ViewingDeleted")]
