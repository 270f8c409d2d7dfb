"""What a socket carries is what the AsyncAPI document and the models say of it, in both directions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from contractgen import socket_examples
from openhouse.api import protocol
from openhouse.api.actions import sync
from openhouse.collaboration.locks import LockWish
from openhouse.contract.frames import REFUSALS, REPLIES, Refusal
from openhouse.core.errors import Busy, RateLimited, RoomFull
from openhouse.core.principal import Principal
from openhouse.core.wire import parse
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.escrows import ESCROWS
from tests.contract.documented import Documented, check_model
from tests.contract.module_contract import documented_of
from tests.fakes import AVA, BEN, MIA
from tests.functional.brokerage import staff
from tests.functional.conftest import World

NAMES = {model: model.__name__[0].lower() + model.__name__[1:] for model in REPLIES}


@pytest.fixture
def documented() -> Documented:
    return documented_of(MODULES)


@pytest.fixture(autouse=True)
def _connected(world: World) -> None:
    staff(world)
    world.gateway.open.add("a")
    world.connections.connect("a", AVA)


def say(world: World, frame: str | dict[str, Any]) -> Any:
    world.messages.receive("a", frame if isinstance(frame, str) else json.dumps(frame))
    return world.gateway.replies("a")[-1]


def check_reply(documented: Documented, reply: Any, action: str) -> str:
    """It is one of those that the operation may have; returns which."""
    allowed = documented.asyncapi.document["operations"][action]["reply"]["messages"]
    fitting = [model for model, name in NAMES.items() if {"$ref": f"#/channels/socket/messages/{name}"} in allowed]
    (model,) = [each for each in fitting if (each is Refusal) != reply["ok"]]
    documented.check_message(NAMES[model], reply)
    check_model(model, reply)
    return model.__name__


def test_every_message_has_examples_that_are_as_its_schema_says(documented: Documented) -> None:
    for name, message in documented.asyncapi.document["components"]["messages"].items():
        assert message["examples"]
        for example in message["examples"]:
            documented.check_message(name, example["payload"])


def test_every_request_of_the_examples_is_understood_and_answered_as_documented(
    world: World, documented: Documented
) -> None:
    record_id = world.records.create(ESCROWS, AVA, ESCROWS.example)["id"]
    for model, examples in socket_examples.requests().items():
        for request in examples.values():
            assert parse(model, request).id == request["id"]
            fresh = {"ticket": world.connections.issue_ticket(AVA)[0], "recordId": record_id}
            reply = say(world, {name: fresh.get(name, value) for name, value in request.items()})
            assert reply["ok"], reply
            assert check_reply(documented, reply, request["action"]) == f"{model.__name__}Reply"


def test_the_replies_of_the_examples_are_as_their_models_say() -> None:
    told = socket_examples.replies(ESCROWS)
    assert set(told) == set(REPLIES)
    for model, examples in told.items():
        for reply in examples.values():
            check_model(model, reply)


def test_every_refusal_is_as_documented_and_every_documented_one_happens(world: World, documented: Documented) -> None:
    refused = [
        say(world, "{"),
        say(world, " " * protocol.MAX_FRAME_BYTES + "{}"),
        say(world, {"action": "shout", "id": "1"}),
        say(world, {"action": "sync"}),
        say(world, {"action": "auth", "id": "1", "ticket": "used"}),
        say(world, {"action": "view", "id": "1", "noun": "escrow", "recordId": "unknown"}),
    ]
    admit = world.connections.admit
    world.connections.admit = failing(RateLimited("for a test"))
    refused.append(say(world, {"action": "sync", "id": "1"}))
    world.connections.admit = admit
    join = world.connections.join
    for fail in (Busy("for a test"), RuntimeError("for a test")):
        world.connections.join = failing(fail)
        refused.append(say(world, {"action": "sync", "id": "1"}))
    world.connections.join = join
    refused += [say(world, request) for request in locks_that_nobody_gets(world)]
    locks: Any = world.locks
    locks.take_by_noun = failing(RoomFull("for a test"))
    refused.append(say(world, locking(world, AVA)))
    world.clock.advance(7_200)
    refused.append(say(world, {"action": "ping", "id": "1"}))
    for reply in refused:
        assert check_reply(documented, reply, "ping") == "Refusal"
    assert {reply["error"]["code"] for reply in refused} == {error.code for error in REFUSALS}


def locking(world: World, owner: Principal, **how: Any) -> dict[str, Any]:
    """A request for the lock of a new record."""
    made = world.records.create(ESCROWS, owner, {**ESCROWS.example, **how})
    return {"action": "lock", "id": "1", "noun": "escrow", "recordId": made["id"]}


def locks_that_nobody_gets(world: World) -> list[dict[str, Any]]:
    held, read_by_all = locking(world, BEN), locking(world, MIA, visibility="broker")
    world.locks.take_by_noun("escrow", BEN, held["recordId"], LockWish())
    return [held, read_by_all, {**held, "recordId": "unknown"}, {**held, "noun": "sofa"}]


def test_what_was_missed_comes_in_frames_as_documented(world: World, documented: Documented) -> None:
    say(world, {"action": "sync", "id": "1"})
    positions = say(world, {"action": "ping", "id": "2"})["rooms"]
    for number in range(3):
        world.records.create(ESCROWS, BEN, {**ESCROWS.example, "notes": f"{number}"})
    reply = say(world, {"action": "sync", "id": "3", "positions": positions})
    check_reply(documented, reply, "sync")
    frames = [frame for frame in world.gateway.frames("a") if "commits" in frame]
    assert sum(len(frame["commits"]) for frame in frames) == 3
    for frame in frames:
        documented.check_frame(frame)


def failing(error: Exception) -> Callable[..., None]:
    def fail(*_: Any) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    "request_",
    [
        {"action": "sync", "id": ""},
        {"action": "sync", "id": "x" * 65},
        {"action": "sync", "id": "1", "more": 1},
        {"action": "sync", "id": "1", "positions": {"team:north": {"epoch": "e", "seq": -1}}},
        {"action": "sync", "id": "1", "positions": {str(number): {"epoch": "e", "seq": 1} for number in range(801)}},
        {"action": "auth", "id": "1"},
        {"action": "auth", "id": "1", "ticket": "x" * 201},
        {"action": "ping", "id": 1},
        {"action": "lock", "id": "1", "noun": "escrow"},
        {"action": "lock", "id": "1", "noun": "escrow", "recordId": "x" * 65},
        {"action": "lock", "id": "1", "noun": "escrow", "recordId": "r", "token": 0},
        {"action": "unlock", "id": "1", "noun": "escrow", "recordId": "r"},
        {"action": "view", "id": "1", "noun": "escrow"},
        {"action": "view", "id": "1", "noun": "escrow#1", "recordId": "2"},
        {"action": "view", "id": "1", "noun": "escrow", "recordId": ""},
        {"action": "view", "id": "1", "noun": "escrow", "recordId": "1", "userId": "ben"},
        {"action": "typing", "id": "1", "noun": "escrow", "recordId": "1"},
        {"action": "typing", "id": "1", "noun": "escrow", "recordId": "1", "field": "<b>"},
        {"action": "typing", "id": "1", "noun": "escrow", "recordId": "1", "field": "x" * 101},
    ],
)
def test_what_the_document_forbids_a_client_to_say_is_refused(
    world: World, documented: Documented, request_: dict[str, Any]
) -> None:
    payload = documented.asyncapi.document["components"]["messages"][request_["action"]]["payload"]
    assert documented.asyncapi.faults(payload, request_)
    assert say(world, request_)["error"]["code"] == "invalid_message"


def test_a_sync_that_is_cut_short_says_so_as_documented(world: World, documented: Documented) -> None:
    say(world, {"action": "sync", "id": "1"})
    positions = say(world, {"action": "ping", "id": "2"})["rooms"]
    before, sync.SYNC_COMMITS = sync.SYNC_COMMITS, 1
    try:
        for _ in range(3):
            world.records.create(ESCROWS, BEN, ESCROWS.example)
        reply = say(world, {"action": "sync", "id": "3", "positions": positions})
    finally:
        sync.SYNC_COMMITS = before
    assert reply["more"] is True
    check_reply(documented, reply, "sync")
