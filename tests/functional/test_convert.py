"""POST /leads/{id}/convert: a lead takes its last status and a client begins from it, in one commit."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.api.http import MAX_BODY_BYTES
from openhouse.core.principal import Principal
from openhouse.crm.modules.leads import LEADS
from tests.fakes import AVA, BEN, DANA, MIA, STRANGER, principal
from tests.functional.brokerage import LEE, LOU, TOM, hire, staff
from tests.functional.conftest import World
from tests.functional.logs import commits, texts
from tests.functional.test_http import call, problem

SAM = {**LEADS.example, "email": "sam@demo.test", "tags": {"first home": True}, "notes": "met at the open house"}
NORTH = "team:north"


@pytest.fixture(autouse=True)
def _staffed(world: World) -> None:
    staff(world)


def qualified(world: World, who: Principal = AVA, **fields: Any) -> str:
    lead = world.records.create(LEADS, who, {**SAM, **fields})
    return str(world.records.patch(LEADS, who, lead["id"], {"status": "qualified"})["id"])


def convert(world: World, id_: str, body: Any = None, **options: Any) -> tuple[int, Any, dict[str, str]]:
    return call(world, "POST", f"/leads/{id_}/convert", body, **options)


def converted(world: World, id_: str, body: Any = None, **options: Any) -> tuple[Any, Any]:
    """The lead and the client."""
    status, both, _ = convert(world, id_, body, **options)
    assert status == 201
    assert both.keys() == {"lead", "client"}
    return both["lead"], both["client"]


def refused(world: World, id_: str, body: Any = None, **options: Any) -> tuple[int, str, list[str]]:
    """Status, code and the named fields. Nothing is written."""
    before = world.items()
    answer = convert(world, id_, body, **options)
    assert world.items() == before
    return *problem(answer), [error["field"] for error in answer[1].get("errors", [])]


def as_told(record: dict[str, Any]) -> dict[str, Any]:
    """Without what only the caller of a request is told."""
    return {name: value for name, value in record.items() if name != "can"}


def test_a_lead_becomes_a_client_in_one_commit(world: World) -> None:
    id_ = qualified(world)
    lead, client = converted(world, id_)
    assert (lead["status"], lead["clientId"], lead["version"]) == ("converted", client["id"], 3)
    handed_on = {"firstName": "Sam", "lastName": "Ortiz", "phone": "+19165550144", "email": "sam@demo.test"}
    assert client.items() >= {**handed_on, "tags": {"first home": True}, "notes": "met at the open house"}.items()
    assert (client["version"], client["status"], client["createdBy"]) == (1, "active", "ava")
    assert (client["ownerId"], client["teamId"], client["room"]) == ("ava", "north", NORTH)
    told = {event["type"]: event["data"] for event in commits(world, NORTH)[-1]["events"]}
    assert list(told) == ["lead:converted", "client:created", "lead:stats", "client:stats"]
    assert told["lead:converted"]["changes"].items() >= {"status": "converted", "clientId": client["id"]}.items()
    assert told["client:created"]["client"] == as_told(client)
    assert told["lead:stats"]["changes"] == {"counts": {"qualified": 0, "converted": 1}}
    assert told["client:stats"]["changes"] == {"counts": {"active": 1}}
    assert len(commits(world, NORTH)) == 3
    assert as_told(call(world, "GET", f"/leads/{id_}", who=BEN)[1]) == as_told(lead)
    assert as_told(call(world, "GET", f"/clients/{client['id']}", who=BEN)[1]) == as_told(client)


@pytest.mark.parametrize("body", [None, "", "  ", {}])
def test_a_body_is_optional(world: World, body: Any) -> None:
    assert converted(world, qualified(world), body)[1]["firstName"] == "Sam"


def test_a_body_overrides_and_adds_fields(world: World) -> None:
    body = {"firstName": "Samuel", "notes": None, "clientType": "buyer", "visibility": "broker"}
    lead, client = converted(world, qualified(world), body)
    assert (client["firstName"], client["lastName"], client["clientType"]) == ("Samuel", "Ortiz", "buyer")
    assert "notes" not in client
    assert (client["room"], lead["room"], lead["firstName"]) == ("broker:harbor", NORTH, "Sam")


def test_a_name_that_a_client_needs_is_asked_for(world: World) -> None:
    id_ = qualified(world, firstName=None, lastName="")
    assert refused(world, id_) == (422, "invalid", ["lastName"])
    assert converted(world, id_, {"company": "Ortiz Family Trust"})[1]["company"] == "Ortiz Family Trust"


def test_the_client_may_begin_in_another_status(world: World) -> None:
    lead, client = converted(world, qualified(world), {"status": "under_contract", "notes": ""})
    assert (lead["status"], client["status"]) == ("converted", "under_contract")
    assert "notes" not in client


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"colour": "red"}, (422, "invalid", ["colour"])),
        ({"id": "mine"}, (422, "invalid", ["id"])),
        ({"budgetCents": 5}, (422, "invalid", ["budgetCents"])),
        ({"status": "gone"}, (422, "invalid", ["status"])),
        ({"ownerId": "ben"}, (403, "forbidden", [])),
        ({"teamId": "south"}, (422, "invalid", ["teamId"])),
        ("[]", (400, "malformed_json", [])),
        ("{", (400, "malformed_json", [])),
        ('{"notes": "' + "x" * MAX_BODY_BYTES + '"}', (413, "too_large", [])),
    ],
)
def test_a_body_that_no_client_can_begin_with_writes_nothing(world: World, body: Any, expected: Any) -> None:
    assert refused(world, qualified(world), body) == expected


def test_only_a_qualified_lead_is_converted_and_only_once(world: World) -> None:
    fresh = world.records.create(LEADS, AVA, SAM)["id"]
    assert refused(world, fresh) == (409, "invalid_transition", [])
    id_ = qualified(world)
    converted(world, id_)
    assert refused(world, id_) == (409, "invalid_transition", [])


def test_a_repeat_under_the_same_key_is_answered_the_same(world: World) -> None:
    id_, key = qualified(world), {"idempotency-key": "k"}
    first = convert(world, id_, headers=key)
    assert first[0] == 201
    assert convert(world, id_, headers=key) == first
    assert problem(convert(world, id_, {"firstName": "S"}, headers=key)) == (409, "idempotency_mismatch")
    assert len(world.items("R#")) == 2


def test_an_if_match_is_about_the_lead(world: World) -> None:
    id_ = qualified(world)
    assert refused(world, id_, headers={"if-match": '"1"'}) == (412, "stale_version", [])
    assert converted(world, id_, headers={"if-match": '"2"'})[0]["version"] == 3


@pytest.mark.parametrize("who", [MIA, STRANGER], ids=["south", "stranger"])
def test_anothers_lead_does_not_exist(world: World, who: Principal) -> None:
    assert refused(world, qualified(world), who=who) == (404, "not_found", [])
    assert refused(world, "unknown", who=who) == (404, "not_found", [])


def test_other_modules_convert_nothing(world: World) -> None:
    assert problem(call(world, "POST", "/clients/1/convert")) == (404, "not_found")


# Whose the client is ------------------------------------------------------------------------------------------------


def test_what_was_private_stays_private(world: World) -> None:
    lead, client = converted(world, qualified(world, visibility="private"))
    assert (lead["room"], client["room"], client["visibility"]) == ("user:ava", "user:ava", "private")
    assert commits(world, NORTH) == []
    assert problem(call(world, "GET", f"/clients/{client['id']}", who=BEN)) == (404, "not_found")


def test_the_client_keeps_the_leads_owner_whoever_converts(world: World) -> None:
    client = converted(world, qualified(world), who=BEN)[1]
    assert (client["ownerId"], client["createdBy"], client["room"]) == ("ava", "ben", NORTH)


def test_the_client_keeps_the_leads_team_whoever_converts(world: World) -> None:
    for lead in (qualified(world, visibility="broker"), qualified(world, TOM, teamId="north")):
        client = converted(world, lead, who=DANA if lead == "id-0001" else TOM)[1]
        assert client["teamId"] == "north"


def test_a_lead_that_one_may_only_read_is_not_converted(world: World) -> None:
    assert refused(world, qualified(world, visibility="broker"), {}, who=MIA)[:2] == (403, "forbidden")


def test_a_brokerage_wide_lead_without_a_team_is_converted_by_its_owner(world: World) -> None:
    lead, client = converted(world, qualified(world, DANA, visibility="broker"), who=DANA)
    assert ("teamId" in lead, client["ownerId"], client["room"]) == (False, "dana", "broker:harbor")
    assert "teamId" not in client


def test_the_lead_of_someone_who_has_left_is_converted_all_the_same(world: World) -> None:
    gone, moved = qualified(world), qualified(world, BEN)
    world.directory.remove_user("harbor", "ava")
    hire(world, principal("ben", "south"))
    assert converted(world, gone, who=LEE)[1]["ownerId"] == "ava"
    assert converted(world, moved, who=LEE)[1]["ownerId"] == "ben"


def test_a_lead_names_another_owner_for_the_client(world: World) -> None:
    assert converted(world, qualified(world), {"ownerId": "ben"}, who=LEE)[1]["ownerId"] == "ben"
    assert refused(world, qualified(world), {"ownerId": "mia"}, who=LEE) == (422, "invalid", ["ownerId"])
    assert refused(world, qualified(world), {"ownerId": "nobody"}, who=LEE) == (422, "invalid", ["ownerId"])


def test_the_client_may_go_where_a_patch_could_bring_the_lead(world: World) -> None:
    """And nowhere else: neither into anothers' private room, nor to the whole brokerage, nor to oneself."""
    id_ = qualified(world)
    for body in ({"visibility": "private"}, {"visibility": "broker"}, {"ownerId": "ben"}):
        assert refused(world, id_, body, who=BEN) == (403, "forbidden", [])
    assert refused(world, id_, {"visibility": "private"}, who=LEE) == (403, "forbidden", [])
    assert converted(world, id_, {"visibility": "private"}, who=AVA)[1]["room"] == "user:ava"
    client = converted(world, qualified(world), {"teamId": "south", "ownerId": "mia"}, who=LOU)[1]
    assert (client["room"], client["ownerId"]) == ("team:south", "mia")


def test_a_client_in_another_room_is_told_there_in_the_same_transaction(world: World) -> None:
    id_ = qualified(world)
    client = converted(world, id_, {"visibility": "broker"})[1]
    north, harbor = commits(world, NORTH)[-1], commits(world, "broker:harbor")[-1]
    assert [event["type"] for event in north["events"]] == ["lead:converted", "lead:stats"]
    assert [event["type"] for event in harbor["events"]] == ["client:created", "client:stats"]
    assert harbor["events"][0]["data"]["client"] == as_told(client)


def test_the_commit_of_a_lead_with_much_to_tell_fits_into_a_frame(world: World) -> None:
    id_ = qualified(world, notes="n" * 29_000)
    converted(world, id_)
    assert len(texts(world, NORTH)[-1].encode()) <= 32_000
