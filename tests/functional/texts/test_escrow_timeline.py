"""Dates of an agreement: proposed with their sentences, kept in the escrow, taken back."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.core.principal import Principal
from tests.fakes import AVA, BEN
from tests.functional.conftest import World
from tests.functional.test_duplicates import get, make
from tests.functional.test_http import call
from tests.functional.test_tasks import begin, read, work
from tests.functional.texts.support import (
    AGREEMENT,
    ZONE,
    confirmed,
    planned,
    refused,
    undone,
)


@pytest.fixture
def escrow(world: World) -> Any:
    return make(world, "escrows", propertyAddress="12 Harbor Way", city="Davis", closeOfEscrowDate="2026-04-20")


def dates(world: World, escrow: Any, text: str = AGREEMENT, who: Principal = AVA) -> Any:
    return planned(world, "escrow_timeline", who=who, escrow=escrow["id"], text=text, timeZone=ZONE)


def test_dates_are_worked_out_and_shown_with_their_sentences(world: World, escrow: Any) -> None:
    proposal = dates(world, escrow)["proposal"]
    assert "no legal advice" in proposal["notice"]
    shown = {each["label"]: each for each in proposal["dates"]}
    removal = shown["contingency_removal"]
    assert (removal["day"], removal["counted"]) == ("2026-03-21", "17 calendar days after acceptance")
    assert removal["sentence"]["words"].startswith("Buyer shall remove all contingencies")
    assert removal["target"] == "contingencyRemovalDate"
    assert shown["initial_deposit"]["target"] == "timeline"
    assert shown["close_of_escrow"]["current"] == "2026-04-20"


def test_a_task_says_which_escrow_it_is_about_from_its_begin_to_its_undoing(world: World, escrow: Any) -> None:
    about = {"noun": "escrow", "id": escrow["id"]}
    begun = begin(world, "escrow_timeline", escrow=escrow["id"], text=AGREEMENT, timeZone=ZONE)
    assert begun["about"] == about
    work(world)
    done = confirmed(world, read(world, begun["id"]))
    assert (done["status"], done["about"]) == ("completed", about)
    assert undone(world, done)["about"] == about


def test_confirmed_dates_are_kept_in_the_escrow_and_undone(world: World, escrow: Any) -> None:
    done = confirmed(world, dates(world, escrow))
    assert done["result"] == {"kept": 4, "appointments": 0, "escrow": escrow["id"]}
    kept = get(world, escrow, "escrows")
    assert (kept["contingencyRemovalDate"], kept["closeOfEscrowDate"]) == ("2026-03-21", "2026-04-17")
    assert {item["title"]: item["at"] for item in kept["timeline"].values()} == {
        "Acceptance": "2026-03-04T08:00:00.000Z",
        "Deposit due": "2026-03-09T07:00:00.000Z",
    }
    assert undone(world, done)["result"]["restored"] == 1
    back = get(world, escrow, "escrows")
    assert (back["closeOfEscrowDate"], back.get("timeline", {})) == ("2026-04-20", {})
    assert "contingencyRemovalDate" not in back


def test_kept_again_the_same_dates_are_the_same_entries(world: World, escrow: Any) -> None:
    confirmed(world, dates(world, escrow))
    version = get(world, escrow, "escrows")["version"]
    confirmed(world, dates(world, escrow))
    assert get(world, escrow, "escrows")["version"] == version


def test_a_person_chooses_days_places_and_appointments(world: World, escrow: Any) -> None:
    task = dates(world, escrow)
    keys = {each["label"]: each["key"] for each in task["proposal"]["dates"]}
    answer = {
        "dates": [
            {"key": keys["initial_deposit"], "title": "Wire the deposit"},
            {"key": keys["contingency_removal"], "day": "2026-03-23", "target": "timeline"},
        ],
        "appointments": True,
    }
    done = confirmed(world, task, answer)
    assert done["result"]["appointments"] == 2
    kept = get(world, escrow, "escrows")
    assert kept["closeOfEscrowDate"] == "2026-04-20"
    assert "contingencyRemovalDate" not in kept
    made = call(world, "GET", "/appointments")[1]["items"]
    assert {each["title"]: (each["startsAt"], each["allDay"]) for each in made} == {
        "Wire the deposit": ("2026-03-09T07:00:00.000Z", True),
        "Contingency removal": ("2026-03-23T07:00:00.000Z", True),
    }
    assert {each["location"] for each in made} == {"12 Harbor Way, Davis"}
    assert undone(world, done)["result"] == {"removed": 2, "restored": 1, "left": 0}


def test_of_two_dates_for_one_thing_none_is_chosen(world: World, escrow: Any) -> None:
    text = "Close of escrow: April 17, 2026. Close of escrow: April 24, 2026."
    task = dates(world, escrow, text)
    assert [each["target"] for each in task["proposal"]["dates"]] == [None, None]
    assert refused(world, task, {}) == {"answer.dates": "nothing is left to be kept: cancel the task instead"}
    both = [{"key": key, "target": "closeOfEscrowDate"} for key in "12"]
    assert refused(world, task, {"dates": both}) == {"answer.dates": "closeOfEscrowDate can have one date"}
    assert "answer.dates.0.target" in refused(world, task, {"dates": [{"key": "1"}]})
    confirmed(world, task, {"dates": both[1:]})
    assert get(world, escrow, "escrows")["closeOfEscrowDate"] == "2026-04-24"


def test_an_escrow_of_others_is_as_if_it_did_not_exist(world: World) -> None:
    theirs = make(world, "escrows", who=BEN, propertyAddress="12 Harbor Way", visibility="private")
    assert dates(world, theirs)["problem"] == {"reason": "refused", "detail": "there is no such escrow"}
