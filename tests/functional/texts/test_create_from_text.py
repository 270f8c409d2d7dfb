"""Records from a text: proposed with where they stand, corrected, made, linked, taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from openhouse.language.engine import Mention
from tests.fakes import AVA, BEN
from tests.functional.conftest import World
from tests.functional.logs import events
from tests.functional.sockets import put
from tests.functional.test_duplicates import get, make
from tests.functional.test_http import call
from tests.functional.test_tasks import read
from tests.functional.texts.support import (
    ESCROW,
    ZONE,
    Failing,
    by_noun,
    confirmed,
    planned,
    proposed,
    refused,
    undone,
)


def test_a_line_becomes_linked_records_and_each_field_says_where_it_stands(world: World) -> None:
    task = proposed(world)
    proposal = task["proposal"]
    assert (proposal["engine"], proposal["text"]) == ("rules", ESCROW)
    records = {each["ref"]: each for each in proposal["records"]}
    assert set(records) == {"escrow-1", "listing-1", "client-1", "appointment-1"}
    fields = records["escrow-1"]["fields"]
    assert fields["purchasePriceCents"]["value"] == 54_000_000
    assert fields["purchasePriceCents"]["words"] == "$540,000"
    assert {name: ESCROW[field["start"] : field["end"]] for name, field in fields.items()} == {
        name: field["words"] for name, field in fields.items()
    }
    assert "lenderName" not in fields

    done = confirmed(world, task)
    assert (done["status"], done["message"], done["counts"]) == (
        "completed",
        "Created 4 records!",
        {"found": 4, "created": 4},
    )
    ids = by_noun(done)
    escrow = get(world, {"id": ids["escrow"]}, "escrows")
    assert (escrow["propertyAddress"], escrow["closeOfEscrowDate"]) == ("123 Main St", "2026-08-03")
    assert (escrow["listingId"], escrow["clientIds"]) == (ids["listing"], {ids["client"]: True})
    assert escrow["escrowNumber"].startswith("ESC-2026-")
    appointment = get(world, {"id": ids["appointment"]}, "appointments")
    assert (appointment["listingId"], appointment["clientId"]) == (ids["listing"], ids["client"])
    assert get(world, {"id": ids["client"]})["lastName"] == "Ruiz"


def test_undoing_takes_back_what_nobody_has_touched(world: World) -> None:
    done = confirmed(world, proposed(world))
    ids = by_noun(done)
    call(world, "PATCH", f"/clients/{ids['client']}", {"notes": "mine"})
    back = undone(world, done)
    assert back["result"] == {"removed": 3, "restored": 0, "left": 1}
    assert back["message"] == "Removed 3, left 1 that somebody has changed since"
    assert get(world, {"id": ids["escrow"]}, "escrows") is None
    assert get(world, {"id": ids["client"]})["notes"] == "mine"


def test_a_person_corrects_leaves_out_and_adds(world: World) -> None:
    task = proposed(world)
    answer = {
        "records": [
            {"ref": "escrow-1", "fields": {"purchasePriceCents": 55_000_000, "state": None, "lenderName": "Delta"}},
            {"ref": "client-1", "fields": {"email": "ana@example.com"}},
        ]
    }
    done = confirmed(world, task, answer)
    ids = by_noun(done)
    assert set(ids) == {"escrow", "client"}
    escrow = get(world, {"id": ids["escrow"]}, "escrows")
    assert (escrow["purchasePriceCents"], escrow["lenderName"]) == (55_000_000, "Delta")
    assert "state" not in escrow
    assert "listingId" not in escrow
    assert escrow["clientIds"] == {ids["client"]: True}
    assert get(world, {"id": ids["client"]})["email"] == "ana@example.com"


def test_who_is_there_already_is_shown_and_can_be_used_instead(world: World) -> None:
    ana = make(world, firstName="Ana", lastName="Ruiz", email="ana@example.com")
    make(world, firstName="Ana", lastName="Rossi")
    world.follow()
    task = proposed(world)
    (client,) = [each for each in task["proposal"]["records"] if each["ref"] == "client-1"]
    assert client["alike"] == [{"id": ana["id"], "name": "Ruiz Ana"}]
    done = confirmed(world, task, {"records": [{"ref": "escrow-1"}, {"ref": "client-1", "use": ana["id"]}]})
    assert [each["noun"] for each in done["result"]["records"]] == ["escrow"]
    assert get(world, {"id": by_noun(done)["escrow"]}, "escrows")["clientIds"] == {ana["id"]: True}


def test_an_escrow_that_is_there_already_is_shown(world: World) -> None:
    known = make(
        world, "escrows", propertyAddress="123 Main Street", city="Bakersfield", zip="93301", buyerName="Ana Ruiz"
    )
    world.follow()
    (escrow,) = [each for each in proposed(world)["proposal"]["records"] if each["ref"] == "escrow-1"]
    assert [each["id"] for each in escrow["alike"]] == [known["id"]]


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"records": [{"ref": "escrow-7"}]}, "answer.records.0.ref"),
        ({"records": [{"ref": "escrow-1"}, {"ref": "escrow-1"}]}, "answer.records.1.ref"),
        (
            {"records": [{"ref": "escrow-1", "fields": {"purchasePriceCents": "a lot"}}]},
            "answer.records.0.fields.purchasePriceCents",
        ),
        (
            {"records": [{"ref": "escrow-1", "fields": {"propertyAddress": None}}]},
            "answer.records.0.fields.propertyAddress",
        ),
        ({"records": [{"ref": "escrow-1", "fields": {"colour": "red"}}]}, "answer.records.0.fields.colour"),
        ({"records": [{"ref": "escrow-1", "fields": {"version": 4}}]}, "answer.records.0.fields.version"),
        ({"records": []}, "answer.records"),
    ],
    ids=["unknown", "twice", "no price", "no address", "no field", "the server's", "nothing"],
)
def test_what_cannot_be_made_is_refused_where_it_is_said_and_the_task_goes_on_waiting(
    world: World, answer: Any, field: str
) -> None:
    task = proposed(world)
    assert field in refused(world, task, answer)
    assert read(world, task["id"])["status"] == "proposed"


def test_a_link_to_what_one_cannot_reach_makes_nothing_and_says_so(world: World) -> None:
    theirs = make(world, who=BEN, lastName="Hart", visibility="private")
    task = proposed(world)
    answer = {"records": [{"ref": "escrow-1"}, {"ref": "client-1", "use": theirs["id"]}]}
    failed = confirmed(world, task, answer)
    assert failed["problem"]["reason"] == "refused"
    assert theirs["id"] in failed["problem"]["detail"]
    assert call(world, "GET", "/escrows")[1]["items"] == []


def test_a_record_that_lacks_something_is_made_only_when_it_is_said(world: World) -> None:
    task = proposed(world, "Escrow with buyer Ana Ruiz, $540,000, closing August 3")
    (escrow,) = [each for each in task["proposal"]["records"] if each["noun"] == "escrow"]
    assert escrow["missing"] == ["propertyAddress"]
    answer = {"records": [{"ref": "escrow-1", "fields": {"propertyAddress": "9 Oak Ave"}}]}
    done = confirmed(world, task, answer)
    assert get(world, {"id": by_noun(done)["escrow"]}, "escrows")["propertyAddress"] == "9 Oak Ave"


def test_without_an_answer_what_lacks_something_is_left_out(world: World) -> None:
    done = confirmed(world, proposed(world, "Escrow with buyer Ana Ruiz, $540,000, closing August 3"))
    assert "escrow" not in by_noun(done)
    assert "client" in by_noun(done)


def test_who_is_in_several_teams_says_where_the_records_shall_be(world: World) -> None:
    put(world, AVA, team_ids=("north", "south"))
    both = replace(AVA, team_ids=("north", "south"))
    task = proposed(world, who=both)
    assert task["proposal"]["needsTeam"] is True
    assert refused(world, task, {}) == {"answer.teamId": "name one of your teams, or choose another visibility"}
    ids = by_noun(confirmed(world, task, {"teamId": "south"}))
    for noun, path in (("escrow", "escrows"), ("client", "clients"), ("appointment", "appointments")):
        assert get(world, {"id": ids[noun]}, path, who=both)["room"] == "team:south"
    private = by_noun(confirmed(world, proposed(world, who=both), {"visibility": "private"}))
    assert get(world, {"id": private["escrow"]}, "escrows")["room"] == "user:ava"


def test_a_text_about_nothing_ends_without_a_question(world: World) -> None:
    task = planned(world, "create_from_text", text="See you tomorrow!", timeZone=ZONE)
    assert (task["status"], task["message"], task["can"]) == ("completed", "The text is about no record", [])


def test_a_long_text_is_told_without_itself(world: World) -> None:
    task = proposed(world, ESCROW + "\n" + "Nothing of importance stands here.\n" * 1_130)
    assert "text" not in task["proposal"]
    assert task["proposal"]["records"][0]["fields"]["purchasePriceCents"]["words"] == "$540,000"


def test_many_records_are_made_in_as_many_transactions_as_they_need(world: World, engine: Failing) -> None:
    names = [f"{first} Okafor{last}" for first in ("Ana", "Bea", "Cal", "Dee", "Eve") for last in "abcde"]
    text = "\n".join(["Escrow for 123 Main St. Buyers:", *names])
    marked = {"Escrow": "transaction", "123 Main St": "street", **dict.fromkeys(names, "buyer")}
    places = [(text.index(words), len(words), label) for words, label in marked.items()]
    found_ = [Mention(start, start + length, label) for start, length, label in places]  # type: ignore[arg-type]
    engine.mentions = lambda *_: found_
    task = proposed(world, text)
    total = len(task["proposal"]["records"])
    assert total == 26
    done = confirmed(world, task)
    assert done["counts"]["created"] == total
    assert len(get(world, {"id": by_noun(done)["escrow"]}, "escrows")["clientIds"]) == 25
    created = [event["type"] for event in events(world, "team:north") if event["type"].endswith(":created")]
    assert created == [*["client:created"] * 25, "escrow:created"]  # nothing names what is not there yet
    assert undone(world, done)["result"] == {"removed": total, "restored": 0, "left": 0}
    assert call(world, "GET", "/clients")[1]["items"] == []
