"""What is told of who looks at a record, over the socket and by REST, is what the documents say."""

from __future__ import annotations

import json

import pytest

from contractgen import hint_examples
from openhouse.contract.frames import EphemeralFrame
from openhouse.contract.hints import HINTS
from openhouse.crm.modules import MODULES
from tests.contract.checked_world import CheckedWorld
from tests.contract.documented import check_model, rest_examples
from tests.contract.module_contract import documented_of
from tests.fakes import AVA, BEN, MIA
from tests.functional.brokerage import staff
from tests.functional.conftest import World
from tests.functional.sockets import create, join, say


@pytest.fixture
def checked(world: World) -> CheckedWorld:
    staff(world)
    join(world, "a", AVA)
    join(world, "b", BEN)
    return CheckedWorld(world, documented_of(MODULES))


def test_every_hint_is_told_as_documented(checked: CheckedWorld) -> None:
    world, (made,) = checked.world, create(checked.world)
    record = {"noun": "escrow", "recordId": made["id"]}
    say(world, "a", action="view", **record)
    say(world, "b", action="view", **record)
    say(world, "b", action="typing", **record, field="notes")
    listed = checked.call("GET", "/views", query={"noun": "escrow", "id": made["id"]})
    assert [("field" in item) for item in listed["items"]] == [False, True]
    say(world, "b", action="view", **record, leave=True)
    frames = [frame for frame in world.gateway.frames("a") if "ephemeral" in frame]
    for frame in frames:
        checked.documented.check_message("ephemeral", frame)
        check_model(EphemeralFrame, frame)
        for hint in frame["ephemeral"]:
            checked.documented.events.check(checked.documented.events.document, hint)
    assert {hint["type"] for frame in frames for hint in frame["ephemeral"]} == HINTS.keys()


def test_a_list_of_viewers_is_refused_as_documented(checked: CheckedWorld) -> None:
    (made,) = create(checked.world)
    about = {"noun": "escrow", "id": made["id"]}
    for query in ({}, {"noun": "escrow"}, {**about, "noun": "Escrow"}, {**about, "id": ""}, {**about, "of": "ben"}):
        assert checked.call("GET", "/views", query=query)["code"] == "bad_parameter"
    assert checked.call("GET", "/views", query=about, who=MIA)["code"] == "not_found"


def test_every_example_of_a_hint_and_of_viewers_is_as_its_schema_and_its_model_say() -> None:
    documented = documented_of(MODULES)
    told = hint_examples.events()
    assert told.keys() == HINTS.keys()
    for type_, named in told.items():
        for hint in named.values():
            check_model(HINTS[type_], hint)
            documented.events.check(documented.events.document, hint)
            assert hint in documented.events.document["$defs"][HINTS[type_].__name__]["examples"]
    examples = list(rest_examples(documented, "views"))
    assert examples
    for where, schema, model, value in examples:
        assert documented.openapi.faults(schema, json.loads(json.dumps(value))) == [], where
        check_model(model, value)
