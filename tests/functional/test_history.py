"""What remains of records: their history, those that were deleted, those that are reopened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from openhouse.core import errors
from openhouse.crm import history as history_module
from openhouse.crm.list_query import ListQuery
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from tests.fakes import AVA, BEN, DANA, MIA, principal
from tests.functional.brokerage import LEE, staff
from tests.functional.conftest import World
from tests.functional.logs import events, types
from tests.functional.test_http import call, problem

HOUSE = {"propertyAddress": "1 Main St", "purchasePriceCents": 50_000_000}
DAY = 24 * 3600


@pytest.fixture(autouse=True)
def _staffed(world: World) -> None:
    staff(world)


def made(world: World, **fields: Any) -> str:
    return str(world.records.create(ESCROWS, AVA, {**HOUSE, **fields})["id"])


def history(world: World, id_: str, who: Any = AVA, **query: str) -> dict[str, Any]:
    status, body, _ = call(world, "GET", f"/escrows/{id_}/history", who=who, query=query)
    assert status == 200, body
    return dict(body)


def actions(world: World, id_: str, who: Any = AVA) -> list[str]:
    return [step["action"] for step in history(world, id_, who)["items"]]


# History ------------------------------------------------------------------------------------------------------------


def test_history_tells_who_changed_what_and_when_newest_first(world: World) -> None:
    id_ = made(world)
    world.clock.advance(60)
    world.records.patch(ESCROWS, BEN, id_, {"notes": "keys", "purchasePriceCents": None})
    newest, first = history(world, id_)["items"]
    assert (newest["version"], newest["by"], newest["action"]) == (2, "ben", "updated")
    assert newest["at"] == "2026-03-02T12:01:00.000Z"
    assert newest["changes"].items() >= {"notes": "keys", "purchasePriceCents": None}.items()
    assert (first["action"], first["changes"]["propertyAddress"]) == ("created", "1 Main St")


def test_history_is_for_good_and_goes_along_when_a_record_moves(world: World) -> None:
    id_ = made(world)
    world.records.patch(ESCROWS, AVA, id_, {"visibility": "private"})
    world.records.patch(ESCROWS, AVA, id_, {"visibility": "broker"})
    world.clock.advance(400 * DAY)
    assert actions(world, id_, MIA) == ["updated", "updated", "created"]


def test_history_is_read_by_whoever_reads_the_record(world: World) -> None:
    id_ = made(world)
    assert actions(world, id_, BEN) == ["created"]
    assert problem(call(world, "GET", f"/escrows/{id_}/history", who=MIA)) == (404, "not_found")
    assert problem(call(world, "GET", "/escrows/unknown/history")) == (404, "not_found")


def test_history_comes_page_by_page(world: World) -> None:
    id_ = made(world)
    for number in range(6):
        world.records.patch(ESCROWS, AVA, id_, {"notes": str(number)})
    versions, query = [], {"limit": "3"}
    while True:
        page = history(world, id_, **query)
        versions += [step["version"] for step in page["items"]]
        if "cursor" not in page:
            break
        query["cursor"] = page["cursor"]
    assert versions == [7, 6, 5, 4, 3, 2, 1]


def test_a_page_of_history_ends_before_it_is_too_large_to_be_answered(world: World) -> None:
    id_ = made(world)
    for letter in "abcd":
        world.records.patch(ESCROWS, AVA, id_, {"notes": letter * 45_000})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(history_module, "PAGE_BYTES", 80_000)
        page = history(world, id_)
    assert [step["version"] for step in page["items"]] == [5, 4]
    assert [step["version"] for step in history(world, id_, cursor=page["cursor"])["items"]] == [3, 2, 1]


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"cursor": "-1"}, {"sort": "x"}])
def test_history_refuses_other_parameters(world: World, query: dict[str, str]) -> None:
    assert problem(call(world, "GET", f"/escrows/{made(world)}/history", query=query)) == (400, "bad_parameter")


def test_bulk_and_convert_write_history_too(world: World) -> None:
    id_ = made(world)
    (result,) = world.bulk.write(ESCROWS, AVA, [{"id": id_, "changes": {"notes": "x"}}])
    assert result["status"] == 200
    assert actions(world, id_) == ["updated", "created"]
    lead = world.records.create(LEADS, AVA, {**LEADS.example, "status": "qualified"})["id"]
    both = world.records.convert(LEADS, AVA, lead, {})
    for path, of, expected in (
        ("leads", lead, ["converted", "created"]),
        ("clients", both["client"]["id"], ["created"]),
    ):
        body = call(world, "GET", f"/{path}/{of}/history")[1]
        assert [step["action"] for step in body["items"]] == expected


# Deleted records -----------------------------------------------------------------------------------------------------


def deleted(world: World, **fields: Any) -> str:
    id_ = made(world, **fields)
    world.records.delete(ESCROWS, AVA, id_)
    return id_


def test_a_deleted_record_comes_back_as_it_was(world: World) -> None:
    id_ = made(world, notes="keep me")
    before = world.records.read(ESCROWS, AVA, id_)
    world.records.delete(ESCROWS, AVA, id_)
    status, body, headers = call(world, "POST", f"/escrows/{id_}/recover")
    assert (status, body["version"], headers["etag"]) == (200, 3, '"3"')
    after = world.records.read(ESCROWS, BEN, id_)
    assert after == before.model_copy(update={"version": 3, "updated_at": after.updated_at, "updated_by": "ava"})
    assert types(world, "team:north") == ["escrow:created", "escrow:deleted", "escrow:created"]
    assert world.stats.read(ESCROWS, AVA)["total"]["counts"]["opened"] == 1
    assert actions(world, id_) == ["recovered", "deleted", "created"]
    assert problem(call(world, "POST", f"/escrows/{id_}/recover")) == (404, "not_found")


def test_nothing_else_sees_a_deleted_record(world: World) -> None:
    id_ = deleted(world)
    assert world.lists.page(ESCROWS, AVA, ListQuery())["items"] == []
    with pytest.raises(errors.NotFound):
        world.records.read(ESCROWS, AVA, id_)
    with pytest.raises(errors.NotFound):
        world.records.patch(ESCROWS, AVA, id_, {"notes": "x"})
    client = world.records.create(CLIENTS, AVA, CLIENTS.example)["id"]
    world.records.delete(CLIENTS, AVA, client)
    with pytest.raises(errors.Invalid):
        made(world, clientIds={client: True})


@pytest.mark.parametrize(("who", "status"), [(BEN, 403), (MIA, 404), (LEE, 200), (DANA, 200)], ids=str)
def test_whoever_might_delete_a_record_recovers_it(world: World, who: Any, status: int) -> None:
    assert call(world, "POST", f"/escrows/{deleted(world)}/recover", who=who)[0] == status


def test_deleted_records_are_listed_newest_first_for_whoever_reads_the_room(world: World) -> None:
    first, second, kept = deleted(world), deleted(world), made(world)
    listed = call(world, "GET", "/escrows", who=BEN, query={"deleted": "true"})[1]["items"]
    assert [(item["id"], item["can"]) for item in listed] == [(second, []), (first, [])]
    mine = call(world, "GET", "/escrows", query={"deleted": "true", "status": "opened", "sort": "changed"})[1]["items"]
    assert [(item["id"], item["can"]) for item in mine] == [(second, ["recover"]), (first, ["recover"])]
    assert [item["id"] for item in call(world, "GET", "/escrows")[1]["items"]] == [kept]
    assert call(world, "GET", "/escrows", who=MIA, query={"deleted": "true"})[1]["items"] == []


def test_a_deletion_puts_nothing_into_its_rooms_partition_which_may_be_full(world: World) -> None:
    id_ = made(world)
    (alive,) = world.items("R#")
    world.records.delete(ESCROWS, AVA, id_)
    (kept,) = world.items("R#")
    assert kept["pk"] != alive["pk"]


def test_after_30_days_a_deleted_record_is_gone_though_its_item_may_still_be_there(world: World) -> None:
    id_ = deleted(world)
    world.clock.advance(30 * DAY - 1)
    assert len(world.lists.page(ESCROWS, AVA, ListQuery(deleted=True))["items"]) == 1
    world.clock.advance(1)
    assert world.lists.page(ESCROWS, AVA, ListQuery(deleted=True))["items"] == []
    assert problem(call(world, "POST", f"/escrows/{id_}/recover")) == (404, "not_found")
    assert problem(call(world, "GET", f"/escrows/{id_}/history")) == (404, "not_found")


def test_what_a_recovered_record_names_may_be_gone_by_then(world: World) -> None:
    client = world.records.create(CLIENTS, AVA, CLIENTS.example)["id"]
    id_ = made(world, clientIds={client: True})
    world.records.delete(ESCROWS, AVA, id_)
    world.records.delete(CLIENTS, AVA, client)
    assert world.records.recover(ESCROWS, AVA, id_)["clientIds"] == {client: True}


def test_a_recovered_record_keeps_its_number(world: World) -> None:
    id_ = made(world)
    number = world.records.read(ESCROWS, AVA, id_).wire()["escrowNumber"]
    world.records.delete(ESCROWS, AVA, id_)
    assert world.records.recover(ESCROWS, AVA, id_)["escrowNumber"] == number
    assert world.records.create(ESCROWS, AVA, HOUSE)["escrowNumber"] == "ESC-2026-002"


def test_of_two_who_recover_one_succeeds(world: World) -> None:
    id_ = deleted(world)
    transact = world.table.transact

    def second(writes: Any) -> None:
        world.table.transact = transact
        world.records.recover(ESCROWS, LEE, id_)
        transact(writes)

    world.table.transact = second
    with pytest.raises(errors.NotFound):
        world.records.recover(ESCROWS, AVA, id_)
    assert world.records.read(ESCROWS, AVA, id_).updated_by == "lee"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
def test_a_record_of_every_module_is_deleted_and_recovered(world: World, module: Any) -> None:
    id_ = world.records.create(module, AVA, module.example)["id"]
    world.records.delete(module, AVA, id_)
    assert world.records.recover(module, AVA, id_)["version"] == 3


# Reopening -----------------------------------------------------------------------------------------------------------


def reopen(world: World, id_: str, who: Any = LEE, path: str = "escrows", **body: Any) -> Any:
    return call(world, "POST", f"/{path}/{id_}/reopen", {"status": "opened", "reason": "wrong deal", **body}, who=who)


@pytest.mark.parametrize(("who", "status"), [(AVA, 403), (BEN, 403), (MIA, 404), (LEE, 200), (DANA, 200)])
def test_a_lead_and_a_broker_reopen_a_final_status(world: World, who: Any, status: int) -> None:
    assert reopen(world, made(world, status="closed"), who)[0] == status


def test_the_reason_is_in_the_history_and_the_change_in_the_log(world: World) -> None:
    id_ = made(world, status="closed")
    body = reopen(world, id_)[1]
    assert (body["status"], body["version"]) == ("opened", 2)
    step = history(world, id_)["items"][0]
    assert (step["action"], step["reason"], step["by"]) == ("reopened", "wrong deal", "lee")
    told, _figures = events(world, "team:north")[-2:]
    assert (told["type"], told["data"]["changes"]["status"]) == ("escrow:updated", "opened")
    assert "reason" not in told["data"]["changes"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"reason": ""}, "invalid"),
        ({"reason": None}, "invalid"),
        ({"status": "closed"}, "invalid"),
        ({"status": "sold"}, "invalid"),
        ({"colour": "red"}, "invalid"),
    ],
)
def test_reopening_needs_a_reason_and_an_open_status(world: World, body: dict[str, Any], code: str) -> None:
    assert problem(reopen(world, made(world, status="closed"), **body)) == (422, code)


def test_what_is_not_final_is_not_reopened(world: World) -> None:
    assert problem(reopen(world, made(world))) == (409, "invalid_transition")


def test_a_reopened_lead_loses_its_link_and_its_client_stays(world: World) -> None:
    lead = world.records.create(LEADS, AVA, {**LEADS.example, "status": "qualified"})["id"]
    client = world.records.convert(LEADS, AVA, lead, {})["client"]["id"]
    body = reopen(world, lead, path="leads", status="contacted")[1]
    assert (body["status"], "clientId" in body) == ("contacted", False)
    assert world.records.read(CLIENTS, AVA, client).id == client


# Abilities and hints --------------------------------------------------------------------------------------------------


def test_answers_tell_what_their_reader_can_do_and_commits_do_not(world: World) -> None:
    id_ = made(world, visibility="broker", status="closed")
    can = {who.user_id: call(world, "GET", f"/escrows/{id_}", who=who)[1]["can"] for who in (AVA, BEN, MIA, LEE, DANA)}
    everything = ["edit", "delete", "share", "reassign", "reopen"]
    assert can == {
        "ava": ["edit", "delete", "share"],
        "ben": ["edit"],
        "mia": [],
        "lee": everything,
        "dana": everything,
    }
    (listed,) = call(world, "GET", "/escrows", who=BEN)[1]["items"]
    assert listed["can"] == ["edit"]
    assert "can" not in events(world, "broker:harbor")[0]["data"]["escrow"]
    assert "can" not in history(world, id_)["items"][0]["changes"]


def hints(world: World, module: Any, who: Any = AVA, **fields: Any) -> list[str]:
    body = call(world, "POST", f"/{module.path}", {**module.example, **fields}, who=who)[1]
    return [hint["field"] for hint in body.get("warnings", [])]


def test_another_record_with_the_same_address_is_hinted_at_to_those_who_can_see_it(world: World) -> None:
    unlike: dict[str, Any] = {"phone": None, "emails": {}, "phones": {}}
    assert hints(world, CLIENTS, **unlike, email="zoe@example.com") == []
    assert hints(world, CLIENTS, **unlike, email="Zoe@Example.com") == ["email"]
    assert hints(world, CLIENTS, MIA, **unlike, email="zoe@example.com") == []
    further = {"emails": {"a": {"value": "zoe@example.com", "label": "work"}}}
    assert hints(world, LEADS, **{**unlike, **further}, email="sam@example.com") == ["emails"]


def test_a_hint_goes_with_the_value_that_gave_it(world: World) -> None:
    def add() -> tuple[str, bool]:
        body = call(world, "POST", "/clients", {"lastName": "Hart", "phone": "+14155550123"})[1]
        return body["id"], "warnings" in body

    first, _ = add()
    assert add()[1]
    world.records.patch(CLIENTS, AVA, first, {"phone": "+14155550199"})
    assert world.records.patch(CLIENTS, AVA, first, {"notes": "x"}).get("warnings") is None
    world.records.delete(CLIENTS, AVA, first)
    third, hinted = add()
    assert hinted
    for id_ in ("id-0002", third):
        world.records.delete(CLIENTS, AVA, id_)
    assert not add()[1]
    assert call(world, "POST", "/clients", {"lastName": "Hart", "phone": "+14155550199"})[1].get("warnings") is None


def test_a_client_that_a_lead_becomes_gives_no_hint_of_that_lead(world: World) -> None:
    lead = world.records.create(LEADS, AVA, {**LEADS.example, "status": "qualified"})["id"]
    assert "warnings" not in world.records.convert(LEADS, AVA, lead, {})["client"]


def test_hints_of_one_record_alone_come_from_its_module(world: World) -> None:
    fields = {"openedDate": "2026-03-02", "closeOfEscrowDate": "2026-03-01", "loanAmountCents": 60_000_000}
    body = call(world, "POST", "/escrows", {**HOUSE, **fields})[1]
    assert {hint["field"] for hint in body["warnings"]} == {"closeOfEscrowDate", "loanAmountCents"}
    assert "warnings" not in call(world, "GET", f"/escrows/{body['id']}")[1]
    assert "warnings" not in events(world, "team:north")[0]["data"]["escrow"]


def test_a_repeated_request_repeats_its_hints(world: World) -> None:
    fields = {**HOUSE, "loanAmountCents": 60_000_000}
    key = {"idempotency-key": "k"}
    first = call(world, "POST", "/escrows", fields, headers=key)[1]
    assert call(world, "POST", "/escrows", fields, headers=key)[1] == first
    assert "warnings" in first


def test_an_owner_who_is_moved_still_finds_nothing_of_the_old_team(world: World) -> None:
    id_ = deleted(world)
    moved = replace(principal("ava", "south"), user_id="ava")
    assert problem(call(world, "POST", f"/escrows/{id_}/recover", who=moved)) == (404, "not_found")
