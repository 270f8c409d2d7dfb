"""Who looks at a record and types in it, from one socket to the others."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.collaboration.views import LASTS, MOST_OF_ONE, MOST_VIEWERS, OVER
from openhouse.core.principal import Principal
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.rooms.gateway import Outcome
from openhouse.storage.keys import view_key
from openhouse.storage.writes import ABSENT, Put, Write
from tests.fakes import AVA, BEN, DANA, MIA, principal
from tests.functional.brokerage import hire, staff
from tests.functional.conftest import World
from tests.functional.sockets import create, join, open_socket, say
from tests.functional.test_http import call

NORTH = "team:north"
UNTIL = "2026-03-02T12:00:10.000Z"


@pytest.fixture
def world() -> World:
    return World.in_memory()


@pytest.fixture
def seen(world: World) -> str:
    """The id of an escrow of the team north. Ava and Ben of that team, Dana of all and Mia of another have joined."""
    staff(world)
    for connection_id, who in (("a", AVA), ("b", BEN), ("d", DANA), ("m", MIA)):
        join(world, connection_id, who)
    (record,) = create(world)
    return str(record["id"])


def view(world: World, connection_id: str, record_id: str, **more: Any) -> dict[str, Any]:
    return say(world, connection_id, action="view", noun="escrow", recordId=record_id, **more)


def type_in(world: World, connection_id: str, record_id: str, field: str | None) -> dict[str, Any]:
    return say(world, connection_id, action="typing", noun="escrow", recordId=record_id, field=field)


def hints(world: World, connection_id: str) -> list[dict[str, Any]]:
    """What it has been told since this was asked before."""
    told = [event for frame in world.gateway.frames(connection_id) for event in frame.get("ephemeral", [])]
    world.gateway.posted[connection_id].clear()
    return told


def words(world: World, connection_id: str) -> list[str]:
    """The same in few words, such as `ben typing notes`."""
    told = [(event["type"].removeprefix("user:"), event["data"]) for event in hints(world, connection_id)]
    return [" ".join(filter(None, [data["userId"], verb, data.get("field")])) for verb, data in told]


def test_those_who_look_at_a_record_hear_of_each_other_and_nobody_else_does(world: World, seen: str) -> None:
    assert view(world, "a", seen) == {"reply": "1", "ok": True, "again": 8}
    assert hints(world, "a") == []
    view(world, "b", seen)
    data = {"noun": "escrow", "recordId": seen, "until": UNTIL}
    assert hints(world, "a") == [{"type": "user:viewing", "data": {"userId": "ben", **data}}]
    assert hints(world, "b") == [{"type": "user:viewing", "data": {"userId": "ava", **data}}]
    assert words(world, "d") == words(world, "m") == []


def test_somebody_types_and_stops_and_leaves(world: World, seen: str) -> None:
    for connection_id in "abd":
        view(world, connection_id, seen)
        world.gateway.posted.clear()
    type_in(world, "b", seen, "notes")
    assert hints(world, "a") == [
        {
            "type": "user:typing",
            "data": {"userId": "ben", "noun": "escrow", "recordId": seen, "field": "notes", "until": UNTIL},
        }
    ]
    world.clock.advance(1)
    type_in(world, "b", seen, "checklists.loan.apply")
    assert words(world, "a") == ["ben stopped_typing notes", "ben typing checklists.loan.apply"]
    type_in(world, "b", seen, None)
    assert words(world, "a") == ["ben stopped_typing checklists.loan.apply"]
    world.clock.advance(1)
    type_in(world, "b", seen, "city")
    view(world, "b", seen, leave=True)
    assert words(world, "a") == ["ben typing city", "ben stopped_typing city", "ben stopped_viewing"]
    assert len(words(world, "d")) == 7
    assert words(world, "b") == []


def test_a_new_viewer_is_told_who_is_there_and_what_they_do(world: World, seen: str) -> None:
    view(world, "a", seen)
    type_in(world, "a", seen, "notes")
    view(world, "b", seen)
    view(world, "d", seen)
    assert words(world, "d") == ["ava viewing", "ava typing notes", "ben viewing"]


def test_of_two_who_come_at_the_same_time_each_hears_of_the_other(world: World, seen: str) -> None:
    write_at_once = world.table.write

    def after_the_other(write: Write) -> None:
        world.table.write = write_at_once
        view(world, "b", seen)
        write_at_once(write)

    world.table.write = after_the_other
    view(world, "a", seen)
    assert words(world, "a") == ["ben viewing"]
    assert words(world, "b") == ["ava viewing"]


def test_a_repeat_is_told_and_written_only_when_what_was_said_is_about_to_end(world: World, seen: str) -> None:
    view(world, "a", seen)
    view(world, "b", seen)
    type_in(world, "b", seen, "notes")
    world.gateway.posted.clear()
    before = world.items("X#")
    for _ in range(3):
        world.clock.advance(1.5)
        view(world, "b", seen)
        type_in(world, "b", seen, "notes")
    assert words(world, "a") == []
    assert world.items("X#") == before
    world.clock.advance(0.5)
    view(world, "b", seen)
    type_in(world, "b", seen, "notes")
    assert [hint["data"]["until"] for hint in hints(world, "a")] == ["2026-03-02T12:00:15.000Z"] * 2


def test_typing_is_told_once_a_second_at_most_and_its_end_at_once(world: World, seen: str) -> None:
    view(world, "a", seen)
    view(world, "b", seen)
    world.gateway.posted.clear()
    for _ in range(9):
        for field in ("notes", "city", None):
            type_in(world, "b", seen, field)
        world.clock.advance(0.1)
    assert words(world, "a") == ["ben typing notes", "ben stopped_typing notes"]
    world.clock.advance(0.1)
    type_in(world, "b", seen, "city")
    assert words(world, "a") == ["ben typing city"]


def test_whoever_says_nothing_for_ten_seconds_is_gone(world: World, seen: str) -> None:
    view(world, "a", seen)
    type_in(world, "a", seen, "notes")
    world.clock.advance(LASTS / 1000)
    view(world, "b", seen)
    assert words(world, "a") == words(world, "b") == []
    view(world, "a", seen)
    world.gateway.posted.clear()
    view(world, "d", seen)
    assert words(world, "d") == ["ava viewing", "ben viewing"]


def test_who_looks_alone_says_so_once_a_minute_if_they_can_be_quiet(world: World, seen: str) -> None:
    assert view(world, "a", seen, quiet=True)["again"] == 50
    before = world.items("X#")
    world.clock.advance(8)
    assert view(world, "a", seen, quiet=True)["again"] == 42
    assert world.items("X#") == before
    world.clock.advance(48)
    assert view(world, "a", seen, quiet=True)["again"] == 50
    world.clock.advance(59)
    assert view(world, "b", seen, quiet=True)["again"] == 8
    assert words(world, "b") == ["ava viewing"]
    world.clock.advance(2)
    assert view(world, "d", seen, quiet=True)["again"] == 8
    assert words(world, "d") == ["ben viewing"]


def test_who_was_alone_is_told_of_for_ten_seconds_and_is_there_as_others_are_from_then_on(
    world: World, seen: str
) -> None:
    view(world, "a", seen, quiet=True)
    world.clock.advance(20)
    view(world, "b", seen, quiet=True)
    assert [hint["data"]["until"] for hint in hints(world, "b")] == ["2026-03-02T12:00:30.000Z"]
    assert call(world, "GET", "/views", query={"noun": "escrow", "id": seen})[1]["items"][0]["until"] == (
        "2026-03-02T12:00:30.000Z"
    )
    assert words(world, "a") == ["ben viewing"]
    world.gateway.posted.clear()
    assert view(world, "a", seen, quiet=True)["again"] == 8
    assert words(world, "b") == ["ava viewing"]
    world.clock.advance(LASTS / 1000)
    view(world, "d", seen)
    assert "ava viewing" not in words(world, "d")


def test_of_two_who_come_at_the_same_time_and_can_be_quiet_neither_is(world: World, seen: str) -> None:
    write_at_once = world.table.write

    def after_the_other(write: Write) -> None:
        world.table.write = write_at_once
        assert view(world, "b", seen, quiet=True)["again"] == 50
        write_at_once(write)

    world.table.write = after_the_other
    assert view(world, "a", seen, quiet=True)["again"] == 8
    assert words(world, "a") == ["ben viewing"]
    assert words(world, "b") == ["ava viewing"]
    assert view(world, "b", seen, quiet=True)["again"] == 8
    assert words(world, "a") == ["ben viewing"]


def test_whose_socket_is_gone_is_told_of_to_nobody_however_long_they_were_to_be_quiet(world: World, seen: str) -> None:
    view(world, "a", seen, quiet=True)
    world.connections.forget("a")
    assert view(world, "b", seen, quiet=True)["again"] == 50
    assert words(world, "b") == []


def test_typing_counts_only_while_one_looks(world: World, seen: str) -> None:
    view(world, "a", seen)
    assert type_in(world, "b", seen, "notes")["ok"]
    assert words(world, "a") == []
    view(world, "b", seen)
    world.clock.advance(9)
    view(world, "a", seen)
    world.gateway.posted.clear()
    world.clock.advance(1)
    type_in(world, "b", seen, "notes")
    assert words(world, "a") == []
    assert call(world, "GET", "/views", query={"noun": "escrow", "id": seen})[1]["items"][0]["userId"] == "ava"


def test_a_person_with_two_devices_is_there_until_both_have_left(world: World, seen: str) -> None:
    join(world, "b2", BEN)
    for connection_id in ("a", "b", "b2"):
        view(world, connection_id, seen)
    assert words(world, "b") == ["ava viewing", "ben viewing"]  # the other one
    type_in(world, "b", seen, "notes")
    type_in(world, "b2", seen, "notes")
    world.gateway.posted.clear()
    view(world, "b", seen, leave=True)
    assert words(world, "a") == []
    view(world, "b", seen, leave=True)
    view(world, "b2", seen, leave=True)
    assert words(world, "a") == ["ben stopped_typing notes", "ben stopped_viewing"]


@pytest.mark.parametrize("record_id", ["hidden", "unknown"])
def test_what_one_may_not_read_one_neither_looks_at_nor_types_in(world: World, seen: str, record_id: str) -> None:
    view(world, "a", seen)
    id_ = seen if record_id == "hidden" else record_id
    for reply in (view(world, "m", id_), type_in(world, "m", id_, "notes")):
        assert reply["error"]["code"] == "not_found"
    assert view(world, "m", id_, leave=True)["ok"]
    assert words(world, "a") == words(world, "m") == []
    assert call(world, "GET", "/views", who=MIA, query={"noun": "escrow", "id": id_})[0] == 404
    assert len(world.items("X#")) == 1


def test_a_socket_that_has_joined_nothing_looks_at_nothing(world: World, seen: str) -> None:
    open_socket(world, "a2", AVA)
    assert view(world, "a2", seen)["error"]["code"] == "not_found"
    assert world.items("X#") == []


def test_when_a_record_moves_those_who_cannot_follow_hear_no_more(world: World, seen: str) -> None:
    view(world, "a", seen)
    view(world, "b", seen)
    world.gateway.posted.clear()
    world.records.patch(ESCROWS, AVA, seen, {"visibility": "private"})
    type_in(world, "a", seen, "notes")
    view(world, "a", seen)
    type_in(world, "a", seen, "notes")
    assert view(world, "b", seen)["error"]["code"] == "not_found"
    assert words(world, "a") == words(world, "b") == []


def test_a_deleted_record_is_looked_at_by_nobody(world: World, seen: str) -> None:
    view(world, "a", seen)
    world.records.delete(ESCROWS, AVA, seen)
    assert view(world, "b", seen)["error"]["code"] == "not_found"
    assert words(world, "a") == []


def test_a_socket_that_has_left_the_room_hears_no_more_of_it(world: World, seen: str) -> None:
    """Its person's teams have changed, and it joined those of now before it was closed."""
    view(world, "a", seen)
    view(world, "b", seen)
    world.gateway.posted.clear()
    hire(world, principal("ben", "south"))
    say(world, "b", action="sync")
    world.clock.advance(6)
    view(world, "a", seen)
    type_in(world, "a", seen, "notes")
    assert words(world, "b") == []
    assert view(world, "b", seen)["error"]["code"] == "not_found"


