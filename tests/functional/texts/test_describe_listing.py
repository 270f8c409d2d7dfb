"""A listing's description, told sentence by sentence, saved when it is accepted; somebody's day."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.core.principal import Principal
from tests.fakes import AVA, DANA, MIA
from tests.functional.conftest import World
from tests.functional.test_duplicates import get, make
from tests.functional.test_http import call, problem
from tests.functional.test_tasks import told
from tests.functional.texts.support import (
    ZONE,
    Failing,
    confirmed,
    planned,
    refused,
    undone,
)

LISTING: dict[str, Any] = {
    "address": "12 Harbor Way",
    "city": "Sacramento",
    "state": "CA",
    "zip": "95814",
    "listPriceCents": 54_000_000,
    "bedrooms": 3,
    "bathrooms": 2,
    "propertyType": "residential",
    "listingType": "sale",
    "description": "Old words.",
}


@pytest.fixture
def listing(world: World) -> Any:
    return make(world, "listings", **LISTING)


def described(world: World, listing: Any, who: Principal = AVA) -> Any:
    return planned(world, "describe_listing", who=who, listing=listing["id"])


def test_a_description_is_told_sentence_by_sentence(world: World, listing: Any, engine: Failing) -> None:
    task = described(world, listing)
    sentences = task["proposal"]["sentences"]
    assert len(sentences) > 2
    messages = [event["data"]["task"]["message"] for event in told(world)]
    assert [message for message in messages if message in {" ".join(sentences[:n]) for n in range(1, 9)}][:3] == [
        " ".join(sentences[:n]) for n in (1, 2, 3)
    ]
    assert engine.asked == 1
    assert task["percent"] == 90
    assert get(world, listing, "listings")["description"] == "Old words."


def test_it_is_saved_when_it_is_accepted_and_undone(world: World, listing: Any) -> None:
    task = described(world, listing)
    done = confirmed(world, task)
    assert done["result"] == {"listing": listing["id"], "saved": True}
    assert get(world, listing, "listings")["description"] == task["proposal"]["text"]
    assert undone(world, done)["result"]["restored"] == 1
    assert get(world, listing, "listings")["description"] == "Old words."


def test_a_changed_text_is_saved_but_no_fair_housing_word(world: World, listing: Any) -> None:
    task = described(world, listing)
    (said,) = refused(world, task, {"text": "Perfect for Christian families."}).values() or [""]
    assert "can tell a preference by" in said
    confirmed(world, task, {"text": "Three bedrooms by the harbor."})
    assert get(world, listing, "listings")["description"] == "Three bedrooms by the harbor."


def test_what_was_refused_is_told(world: World, listing: Any, engine: Failing) -> None:
    engine.sentences = lambda *_: ["This house has 3 bedrooms.", "It has a pool.", "Great for Christian families."]
    task = described(world, listing)
    assert task["proposal"]["sentences"] == ["This house has 3 bedrooms."]
    assert [each["sentence"] for each in task["proposal"]["refused"]] == [
        "It has a pool.",
        "Great for Christian families.",
    ]
    assert task["counts"] == {"refused": 2}


def test_a_listing_that_has_changed_since_keeps_its_description(world: World, listing: Any) -> None:
    task = described(world, listing)
    call(world, "PATCH", f"/listings/{listing['id']}", {"bedrooms": 4})
    failed = confirmed(world, task)
    assert failed["problem"]["detail"] == "the listing has changed since it was described; describe it again"
    assert get(world, listing, "listings")["description"] == "Old words."


def test_who_may_only_read_a_listing_describes_none(world: World) -> None:
    theirs = make(world, "listings", **LISTING, visibility="broker")
    assert described(world, theirs, MIA)["problem"]["detail"] == "you may read this listing, and not change it"


def test_a_listing_that_is_locked_is_left_alone(world: World, listing: Any) -> None:
    task = described(world, listing)
    assert call(world, "POST", f"/listings/{listing['id']}/lock", who=DANA)[0] == 200
    assert confirmed(world, task)["problem"]["reason"] == "refused"


def test_somebodys_day_is_told_whenever_they_ask(world: World) -> None:
    make(world, "appointments", title="Showing", startsAt="2026-03-02T22:00:00Z", endsAt="2026-03-02T23:00:00Z")
    task = planned(world, "daily_brief", timeZone=ZONE)
    assert (task["status"], task["can"]) == ("completed", [])
    assert task["result"]["title"] == "Your Monday: 1 appointment"
    assert "2:00 PM: Showing" in task["result"]["text"]


def test_a_day_without_anything_says_so(world: World) -> None:
    task = planned(world, "daily_brief", timeZone=ZONE)
    assert (task["result"], task["message"]) == ({}, "Nothing is waiting for you today")


def test_a_time_zone_that_does_not_exist_is_refused(world: World) -> None:
    body = {"kind": "daily_brief", "input": {"timeZone": "Mars/Olympus"}}
    assert problem(call(world, "POST", "/tasks", body)) == (422, "invalid")
