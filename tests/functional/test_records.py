"""Creating, changing, moving and deleting records; every write is one commit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from openhouse.core import errors
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.records import Precondition
from openhouse.storage.idempotency import IdempotencyKey
from tests.fakes import AVA, BEN, DANA, MIA, STRANGER, principal
from tests.functional.conftest import World
from tests.functional.logs import commits, types

HOUSE = {"propertyAddress": "1 Main St", "purchasePriceCents": 50_000_000, "commissionPercent": 2.5}


def test_a_created_record_has_its_audit_fields_and_a_number(world: World) -> None:
    made = world.records.create(ESCROWS, AVA, HOUSE)
    assert made == {
        "id": "id-0001",
        "version": 1,
        "room": "team:north",
        "visibility": "team",
        "teamId": "north",
        "ownerId": "ava",
        "takenOver": False,
        "archived": False,
        "createdAt": "2026-03-02T12:00:00.000Z",
        "createdBy": "ava",
        "updatedAt": "2026-03-02T12:00:00.000Z",
        "updatedBy": "ava",
        "status": "opened",
        "escrowNumber": "ESC-2026-001",
        "propertyAddress": "1 Main St",
        "purchasePriceCents": 50_000_000,
        "commissionPercent": 2.5,
        "country": "US",
        "clientIds": {},
        "timeline": {},
        "checklists": {"loan": {}, "house": {}, "admin": {}},
        "documents": {},
        "files": {},
    }
    assert world.records.read(ESCROWS, BEN, "id-0001").wire() == made


def test_a_create_is_one_commit_holding_the_whole_record(world: World) -> None:
    made = world.records.create(ESCROWS, AVA, HOUSE)
    assert commits(world, "team:north") == [
        {
            "room": "team:north",
            "epoch": "epoch-0001",
            "seq": 1,
            "id": "commit-0001",
            "at": "2026-03-02T12:00:00.000Z",
            "by": "ava",
            "events": [
                {
                    "type": "escrow:created",
                    "data": {"escrowId": "id-0001", "version": 1, "updatedBy": "ava", "escrow": made},
                },
                {
                    "type": "escrow:stats",
                    "data": {
                        "room": "team:north",
                        "version": 1,
                        "changes": {"counts": {"opened": 1}, "openVolumeCents": 50_000_000},
                    },
                },
            ],
        }
    ]


def test_a_patch_commits_only_what_changed(world: World) -> None:
    world.records.create(ESCROWS, AVA, {**HOUSE, "notes": "call back"})
    world.clock.advance(60)
    patch = {"purchasePriceCents": 51_000_000, "propertyAddress": "1 Main St", "notes": None}
    after = world.records.patch(ESCROWS, BEN, "id-0001", patch)
    assert after["version"] == 2
    assert "notes" not in after
    (event, stats) = commits(world, "team:north")[1]["events"]
    assert stats["data"]["changes"] == {"openVolumeCents": 51_000_000}
    assert event == {
        "type": "escrow:updated",
        "data": {
            "escrowId": "id-0001",
            "version": 2,
            "updatedBy": "ben",
            "changes": {
                "version": 2,
                "notes": None,
                "purchasePriceCents": 51_000_000,
                "updatedAt": "2026-03-02T12:01:00.000Z",
                "updatedBy": "ben",
            },
        },
    }


def test_a_patch_that_changes_nothing_writes_nothing(world: World) -> None:
    made = world.records.create(ESCROWS, AVA, HOUSE)
    assert world.records.patch(ESCROWS, AVA, made["id"], {"propertyAddress": "1 Main St"}) == made
    assert len(commits(world, "team:north")) == 1


def test_items_of_a_map_are_changed_one_by_one(world: World) -> None:
    steps = {"apply": {"title": "Apply"}, "sign": {"title": "Sign"}}
    world.records.create(ESCROWS, AVA, {**HOUSE, "checklists": {"loan": steps}})
    patch = {"loan": {"apply": {"done": True}, "sign": None, "fund": {"title": "Fund"}}, "house": {"i": {"title": "I"}}}
    after = world.records.patch(ESCROWS, AVA, "id-0001", {"checklists": patch})
    assert after["checklists"] == {
        "loan": {
            "apply": {"position": "V", "title": "Apply", "done": True},
            "fund": {"position": "W", "title": "Fund", "done": False},
        },
        "house": {"i": {"position": "V", "title": "I", "done": False}},
        "admin": {},
    }
    assert commits(world, "team:north")[-1]["events"][0]["data"]["changes"]["checklists"] == {
        "loan": {"apply": {"done": True}, "sign": None, "fund": {"position": "W", "title": "Fund", "done": False}},
        "house": {"i": {"position": "V", "title": "I", "done": False}},
    }


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({}, "propertyAddress"),
        ({"propertyAddress": "  "}, "propertyAddress"),
        ({**HOUSE, "colour": "red"}, "colour"),
        ({**HOUSE, "property_address": "1 Main St"}, "property_address"),
        ({**HOUSE, "purchasePriceCents": "1"}, "purchasePriceCents"),
        ({**HOUSE, "purchasePriceCents": 1.5}, "purchasePriceCents"),
        ({**HOUSE, "purchasePriceCents": -1}, "purchasePriceCents"),
        ({**HOUSE, "purchasePriceCents": True}, "purchasePriceCents"),
        ({**HOUSE, "commissionPercent": "2.5"}, "commissionPercent"),
        ({**HOUSE, "commissionPercent": 101}, "commissionPercent"),
        ({**HOUSE, "state": "Bavaria"}, "state"),
        ({**HOUSE, "zip": "9"}, "zip"),
        ({**HOUSE, "openedDate": "yesterday"}, "openedDate"),
        ({**HOUSE, "openedDate": 20260101}, "openedDate"),
        ({**HOUSE, "timeline": {"a": {"at": "2026-01-01T00:00:00", "title": "no zone"}}}, "timeline.a.at"),
        ({**HOUSE, "status": "sold"}, "status"),
        ({**HOUSE, "visibility": "world"}, "visibility"),
        ({**HOUSE, "id": "mine"}, "id"),
        ({**HOUSE, "escrowNumber": "ESC-1"}, "escrowNumber"),
        ({**HOUSE, "teamId": "south"}, "teamId"),
        ({**HOUSE, "documents": {"a": {"name": "x", "url": "javascript:alert(1)"}}}, "documents.a.url"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(world: World, document: dict[str, Any], field: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        world.records.create(ESCROWS, AVA, document)
    assert [one["field"] for one in refused.value.extra["errors"]] == [field]
    assert world.items() == []


def test_a_required_field_cannot_be_removed(world: World) -> None:
    world.records.create(ESCROWS, AVA, HOUSE)
    with pytest.raises(errors.Invalid) as refused:
        world.records.patch(ESCROWS, AVA, "id-0001", {"propertyAddress": None})
    assert refused.value.extra["errors"][0]["field"] == "propertyAddress"


@pytest.mark.parametrize("patch", [{"version": 9}, {"room": "team:south"}, {"createdBy": "ben"}, {"escrowNumber": "1"}])
def test_what_the_server_assigns_cannot_be_patched(world: World, patch: dict[str, Any]) -> None:
    world.records.create(ESCROWS, AVA, HOUSE)
    with pytest.raises(errors.Invalid) as refused:
        world.records.patch(ESCROWS, AVA, "id-0001", patch)
    assert [one["field"] for one in refused.value.extra["errors"]] == list(patch)


def test_a_status_moves_only_as_declared(world: World) -> None:
    world.records.create(ESCROWS, AVA, HOUSE)
    assert world.records.patch(ESCROWS, AVA, "id-0001", {"status": "pending"})["status"] == "pending"
    assert world.records.patch(ESCROWS, AVA, "id-0001", {"status": "closed"})["status"] == "closed"
    with pytest.raises(errors.InvalidTransition):
        world.records.patch(ESCROWS, AVA, "id-0001", {"status": "opened"})
    assert types(world, "team:north") == ["escrow:created", "escrow:updated", "escrow:closed"]


def test_archiving_and_restoring_have_events_of_their_own(world: World) -> None:
    world.records.create(ESCROWS, AVA, HOUSE)
    assert world.records.patch(ESCROWS, AVA, "id-0001", {"archived": True})["archived"] is True
    assert world.records.patch(ESCROWS, AVA, "id-0001", {"archived": False})["archived"] is False
    assert types(world, "team:north") == ["escrow:created", "escrow:archived", "escrow:restored"]


def test_a_deleted_record_is_gone_and_its_room_told(world: World) -> None:
    world.records.create(ESCROWS, AVA, HOUSE)
    world.records.delete(ESCROWS, AVA, "id-0001")
    with pytest.raises(errors.NotFound):
        world.records.read(ESCROWS, AVA, "id-0001")
    assert commits(world, "team:north")[1]["events"] == [
        {
            "type": "escrow:deleted",
            "data": {"escrowId": "id-0001", "version": 2, "updatedBy": "ava", "reason": "deleted"},
        },
        {
            "type": "escrow:stats",
            "data": {"room": "team:north", "version": 2, "changes": {"counts": {"opened": 0}, "openVolumeCents": 0}},
        },
    ]


def test_changing_visibility_moves_the_record_in_one_transaction(world: World) -> None:
    made = world.records.create(ESCROWS, AVA, HOUSE)
    moved = world.records.patch(ESCROWS, AVA, made["id"], {"visibility": "broker", "notes": "for all"})
    assert (moved["room"], moved["version"], moved["notes"]) == ("broker:harbor", 2, "for all")
    assert world.records.read(ESCROWS, MIA, made["id"]).wire() == moved
    left, came = commits(world, "team:north")[1], commits(world, "broker:harbor")[0]
    assert left["events"][0]["data"] == {
        "escrowId": made["id"],
        "version": 2,
        "updatedBy": "ava",
        "reason": "moved",
    }
    assert came["events"][0]["type"] == "escrow:created"
    assert came["events"][0]["data"]["escrow"] == moved
    assert [item["sk"]["S"] for item in world.items("R#")] == ["escrow#" + made["id"]]


def test_a_private_record_is_its_owners_alone_and_returns_to_its_team(world: World) -> None:
    made = world.records.create(ESCROWS, AVA, {**HOUSE, "visibility": "private"})
    assert made["room"] == "user:ava"
    for other in (BEN, DANA, MIA):
        with pytest.raises(errors.NotFound):
            world.records.read(ESCROWS, other, made["id"])
    assert world.records.patch(ESCROWS, AVA, made["id"], {"visibility": "team"})["room"] == "team:north"


def test_only_the_owner_makes_a_record_private_and_only_a_lead_or_broker_shares_anothers(world: World) -> None:
    made = world.records.create(ESCROWS, AVA, HOUSE)
    for who, to in ((BEN, "private"), (DANA, "private"), (BEN, "broker")):
        with pytest.raises(errors.Forbidden):
            world.records.patch(ESCROWS, who, made["id"], {"visibility": to})
    assert world.records.patch(ESCROWS, DANA, made["id"], {"visibility": "broker"})["ownerId"] == "ava"


def test_a_record_does_not_follow_its_owner_into_a_team_they_have_left(world: World) -> None:
    made = world.records.create(ESCROWS, AVA, {**HOUSE, "visibility": "private"})
    moved = principal("ava", "south")
    with pytest.raises(errors.Forbidden):
        world.records.patch(ESCROWS, moved, made["id"], {"visibility": "team"})
    assert commits(world, "team:north") == []
    shared = world.records.patch(ESCROWS, moved, made["id"], {"visibility": "team", "teamId": "south"})
    assert (shared["room"], shared["teamId"]) == ("team:south", "south")


def test_a_record_of_no_team_can_be_given_to_one_later(world: World) -> None:
    made = world.records.create(ESCROWS, DANA, {**HOUSE, "visibility": "broker"})
    assert "teamId" not in made
    with pytest.raises(errors.Invalid):
        world.records.patch(ESCROWS, DANA, made["id"], {"visibility": "team", "teamId": "west"})
    assert world.records.patch(ESCROWS, DANA, made["id"], {"visibility": "team", "teamId": "north"})["version"] == 2


@pytest.mark.parametrize("field", ["visibility", "status", "archived"])
def test_removing_a_field_does_not_bring_back_its_default(world: World, field: str) -> None:
    made = world.records.create(ESCROWS, AVA, {**HOUSE, "visibility": "private"})
    with pytest.raises(errors.Invalid) as refused:
        world.records.patch(ESCROWS, AVA, made["id"], {field: None})
    assert refused.value.extra["errors"][0]["field"] == field
    assert world.records.read(ESCROWS, AVA, made["id"]).room == "user:ava"


def test_sending_a_moment_again_changes_nothing(world: World) -> None:
    exact = {"timeline": {"walk": {"at": "2026-03-02T14:00:00.123456+02:00", "title": "Walk"}}}
    made = world.records.create(ESCROWS, AVA, {**HOUSE, **exact})
    assert made["timeline"]["walk"]["at"] == "2026-03-02T12:00:00.123Z"
    assert world.records.patch(ESCROWS, AVA, made["id"], exact) == made


def test_someone_in_several_teams_must_name_one(world: World) -> None:
    with pytest.raises(errors.Invalid):
        world.records.create(ESCROWS, DANA, HOUSE)
    assert world.records.create(ESCROWS, DANA, {**HOUSE, "teamId": "south"})["room"] == "team:south"


def test_a_record_that_moves_while_it_is_read_is_found_all_the_same(world: World) -> None:
    made = world.records.create(ESCROWS, AVA, HOUSE)
    get_many = world.table.get_many

    def torn(keys: Any, **_: Any) -> Any:
        """Reads the room it comes to before the move, and the room it leaves afterwards."""
        world.table.get_many = get_many
        early = get_many([key for key in keys if "broker:" in key["pk"]])
        world.records.patch(ESCROWS, AVA, made["id"], {"visibility": "broker"})
        return early + get_many([key for key in keys if "broker:" not in key["pk"]])

    world.table.get_many = torn
    assert world.records.read(ESCROWS, AVA, made["id"]).room == "broker:harbor"


@pytest.mark.parametrize("act", ["read", "patch", "delete"])
@pytest.mark.parametrize("who", [MIA, STRANGER])
def test_anothers_record_does_not_exist(world: World, act: str, who: Any) -> None:
    made = world.records.create(ESCROWS, AVA, HOUSE)
    arguments: tuple[Any, ...] = ({"notes": "x"},) if act == "patch" else ()
    with pytest.raises(errors.NotFound):
        getattr(world.records, act)(ESCROWS, who, made["id"], *arguments)


def test_a_stale_version_is_refused_with_the_current_record(world: World) -> None:
    world.records.create(ESCROWS, AVA, HOUSE)
    current = world.records.patch(ESCROWS, AVA, "id-0001", {"notes": "one"})
    with pytest.raises(errors.StaleVersion) as refused:
        world.records.patch(ESCROWS, BEN, "id-0001", {"notes": "two"}, precondition=Precondition(frozenset({1})))
    assert refused.value.extra["current"] == current
    with pytest.raises(errors.StaleVersion):
        world.records.delete(ESCROWS, BEN, "id-0001", precondition=Precondition(frozenset({1})))
    assert (
        world.records.patch(ESCROWS, BEN, "id-0001", {"notes": "two"}, precondition=Precondition(frozenset({1, 2})))[
            "version"
        ]
        == 3
    )


def test_a_repeated_request_writes_once_and_answers_the_same(world: World) -> None:
    request = IdempotencyKey.of("ava", "key", "POST", "body")
    first = world.records.create(ESCROWS, AVA, HOUSE, request)
    world.records.patch(ESCROWS, BEN, first["id"], {"notes": "since"})
    assert world.records.create(ESCROWS, AVA, HOUSE, request) == first
    assert len(commits(world, "team:north")) == 2


def test_a_repeated_request_tells_nothing_to_whom_the_record_is_out_of_reach_now(world: World) -> None:
    both = principal("tom", "north", "south")
    creation, change = IdempotencyKey.of("tom", "1", "POST"), IdempotencyKey.of("tom", "2", "PATCH")
    made = world.records.create(ESCROWS, both, {**HOUSE, "teamId": "north"}, creation)
    world.records.patch(ESCROWS, both, made["id"], {"notes": "secret"}, idempotency_key=change)
    moved = principal("tom", "south")
    with pytest.raises(errors.NotFound):
        world.records.create(ESCROWS, moved, HOUSE, creation)
    with pytest.raises(errors.NotFound):
        world.records.patch(ESCROWS, moved, made["id"], {"notes": "secret"}, idempotency_key=change)
    assert world.records.create(ESCROWS, both, HOUSE, creation) == made


def test_a_request_that_changed_nothing_is_remembered_too(world: World) -> None:
    made = world.records.create(ESCROWS, AVA, {**HOUSE, "city": "Alameda"})
    request = IdempotencyKey.of("ava", "key", "PATCH", "alameda")
    assert world.records.patch(ESCROWS, AVA, made["id"], {"city": "Alameda"}, idempotency_key=request) == made
    world.records.patch(ESCROWS, BEN, made["id"], {"city": "Oakland"})
    assert world.records.patch(ESCROWS, AVA, made["id"], {"city": "Alameda"}, idempotency_key=request) == made
    assert world.records.read(ESCROWS, AVA, made["id"]).wire()["city"] == "Oakland"
    with pytest.raises(errors.IdempotencyMismatch):
        world.records.patch(
            ESCROWS,
            AVA,
            made["id"],
            {"city": "Albany"},
            idempotency_key=IdempotencyKey.of("ava", "key", "PATCH", "albany"),
        )
    assert len(commits(world, "team:north")) == 2


def test_a_key_of_another_request_is_refused(world: World) -> None:
    world.records.create(ESCROWS, AVA, HOUSE, IdempotencyKey.of("ava", "key", "POST", "body"))
    with pytest.raises(errors.IdempotencyMismatch):
        world.records.create(ESCROWS, AVA, HOUSE, IdempotencyKey.of("ava", "key", "POST", "other"))
    other_user = world.records.create(ESCROWS, BEN, HOUSE, IdempotencyKey.of("ben", "key", "POST", "other"))
    assert other_user["id"] == "id-0002"


def test_a_key_may_be_used_again_after_a_day(world: World) -> None:
    request = IdempotencyKey.of("ava", "key", "POST", "body")
    world.records.create(ESCROWS, AVA, HOUSE, request)
    world.clock.at += timedelta(days=1)
    assert world.records.create(ESCROWS, AVA, HOUSE, request)["id"] == "id-0002"


def test_a_repeated_delete_and_patch_are_remembered_too(world: World) -> None:
    world.records.create(ESCROWS, AVA, HOUSE)
    change, removal = IdempotencyKey.of("ava", "1", "PATCH"), IdempotencyKey.of("ava", "2", "DELETE")
    first = world.records.patch(ESCROWS, AVA, "id-0001", {"notes": "x"}, idempotency_key=change)
    assert world.records.patch(ESCROWS, AVA, "id-0001", {"notes": "x"}, idempotency_key=change) == first
    world.records.delete(ESCROWS, AVA, "id-0001", idempotency_key=removal)
    world.records.delete(ESCROWS, AVA, "id-0001", idempotency_key=removal)
    assert len(commits(world, "team:north")) == 3


def test_numbers_run_per_brokerage_and_year_without_gaps(world: World) -> None:
    zed = principal("zed", "west", brokerage_id="other")
    numbers = [world.records.create(ESCROWS, who, HOUSE)["escrowNumber"] for who in (AVA, MIA, zed, AVA)]
    assert numbers == ["ESC-2026-001", "ESC-2026-002", "ESC-2026-001", "ESC-2026-003"]
    with pytest.raises(errors.Invalid):
        world.records.create(ESCROWS, AVA, {})
    world.clock.at += timedelta(days=365)
    assert world.records.create(ESCROWS, AVA, HOUSE)["escrowNumber"] == "ESC-2027-001"
    world.clock.at -= timedelta(days=365)
    assert world.records.create(ESCROWS, AVA, HOUSE)["escrowNumber"] == "ESC-2026-004"


def test_two_teams_that_race_for_a_number_get_two_in_a_row(world: World) -> None:
    world.records.create(ESCROWS, AVA, HOUSE)
    get = world.table.get

    def overtaken(key: Any, *, consistent: bool = True) -> Any:
        found = get(key, consistent=consistent)
        if key["pk"].startswith("N#"):
            world.table.get = get
            world.records.create(ESCROWS, MIA, HOUSE)  # in another room, so only the counter stands in the way
        return found

    world.table.get = overtaken
    assert world.records.create(ESCROWS, AVA, HOUSE)["escrowNumber"] == "ESC-2026-003"


def test_an_oversized_change_is_told_by_reference(world: World) -> None:
    world.records.create(ESCROWS, AVA, HOUSE)
    world.records.patch(ESCROWS, AVA, "id-0001", {"notes": "n" * 40_000})
    (event,) = commits(world, "team:north")[1]["events"]
    assert event["data"] == {"escrowId": "id-0001", "version": 2, "updatedBy": "ava", "ref": True}


def test_an_oversized_record_is_refused_and_nothing_is_written(world: World) -> None:
    world.records.create(ESCROWS, AVA, HOUSE)
    papers = {f"p{number}": {"name": "x", "url": "https://example.test/" + "p" * 1_900} for number in range(120)}
    with pytest.raises(errors.TooLarge):
        world.records.patch(ESCROWS, AVA, "id-0001", {"documents": papers})
    assert len(commits(world, "team:north")) == 1
