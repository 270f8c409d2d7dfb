"""Records from texts, dates from agreements, descriptions of listings: proposed, corrected, written, taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from openhouse.core.errors import ModelBudgetSpent, ModelBusy, ModelMisconfigured
from openhouse.core.principal import Principal
from openhouse.language.engine import Mention
from openhouse.language.rules.engine import RulesEngine
from tests.fakes import AVA, BEN, DANA, MIA
from tests.functional.conftest import World
from tests.functional.logs import events
from tests.functional.sockets import found, put
from tests.functional.test_duplicates import get, make
from tests.functional.test_http import call, problem
from tests.functional.test_tasks import begin, do, read, told, work

ZONE = "America/Los_Angeles"
ESCROW = "Escrow for 123 Main St, Bakersfield CA 93301, buyer Ana Ruiz, $540,000, closing August 3"
AGREEMENT = (
    "Date of Acceptance: March 4, 2026. Buyer shall deliver the deposit within 3 business days after acceptance. "
    "Buyer shall remove all contingencies within 17 days after acceptance. Close of escrow shall be April 17, 2026."
)


class Failing(RulesEngine):
    """Raises what it is given, once each, before it answers; counts how often it is asked."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = [*errors]
        self.asked = 0

    def mentions(self, *given: Any) -> Any:
        self._ask()
        return super().mentions(*given)

    def sentences(self, *given: Any) -> Any:
        self._ask()
        return super().sentences(*given)

    def _ask(self) -> None:
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)


@pytest.fixture
def engine() -> Failing:
    return Failing()


@pytest.fixture
def world(engine: Failing) -> World:
    world = World.in_memory(language=lambda: engine)
    found(world)
    put(world, DANA)
    return world


def planned(world: World, kind: str, who: Principal = AVA, **input_: Any) -> Any:
    begun = begin(world, kind, who=who, **input_)
    work(world)
    return read(world, begun["id"], who=who)


def proposed(world: World, text: str = ESCROW, who: Principal = AVA) -> Any:
    task = planned(world, "create_from_text", who=who, text=text, timeZone=ZONE)
    assert task["status"] == "proposed", task
    return task


def confirmed(world: World, task: Any, answer: Any = None) -> Any:
    do(world, task["id"], "confirm", {"answer": answer} if answer is not None else {})
    work(world)
    return read(world, task["id"])


def refused(world: World, task: Any, answer: Any) -> dict[str, str]:
    status, body, _ = call(world, "POST", f"/tasks/{task['id']}/confirm", {"answer": answer})
    assert status == 422, body
    return {fault["field"]: fault["message"] for fault in body["errors"]}


def undone(world: World, task: Any) -> Any:
    undoing = do(world, task["id"], "undo")
    work(world)
    return read(world, undoing["id"])


def by_noun(task: Any) -> dict[str, str]:
    return {each["noun"]: each["id"] for each in task["result"]["records"]}


# Records from a text --------------------------------------------------------------------------------------------------


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


# The engine -----------------------------------------------------------------------------------------------------------


def test_a_busy_model_is_left_to_the_next_try_of_the_step(world: World, engine: Failing) -> None:
    engine.errors = [ModelBusy("the model is asked too often at the moment; try again")]
    task = begin(world, "create_from_text", text=ESCROW, timeZone=ZONE)
    (about,) = world.workflows.take()
    with pytest.raises(ModelBusy):
        world.task_steps.handle(about)
    assert read(world, task["id"])["status"] == "running"
    assert world.task_steps.handle(about) == {"more": False}
    assert read(world, task["id"])["status"] == "proposed"


@pytest.mark.parametrize(
    "error",
    [
        ModelBudgetSpent("this brokerage has used what its language model may cost today; try again tomorrow (UTC)"),
        ModelMisconfigured("this deployment may not ask its language model"),
    ],
    ids=["budget", "configuration"],
)
def test_what_no_try_gets_past_ends_the_task_in_plain_words(world: World, engine: Failing, error: Any) -> None:
    engine.errors = [error]
    task = planned(world, "create_from_text", text=ESCROW, timeZone=ZONE)
    assert task["problem"] == {"reason": "refused", "detail": error.message}


def test_a_model_that_stays_busy_ends_the_task_in_its_words(world: World) -> None:
    """As Step Functions tells of a function's error."""
    task = begin(world, "create_from_text", text=ESCROW, timeZone=ZONE)
    (about,) = world.workflows.take()
    cause = '{"errorMessage": "the model has failed; try again", "errorType": "ModelBusy", "stackTrace": []}'
    world.task_steps.handle({**about, "failed": {"Error": "Lambda.Unknown", "Cause": cause}})
    assert read(world, task["id"])["problem"] == {"reason": "refused", "detail": "the model has failed; try again"}


@pytest.mark.parametrize("cause", ['{"errorMessage": "secret", "errorType": "KeyError"}', "killed", None])
def test_of_any_other_failure_nothing_is_told_but_that_it_failed(world: World, cause: Any) -> None:
    task = begin(world, "create_from_text", text=ESCROW, timeZone=ZONE)
    (about,) = world.workflows.take()
    world.task_steps.handle({**about, "failed": {"Error": "States.TaskFailed", "Cause": cause}})
    assert read(world, task["id"])["problem"]["reason"] == "crashed"


# Dates of an agreement ------------------------------------------------------------------------------------------------


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


# A listing's description ----------------------------------------------------------------------------------------------

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


# A day ----------------------------------------------------------------------------------------------------------------


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


def test_a_part_that_meets_others_asks_only_once(world: World, engine: Failing) -> None:
    """An answer is paid for."""
    table: Any = world.table
    met: list[str] = []

    def meet(call_: str) -> None:
        if call_ == "transact" and engine.asked and not met:
            met.append(call_)
            call(world, "PATCH", "/preferences", {"timeZone": ZONE})

    table.before = meet
    proposed(world)
    assert (met, engine.asked) == (["transact"], 1)