def test_a_socket_that_is_gone_is_forgotten_and_one_that_fails_is_not(world: World, seen: str) -> None:
    for connection_id in "abd":
        view(world, connection_id, seen)
    world.gateway.outcomes |= {"b": Outcome.GONE, "d": Outcome.FAILED}
    type_in(world, "a", seen, "notes")
    assert {member.connection_id for member in world.connections.members(NORTH)} == {"a", "d"}


def test_more_than_so_many_viewers_see_those_and_are_not_seen(world: World, seen: str) -> None:
    for number in range(MOST_VIEWERS + 1):
        who: Principal = principal(f"u{number:02}", "north")
        hire(world, who)
        join(world, who.user_id, who)
        view(world, who.user_id, seen)
    late = f"u{MOST_VIEWERS}"
    assert len(words(world, late)) == MOST_VIEWERS
    assert f"{late} viewing" not in words(world, "u00")
    assert type_in(world, late, seen, "notes")["ok"]
    assert words(world, "u00") == []
    items = call(world, "GET", "/views", query={"noun": "escrow", "id": seen})[1]["items"]
    assert [item["userId"] for item in items] == [f"u{number:02}" for number in range(MOST_VIEWERS)]
    view(world, "u00", seen, leave=True)
    view(world, late, seen)
    assert words(world, "u01")[-1] == f"{late} viewing"


