"""POST /<module>/bulk: many new records and patches in one request, each with a result of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openhouse.api.http import MAX_BODY_BYTES, MAX_BULK_BYTES
from openhouse.core.json_text import compact
from openhouse.core.principal import Principal
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.listings import LISTINGS
from tests.fakes import AVA, BEN, DANA, MIA
from tests.functional.brokerage import TOM, staff
from tests.functional.conftest import World
from tests.functional.logs import commits, types
from tests.functional.replaying import Copy, Truth
from tests.functional.test_http import call, problem

HOUSE = {"propertyAddress": "1 Main St", "purchasePriceCents": 50_000_000}
NORTH = "team:north"
LAMBDA_ANSWER_BYTES = 6 * 1024 * 1024


@pytest.fixture(autouse=True)
def _staffed(world: World) -> None:
    staff(world)


def bulk(world: World, *entries: Any, who: Principal = AVA, path: str = "escrows") -> list[Any]:
    status, answer, _ = call(world, "POST", f"/{path}/bulk", {"entries": list(entries)}, who=who)
    assert (status, list(answer)) == (200, ["results"])
    assert len(answer["results"]) == len(entries)
    return list(answer["results"])


def new(**fields: Any) -> dict[str, Any]:
    return {"record": {**HOUSE, **fields}}


def made(world: World, who: Principal = AVA, **fields: Any) -> str:
    return str(world.records.create(ESCROWS, who, {**HOUSE, **fields})["id"])


def test_new_records_are_answered_in_order_and_told_in_one_commit(world: World) -> None:
    results = bulk(world, *(new(notes=str(number)) for number in range(5)))
    ids = [result["id"] for result in results]
    assert results == [{"status": 201, "id": id_, "version": 1} for id_ in ids]
    records = [world.records.read(ESCROWS, BEN, id_).wire() for id_ in ids]
    assert [record["notes"] for record in records] == list("01234")
    assert [record["escrowNumber"] for record in records] == [f"ESC-2026-{number:03d}" for number in range(1, 6)]
    (commit,) = commits(world, NORTH)
    assert [event["type"] for event in commit["events"]] == ["escrow:created"] * 5 + ["escrow:stats"]
    assert [event["data"]["escrow"] for event in commit["events"][:5]] == records
    assert commit["events"][5]["data"]["changes"] == {"counts": {"opened": 5}, "openVolumeCents": 250_000_000}


def test_patches_and_new_records_may_be_mixed(world: World) -> None:
    first, second = made(world), made(world)
    results = bulk(
        world,
        {"id": second, "changes": {"status": "closed"}},
        new(),
        {"id": first, "changes": {"archived": True}, "version": 1},
    )
    assert [(result["status"], result["version"]) for result in results] == [(200, 2), (201, 1), (200, 2)]
    assert [result["id"] for result in (results[0], results[2])] == [second, first]
    assert types(world, NORTH)[2:] == ["escrow:closed", "escrow:created", "escrow:archived"]


def test_each_entry_stands_for_itself(world: World) -> None:
    mine, other, foreign = made(world), made(world), made(world, MIA)
    entries: list[tuple[Any, int, str]] = [
        (new(), 201, ""),
        (new(colour="red"), 422, "colour"),
        ({"id": mine, "changes": {"notes": "x"}}, 200, ""),
        ({"id": "unknown", "changes": {"notes": "x"}}, 404, ""),
        ({"id": "x" * 2_000, "changes": {"notes": "x"}}, 404, ""),
        ({"id": "", "changes": {"notes": "x"}}, 404, ""),
        ({"id": foreign, "changes": {"notes": "x"}}, 404, ""),
        ({"id": other, "changes": {"notes": "x"}, "version": 7}, 412, ""),
        ({"id": other, "changes": {"propertyAddress": "1 Main St"}}, 200, ""),
        ({"id": other, "changes": {"status": "sold"}}, 422, "status"),
        ({"id": other, "changes": {"teamId": "south"}}, 422, "teamId"),
        ({"id": other, "changes": {"ownerId": "ben"}}, 403, ""),
        (new(status="closed"), 201, ""),
        (new(listingId=mine), 422, "listingId"),
        (new(teamId="south"), 422, "teamId"),
        (new(ownerId="ben"), 403, ""),
        ({"id": other, "changes": {"clientIds": {"unknown": True}}}, 422, "clientIds"),
        (7, 422, "entries"),
        (None, 422, "entries"),
        ([], 422, "entries"),
        ({}, 422, "id"),
        ({"id": mine}, 422, "changes"),
        ({"id": 7, "changes": {}}, 422, "id"),
        ({"id": mine, "changes": [], "version": 1}, 422, "changes"),
        ({"id": mine, "changes": {}, "version": True}, 422, "version"),
        ({"id": mine, "changes": {}, "colour": "red"}, 422, "colour"),
        ({"record": None}, 422, "record"),
        ({**new(), "id": mine}, 422, "id"),
        (new(), 201, ""),
    ]
    results = bulk(world, *(entry for entry, _, _ in entries))
    assert [result["status"] for result in results] == [status for _, status, _ in entries]
    for result, (_, status, field) in zip(results, entries, strict=True):
        if status in (200, 201):
            assert list(result) == ["status", "id", "version"]
        else:
            assert list(result) == ["status", "error"]
            assert {"type", "title", "status", "code", "detail", "retryable"} <= result["error"].keys()
            assert "current" not in result["error"]
            assert (result["error"]["status"], result["error"]["retryable"]) == (status, False)
        if field:
            assert result["error"]["errors"][0]["field"] == field
    truth = Truth(world)
    assert len(truth.records(ESCROWS, NORTH)) == 5
    assert {record["version"] for record in truth.records(ESCROWS, NORTH).values()} == {1, 2}
    assert Copy(world, NORTH).records["escrow"] == truth.records(ESCROWS, NORTH)


@pytest.mark.parametrize("letter", ['"', "\\", "\0", "\N{HOUSE BUILDING}", "x"])
def test_an_answer_about_nothing_but_faults_is_one_that_lambda_sends(world: World, letter: str) -> None:
    wrong = {"record": {f"{letter * 190}{number}": 1 for number in range(20)}}
    entries = [wrong] * min(500, MAX_BULK_BYTES // len(json.dumps(wrong)))
    answer = call(world, "POST", "/escrows/bulk", json.dumps({"entries": entries}))[1]
    assert all(result["error"]["errors"] for result in answer["results"])
    largest = max(len(json.dumps(compact(result), ensure_ascii=False).encode()) for result in answer["results"])
    assert largest * 500 < LAMBDA_ANSWER_BYTES


def test_only_good_entries_take_numbers(world: World) -> None:
    entries = [new(notes=str(number)) if number % 3 else new(colour="red") for number in range(30)]
    entries[1] = new(listingId="unknown")
    bulk(world, *entries)
    assert made(world)
    numbers = sorted(record["escrowNumber"] for record in Truth(world).records(ESCROWS, NORTH).values())
    assert numbers == [f"ESC-2026-{number:03d}" for number in range(1, 21)]


def test_nothing_good_writes_nothing(world: World) -> None:
    before = world.items()
    assert [result["status"] for result in bulk(world, new(colour="red"), 7, {"id": "x", "changes": {}})] == [
        422,
        422,
        404,
    ]
    assert world.items() == before


def test_a_record_may_be_patched_twice(world: World) -> None:
    id_ = made(world)
    results = bulk(
        world,
        {"id": id_, "changes": {"status": "pending"}},
        {"id": id_, "changes": {"notes": "a"}},
        {"id": id_, "changes": {"notes": "b"}, "version": 1},
        {"id": id_, "changes": {"notes": "c"}, "version": 3},
        {"id": id_, "changes": {"status": "closed"}},
        {"id": id_, "changes": {"status": "opened"}},
    )
    assert [(result["status"], result.get("version")) for result in results] == [
        (200, 2),
        (200, 3),
        (412, None),
        (200, 4),
        (200, 5),
        (409, None),
    ]
    record = world.records.read(ESCROWS, AVA, id_).wire()
    assert (record["version"], record["status"], record["notes"]) == (5, "closed", "c")
    assert Copy(world, NORTH).records["escrow"] == {id_: record}


def test_several_rooms_and_moves_between_them(world: World) -> None:
    shared, hidden, given = made(world), made(world, visibility="private"), made(world, BEN)
    results = bulk(
        world,
        {"id": shared, "changes": {"visibility": "broker"}},
        {"id": hidden, "changes": {"visibility": "team"}},
        new(visibility="private"),
        new(visibility="broker"),
        new(),
        {"id": given, "changes": {"visibility": "private"}},
    )
    assert [result["status"] for result in results] == [200, 200, 201, 201, 201, 403]
    given_away = bulk(
        world,
        {"id": given, "changes": {"teamId": "south", "ownerId": "mia"}},
        {"id": shared, "changes": {"ownerId": "tom"}},
        {"id": shared, "changes": {"visibility": "team", "teamId": "south"}},
        who=DANA,
    )
    assert [result["status"] for result in given_away] == [200, 200, 200]
    truth = Truth(world)
    for room in ("user:ava", NORTH, "team:south", "broker:harbor"):
        copy = Copy(world, room)
        assert copy.records["escrow"] == truth.records(ESCROWS, room)
        assert copy.figures["escrow"] == truth.figures(ESCROWS, room)
        assert copy.figures["escrow"].figures == truth.recount(ESCROWS, room)
    assert set(truth.records(ESCROWS, "team:south")) == {given, shared}


def test_someone_in_several_teams_names_one_in_each_entry(world: World) -> None:
    results = bulk(world, new(), new(teamId="north"), new(teamId="south"), who=TOM)
    assert [result["status"] for result in results] == [422, 201, 201]


def test_every_module_has_it(world: World) -> None:
    results = bulk(world, {"record": LISTINGS.example}, {"record": {**LISTINGS.example, "zip": "9"}}, path="listings")
    assert [result["status"] for result in results] == [201, 422]


# Requests that are refused as a whole -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"entries": [new()] * 501}, (422, "entries")),
        ({"entries": []}, (422, "entries")),
        ({"entries": {"0": new()}}, (422, "entries")),
        ({"entries": None}, (422, "entries")),
        ({}, (422, "entries")),
        ({"entries": [new()], "colour": "red"}, (422, "colour")),
    ],
    ids=["501", "none", "an object", "null", "missing", "more"],
)
def test_a_request_that_is_no_list_of_entries_is_refused(world: World, body: Any, expected: tuple[int, str]) -> None:
    before = world.items()
    answer = call(world, "POST", "/escrows/bulk", body, headers={"idempotency-key": "k"})
    assert problem(answer)[0] == expected[0]
    assert [error["field"] for error in answer[1]["errors"]] == [expected[1]]
    assert world.items() == before


def test_a_request_that_is_too_large_or_no_json_is_refused(world: World) -> None:
    before = world.items()
    padding = " " * 3_000_000
    assert problem(call(world, "POST", "/escrows/bulk", f'{{"entries": [1]}}{padding}')) == (413, "too_large")
    assert problem(call(world, "POST", "/escrows/bulk", "[1]")) == (400, "malformed_json")
    assert problem(call(world, "POST", "/escrows/bulk", {"entries": [new()]}, who=None)) == (401, "unauthenticated")
    assert world.items() == before


def test_a_body_may_be_larger_than_that_of_one_record(world: World) -> None:
    results = bulk(world, *(new(notes="n" * 40_000) for _ in range(3)))
    assert [result["status"] for result in results] == [201] * 3


# A record that is too large -----------------------------------------------------------------------------------------

MUCH = "n" * (MAX_BODY_BYTES - 100_000)


def test_notes_of_500_kb_are_refused_as_an_entry_and_keep_no_other_from_being_written(world: World) -> None:
    id_ = made(world)
    results = bulk(world, new(), new(notes=MUCH), {"id": id_, "changes": {"notes": MUCH}}, new())
    assert [result["status"] for result in results] == [201, 422, 422, 201]
    for result in results[1:3]:
        assert result["error"]["errors"] == [{"field": "notes", "message": "must have at most 50000 characters"}]
    assert len(Truth(world).records(ESCROWS, NORTH)) == 3


def test_a_record_beyond_the_limit_of_all_its_fields_is_refused_as_an_entry(world: World) -> None:
    (result,) = bulk(world, new(notes="🏡" * 50_000))
    assert (result["status"], result["error"]["code"]) == (413, "too_large")
    assert Truth(world).records(ESCROWS, NORTH) == {}
