"""Every module's records: how they begin, which statuses may follow which, what is told of it, and their own rules."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.core.errors import Invalid, InvalidTransition
from openhouse.core.merge_patch import merge
from openhouse.crm.list_query import ListQuery
from openhouse.crm.module import NON_NULLABLE, Module
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.storage.keys import record_key
from tests.fakes import AVA, BEN
from tests.functional.conftest import TABLES, World
from tests.functional.logs import events, types
from tests.functional.test_http import call, problem

# As the domain has them, each status with those that may follow; the first one is the default.
DOMAIN = {
    "escrow": """
        opened -> pending, closed, cancelled; pending -> opened, closed, cancelled; closed -> ; cancelled -> opened""",
    "listing": """
        active -> pending, sold, withdrawn, expired; coming_soon -> active, withdrawn;
        pending -> active, sold, withdrawn, expired; sold -> ; withdrawn -> active; expired -> active, withdrawn""",
    "client": """
        active -> prospecting, under_contract, closed, inactive, lost; prospecting -> active, under_contract, lost;
        under_contract -> closed, active, lost; closed -> active; inactive -> active, lost; lost -> active""",
    "appointment": """
        scheduled -> confirmed, completed, cancelled, no_show; confirmed -> completed, cancelled, no_show;
        completed -> ; cancelled -> scheduled; no_show -> scheduled""",
    "lead": """
        new -> contacted, qualified, unqualified, lost; contacted -> qualified, unqualified, lost;
        qualified -> converted, unqualified, lost; unqualified -> contacted; lost -> contacted; converted -> """,
}
VERBS = {
    ("escrow", "closed"): "escrow:closed",
    ("listing", "sold"): "listing:sold",
    ("appointment", "completed"): "appointment:completed",
    ("appointment", "cancelled"): "appointment:cancelled",
    ("lead", "converted"): "lead:converted",
}
SOLD = {"soldPriceCents": 40_000_000, "soldDate": "2026-03-01"}
MOVES = {
    noun: {
        source.strip(): {target.strip() for target in targets.split(",") if target.strip()}
        for source, targets in (line.split("->") for line in text.split(";"))
    }
    for noun, text in DOMAIN.items()
}

every_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)


def begun(world: World, module: Module, **fields: Any) -> str:
    sold = SOLD if module is LISTINGS else {}
    return str(world.records.create(module, AVA, {**module.example, **sold, **fields})["id"])


def figures(world: World, module: Module) -> Any:
    return call(world, "GET", f"/{module.path}/stats")[1]["total"]


def brought_to(world: World, module: Module, status: str) -> str:
    """The id of a new record in that status."""
    if status == "converted":
        id_ = brought_to(world, module, "qualified")
        world.records.patch(module, AVA, id_, {"status": status})
        return id_
    return begun(world, module, status=status)


@every_module
def test_a_record_begins_as_the_module_shows_it(world: World, module: Module) -> None:
    status, made, headers = call(world, "POST", f"/{module.path}", module.example)
    assert (status, headers["etag"]) == (201, '"1"')
    made.pop("can")
    assert merge(made, module.example) == made
    assert made["status"] == next(iter(MOVES[module.noun]))
    assert (made["room"], made["ownerId"], made["version"]) == ("team:north", "ava", 1)
    created = events(world, "team:north")[0]
    assert created["type"] == f"{module.noun}:created"
    assert created["data"][module.noun] == made
    assert created["data"][f"{module.noun}Id"] == made["id"]
    seen = {**made, "can": ["edit"]}
    assert call(world, "GET", f"/{module.path}/{made['id']}", who=BEN)[1] == seen
    assert call(world, "GET", f"/{module.path}", who=BEN)[1]["items"] == [seen]


@every_module
def test_every_move_of_the_domain_works_and_is_told_by_its_verb(world: World, module: Module) -> None:
    for status, targets in MOVES[module.noun].items():
        for target in sorted(targets):
            id_ = brought_to(world, module, status)
            after = world.records.patch(module, BEN, id_, {"status": target})
            assert after["status"] == target
            assert world.records.read(module, AVA, id_).wire() == after
            assert types(world, "team:north")[-1] == VERBS.get((module.noun, target), f"{module.noun}:updated")


@every_module
def test_every_other_move_is_refused_and_writes_nothing(world: World, module: Module) -> None:
    for status, targets in MOVES[module.noun].items():
        id_ = brought_to(world, module, status)
        before = world.items()
        for target in sorted(MOVES[module.noun].keys() - targets - {status}):
            with pytest.raises(InvalidTransition) as refused:
                world.records.patch(module, AVA, id_, {"status": target})
            for allowed in targets:
                assert allowed in refused.value.message
        assert world.records.patch(module, AVA, id_, {"status": status})["status"] == status
        assert world.items() == before


@every_module
def test_a_record_begins_in_any_status_and_is_counted_there(world: World, module: Module) -> None:
    for status in MOVES[module.noun].keys() - {"converted"}:
        before = figures(world, module)["counts"][status]
        id_ = begun(world, module, status=status)
        assert world.records.read(module, AVA, id_).status == status
        assert figures(world, module)["counts"][status] == before + 1
        assert types(world, "team:north")[-1] == f"{module.noun}:created"


def test_a_closed_escrow_may_begin_with_its_commission(world: World) -> None:
    begun(world, ESCROWS, status="closed", actualCloseDate="2026-02-27")
    assert figures(world, ESCROWS)["commissionCents"] == {"2026-02": 1_062_500}


def test_a_lead_becomes_converted_only_by_being_converted(world: World) -> None:
    answer = call(world, "POST", "/leads", {**LEADS.example, "status": "converted"})
    assert problem(answer) == (422, "invalid")
    assert answer[1]["errors"] == [{"field": "status", "message": "a lead becomes converted only by being converted"}]
    assert world.items("R#") == []


def test_the_rules_of_a_status_hold_for_what_begins_in_it(world: World) -> None:
    answer = call(world, "POST", "/listings", {**LISTINGS.example, "status": "sold"})
    assert [error["field"] for error in answer[1]["errors"]] == ["soldPriceCents", "soldDate"]


@every_module
def test_a_status_that_the_module_does_not_have_is_named(world: World, module: Module) -> None:
    id_ = begun(world, module)
    for refused in (
        call(world, "POST", f"/{module.path}", {**module.example, "status": "frozen"}),
        call(world, "PATCH", f"/{module.path}/{id_}", {"status": "frozen"}),
    ):
        assert problem(refused) == (422, "invalid")
        assert [error["field"] for error in refused[1]["errors"]] == ["status"]


@every_module
def test_archiving_is_apart_from_the_status(world: World, module: Module) -> None:
    id_ = begun(world, module)
    path = f"/{module.path}/{id_}"
    status, archived, headers = call(world, "POST", f"{path}/archive", headers={"if-match": '"1"'})
    assert (status, archived["archived"], headers["etag"]) == (200, True, '"2"')
    assert archived["status"] == next(iter(MOVES[module.noun]))
    assert call(world, "POST", f"{path}/archive")[1] == archived
    assert problem(call(world, "POST", f"{path}/restore", headers={"if-match": '"1"'})) == (412, "stale_version")
    assert call(world, "POST", f"{path}/restore")[1]["archived"] is False
    noun = module.noun
    assert types(world, "team:north") == [f"{noun}:created", f"{noun}:archived", f"{noun}:restored"]


@every_module
def test_a_deleted_record_is_told_and_gone(world: World, module: Module) -> None:
    id_ = begun(world, module)
    assert call(world, "DELETE", f"/{module.path}/{id_}")[0] == 204
    assert problem(call(world, "GET", f"/{module.path}/{id_}")) == (404, "not_found")
    assert types(world, "team:north") == [f"{module.noun}:created", f"{module.noun}:deleted"]


# The modules' own rules ---------------------------------------------------------------------------------------------


def refusal(world: World, module: Module, patch: dict[str, Any], *, of: str | None = None) -> list[tuple[str, str]]:
    """What a patch of a new record is refused with. Nothing is written."""
    id_ = of or begun(world, module)
    before = world.items()
    with pytest.raises(Invalid) as refused:
        world.records.patch(module, AVA, id_, patch)
    assert world.items() == before
    return [(error["field"], error["message"]) for error in refused.value.extra["errors"]]


@pytest.mark.parametrize(
    "patch",
    [
        {"endsAt": "2026-03-04T18:00:00Z"},
        {"endsAt": "2026-03-04T17:59:59.999Z"},
        {"startsAt": "2026-03-04T18:45:00Z"},
        {"startsAt": "2026-03-04T12:00:00-07:00"},
        {"startsAt": "2026-03-05T18:00:00Z", "endsAt": "2026-03-05T17:00:00Z"},
    ],
)
def test_an_appointment_ends_after_it_starts(world: World, patch: dict[str, Any]) -> None:
    assert refusal(world, APPOINTMENTS, patch) == [("endsAt", "must be after startsAt")]
    with pytest.raises(Invalid):
        world.records.create(APPOINTMENTS, AVA, {**APPOINTMENTS.example, **patch})


def test_an_appointment_moves_as_a_whole(world: World) -> None:
    patch = {"startsAt": "2026-03-05T20:00:00.000Z", "endsAt": "2026-03-05T20:30:00.000Z"}
    assert world.records.patch(APPOINTMENTS, AVA, begun(world, APPOINTMENTS), patch).items() >= patch.items()


def test_a_lead_can_be_reached(world: World) -> None:
    message = ("email", "a lead needs an e-mail address or a phone number")
    assert refusal(world, LEADS, {"phone": None}) == [message]
    with pytest.raises(Invalid):
        world.records.create(LEADS, AVA, {"firstName": "Sam"})
    id_ = begun(world, LEADS)
    assert "phone" not in world.records.patch(LEADS, AVA, id_, {"phone": None, "email": "sam@demo.test"})
    assert refusal(world, LEADS, {"email": None}, of=id_) == [message]


def test_a_sold_listing_has_a_price_and_a_date(world: World) -> None:
    id_ = world.records.create(LISTINGS, AVA, LISTINGS.example)["id"]
    message = "is needed for a listing to be sold"
    price, date = (("soldPriceCents", message), ("soldDate", message))
    assert refusal(world, LISTINGS, {"status": "sold"}, of=id_) == [price, date]
    assert refusal(world, LISTINGS, {"status": "sold", "soldDate": "2026-03-01"}, of=id_) == [price]
    assert world.records.patch(LISTINGS, AVA, id_, {"status": "sold", **SOLD})["version"] == 2
    assert refusal(world, LISTINGS, {"soldPriceCents": None}, of=id_) == [price]
    assert refusal(world, LISTINGS, {"soldDate": None}, of=id_) == [date]


@pytest.mark.parametrize(
    ("module", "fields"),
    [
        (LISTINGS, {"address", "city", "state", "zip"}),
        (APPOINTMENTS, {"title", "startsAt", "endsAt"}),
    ],
    ids=lambda value: value.noun if isinstance(value, Module) else "",
)
def test_required_fields_are_named_when_they_are_missing_and_stay(
    world: World, module: Module, fields: set[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        world.records.create(module, AVA, {})
    assert {error["field"] for error in refused.value.extra["errors"]} == fields
    assert {field for field, _ in refusal(world, module, dict.fromkeys(fields))} == fields


def test_what_is_sent_in_another_form_is_stored_in_one_and_sending_it_again_changes_nothing(world: World) -> None:
    sent = {"phone": "(415) 555-0123", "email": "Zoe@Example.COM", "state": "california", "zip": " 95814 1234"}
    made = world.records.create(CLIENTS, AVA, {**CLIENTS.example, **sent})
    stored = {"phone": "+14155550123", "email": "Zoe@example.com", "state": "CA", "zip": "95814-1234"}
    assert made.items() >= stored.items()
    assert world.records.patch(CLIENTS, BEN, made["id"], sent) == made
    assert types(world, "team:north") == ["client:created"]


@pytest.mark.parametrize("name", ["firstName", "lastName", "company"])
def test_a_client_has_a_name_of_some_kind(world: World, name: str) -> None:
    message = ("lastName", "a client needs a first name, a last name or a company")
    nameless = {"firstName": None, "lastName": "", "company": " "}
    assert refusal(world, CLIENTS, nameless) == [message]
    with pytest.raises(Invalid):
        world.records.create(CLIENTS, AVA, {**CLIENTS.example, **nameless})
    made = world.records.create(CLIENTS, AVA, {**CLIENTS.example, **nameless, name: "Hart Family Trust"})
    assert {field for field in nameless if field in made} == {name}


def test_further_ways_to_reach_a_client_are_normalised_and_changed_one_by_one(world: World) -> None:
    id_ = begun(world, CLIENTS, phones={"w": {"label": "Work", "value": "415 555 0199"}})
    after = world.records.patch(CLIENTS, BEN, id_, {"phones": {"h": {"value": "(415) 555-0188"}}})
    assert after["phones"] == {
        "w": {"position": "V", "label": "Work", "value": "+14155550199"},
        "h": {"position": "W", "value": "+14155550188"},
    }
    assert refusal(world, CLIENTS, {"phones": {"w": {"value": "nobody"}}}, of=id_)[0][0] == "phones.w.value"
    assert refusal(world, CLIENTS, {"emails": {"w": {"label": "Work"}}}, of=id_) == [("emails.w.value", "is required")]


DAY_IN_LA = {"startsAt": "2026-03-08T08:00:00.000Z", "endsAt": "2026-03-09T07:00:00.000Z"}  # clocks go forward


def test_an_appointment_that_lasts_all_day_begins_and_ends_at_midnight_of_its_zone(world: World) -> None:
    zone = {"allDay": True, "timeZone": "America/Los_Angeles"}
    id_ = begun(world, APPOINTMENTS, **DAY_IN_LA, **zone)
    midnight = "must be midnight in America/New_York, as the appointment lasts all day"
    assert refusal(world, APPOINTMENTS, {"timeZone": "America/New_York"}, of=id_) == [
        ("startsAt", midnight),
        ("endsAt", midnight),
    ]
    assert refusal(world, APPOINTMENTS, {"timeZone": ""}, of=id_) == [
        ("timeZone", "an appointment that lasts all day needs one")
    ]
    assert world.records.patch(APPOINTMENTS, AVA, id_, {"allDay": False, "timeZone": None})["version"] == 2


@pytest.mark.parametrize(
    ("module", "fields", "hints"),
    [
        (ESCROWS, {}, []),
        (ESCROWS, {"openedDate": "2026-04-16"}, [("closeOfEscrowDate", "is before openedDate")]),
        (ESCROWS, {"loanAmountCents": 42_500_001}, [("loanAmountCents", "is more than purchasePriceCents")]),
        (ESCROWS, {"agentCommissionCents": 1_062_501}, [("agentCommissionCents", "is more than commissionTotalCents")]),
        (LISTINGS, {**SOLD, "listDate": "2026-03-02"}, [("soldDate", "is before listDate")]),
        (APPOINTMENTS, {"endsAt": "2026-03-06T00:00:00Z"}, [("endsAt", "is more than a day after startsAt")]),
    ],
)
def test_what_is_hardly_meant_is_taken_with_a_hint(
    world: World, module: Module, fields: dict[str, Any], hints: list[tuple[str, str]]
) -> None:
    record = world.records.read(module, AVA, world.records.create(module, AVA, {**module.example, **fields})["id"])
    assert list(module.warnings(record)) == hints


@every_module
def test_a_client_may_send_a_whole_record_back(world: World, module: Module) -> None:
    id_ = begun(world, module)
    whole = call(world, "GET", f"/{module.path}/{id_}")[1]
    assert call(world, "PATCH", f"/{module.path}/{id_}", whole)[1] == whole
    assert call(world, "PATCH", f"/{module.path}/{id_}", {**whole, "archived": True})[1]["version"] == 2
    stale = call(world, "PATCH", f"/{module.path}/{id_}", whole)
    assert [error["field"] for error in stale[1]["errors"]] == ["version"]
    assert refusal(world, module, {"createdAt": "2026-03-02T13:00:00.000Z"}, of=id_) == [
        ("createdAt", "is assigned by the server")
    ]


@every_module
def test_an_empty_text_clears_a_field_wherever_null_does(world: World, module: Module) -> None:
    for name, info in module.model.model_fields.items():
        alias = str(info.alias)
        if info.is_required() or alias in module.assigned or name in NON_NULLABLE:
            continue
        answers = [
            call(world, "PATCH", f"/{module.path}/{begun(world, module)}", {alias: empty}) for empty in (None, " ")
        ]
        assert problem_or_fields(answers[0], alias) == problem_or_fields(answers[1], alias)
        answers = [call(world, "POST", f"/{module.path}", {**module.example, alias: empty}) for empty in (None, "")]
        assert problem_or_fields(answers[0], alias) == problem_or_fields(answers[1], alias)


def problem_or_fields(answer: tuple[int, Any, Any], field: str) -> tuple[int, Any]:
    status, body, _ = answer
    return status, body.get("errors") or body.get(field)


def test_an_empty_text_clears_within_objects_too(world: World) -> None:
    id_ = begun(world, CLIENTS, phones={"w": {"label": "Work", "value": "415 555 0199"}}, tags={"a": True, "b": True})
    after = world.records.patch(CLIENTS, AVA, id_, {"phones": {"w": {"label": ""}}, "tags": {"a": ""}})
    assert after["phones"] == {"w": {"position": "V", "value": "+14155550199"}}
    assert after["tags"] == {"b": True}
    made = world.records.create(CLIENTS, AVA, {"company": "X", "phones": {"w": ""}, "tags": {"a": None}})
    assert (made["phones"], made["tags"]) == ({}, {})


def test_whole_numbers_are_numbers_with_halves_too(world: World) -> None:
    made = call(world, "POST", "/listings", {**LISTINGS.example, "bathrooms": 2, "latitude": 38, "longitude": -121})
    assert made[0] == 201
    assert (made[1]["bathrooms"], made[1]["latitude"], made[1]["longitude"]) == (2, 38, -121)


def test_what_the_libraries_no_longer_accept_stays_readable_and_blocks_no_other_change(world: World) -> None:
    made = world.records.create(CLIENTS, AVA, {**CLIENTS.example, "state": "CA"})
    key = {name: {"S": value} for name, value in record_key("team:north", "client", made["id"]).items()}
    world.client.update_item(
        TableName=TABLES[1],
        Key=key,
        UpdateExpression="SET phone = :phone, #state = :state",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":phone": {"S": "+15550000000"}, ":state": {"S": "XX"}},
    )
    assert world.records.read(CLIENTS, AVA, made["id"]).wire()["state"] == "XX"
    (listed,) = world.lists.page(CLIENTS, AVA, ListQuery())["items"]
    assert listed["phone"] == "+15550000000"
    assert world.records.patch(CLIENTS, AVA, made["id"], {"notes": "+15550000001"})["version"] == 2
    for wrong in ({"phone": "+15550000001"}, {"city": "XX", "state": "YY"}):
        with pytest.raises(Invalid):
            world.records.patch(CLIENTS, AVA, made["id"], wrong)