def test_nobody_keeps_others_from_being_seen_with_all_of_their_sockets(world: World, seen: str) -> None:
    for number in range(MOST_VIEWERS):
        join(world, f"a{number}", AVA)
        view(world, f"a{number}", seen)
    assert len(world.items("X#")) == MOST_OF_ONE
    late = f"a{MOST_OF_ONE}"
    words(world, late)
    view(world, "b", seen)
    assert words(world, "a0")[-1] == "ben viewing"
    assert words(world, "b") == ["ava viewing"]
    assert view(world, late, seen)["ok"]
    assert words(world, late) == ["ava viewing", "ben viewing"]
    world.clock.advance(4)
    view(world, "a0", seen, leave=True)
    view(world, late, seen)
    assert {item["sk"]["S"] for item in world.items("X#")} == {"a1", "a2", "b", late}


def test_rows_that_ended_long_ago_are_swept_by_who_comes_next(world: World, seen: str) -> None:
    now = int(world.clock().timestamp() * 1000)
    for name, until in (("old", now - OVER - 1), ("dead", now - 1)):
        row = {**view_key(NORTH, "escrow", seen, name), "user_id": "zoe", "until": until}
        world.table.write(Put(row, ABSENT))
    view(world, "a", seen)
    assert {item["sk"]["S"] for item in world.items("X#")} == {"a", "dead"}
    assert words(world, "a") == []


