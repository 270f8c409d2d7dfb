"""API Gateway keeps for an hour whose a token is: who that is now, and what they may, the directory says each time."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from openhouse.contract.operations import documented_operations
from openhouse.core import clock
from openhouse.core.errors import UserUnknown
from openhouse.entities import ENTITIES
from openhouse.identity import authorizer_context
from openhouse.storage.keys import head_key, user_key
from openhouse.storage.writes import ABSENT, Put
from tests.fakes import AVA, BEN, MIA, principal
from tests.functional.conftest import World
from tests.functional.sockets import found, put
from tests.functional.test_http import call, problem
from tests.memory_table import MemoryTable


@pytest.fixture
def kept() -> World:
    world = World(None, MemoryTable(), authorizer_is_cached=True)
    found(world)
    return world


def created(world: World) -> str:
    status, record, _ = call(world, "POST", "/escrows", {"propertyAddress": "1 Harbor Way"})
    assert status == 201
    return f"/escrows/{record['id']}"


def test_who_is_removed_is_refused_with_the_next_request(kept: World) -> None:
    path = created(kept)
    kept.directory.remove_user("harbor", "ava")
    for method, body in (("GET", None), ("PATCH", {"city": "Davis"}), ("DELETE", None)):
        assert problem(call(kept, method, path, body)) == (403, "user_unknown")
    assert problem(call(kept, "GET", "/me")) == (403, "user_unknown")


def test_whose_sessions_were_ended_is_refused_with_the_next_request_and_let_in_with_a_later_token(kept: World) -> None:
    path = created(kept)
    kept.directory.revoke_tokens("harbor", "ava", AVA.expires_at)
    assert problem(call(kept, "GET", path)) == (401, "token_expired")
    assert problem(call(kept, "POST", "/realtime/tickets")) == (401, "token_expired")
    assert call(kept, "GET", path, who=replace(AVA, expires_at=AVA.expires_at + 1))[0] == 200


def test_who_changes_team_has_the_rights_of_the_new_one_and_no_other(kept: World) -> None:
    north = created(kept)
    status, record, _ = call(kept, "POST", "/escrows", {"propertyAddress": "2 Harbor Way"}, who=MIA)
    assert (status, record["room"]) == (201, "team:south")
    put(kept, BEN, team_ids=("south",))
    assert problem(call(kept, "GET", north, who=BEN)) == (404, "not_found")
    assert problem(call(kept, "PATCH", north, {"city": "Davis"}, who=BEN)) == (404, "not_found")
    assert call(kept, "GET", f"/escrows/{record['id']}", who=BEN)[0] == 200


def test_who_was_unknown_is_let_in_once_they_are_added(kept: World) -> None:
    ends = clock.seconds(kept.clock()) + 60
    context = authorizer_context.unknown("new", ends, UserUnknown("ask an administrator"))
    assert problem(call(kept, "GET", "/me", context=context)) == (403, "user_unknown")
    put(kept, principal("new", "north"))
    status, me, _ = call(kept, "GET", "/me", context=context)
    assert (status, me["userId"], me["teamIds"]) == (200, "new", ["north"])


def test_who_was_unknown_is_refused_where_the_directory_is_not_asked_again() -> None:
    world = World(None, MemoryTable())
    context = authorizer_context.unknown("new", clock.seconds(world.clock()) + 60, UserUnknown("ask an administrator"))
    answer = call(world, "GET", "/me", context=context)
    assert problem(answer) == (403, "user_unknown")
    assert answer[1]["detail"] == "ask an administrator"


def test_a_token_that_has_ended_meanwhile_is_refused(kept: World) -> None:
    path = created(kept)
    kept.clock.advance(AVA.expires_at - clock.seconds(kept.clock()) - 1)
    assert call(kept, "GET", path)[0] == 200
    kept.clock.advance(1)
    assert problem(call(kept, "GET", path)) == (401, "token_expired")


def test_a_change_reads_all_that_it_needs_at_once(kept: World) -> None:
    path = created(kept)
    steps: list[str] = []
    kept.table.before = steps.append  # type: ignore[attr-defined]
    headers = {"Idempotency-Key": "k1", "If-Match": '"1"'}
    assert call(kept, "PATCH", path, {"city": "Davis"}, headers=headers)[0] == 200
    # The entry, the record and the head of each of three rooms, the key.
    assert steps == [*["get_many"] * 8, "transact"]


@pytest.mark.parametrize("number", range(8))
def test_whoever_changes_something_while_a_change_is_read_ahead_is_not_overwritten(kept: World, number: int) -> None:
    path = created(kept)
    steps: list[str] = []

    def meanwhile(step: str) -> None:
        steps.append(step)
        if len(steps) == number + 1:
            kept.table.before = lambda _step: None  # type: ignore[attr-defined]
            assert call(kept, "PATCH", path, {"city": "Davis"}, who=BEN)[0] == 200
            kept.table.before = steps.append  # type: ignore[attr-defined]

    kept.table.before = meanwhile  # type: ignore[attr-defined]
    status, record, _ = call(kept, "PATCH", path, {"notes": "seen"})
    assert (status, record["version"], record["city"], record["notes"]) == (200, 3, "Davis", "seen")


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("way", ["broker", "private"])
def test_a_record_that_moves_while_it_is_read_ahead_is_found(kept: World, number: int, way: str) -> None:
    path = created(kept)
    steps: list[str] = []

    def meanwhile(step: str) -> None:
        steps.append(step)
        if len(steps) == number + 1:
            kept.table.before = lambda _step: None  # type: ignore[attr-defined]
            assert call(kept, "PATCH", path, {"visibility": way})[0] == 200
            kept.table.before = steps.append  # type: ignore[attr-defined]

    kept.table.before = meanwhile  # type: ignore[attr-defined]
    status, record, _ = call(kept, "GET", path)
    assert (status, record["visibility"]) in [(200, "team"), (200, way)]


def test_what_was_read_ahead_is_told_once_and_not_after_a_write(kept: World) -> None:
    steps: list[str] = []
    kept.table.before = steps.append  # type: ignore[attr-defined]
    keys = [user_key("ava"), user_key("nobody"), head_key("team:north")]
    with kept.table.ahead(keys):
        steps.clear()
        assert kept.table.get(user_key("nobody")) is None
        assert [item["user_id"] for item in kept.table.get_many([user_key("ava")])] == ["ava"]
        assert steps == []
        kept.table.get(user_key("ava"))
        assert steps == ["get"]
        kept.table.write(Put({**head_key("team:north"), "epoch": "e", "seq": 5}, ABSENT))
        found_now: Any = kept.table.get(head_key("team:north"))
        assert found_now["seq"] == 5
    steps.clear()
    kept.table.get_many([user_key("ava")])
    assert steps == ["get_many"]


def test_who_is_removed_is_refused_by_every_operation_there_is(kept: World) -> None:
    """What the authorizer said of them is still kept, and says that they are in."""
    kept.directory.remove_user("harbor", "ava")
    operations = documented_operations(ENTITIES)
    for operation in operations:
        path = re.sub(r"{\w+}", "some-id", operation.path)
        answered = call(kept, operation.method, path, {} if operation.body else None)
        assert problem(answered) == (403, "user_unknown"), operation.name
    assert len(operations) > 100
