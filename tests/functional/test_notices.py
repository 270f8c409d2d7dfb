"""People are told of what concerns them in the commit that makes it so: assignments, mentions, locks taken over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from openhouse.collaboration.notification import Message, same_id
from openhouse.core.principal import Principal
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from openhouse.rooms.draft import Draft
from openhouse.storage.keys import record_key
from openhouse.storage.table import MAX_TRANSACTION_ITEMS
from openhouse.storage.writes import PRESENT, Put
from tests.fakes import AVA, BEN, DANA, MIA, NOON, principal
from tests.functional.conftest import World
from tests.functional.logs import commits, events
from tests.functional.sockets import found, put
from tests.functional.test_http import call

LEAH = principal("leah", "north", role="lead")
HOUSE = {"propertyAddress": "12 Harbor Way", "city": "Sacramento"}
SEE_BEN = "Please ask @[Ben Ode](ben) about it."


@pytest.fixture
def world() -> World:
    world = World.in_memory()
    found(world)
    for who in (DANA, LEAH):
        put(world, who)
    return world


def told(world: World, user_id: str) -> list[Any]:
    """Every notification to one person, in order."""
    return [
        event["data"]["notification"]
        for event in events(world, f"user:{user_id}")
        if event["type"].startswith("notification:") and "notification" in event["data"]
    ]


def titles(world: World, user_id: str) -> list[str]:
    return [each["title"] for each in told(world, user_id)]


def create(world: World, who: Principal = AVA, **fields: Any) -> str:
    return str(world.records.create(ESCROWS, who, {**HOUSE, "teamId": "north", **fields})["id"])


def test_whoever_is_given_a_record_is_told_in_the_same_commit(world: World):
    id_ = create(world)
    world.records.patch(ESCROWS, LEAH, id_, {"ownerId": "ben"})
    assert told(world, "ben") == [
        {
            "id": told(world, "ben")[0]["id"],
            "version": 1,
            "room": "user:ben",
            "updatedAt": "2026-03-02T12:00:00.000Z",
            "updatedBy": "leah",
            "kind": "assigned",
            "level": "info",
            "title": "Leah assigned an escrow to you",
            "text": "12 Harbor Way Sacramento",
            "about": {"noun": "escrow", "id": id_},
            "from": "leah",
        }
    ]
    assert commits(world, "user:ben")[0]["by"] == "leah"


def test_a_new_record_for_somebody_else_is_given_to_them_too(world: World):
    create(world, LEAH, ownerId="ben")
    assert titles(world, "ben") == ["Leah assigned an escrow to you"]


def test_nobody_is_told_of_what_they_do_themselves_or_had_before(world: World):
    id_ = create(world, LEAH)
    world.records.patch(ESCROWS, LEAH, id_, {"ownerId": "ben"})
    world.records.patch(ESCROWS, LEAH, id_, {"ownerId": "leah"})
    world.records.delete(ESCROWS, LEAH, id_)
    world.records.recover(ESCROWS, LEAH, id_)
    lead = world.records.create(LEADS, BEN, {"lastName": "Hart", "email": "z@example.com", "status": "qualified"})
    world.records.convert(LEADS, LEAH, lead["id"], {})
    assert titles(world, "ben") == ["Leah assigned an escrow to you"]
    assert titles(world, "leah") == []


def test_many_records_are_one_notification_for_each_person(world: World):
    owners = ["ben", "ben", "ava", "ben"] * 5
    entries = [{"record": {**HOUSE, "ownerId": owner, "notes": "@[Ava](ava)"}} for owner in owners]
    results = world.bulk.write(ESCROWS, LEAH, entries)
    assert {result["status"] for result in results} == {201}
    assert titles(world, "ben") == ["Leah assigned 15 escrows to you"]
    assert titles(world, "ava") == ["Leah mentioned you in 20 escrows", "Leah assigned 5 escrows to you"]
    assert told(world, "ben")[0]["text"] == ", ".join(["12 Harbor Way Sacramento"] * 3) + " and 12 more"
    assert "about" not in told(world, "ben")[0]
    assert len(commits(world, "user:ben")) == len(commits(world, "team:north")) == 1


def test_a_bulk_request_is_cut_so_that_everybody_is_told_and_every_part_fits(world: World):
    people = [principal(f"p{number:02}", "north") for number in range(40)]
    for each in people:
        put(world, each)
    written: list[int] = []
    transact = world.table.transact

    def counted(writes: Any) -> None:
        written.append(len(writes))
        transact(writes)

    world.table.transact = counted
    entries = [{"record": {**HOUSE, "ownerId": each.user_id}} for each in people]
    results = world.bulk.write(ESCROWS, LEAH, entries)
    assert {result["status"] for result in results} == {201}
    assert len(written) > 1
    assert max(written) <= MAX_TRANSACTION_ITEMS
    for each in people:
        assert titles(world, each.user_id) == ["Leah assigned an escrow to you"]


def test_a_record_is_saved_even_if_there_is_no_room_to_tell_all_whom_it_mentions(world: World):
    people = [principal(f"p{number:02}", "north") for number in range(30)]
    for each in people:
        put(world, each)
    emails = {f"e{number}": {"label": "home", "value": f"a{number}@example.com"} for number in range(20)}
    phones = {f"p{number}": {"label": "home", "value": f"+1415555{number:04}"} for number in range(20)}
    notes = " ".join(f"@[P]({each.user_id})" for each in people)
    drafts: list[Draft[Any]] = []
    commit = world.log.commit

    def noted(draft: Any, **options: Any) -> Any:
        def kept(now: Any) -> Any:
            drafts.append(draft(now))
            return drafts[-1]

        return commit(kept, **options)

    world.log.commit = noted
    world.records.create(CLIENTS, AVA, {"lastName": "Hart", "emails": emails, "phones": phones, "notes": notes})
    (draft,) = drafts
    assert MAX_TRANSACTION_ITEMS - 3 < draft.items <= MAX_TRANSACTION_ITEMS
    reached = [each.user_id for each in people if titles(world, each.user_id)]
    assert reached == [each.user_id for each in people[: len(reached)]]
    assert 10 < len(reached) < 20


def test_a_mention_is_told_once_when_it_is_written(world: World):
    id_ = create(world, notes=SEE_BEN)
    assert titles(world, "ben") == ["Ava mentioned you in an escrow"]
    assert told(world, "ben")[0]["about"] == {"noun": "escrow", "id": id_}
    world.records.patch(ESCROWS, AVA, id_, {"notes": f"Urgent! {SEE_BEN} And @[Ben](ben) again, @[Ava](ava)."})
    assert len(told(world, "ben")) == 1
    world.records.patch(ESCROWS, AVA, id_, {"notes": None})
    world.records.patch(ESCROWS, LEAH, id_, {"notes": SEE_BEN})
    assert titles(world, "ben")[1:] == ["Leah mentioned you in an escrow"]
    assert titles(world, "ava") == []


@pytest.mark.parametrize(
    ("who", "visibility", "mention", "expected"),
    [
        (AVA, "private", "ben", []),
        (AVA, "team", "mia", []),
        (AVA, "broker", "mia", ["mia"]),
        (AVA, "team", "dana", ["dana"]),
        (AVA, "team", "zed", []),
        (AVA, "team", "nobody", []),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_only_those_who_may_read_it_are_told(
    world: World, who: Principal, visibility: str, mention: str, expected: list[str]
):
    create(world, who, visibility=visibility, notes=f"@[Somebody]({mention})")
    assert [user for user in ("ben", "mia", "dana", "zed", "nobody") if told(world, user)] == expected


def test_a_text_that_names_thousands_who_are_nobody_costs_no_more_than_some_reads(world: World):
    read, _ = noting(world)
    strangers = " ".join(f"@[x]({number})" for number in range(3_000))
    world.records.create(CLIENTS, AVA, {"lastName": "Hart", "notes": f"{SEE_BEN} {strangers}"})
    assert 0 < sum(key["pk"].startswith("D#") for key in read) <= 60
    assert titles(world, "ben") == ["Ava mentioned you in a client"]


def test_a_kind_that_somebody_switched_off_is_not_written_for_them(world: World):
    call(world, "PATCH", "/preferences", {"kinds": {"assigned": {"inApp": False}}}, who=BEN)
    create(world, LEAH, ownerId="ben", notes=SEE_BEN)
    assert titles(world, "ben") == ["Leah mentioned you in an escrow"]


def noting(world: World) -> tuple[list[Any], list[Any]]:
    """The keys that are read at once from now on, and what is written together."""
    read: list[Any] = []
    written: list[Any] = []
    get_many, transact = world.table.get_many, world.table.transact

    def reading(keys: Any, **options: Any) -> Any:
        read.extend(keys)
        return get_many(keys, **options)

    def writing(writes: Any) -> None:
        written.extend(writes)
        transact(writes)

    world.table.get_many, world.table.transact = reading, writing
    return read, written


def test_a_save_that_concerns_nobody_else_reads_and_writes_nothing_for_it(world: World):
    id_ = create(world, notes=SEE_BEN)
    before = commits(world, "user:ben")
    read, written = noting(world)
    world.records.patch(ESCROWS, AVA, id_, {"city": "Davis"})
    assert not [key for key in read if key["pk"].startswith(("E#", "D#"))]
    assert {write.key["pk"][:1] for write in written} == {"R", "L"}
    assert commits(world, "user:ben") == before


def test_telling_somebody_takes_three_items_and_the_reading_of_their_preferences(world: World):
    id_ = create(world)
    world.log.positions(["user:ben"])
    read, written = noting(world)
    world.records.patch(ESCROWS, LEAH, id_, {"ownerId": "ben"})
    theirs = [(write.key["pk"], write.key["sk"][:5]) for write in written if "user:ben" in write.key["pk"]]
    assert sorted(theirs) == [
        ("E#user:ben", "notif"),
        ("L#user:ben", "C#000"),
        ("L#user:ben", "HEAD"),
    ]
    states = [(key["pk"], key["sk"]) for key in read if key["pk"].startswith("E#")]
    assert states == [("E#user:ben", "preferences#ben")]
    read.clear()
    world.records.patch(ESCROWS, AVA, id_, {"notes": f"{SEE_BEN} @[Mia](mia)"})
    people = sorted(key["sk"] for key in read if key["pk"].startswith("D#broker"))
    assert people == ["user#ben", "user#mia"]


def test_the_words_of_a_mention_are_found_and_not_the_id(world: World):
    create(world, notes="@[Zoë Hart](0199c2a0-0000-7000-8000-00000000beef)")
    world.follow()
    assert len(call(world, "GET", "/search", query={"q": "zoe"})[1]["items"]) == 1
    assert call(world, "GET", "/search", query={"q": "0199c2a0"})[1]["items"] == []


def test_whose_lock_is_taken_over_is_told_unless_they_did_it_themselves(world: World):
    record = world.records.read(ESCROWS, AVA, create(world))
    (step,) = world.notices.lock_taken(LEAH, "ben", ESCROWS, record, NOON)
    world.log.commit(lambda _now: Draft(None, step.events, [step.write]), by="leah")
    assert titles(world, "ben") == ["Leah took over an escrow that you were editing"]
    assert call(world, "GET", "/notifications", who=BEN)[1]["unread"] == 1
    assert list(world.notices.lock_taken(BEN, "ben", ESCROWS, record, NOON)) == []


def test_who_may_not_read_the_record_any_more_hears_nothing_of_its_lock(world: World):
    record = world.records.read(ESCROWS, AVA, create(world))
    for holder in ("mia", "nobody"):
        assert list(world.notices.lock_taken(LEAH, holder, ESCROWS, record, NOON)) == []


@pytest.mark.parametrize(
    ("name", "author"),
    [("Le\u202eah\x07 ", "Le ah"), ("\u202e\x00", "Somebody"), ("x" * 200, f"{'x' * 99}…")],
    ids=["mixed", "unseen", "long"],
)
def test_whatever_is_stored_of_names_is_told_in_one_clean_line(world: World, name: str, author: str):
    id_ = create(world)
    item = world.table.get(record_key("team:north", "escrow", id_))
    assert item is not None
    world.table.write(Put({**item, "property_address": "12\u2067 Harbor\nWay\u202e"}, PRESENT))
    leah = replace(LEAH, name=name)
    world.records.patch(ESCROWS, leah, id_, {"ownerId": "ben"})
    record = world.records.read(ESCROWS, leah, id_)
    (step,) = world.notices.lock_taken(leah, "ben", ESCROWS, record, NOON)
    world.log.commit(lambda _now: Draft(None, step.events, [step.write]), by="leah")
    assert titles(world, "ben") == [
        f"{author} assigned an escrow to you",
        f"{author} took over an escrow that you were editing",
    ]
    assert {each["text"] for each in told(world, "ben")} == {"12  Harbor Way  Sacramento"}


def test_a_failed_task_is_told_once_however_often_it_is_reported(world: World):
    failed = Message(kind="task_failed", level="error", title="The import failed", text="Line 24 has no address.")
    id_ = same_id(NOON, "task", "t-1")
    assert [world.notifications.tell("ben", failed, by="openhouse:tasks", id_=id_) for _ in range(3)] == [
        True,
        False,
        False,
    ]
    assert titles(world, "ben") == ["The import failed"]
    assert events(world, "user:ben")[0]["type"] == "notification:error"
    call(world, "PATCH", "/preferences", {"kinds": {"task_failed": {"inApp": False}}}, who=MIA)
    assert not world.notifications.tell("mia", failed, by="openhouse:tasks", id_=id_)
    assert titles(world, "mia") == []
