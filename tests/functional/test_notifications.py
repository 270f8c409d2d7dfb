"""Notifications as they are sent, listed and read, and what people want to hear of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from openhouse.core.principal import Principal
from openhouse.identity.directory import User
from openhouse.storage.keys import LAST_ID, state_key
from tests.fakes import AVA, BEN, DANA, MIA, STRANGER, principal
from tests.functional.conftest import World
from tests.functional.logs import commits, events
from tests.functional.sockets import found, put
from tests.functional.test_http import call, problem

LEAH = principal("leah", "north", role="lead")
ROOT = principal("root", role="admin")
HELLO = {"level": "info", "title": "Hello", "text": "Coffee at ten."}
DAY = 24 * 3600


@pytest.fixture
def world() -> World:
    world = World.in_memory()
    found(world)
    for who in (DANA, LEAH):
        put(world, who)
    world.directory.found("other", "Other", User(user_id="boss", email="b@x", name="Boss", role="admin"))
    return world


def send(world: World, who: Principal, to: dict[str, Any], **fields: Any) -> Any:
    status, document, _ = call(world, "POST", "/notifications", {**HELLO, **fields, "to": to}, who=who)
    assert status == 201, document
    return document


def inbox(world: World, who: Principal, **query: str) -> Any:
    status, page, _ = call(world, "GET", "/notifications", who=who, query=query)
    assert status == 200, page
    return page


def titles(world: World, who: Principal) -> list[str]:
    return [item["title"] for item in inbox(world, who)["items"]]


def unread(world: World, who: Principal) -> list[str]:
    page = inbox(world, who)
    found = [item["title"] for item in page["items"] if not item["read"]]
    assert page["unread"] == len(found)
    return found


def read(world: World, who: Principal, id_: str) -> int:
    return call(world, "POST", f"/notifications/{id_}/read", who=who)[0]


def read_all(world: World, who: Principal, body: Any = None) -> int:
    return call(world, "POST", "/notifications/read", body, who=who)[0]


def test_a_message_to_a_thousand_people_is_one_commit_of_their_room(world: World):
    sent = send(world, DANA, {"brokerage": True}, level="warning")
    (commit,) = commits(world, "broker:harbor")
    (event,) = commit["events"]
    assert event["type"] == "notification:warning"
    assert event["data"] == {
        "notificationId": sent["id"],
        "version": 1,
        "updatedBy": "dana",
        "notification": sent,
    }
    assert {name: sent[name] for name in ("room", "kind", "from")} == {
        "room": "broker:harbor",
        "kind": "message",
        "from": "dana",
    }
    for who in (AVA, BEN, MIA, ROOT):
        assert titles(world, who) == ["Hello"]
    assert titles(world, replace(STRANGER, user_id="boss")) == []


@pytest.mark.parametrize(
    ("who", "to", "expected"),
    [
        (AVA, {"userId": "ben"}, (403, "forbidden")),
        (AVA, {"teamId": "north"}, (403, "forbidden")),
        (AVA, {"brokerage": True}, (403, "forbidden")),
        (LEAH, {"brokerage": True}, (403, "forbidden")),
        (LEAH, {"teamId": "south"}, (403, "forbidden")),
        (LEAH, {"teamId": "west"}, (403, "forbidden")),
        (LEAH, {"userId": "mia"}, (403, "forbidden")),
        (LEAH, {"userId": "boss"}, (422, "invalid")),
        (DANA, {"userId": "boss"}, (422, "invalid")),
        (DANA, {"userId": "a#b"}, (422, "invalid")),
        (DANA, {"teamId": "west"}, (422, "invalid")),
        (DANA, {"teamId": "north", "brokerage": True}, (422, "invalid")),
        (DANA, {}, (422, "invalid")),
    ],
    ids=lambda value: value.user_id if isinstance(value, Principal) else "-".join(map(str, value)),
)
def test_nobody_sends_what_is_not_theirs_to_send(
    world: World, who: Principal, to: dict[str, Any], expected: tuple[int, str]
):
    assert problem(call(world, "POST", "/notifications", {**HELLO, "to": to}, who=who)) == expected
    assert not world.items("E#")


@pytest.mark.parametrize(
    ("who", "to", "hears"),
    [
        (LEAH, {"teamId": "north"}, [AVA, BEN]),
        (LEAH, {"userId": "ben"}, [BEN]),
        (DANA, {"userId": "mia"}, [MIA]),
        (DANA, {"teamId": "south"}, [MIA]),
        (ROOT, {"teamId": "south"}, [MIA]),
        (ROOT, {"userId": "ava"}, [AVA]),
    ],
    ids=["lead-team", "lead-person", "broker-person", "broker-team", "admin-team", "admin-person"],
)
def test_it_reaches_those_it_is_for_and_nobody_else(
    world: World, who: Principal, to: dict[str, Any], hears: list[Principal]
):
    send(world, who, to)
    assert [each for each in (AVA, BEN, MIA) if titles(world, each)] == hears


def test_a_repeated_request_sends_it_once(world: World):
    def again(title: str) -> Any:
        body = {**HELLO, "title": title, "to": {"teamId": "north"}}
        return call(world, "POST", "/notifications", body, who=DANA, headers={"Idempotency-Key": "k"})

    assert again("One")[:2] == again("One")[:2]
    assert problem(again("Two")) == (409, "idempotency_mismatch")
    assert titles(world, AVA) == ["One"]


def test_it_may_be_about_a_record_that_its_sender_can_reach(world: World):
    _, escrow, _ = call(world, "POST", "/escrows", {"propertyAddress": "1 Main St"})
    about = {"noun": "escrow", "id": escrow["id"]}
    assert send(world, DANA, {"userId": "ben"}, about=about)["about"] == about
    for wrong in ({**about, "id": "id-9999"}, {**about, "noun": "lead"}, {**about, "noun": "nothing"}):
        answer = call(world, "POST", "/notifications", {**HELLO, "about": wrong, "to": {"userId": "ben"}}, who=DANA)
        assert problem(answer) == (422, "invalid")


def test_what_somebody_has_read_is_theirs_and_live_in_their_own_room(world: World):
    first = send(world, DANA, {"teamId": "north"}, title="First")
    send(world, DANA, {"userId": "ava"}, title="Second")
    assert (unread(world, AVA), unread(world, BEN)) == (["Second", "First"], ["First"])
    assert read(world, AVA, first["id"]) == 204
    assert (unread(world, AVA), unread(world, BEN)) == (["Second"], ["First"])
    last = events(world, "user:ava")[-1]
    assert last["type"] == "notification:read"
    assert last["data"]["reading"]["ids"] == [first["id"]]
    assert read(world, AVA, first["id"]) == 204
    assert last == events(world, "user:ava")[-1]


def test_all_are_read_at_once_and_what_comes_later_is_not(world: World):
    sent = [send(world, DANA, {"teamId": "north"}, title=str(number)) for number in range(3)]
    read(world, AVA, sent[2]["id"])
    assert read_all(world, AVA, {"until": sent[1]["id"]}) == 204
    assert unread(world, AVA) == []
    assert events(world, "user:ava")[-1]["data"]["reading"]["ids"] == [sent[2]["id"]]
    send(world, DANA, {"teamId": "north"}, title="3")
    assert unread(world, AVA) == ["3"]
    assert read_all(world, AVA) == 204
    assert events(world, "user:ava")[-1]["data"]["reading"]["ids"] == []
    assert read_all(world, AVA, {"until": sent[0]["id"]}) == 204
    assert unread(world, AVA) == []


def test_nobody_reads_ahead_what_there_is_not_yet(world: World):
    send(world, DANA, {"teamId": "north"}, title="0")
    assert read_all(world, AVA, {"until": "~"}) == 204
    send(world, DANA, {"teamId": "north"}, title="1")
    assert unread(world, AVA) == ["1"]
    assert read_all(world, MIA) == 204
    assert world.items("E#user:mia") == []


def test_what_is_read_one_by_one_stays_bounded(world: World):
    sent = [send(world, DANA, {"userId": "ava"}, title=str(number)) for number in range(103)]
    for one in sent[1:]:
        read(world, AVA, one["id"])
    reading = events(world, "user:ava")[-1]["data"]["reading"]
    assert len(reading["ids"]) == 100
    assert inbox(world, AVA)["unread"] == 0  # what was passed over so long ago counts as read


def test_others_notifications_are_not_there(world: World):
    sent = send(world, DANA, {"userId": "ben"})
    other = replace(STRANGER, user_id="boss")
    for who in (AVA, MIA, other):
        assert problem(call(world, "POST", f"/notifications/{sent['id']}/read", who=who)) == (404, "not_found")
    assert read(world, BEN, "x" * 65) == 404


def test_ones_own_messages_are_nothing_new(world: World):
    send(world, DANA, {"brokerage": True})
    assert (titles(world, DANA), unread(world, DANA)) == (["Hello"], [])


def test_pages_go_back_through_all_rooms_in_order(world: World):
    targets: list[dict[str, Any]] = [{"teamId": "north"}, {"userId": "ava"}, {"brokerage": True}]
    sent = [send(world, DANA, targets[number % 3], title=str(number)) for number in range(8)]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for size in (3, 3, 2):
        page = inbox(world, AVA, limit="3", **cursor)
        assert len(page["items"]) == size
        assert page["unread"] == 8
        seen += [item["id"] for item in page["items"]]
        cursor = {"cursor": page["cursor"]} if size == 3 else {}
    assert seen == [one["id"] for one in reversed(sent)]
    assert "cursor" not in page
    assert page["positions"].keys() == set(AVA.rooms)
    for query in ({"limit": "0"}, {"limit": "101"}, {"of": "me"}, {"cursor": ""}):
        assert problem(call(world, "GET", "/notifications", query=query)) == (400, "bad_parameter")


def test_they_are_kept_for_thirty_days(world: World):
    send(world, DANA, {"teamId": "north"}, title="Old")
    world.clock.advance(29 * DAY)
    send(world, DANA, {"teamId": "north"}, title="New")
    assert titles(world, AVA) == ["New", "Old"]
    world.clock.advance(2 * DAY)
    assert titles(world, AVA) == ["New"]
    world.clock.advance(29 * DAY)
    assert (titles(world, AVA), inbox(world, AVA)["unread"]) == ([], 0)
    assert all(int(item["ttl"]["N"]) > 0 for item in world.items("E#team:north"))


def test_a_room_without_any_is_not_asked(world: World):
    send(world, DANA, {"teamId": "north"})
    asked: list[str] = []
    query = world.table.query

    def counted(pk: str, *arguments: Any, **options: Any) -> Any:
        asked.append(pk)
        return query(pk, *arguments, **options)

    world.table.query = counted
    assert titles(world, AVA) == ["Hello"]
    assert [pk for pk in asked if pk.startswith("E#")] == ["E#user:ava", "E#team:north"]


def test_preferences_are_of_all_kinds_and_change_one_by_one(world: World):
    _, answer, _ = call(world, "GET", "/preferences")
    assert answer["kinds"]["mentioned"] == {"inApp": True, "browser": False}
    assert answer["positions"].keys() == {"user:ava"}
    patch = {"kinds": {"mentioned": {"browser": True}, "message": {"inApp": False}}}
    status, changed, _ = call(world, "PATCH", "/preferences", patch)
    assert status == 200
    assert changed["kinds"] == {
        **answer["kinds"],
        "mentioned": {"inApp": True, "browser": True},
        "message": {"inApp": False, "browser": False},
    }
    assert call(world, "GET", "/preferences")[1]["kinds"] == changed["kinds"]
    assert call(world, "GET", "/preferences", who=BEN)[1]["kinds"] == answer["kinds"]
    (event,) = events(world, "user:ava")
    assert event["type"] == "preferences:updated"
    assert event["data"]["preferences"]["kinds"] == changed["kinds"]
    mistakes: list[dict[str, Any]] = [
        {"kinds": {"nothing": {}}},
        {"kinds": {"message": {"inApp": "no"}}},
        {"kinds": {"message": 1}},
    ]
    for wrong in mistakes:
        assert problem(call(world, "PATCH", "/preferences", wrong)) == (422, "invalid")


def test_messages_that_somebody_does_not_want_are_hidden_from_them_alone(world: World):
    call(world, "PATCH", "/preferences", {"kinds": {"message": {"inApp": False}}})
    send(world, DANA, {"teamId": "north"})
    assert (titles(world, AVA), inbox(world, AVA)["unread"]) == ([], 0)
    assert titles(world, BEN) == ["Hello"]
    call(world, "PATCH", "/preferences", {"kinds": {"message": {"inApp": True}}})
    assert titles(world, AVA) == ["Hello"]


def test_ids_sort_before_the_end_of_a_room():
    assert state_key("r", "notification", "f" * 64)["sk"] < f"notification#{LAST_ID}"
