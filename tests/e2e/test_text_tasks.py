"""Over the deployed stack: records from a text, a description told sentence by sentence, and somebody's morning."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from local.stack import RunningStack
from openhouse.crm.time_zones import all_time_zones
from openhouse.functions import MORNINGS
from openhouse.tasks.mornings import FIRST_HOUR, HOURS
from tests.e2e.conftest import Caller, RawSocket
from tests.e2e.test_tasks import becomes, hears, told

ZONE = "America/Los_Angeles"
TEXT = "Escrow for 123 Main St, Bakersfield CA 93301, buyer Ana Ruiz, $540,000, closing August 3"
LISTING = {
    "address": "12 Harbor Way",
    "city": "Sacramento",
    "state": "CA",
    "zip": "95814",
    "bedrooms": 3,
    "listPriceCents": 54_000_000,
    "visibility": "private",
}


def begin(caller: Caller, kind: str, **input_: Any) -> str:
    answer = caller("POST", "/tasks", {"kind": kind, "input": input_})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def confirm(caller: Caller, id_: str, **answer: Any) -> Any:
    answered = caller("POST", f"/tasks/{id_}/confirm", {"answer": answer} if answer else {})
    assert answered.status_code == 200, answered.text
    return becomes(caller, id_, "completed")


def test_a_text_becomes_records_that_are_linked_and_are_taken_back(
    kim: Caller, joined: Callable[[Caller], RawSocket]
) -> None:
    socket = joined(kim)
    id_ = begin(kim, "create_from_text", text=TEXT, timeZone=ZONE)
    hears(socket, id_, "ai:task:proposed")
    proposal = becomes(kim, id_, "proposed")["proposal"]
    assert proposal["engine"] == "rules"
    records = {each["ref"]: each for each in proposal["records"]}
    price = records["escrow-1"]["fields"]["purchasePriceCents"]
    assert (price["value"], TEXT[price["start"] : price["end"]]) == (54_000_000, "$540,000")

    wanted = [{"ref": ref} for ref in records if ref != "escrow-1"]
    corrected = {"ref": "escrow-1", "fields": {"purchasePriceCents": 55_000_000}}
    done = confirm(kim, id_, records=[corrected, *wanted], visibility="private")
    hears(socket, id_, "ai:task:completed")
    assert told(socket, id_).count("ai:task:completed") == 1
    made = {each["noun"]: each["id"] for each in done["result"]["records"]}
    escrow = kim("GET", f"/escrows/{made['escrow']}").json()
    assert (escrow["purchasePriceCents"], escrow["propertyAddress"]) == (55_000_000, "123 Main St")
    assert (escrow["listingId"], escrow["clientIds"]) == (made["listing"], {made["client"]: True})
    appointment = kim("GET", f"/appointments/{made['appointment']}").json()
    assert (appointment["allDay"], appointment["listingId"]) == (True, made["listing"])

    undoing = kim("POST", f"/tasks/{id_}/undo").json()
    assert becomes(kim, undoing["id"], "completed")["result"] == {"removed": 4, "restored": 0, "left": 0}
    paths = {"escrow": "escrows", "listing": "listings", "client": "clients", "appointment": "appointments"}
    assert {kim("GET", f"/{paths[noun]}/{made[noun]}").status_code for noun in made} == {404}


def test_a_description_is_told_sentence_by_sentence_and_saved_when_it_is_accepted(
    kim: Caller, joined: Callable[[Caller], RawSocket]
) -> None:
    listing = kim("POST", "/listings", LISTING).json()
    socket = joined(kim)
    id_ = begin(kim, "describe_listing", listing=listing["id"])
    hears(socket, id_, "ai:task:proposed")
    sentences = becomes(kim, id_, "proposed")["proposal"]["sentences"]
    messages = [
        event["data"]["task"]["message"]
        for commit in socket.commits
        for event in commit["events"]
        if event["type"] == "ai:task:progress" and event["data"]["taskId"] == id_
    ]
    assert sentences[0] in messages
    assert " ".join(sentences[:2]) in messages
    assert "description" not in kim("GET", f"/listings/{listing['id']}").json()
    confirm(kim, id_)
    assert kim("GET", f"/listings/{listing['id']}").json()["description"] == " ".join(sentences)


def test_where_it_is_morning_somebody_is_told_what_their_day_has_once(stack: RunningStack, kim: Caller) -> None:
    now = datetime.now(UTC)
    zone = next(each for each in sorted(all_time_zones()) if _is_morning(now, each))
    assert kim("PATCH", "/preferences", {"timeZone": zone}).json()["timeZone"] == zone
    begins = now + timedelta(minutes=20)
    showing = {"title": "Morning showing", "startsAt": _wire(begins), "endsAt": _wire(begins + timedelta(hours=1))}
    assert kim("POST", "/appointments", {**showing, "visibility": "private"}).status_code == 201
    functions = stack.cloud.functions()
    known = {each["Description"]: each["FunctionName"] for each in functions.list_functions()["Functions"]}
    first, again = (
        json.loads(functions.invoke(FunctionName=known[MORNINGS.purpose])["Payload"].read()) for _ in range(2)
    )
    others = first["others"]  # another try of this test may have left some
    assert first == {"told": 1, "others": others, "left": 0}
    assert again == {"told": 0, "others": others + 1, "left": 0}
    briefs = [each for each in kim("GET", "/notifications").json()["items"] if each["kind"] == "daily_brief"]
    assert len(briefs) == 1
    assert "Morning showing" in briefs[0]["text"]


def _is_morning(now: datetime, zone: str) -> bool:
    return FIRST_HOUR <= now.astimezone(ZoneInfo(zone)).hour < FIRST_HOUR + HOURS - 1


def _wire(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