def test_the_list_tells_each_person_once_with_what_they_type_and_where_the_room_is(world: World, seen: str) -> None:
    join(world, "b2", BEN)
    view(world, "b", seen)
    type_in(world, "b", seen, "notes")
    world.clock.advance(1)
    view(world, "b2", seen)
    status, answer, _ = call(world, "GET", "/views", who=DANA, query={"noun": "escrow", "id": seen})
    until = "2026-03-02T12:00:11.000Z"
    assert status == 200
    assert answer["items"] == [{"userId": "ben", "noun": "escrow", "recordId": seen, "until": until, "field": "notes"}]
    assert answer["positions"] == world.log.positions([NORTH])
    world.clock.advance(9.5)
    (item,) = call(world, "GET", "/views", query={"noun": "escrow", "id": seen})[1]["items"]
    assert "field" not in item
    assert call(world, "GET", "/views", query={"noun": "escrow"})[1]["code"] == "bad_parameter"


def test_a_later_message_of_the_same_socket_is_not_undone_by_an_earlier_one(world: World, seen: str) -> None:
    """Messages of one socket are served side by side."""
    view(world, "b", seen)
    write_at_once = world.table.write

    def late(write: Write) -> None:
        world.table.write = write_at_once
        world.clock.advance(3)
        view(world, "a", seen)
        write_at_once(write)

    world.table.write = late
    view(world, "a", seen)
    (row,) = [item for item in world.items("X#") if item["sk"]["S"] == "a"]
    assert row["until"]["N"] == str(int(world.clock().timestamp() * 1000) + LASTS)
    assert [hint["data"]["until"] for hint in hints(world, "b")] == ["2026-03-02T12:00:13.000Z"]
