"""Duplicates: found with reasons, merged where confirmed, taken apart again."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.core.principal import Principal
from openhouse.tasks.duplicates import AT_ONCE
from openhouse.tasks.kinds import KINDS
from tests.fakes import AVA, BEN, DANA, MIA
from tests.functional.conftest import World
from tests.functional.sockets import found, put
from tests.functional.test_http import call, problem
from tests.functional.test_tasks import begin, do, read, work

PHONE = "+14155550123"


@pytest.fixture
def world() -> World:
    world = World.in_memory()
    found(world)
    put(world, DANA)
    return world


def make(world: World, path: str = "clients", who: Principal = AVA, **fields: Any) -> Any:
    status, record, _ = call(world, "POST", f"/{path}", fields, who=who)
    assert status == 201, record
    return record


def get(world: World, record: Any, path: str = "clients", who: Principal = AVA) -> Any:
    status, found_, _ = call(world, "GET", f"/{path}/{record['id']}", who=who)
    return found_ if status == 200 else None


def looked(world: World, who: Principal = AVA, **input_: Any) -> Any:
    begun = begin(world, "find_duplicates", who=who, **input_)
    work(world)
    return read(world, begun["id"], who=who)


def merged(world: World, task: Any, *pairs: tuple[Any, Any]) -> Any:
    world.follow()
    answer = {"pairs": [{"keep": keep["id"], "drop": drop["id"]} for keep, drop in pairs]} if pairs else {}
    do(world, task["id"], "confirm", {"answer": answer})
    work(world)
    return read(world, task["id"])


def undone(world: World, task: Any) -> Any:
    undoing = do(world, task["id"], "undo")
    work(world)
    return read(world, undoing["id"])


def ids(pairs: Any) -> list[tuple[str, str]]:
    return [(pair["keep"], pair["drop"]) for pair in pairs]


def test_a_same_address_or_number_and_like_names_are_one_person_with_the_reasons(world: World) -> None:
    first = make(world, firstName="Zoë", lastName="Hart", email="zoe@example.com", phone=PHONE, city="Davis")
    second = make(world, firstName="Zoe", lastName="Hart", phones={"a": {"value": "(415) 555-0123"}})
    third = make(world, firstName="Zoë", lastName="Hart")  # a name alone makes nobody sure
    make(world, "leads", firstName="Zoe", lastName="Hart", phone=PHONE)  # a lead is no client
    task = looked(world)
    sure, other = task["proposal"]["pairs"]
    assert (sure["keep"], sure["drop"]) == (first["id"], second["id"])
    assert sure["names"] == ["Hart Zoë", "Hart Zoe"]
    assert sure["reasons"] == [f"both have {PHONE}", "the same name"]
    assert (sure["confidence"], sure["sure"]) == (92, True)
    assert (other["drop"], other["reasons"], other["sure"]) == (third["id"], ["the same name"], False)
    assert task["proposal"]["complete"] is True
    assert task["counts"] == {"compared": 4, "found": 2}
    assert task["message"] == "2 pairs found"


def test_where_there_are_none_there_is_nothing_to_confirm(world: World) -> None:
    make(world, lastName="Hart", phone=PHONE)
    task = looked(world)
    assert (task["status"], task["message"], task["percent"], task["can"]) == (
        "completed",
        "No duplicates found",
        100,
        [],
    )


def test_people_who_share_a_number_are_proposed_but_not_taken_for_sure(world: World) -> None:
    make(world, lastName="Hart", phone=PHONE)
    make(world, lastName="Okafor", phone=PHONE)
    task = looked(world)
    (pair,) = task["proposal"]["pairs"]
    assert pair["sure"] is False
    done = merged(world, task)
    assert done["result"] == {"merged": 0, "moved": 0, "changed": 0, "skipped": 0}


def test_of_several_that_are_one_all_go_into_the_one_that_says_most(world: World) -> None:
    records = [make(world, lastName="Hart", phone=PHONE) for _ in range(3)]
    full = make(world, lastName="Hart", phone=PHONE, city="Davis")
    task = looked(world)
    assert {pair["keep"] for pair in task["proposal"]["pairs"]} == {full["id"]}
    assert sorted(pair["drop"] for pair in task["proposal"]["pairs"]) == sorted(record["id"] for record in records)


def test_the_kept_one_takes_what_it_lacks_and_the_other_goes(world: World) -> None:
    keep = make(
        world, firstName="Zoe", lastName="Hart", email="zoe@example.com", phone=PHONE, city="Davis", notes="One"
    )
    drop = make(
        world,
        lastName="Hart",
        firstName="Zoe",
        company="Hart LLC",
        email="zoe@work.example.com",
        phone=PHONE,
        notes="Two",
        tags={"vip": True},
        state="NV",
    )
    done = merged(world, looked(world), (keep, drop))
    assert (done["status"], done["result"]) == ("completed", {"merged": 1, "moved": 0, "changed": 0, "skipped": 0})
    assert done["message"] == "Merged 1 pair!"
    after = get(world, keep)
    assert (after["email"], after["company"], after["city"], after["tags"]) == (
        "zoe@example.com",
        "Hart LLC",
        "Davis",
        {"vip": True},
    )
    assert "state" not in after  # half of an address fits no other half
    assert after["notes"] == "One\n\nTwo"
    assert [item["value"] for item in after["emails"].values()] == ["zoe@work.example.com"]
    assert after.get("phones", {}) == {}
    assert get(world, drop) is None


def test_what_named_the_one_that_goes_names_the_other(world: World) -> None:
    keep, drop = (make(world, lastName="Hart", phone=PHONE) for _ in range(2))
    escrow = make(world, "escrows", propertyAddress="1 Main St", clientIds={drop["id"]: True})
    visit: Any = {"startsAt": "2026-03-03T12:00:00Z", "endsAt": "2026-03-03T13:00:00Z", "title": "Visit"}
    appointment = make(world, "appointments", clientId=drop["id"], **visit)
    done = merged(world, looked(world), (keep, drop))
    assert done["counts"]["moved"] == 2
    assert get(world, escrow, "escrows")["clientIds"] == {keep["id"]: True}
    assert get(world, appointment, "appointments")["clientId"] == keep["id"]


def test_more_records_than_one_transaction_takes_name_the_other_all_the_same(world: World) -> None:
    keep, drop = (make(world, lastName="Hart", phone=PHONE) for _ in range(2))
    escrows = [make(world, "escrows", propertyAddress=f"{n} Main St", clientIds={drop["id"]: True}) for n in range(40)]
    done = merged(world, looked(world), (keep, drop))
    assert done["result"] == {"merged": 1, "moved": 40, "changed": 0, "skipped": 0}
    assert all(get(world, escrow, "escrows")["clientIds"] == {keep["id"]: True} for escrow in escrows)
    back = undone(world, done)
    assert back["counts"] == {"restored": 41, "left": 0}
    assert all(get(world, escrow, "escrows")["clientIds"] == {drop["id"]: True} for escrow in escrows)


def test_undoing_brings_both_back_as_they_were(world: World) -> None:
    full: Any = {"clientType": "buyer", "city": "Davis", "address": "2 Oak St", "state": "CA", "zip": "95616"}
    keep = make(world, lastName="Hart", phone=PHONE, **full)
    drop = make(world, lastName="Hart", phone=PHONE, email="zoe@example.com", notes="Two", tags={"vip": True})
    third = make(world, lastName="Hart", phone=PHONE, notes="Three")
    escrow = make(world, "escrows", propertyAddress="1 Main St", clientIds={drop["id"]: True, third["id"]: True})
    before = [get(world, record) for record in (keep, drop, third)]
    done = merged(world, looked(world), (keep, drop), (keep, third))
    assert done["result"]["merged"] == 2
    assert get(world, keep)["email"] == "zoe@example.com"
    assert get(world, escrow, "escrows")["clientIds"] == {keep["id"]: True}

    back = undone(world, done)
    assert back["status"] == "completed"
    assert back["result"]["left"] == 0
    changing = ("version", "updatedAt", "updatedBy")
    for known, record in zip(before, (keep, drop, third), strict=True):
        now = get(world, record)
        assert {k: v for k, v in now.items() if k not in changing} == {
            k: v for k, v in known.items() if k not in changing
        }
    assert get(world, escrow, "escrows")["clientIds"] == {drop["id"]: True, third["id"]: True}


def test_undoing_leaves_what_somebody_has_changed_since_and_says_so(world: World) -> None:
    keep, drop = (
        make(world, lastName="Hart", phone=PHONE, city="Davis"),
        make(world, lastName="Hart", phone=PHONE, email="zoe@example.com"),
    )
    done = merged(world, looked(world), (keep, drop))
    call(world, "PATCH", f"/clients/{keep['id']}", {"notes": "mine"})
    back = undone(world, done)
    assert back["counts"] == {"restored": 1, "left": 1}
    assert get(world, keep)["email"] == "zoe@example.com"
    assert get(world, keep)["notes"] == "mine"
    assert get(world, drop)["email"] == "zoe@example.com"


def test_what_has_changed_since_the_proposal_is_not_merged_and_said_so(world: World) -> None:
    pairs = [[make(world, lastName=f"Hart {n}", phone=f"+1415555012{n}") for _ in range(2)] for n in range(3)]
    task = looked(world)
    call(world, "PATCH", f"/clients/{pairs[0][0]['id']}", {"notes": "new"})
    call(world, "DELETE", f"/clients/{pairs[1][1]['id']}")
    done = merged(world, task)
    assert done["result"] == {"merged": 1, "moved": 0, "changed": 2, "skipped": 0}
    assert get(world, pairs[0][1])


def test_a_record_that_somebody_has_locked_is_left_alone(world: World) -> None:
    keep, drop = (make(world, lastName="Hart", phone=PHONE) for _ in range(2))
    task = looked(world)
    assert call(world, "POST", f"/clients/{drop['id']}/lock", who=BEN)[0] == 200
    assert merged(world, task, (keep, drop))["result"]["changed"] == 1
    assert get(world, drop)


def test_nobody_is_shown_or_merges_what_is_not_theirs(world: World) -> None:
    """Mia reads what the whole brokerage sees, and may delete none of it; Ben's private client is nobody else's."""
    make(world, lastName="Hart", phone=PHONE, visibility="broker")
    make(world, lastName="Hart", phone=PHONE, visibility="broker")
    make(world, who=BEN, lastName="Hart", phone=PHONE, visibility="private")
    assert looked(world, MIA)["result"] == {"pairs": [], "complete": True}
    assert len(looked(world)["proposal"]["pairs"]) == 1
    assert len(looked(world, DANA)["proposal"]["pairs"]) == 1


@pytest.mark.parametrize(
    "pairs",
    [[("b", "x")], [("a", "b"), ("a", "b")], [("a", "b"), ("b", "c")], [("a", "c"), ("b", "c")]],
    ids=["unknown", "twice", "kept and gone", "gone twice"],
)
def test_only_what_was_proposed_can_be_confirmed(world: World, pairs: list[tuple[str, str]]) -> None:
    named = {name: make(world, lastName="Hart", phone=PHONE)["id"] for name in "abc"} | {"x": "unknown"}
    task = looked(world)
    answer = {"pairs": [{"keep": named[keep], "drop": named[drop]} for keep, drop in pairs]}
    refused = call(world, "POST", f"/tasks/{task['id']}/confirm", {"answer": answer})
    assert problem(refused) == (422, "invalid")
    assert read(world, task["id"])["status"] == "proposed"


def test_the_other_one_can_be_kept(world: World) -> None:
    keep, drop = make(world, lastName="Hart", phone=PHONE, city="Davis"), make(world, lastName="Hart", phone=PHONE)
    task = looked(world)
    assert ids(task["proposal"]["pairs"]) == [(keep["id"], drop["id"])]
    assert merged(world, task, (drop, keep))["result"]["merged"] == 1
    assert get(world, keep) is None
    assert get(world, drop)["city"] == "Davis"


def test_many_are_looked_through_in_parts_and_only_so_many_pairs_proposed(world: World) -> None:
    for n in range(AT_ONCE // 2 + 5):
        for _ in range(2):
            make(world, lastName=f"Hart {n}", email=f"p{n}@example.com")
    task = looked(world, among=["client"])
    assert len(task["proposal"]["pairs"]) == 60
    assert task["proposal"]["complete"] is False
    assert merged(world, task)["result"]["merged"] == 60
    again = looked(world, among=["client"])
    assert (len(again["proposal"]["pairs"]), again["proposal"]["complete"]) == (AT_ONCE // 2 + 5 - 60, True)


def test_every_kind_is_a_file_that_declares_it() -> None:
    assert [kind.name for kind in KINDS] == [*KINDS.names()]
    assert "find_duplicates" in KINDS.names()
