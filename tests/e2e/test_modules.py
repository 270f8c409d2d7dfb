"""All modules over the deployed stack: their calls, lists, figures and events, as people and their sockets see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from tests.e2e.conftest import Caller, RawSocket, for_everyone, on_aws, until

EVERY_MODULE = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)


def made(caller: Caller, path: str, document: dict[str, Any]) -> dict[str, Any]:
    response = caller("POST", f"/{path}", document)
    assert response.status_code == 201, response.text
    return dict(response.json())


def listed(caller: Caller, path: str, **params: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = caller("GET", f"/{path}", params={**params, **({"cursor": cursor} if cursor else {})}).json()
        found += page["items"]
        if not (cursor := page.get("cursor", "")):
            return found


def events_about(socket: RawSocket, id_: str, count: int) -> list[str]:
    """The types of the first `count` events about a record, once they have arrived."""
    while True:
        types = [
            event["type"]
            for commit in socket.commits
            for event in commit["events"]
            if id_ in (value for name, value in event["data"].items() if name.endswith("Id"))
        ]
        if len(types) >= count:
            return types
        socket.read()


@EVERY_MODULE
def test_the_life_of_a_record_of_any_module_is_seen_by_a_colleague(
    module: Module, ava: Caller, ben: Caller, joined: Callable[[Caller], RawSocket]
) -> None:
    socket = joined(ben)
    record = made(ava, module.path, module.example)
    path = f"/{module.path}/{record['id']}"
    assert for_everyone(ben("GET", path).json()) == for_everyone(record)
    following = next(status for status in module.transitions[module.first_status] if status not in module.verbs)
    assert ben("PATCH", path, {"status": following}).json()["version"] == 2
    assert ava("POST", f"{path}/archive").json()["archived"] is True
    assert record["id"] in {one["id"] for one in listed(ben, module.path, archived="true", status=following)}
    assert ava("POST", f"{path}/restore").json()["archived"] is False
    assert ava("DELETE", path).status_code == 204
    verbs = ("created", "updated", "archived", "restored", "deleted")
    assert events_about(socket, record["id"], 5) == [f"{module.noun}:{verb}" for verb in verbs]


@EVERY_MODULE
def test_the_figures_of_a_dashboard_equal_what_its_list_shows(module: Module, mia: Caller) -> None:
    for archived in (False, True, False):
        made(mia, module.path, {**module.example, "archived": archived})
    total = mia("GET", f"/{module.path}/stats").json()["total"]
    records = listed(mia, module.path, limit="200")
    live = [record["status"] for record in records if not record["archived"]]
    assert total["counts"] == {status: live.count(status) for status in module.transitions}
    assert total["archived"] == sum(record["archived"] for record in records)


@on_aws
def test_a_lead_becomes_a_client_in_one_commit(ava: Caller, ben: Caller, joined: Callable[[Caller], RawSocket]) -> None:
    lead = made(ava, "leads", {"phone": "(916) 555-0144"})
    path = f"/leads/{lead['id']}"
    assert ava("POST", f"{path}/convert").status_code == 409
    ava("PATCH", path, {"status": "qualified"})
    nameless = ava("POST", f"{path}/convert")
    assert (nameless.status_code, nameless.json()["errors"][0]["field"]) == (422, "lastName")
    socket = joined(ben)
    both = ava("POST", f"{path}/convert", {"lastName": "Ortiz", "clientType": "buyer"}).json()
    assert (both["lead"]["status"], both["lead"]["clientId"]) == ("converted", both["client"]["id"])
    assert both["client"]["phone"] == "+19165550144"
    assert for_everyone(ben("GET", f"/clients/{both['client']['id']}").json()) == for_everyone(both["client"])
    (commit,) = socket.wait_for_commits(1)
    types = [event["type"] for event in commit["events"]]
    assert sorted(types) == ["client:created", "client:stats", "lead:converted", "lead:stats"]


def test_a_list_is_in_order_the_moment_a_record_has_changed(kim: Caller) -> None:
    tour = {"title": "Tour", "visibility": "private"}
    days = ["2026-05-03", "2026-05-01", "2026-05-31", "2026-06-01"]
    ids = [
        made(kim, "appointments", {**tour, "startsAt": f"{day}T09:00:00Z", "endsAt": f"{day}T10:00:00Z"})["id"]
        for day in days
    ]
    may = {"from": "2026-05-01", "to": "2026-05-31", "sort": "date"}
    assert [one["id"] for one in listed(kim, "appointments", limit="1", **may)] == [ids[1], ids[0], ids[2]]
    for id_ in (ids[0], ids[2]):
        kim("PATCH", f"/appointments/{id_}", {"status": "confirmed"})
        assert listed(kim, "appointments", sort="changed")[0]["id"] == id_
        assert listed(kim, "appointments", status="confirmed,no_show")[0]["id"] in ids
    assert [one["id"] for one in listed(kim, "appointments", status="confirmed", **may)] == [ids[0], ids[2]]


@on_aws
def test_a_bulk_request_is_few_commits_and_its_repeat_is_none(
    mia: Caller, caller: Callable[[str], Caller], joined: Callable[[Caller], RawSocket]
) -> None:
    leo = caller("leo@demo.test")
    socket = joined(leo)
    street = f"{uuid4().hex} St"
    entries: list[dict[str, Any]] = [
        {"record": {"address": f"{n} {street}", "city": "Davis", "state": "CA", "zip": "95616"}} for n in range(120)
    ]
    entries[7]["record"]["state"] = "XX"
    key = {"Idempotency-Key": uuid4().hex}
    first = mia("POST", "/listings/bulk", {"entries": entries}, headers=key)
    assert first.status_code == 200, first.text
    results = first.json()["results"]
    assert [result["status"] for result in results] == [422 if n == 7 else 201 for n in range(120)]
    assert mia("POST", "/listings/bulk", {"entries": entries}, headers=key).json()["results"] == results
    made = {result["id"] for result in results if "id" in result}
    # The index of words may be late, on a busy machine.
    until(lambda: {record["id"] for record in listed(mia, "listings", q=street, limit="200")} == made)
    while (told := _created(socket)) != made:
        assert len(told) < len(made)
        socket.read()
    assert len(socket.commits) < 12


def _created(socket: RawSocket) -> set[str]:
    events = [event for commit in socket.commits for event in commit["events"]]
    return {event["data"]["listingId"] for event in events if event["type"] == "listing:created"}


def test_a_broker_gives_a_record_to_another_team_and_owner(
    ava: Caller, mia: Caller, dana: Caller, joined: Callable[[Caller], RawSocket]
) -> None:
    record = made(ava, "clients", {"firstName": "Rae", "lastName": "Quinn"})
    path = f"/clients/{record['id']}"
    socket = joined(mia)
    assert ava("PATCH", path, {"ownerId": mia.user_id}).status_code == 403
    nobody = dana("PATCH", path, {"teamId": "south"})
    assert (nobody.status_code, nobody.json()["errors"][0]["field"]) == (422, "ownerId")
    moved = dana("PATCH", path, {"teamId": "south", "ownerId": mia.user_id}).json()
    assert (moved["room"], moved["ownerId"], moved["version"]) == ("team:south", mia.user_id, 2)
    assert ava("GET", path).status_code == 404
    assert events_about(socket, record["id"], 1) == ["client:created"]


def test_what_a_record_names_must_be_in_reach(ava: Caller, mia: Caller) -> None:
    theirs = made(mia, "listings", {"address": "1 South St", "city": "Davis", "state": "CA", "zip": "95616"})
    refused = ava("POST", "/escrows", {"propertyAddress": "1 South St", "listingId": theirs["id"]})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "listingId")
    ours = made(mia, "escrows", {"propertyAddress": "1 South St", "listingId": theirs["id"]})
    assert ours["listingId"] == theirs["id"]
