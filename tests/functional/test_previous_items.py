"""Items as the functions of the previous contract wrote them are read, and worked with, by those of today.

`previous/items.json` is all that a day of theirs left in the two tables: records of each module, in use, archived and
deleted, their history, logs, locks, sockets, notifications, preferences, and the search index.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.rooms.position import Position
from openhouse.storage.keys import head_key, record_range
from tests.functional.conftest import World
from tests.functional.sockets import say, stream
from tests.functional.test_http import call

ITEMS = json.loads((Path(__file__).parent / "previous" / "items.json").read_text())
NORTH = "team:north"


@pytest.fixture
def world(world: World) -> World:
    world.table.write_all(ITEMS, [])
    return world


def one(world: World, module: Module) -> str:
    """The id of the one that is in use."""
    (item,) = world.table.query(*record_range(NORTH, module.noun))
    return str(item["sk"].partition("#")[2])


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
def test_a_record_of_then_is_listed_read_changed_and_its_history_told(world: World, module: Module) -> None:
    list_ = f"/{module.path}"
    id_ = one(world, module)
    status, page, _ = call(world, "GET", list_)
    assert (status, [item["id"] for item in page["items"]]) == (200, [id_])
    status, record, _ = call(world, "GET", f"{list_}/{id_}")
    assert (status, record["version"]) == (200, 12)
    token = {"lock-token": str(call(world, "GET", "/locks")[1]["items"][0]["token"])}
    status, changed, _ = call(world, "PATCH", f"{list_}/{id_}", {"visibility": "broker"}, headers=token)
    assert (status, changed["version"], changed["room"]) == (200, 13, "broker:harbor")
    steps = call(world, "GET", f"{list_}/{id_}/history")[1]["items"]
    assert [step["version"] for step in steps] == list(range(13, 0, -1))
    assert call(world, "GET", f"{list_}/stats")[0] == 200


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
def test_a_record_that_was_deleted_then_comes_back(world: World, module: Module) -> None:
    (gone,) = call(world, "GET", f"/{module.path}", query={"deleted": "true"})[1]["items"]
    status, record, _ = call(world, "POST", f"/{module.path}/{gone['id']}/recover")
    assert (status, record["version"]) == (200, 3)


def test_a_client_of_then_goes_on_from_its_position(world: World) -> None:
    head = world.log.heads([NORTH])[NORTH]
    replay = world.log.replay(NORTH, Position(head.epoch, 1), head, max_commits=500, max_bytes=10**7)
    assert (replay.reset, len(replay.commits)) == (False, head.seq - 1)


def test_a_socket_of_then_is_served_hears_of_changes_and_ends(world: World) -> None:
    world.gateway.open |= {"ava-1", "ben-1"}
    before = {(entry.room, entry.seq) for entry in stream(world)}
    assert say(world, "ava-1", action="ping")["ok"]
    call(world, "POST", "/escrows", {"propertyAddress": "2 Main St", "visibility": "team"})
    news = [entry for entry in stream(world) if (entry.room, entry.seq) not in before]
    assert world.deliver(news) == []
    assert next(commit["events"][0]["type"] for commit in world.gateway.commits("ben-1")) == "escrow:created"
    assert world.connections.forget("ava-1") is not None
    assert world.connections.rooms_of("ava-1") is None


def test_a_lock_of_then_holds_and_its_holder_saves(world: World) -> None:
    locks = call(world, "GET", "/locks")[1]["items"]
    assert len(locks) == len(MODULES)
    path = f"/escrows/{one(world, MODULES[0])}"
    status, content, _ = call(world, "PATCH", path, {"notes": "x"}, headers={"lock-token": "999"})
    assert (status, content["code"]) == (423, "locked")


def test_what_is_told_and_chosen_then_is_there(world: World) -> None:
    (notification,) = call(world, "GET", "/notifications")[1]["items"]
    assert notification["title"] == "Hello"
    assert call(world, "GET", "/preferences")[1]["kinds"]["mentioned"]["inApp"] is False
    found = call(world, "GET", "/search", query={"q": "main"})
    assert found[0] == 200
    assert call(world, "GET", "/presence")[0] == 200


def test_a_request_that_was_done_then_is_not_done_again(world: World) -> None:
    count = len(world.items("R#"))
    body = {**MODULES[0].example, "visibility": "team"}
    status, again, _ = call(world, "POST", "/escrows", body, headers={"idempotency-key": "k-escrow"})
    assert (status, again["id"]) == (201, one(world, MODULES[0]))
    assert len(world.items("R#")) == count


def test_what_a_later_version_has_written_is_read_after_a_rollback(world: World) -> None:
    """Fields, kinds of rooms' keeping and members of enumerations that nobody here knows yet."""
    (item,) = world.table.query(*record_range(NORTH, "escrow"))
    world.table.write_all([{**item, "drone_photos": {"a": "b"}, "_seal": 7}], [])
    head = world.table.get(head_key(NORTH))
    assert head is not None
    world.table.write_all([{**head, "mood": "good"}], [])
    path = f"/escrows/{one(world, MODULES[0])}"
    status, record, _ = call(world, "GET", path)
    assert status == 200
    assert "dronePhotos" not in record
    assert call(world, "POST", "/escrows", {"propertyAddress": "2 Main St", "visibility": "team"})[0] == 201
    kept = world.table.get(head_key(NORTH))
    assert kept is not None
    assert kept["mood"] == "good"
