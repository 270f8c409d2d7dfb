"""Imports from the upload of a file to the undoing, over REST and as the state machine works on them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from openhouse.core.principal import Principal
from openhouse.crm.changes import Change
from openhouse.crm.commit_builder import PreparedChanges
from openhouse.crm.modules.clients import CLIENTS
from openhouse.tasks.imports.known import MOST_COMMITS, MOST_STRANGERS
from openhouse.tasks.imports.pages import ROWS
from openhouse.tasks.imports.proposing import MANY
from openhouse.tasks.kind import TaskKind
from tests.fakes import AVA, BEN
from tests.functional.conftest import World
from tests.functional.importing import (
    CONTACTS,
    answer,
    imported,
    new_world,
    numbers,
    planned,
    read,
    records,
    report,
    undone,
    upload,
    work,
)
from tests.functional.sockets import put
from tests.functional.test_http import call
from tests.functional.test_tasks import told


@pytest.fixture
def world() -> World:
    return new_world()


def test_a_file_is_mapped_shown_confirmed_and_written_in_its_order(world: World) -> None:
    task = planned(world, CONTACTS)
    assert task["status"] == "proposed", task
    proposal = task["proposal"]
    assert [column["target"] for column in proposal["columns"]] == ["firstName", "lastName", "email", "phone", "city"]
    assert proposal["columns"][2]["samples"] == ["ana@example.com", "ben@example.com", "cleo@example.com"]
    assert proposal["counts"]["create"] == proposal["rows"] == 3
    assert records(world) == []

    done = answer(world, task["id"])
    assert (done["status"], done["message"]) == ("completed", "Imported 3 clients!")
    assert numbers(done) == (3, 0, 0, 0)
    assert [record["firstName"] for record in records(world)] == ["Ana", "Ben", "Cleo"]


def test_what_was_imported_and_nobody_touched_is_taken_back(world: World) -> None:
    done = imported(world, CONTACTS)
    assert done["can"] == ["undo"]
    over = undone(world, done["id"])
    assert over["result"] == {"removed": 3, "restored": 0, "left": 0, "leftRecords": []}, read(world, over["id"])
    assert records(world) == []


def test_a_corrected_column_is_planned_afresh_and_remembered_for_the_brokerage(world: World) -> None:
    text = "First Name,Last Name,Reach\nAna,Ruiz,ana@example.com\nBen,Okafor,ben@example.com\n"
    task = planned(world, text)
    assert task["proposal"]["columns"][2]["target"] is None
    again = answer(world, task["id"], columns={"2": {"target": "email"}})
    assert again["status"] == "proposed"
    assert again["proposal"]["columns"][2]["target"] == "email"
    assert again["proposal"]["columns"][2]["by"] == "choice"
    assert again["proposal"]["columns"][2]["choice"] == {"target": "email", "reading": {}, "words": {}}
    assert "choice" not in again["proposal"]["columns"][0]
    assert records(world) == []
    done = answer(world, task["id"])
    assert numbers(done) == (2, 0, 0, 0)
    assert {record["email"] for record in records(world)} == {"ana@example.com", "ben@example.com"}

    undone(world, done["id"])
    colleague = planned(world, text.replace("Ruiz", "Rivera"), who=BEN)
    assert colleague["proposal"]["columns"][2]["target"] == "email"


def test_what_was_said_of_a_column_is_taken_back_for_this_import_and_the_next(world: World) -> None:
    text = "First Name,Last Name,Reach\nAna,Ruiz,ana@example.com\nBen,Okafor,ben@example.com\n"
    task = planned(world, text)
    undecided = task["proposal"]["columns"]
    said = answer(world, task["id"], columns={"0": None, "1": {"target": None}, "2": {"target": "email"}})
    assert [column["target"] for column in said["proposal"]["columns"]] == ["firstName", None, "email"]
    # From a field to no field, from no field to what it shows.
    again = answer(world, task["id"], columns={"1": None, "2": {"target": None}})
    assert [column["target"] for column in again["proposal"]["columns"]] == ["firstName", "lastName", None]
    assert [column["by"] for column in again["proposal"]["columns"]] == ["evidence", "evidence", "choice"]
    last = answer(world, task["id"], columns={"2": None})
    assert last["proposal"]["columns"] == undecided
    assert planned(world, text, who=BEN)["proposal"]["columns"] == undecided


def test_what_was_said_of_columns_is_dropped_when_another_line_names_them(world: World) -> None:
    text = "Ana,Ruiz,ana@example.com,Gold\nBen,Okafor,ben@example.com,Blue\n"
    names = {"0": {"target": "firstName"}, "1": {"target": "lastName"}, "3": {"target": "notes"}}
    task = planned(world, text, header=True, columns=names)
    assert [column["name"] for column in task["proposal"]["columns"]] == ["Ana", "Ruiz", "ana@example.com", "Gold"]
    assert task["proposal"]["rows"] == 1
    again = answer(world, task["id"], header=False, columns={"0": {"target": "lastName"}})
    assert again["status"] == "proposed"
    assert (again["proposal"]["rows"], again["proposal"]["refused"]) == (2, "")
    assert [column.get("choice", {}).get("target") for column in again["proposal"]["columns"]] == [
        "lastName",
        *[None] * 3,
    ]
    # Nor is it known of such columns from then on, as those without names are no layout.
    assert all("choice" not in column for column in planned(world, text, header=False)["proposal"]["columns"])


def test_an_answer_that_changes_nothing_confirms(world: World) -> None:
    task = planned(world, CONTACTS)
    assert answer(world, task["id"], duplicates="skip", update="empty")["status"] == "completed"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"columns": {"0": {"target": "nothing"}}}, "answer.columns.0.target"),
        ({"columns": {"9": {"target": "email"}}}, "answer.columns.9"),
        ({"columns": {"9": None}}, "answer.columns.9"),
        ({"constants": {"nothing": 1}}, "answer.constants.nothing"),
    ],
    ids=["field", "column", "column that was taken back", "constant"],
)
def test_an_answer_that_names_what_is_not_there_is_refused(world: World, said: dict[str, Any], field: str) -> None:
    task = planned(world, CONTACTS)
    status, problem, _ = call(world, "POST", f"/tasks/{task['id']}/confirm", {"answer": said})
    assert status == 422
    assert problem["errors"][0]["field"] == field


def test_two_columns_for_one_field_are_shown_as_refused_and_not_written(world: World) -> None:
    task = planned(world, CONTACTS)
    again = answer(world, task["id"], columns={"0": {"target": "city"}, "4": {"target": "city"}})
    assert "cannot both be city" in again["proposal"]["refused"]
    assert again["proposal"]["columns"][0]["choice"]["target"] == "city"
    status, _, _ = call(world, "POST", f"/tasks/{task['id']}/confirm", {})
    assert status == 422


def test_the_same_file_again_creates_nothing(world: World) -> None:
    text = CONTACTS + "Only,Name,,,\n"
    assert numbers(imported(world, text)) == (4, 0, 0, 0)
    assert numbers(imported(world, text)) == (0, 0, 4, 0)
    assert len(records(world)) == 4


def test_deleted_records_do_not_block_a_second_import(world: World) -> None:
    first = imported(world, CONTACTS)
    undone(world, first["id"])
    assert numbers(imported(world, CONTACTS)) == (3, 0, 0, 0)


def test_duplicates_inside_the_file_are_made_once(world: World) -> None:
    text = CONTACTS + "Ana,Ruiz,ANA@example.com,,\nAna,Ruiz,,(415) 555-0123,\n"
    done = imported(world, text)
    assert numbers(done) == (3, 0, 2, 0)
    assert done["result"]["duplicates"] == 2


def test_a_row_that_was_rejected_hides_no_other(world: World) -> None:
    text = "Address,City,State,Zip,Price\n12 Oak St,Davis,,95616,1\n12 Oak St,Davis,CA,95616,500000\n"
    done = imported(world, text, "listing")
    assert numbers(done) == (1, 0, 0, 1)


def test_a_couple_with_one_number_is_two_people_and_somebody_is_told(world: World) -> None:
    text = CONTACTS + "Dora,Ruiz,dora@example.com,415-555-0123,Davis\n"
    done = imported(world, text)
    assert numbers(done) == (4, 0, 0, 0)
    assert done["result"]["warned"] == 1


@pytest.mark.parametrize(
    ("update", "city", "phone"), [("empty", "Davis", "+14155550199"), ("all", "Woodland", "+14155550199")]
)
def test_duplicates_are_updated_where_they_are_empty_or_all(world: World, update: str, city: str, phone: str) -> None:
    call(world, "POST", "/clients", {"lastName": "Ruiz", "email": "ana@example.com", "city": "Davis"})
    text = "Last Name,Email,Phone,City\nRuiz,ana@example.com,415-555-0199,Woodland\n"
    done = imported(world, text, duplicates="update", update=update)
    assert numbers(done) == (0, 1, 0, 0)
    (record,) = records(world)
    assert (record["city"], record["phone"], record["version"]) == (city, phone, 2)
    again = imported(world, text, duplicates="update", update=update)
    assert numbers(again) == (0, 0, 1, 0)

    over = undone(world, done["id"])
    assert over["result"]["restored"] == 1
    (record,) = records(world)
    assert (record["city"], record.get("phone")) == ("Davis", None)


def test_duplicates_are_created_if_somebody_says_so(world: World) -> None:
    imported(world, CONTACTS)
    assert numbers(imported(world, CONTACTS, duplicates="create")) == (3, 0, 0, 0)
    assert len(records(world)) == 6


def test_a_row_that_fits_several_is_a_question_and_not_guessed(world: World) -> None:
    for number in (1, 2):
        call(
            world, "POST", "/clients", {"lastName": "Ruiz", "email": "ana@example.com", "phone": f"+1415555010{number}"}
        )
    done = imported(world, CONTACTS, duplicates="update")
    assert numbers(done) == (2, 0, 1, 0)
    assert "may be any of 2" in report(world, done)[1][2]


def test_what_others_add_between_preview_and_writing_is_not_made_twice(world: World) -> None:
    task = planned(world, CONTACTS)
    call(world, "POST", "/clients", {"lastName": "Ruiz", "email": "ana@example.com"}, who=BEN)
    done = answer(world, task["id"])
    assert numbers(done) == (2, 0, 1, 0)
    assert len(records(world)) == 3


def test_what_others_change_between_preview_and_writing_is_left_and_said(world: World) -> None:
    imported(world, CONTACTS)
    text = CONTACTS.replace("Davis", "Dixon")
    task = planned(world, text, duplicates="update", update="all")
    ana = next(record for record in records(world) if record["firstName"] == "Ana")
    call(world, "PATCH", f"/clients/{ana['id']}", {"notes": "Called."})
    done = answer(world, task["id"])
    assert numbers(done) == (0, 1, 2, 0)  # Cleo lives where she did
    assert [row[:2] for row in report(world, done)[1:]] == [["2", "skipped"]]
    assert "somebody has changed it" in report(world, done)[1][2]


def test_a_locked_record_is_skipped_and_said(world: World) -> None:
    imported(world, CONTACTS)
    text = CONTACTS.replace("Davis", "=Dixon")
    task = planned(world, text, duplicates="update", update="all")
    ana = next(record for record in records(world) if record["firstName"] == "Ana")
    assert call(world, "POST", f"/clients/{ana['id']}/lock", {}, who=BEN)[0] == 200
    done = answer(world, task["id"])
    assert numbers(done) == (0, 1, 2, 0)
    assert "somebody is at work on it" in report(world, done)[1][2]
    assert report(world, done)[1][-1] == "'=Dixon"


def test_the_undoing_leaves_what_somebody_has_touched_and_says_so(world: World) -> None:
    done = imported(world, CONTACTS)
    ana, ben, cleo = records(world)
    call(world, "PATCH", f"/clients/{ana['id']}", {"notes": "Called."})
    call(world, "DELETE", f"/clients/{ben['id']}")
    over = undone(world, done["id"])
    assert {name: over["result"][name] for name in ("removed", "restored", "left")} == {
        "removed": 1,
        "restored": 0,
        "left": 2,
    }
    assert [(left["id"], left["line"]) for left in over["result"]["leftRecords"]] == [(ben["id"], 3), (ana["id"], 2)]
    assert [record["id"] for record in records(world)] == [ana["id"]]
    assert cleo["id"] not in {record["id"] for record in records(world)}


def test_rejected_and_warned_rows_are_told_in_words_and_hold_no_formula(world: World) -> None:
    text = (
        "First Name,Last Name,Email,Phone,Notes\n"
        "Ana,Ruiz,not an address,415-555-0123,=1+1\n"
        ',,nobody@,12,"=HYPERLINK(""http://x"")"\n'
        + "".join(f"N{number},,n{number}@example.com,415-555-02{number:02d},\n" for number in range(10, 16))
    )
    done = imported(world, text)
    assert numbers(done) == (7, 0, 0, 1)
    assert done["result"]["warned"] == 1
    head, warned, rejected = report(world, done)
    assert head == ["Line", "What became of it", "Why", "First Name", "Last Name", "Email", "Phone", "Notes"]
    assert warned[:2] == ["2", "imported, but not in full"]
    assert "is not a valid e-mail address" in warned[2]
    assert warned[-1] == "'=1+1"
    assert rejected[:2] == ["3", "rejected"]
    assert rejected[-1].startswith("'=HYPERLINK")
    assert records(world)[0]["notes"] == "=1+1"
    status, file, _ = call(world, "GET", f"/files/{done['result']['report']['fileId']}")
    assert (status, file["name"]) == (200, "people - rows to look at.csv")
    assert call(world, "GET", f"/files/{done['result']['report']['fileId']}", who=BEN)[0] == 404


def test_owners_are_found_by_name_or_address_by_leads_alone(world: World) -> None:
    rows = (("Ana", BEN.name), ("Cleo", BEN.email), ("Dot", "Nobody Else"))
    text = "First Name,Email,Owner\n" + "".join(f"{name},{name}@example.com,{owner}\n" for name, owner in rows)
    done = imported(world, text)
    assert {record["ownerId"] for record in records(world)} == {AVA.user_id}
    assert done["result"]["warned"] == 3
    assert "only leads and brokers" in report(world, done)[1][2]
    undone(world, done["id"])

    put(world, AVA, role="lead")
    lead = replace(AVA, role="lead")
    done = imported(world, text, who=lead)
    owners = {record["firstName"]: record["ownerId"] for record in records(world, who=lead)}
    assert owners == {"Ana": BEN.user_id, "Cleo": BEN.user_id, "Dot": AVA.user_id}
    assert done["result"]["warned"] == 1


def test_a_lead_gives_records_to_somebody_else_but_for_those_of_which_the_file_names_an_owner(world: World) -> None:
    put(world, AVA, role="lead")
    lead = replace(AVA, role="lead")
    text = f"First Name,Email,Owner\nAna,ana@example.com,\nCleo,cleo@example.com,{AVA.name}\nDot,dot@example.com,X Y\n"
    task = planned(world, text, who=lead)
    assert task["proposal"]["ownerId"] == AVA.user_id
    assert task["proposal"]["header"] is True
    again = answer(world, task["id"], who=lead, ownerId=BEN.user_id)
    assert (again["status"], again["proposal"]["ownerId"]) == ("proposed", BEN.user_id)
    done = answer(world, task["id"], who=lead)
    owners = {record["firstName"]: record["ownerId"] for record in records(world, who=lead)}
    assert owners == {"Ana": BEN.user_id, "Cleo": AVA.user_id, "Dot": BEN.user_id}
    assert "so it is as you have chosen" in report(world, done, lead)[1][2]


def test_who_may_not_give_records_away_keeps_them_and_is_told(world: World) -> None:
    done = imported(world, CONTACTS, ownerId=BEN.user_id)
    assert {record["ownerId"] for record in records(world)} == {AVA.user_id}
    assert done["result"]["warned"] == 3
    assert "you may not give it to them" in report(world, done)[1][2]


def test_whoever_leaves_the_brokerage_imports_nothing_more(world: World) -> None:
    task = planned(world, CONTACTS)
    call(world, "POST", f"/tasks/{task['id']}/confirm", {})
    world.directory.remove_user("harbor", AVA.user_id)
    work(world)
    assert read(world, task["id"])["problem"]["reason"] == "access_lost"
    assert records(world, who=BEN) == []


def test_whoever_loses_the_team_writes_nothing_into_it(world: World) -> None:
    task = planned(world, CONTACTS, constants={"teamId": "north"})
    call(world, "POST", f"/tasks/{task['id']}/confirm", {})
    put(world, AVA, team_ids=("south",))
    work(world)
    done = read(world, task["id"])
    assert numbers(done) == (0, 0, 0, 3)
    assert "not one of your teams" in report(world, done)[1][2]


def test_somebody_elses_file_is_not_there(world: World) -> None:
    file = upload(world, CONTACTS, BEN)
    body = {"kind": "import", "input": {"file": file, "module": "client"}}
    id_ = call(world, "POST", "/tasks", body)[1]["id"]
    work(world)
    assert read(world, id_)["problem"]["reason"] == "refused"


def test_a_file_that_is_no_table_is_refused_in_words(world: World) -> None:
    task = planned(world, b"%PDF-1.7 not a list at all")
    assert task["status"] == "failed"
    assert "PDF" in task["problem"]["detail"]


def test_a_module_that_is_not_there_is_refused(world: World) -> None:
    file = upload(world, CONTACTS)
    status, problem, _ = call(world, "POST", "/tasks", {"kind": "import", "input": {"file": file, "module": "ship"}})
    assert (status, problem["errors"][0]["field"]) == (422, "module")


def test_our_own_numbers_say_which_escrow_a_row_is(world: World) -> None:
    escrow = call(world, "POST", "/escrows", {"propertyAddress": "1 Main St"})[1]
    text = f"Escrow Number,Property Address,City\n{escrow['escrowNumber']},1 Main Street (corner),Davis\n"
    done = imported(world, text, "escrow", duplicates="update", update="all")
    assert numbers(done) == (0, 1, 0, 0)
    (record,) = records(world, "escrows")
    assert (record["propertyAddress"], record["city"]) == ("1 Main Street (corner)", "Davis")


def test_more_than_a_page_is_written_in_order_and_messages_say_how_far(world: World) -> None:
    count = ROWS + 7
    text = "First Name,Email\n" + "".join(f"N{number:05d},n{number}@example.com\n" for number in range(count))
    content = world.bucket.content

    def slowly(key: str) -> bytes | None:
        world.clock.advance(1)
        return content(key)

    world.bucket.content = slowly
    done = imported(world, text)
    assert numbers(done) == (count, 0, 0, 0)
    assert [record["firstName"] for record in records(world)] == [f"N{number:05d}" for number in range(count)]
    said = [event["data"]["task"]["message"] for event in told(world)]
    assert "Validating names and contact details..." in said
    assert any(re.fullmatch(rf"Creating client \d+/{count}\.\.\.", message) for message in said)
    over = undone(world, done["id"])
    assert over["result"]["removed"] == count
    assert records(world) == []


def test_many_rows_are_warned_of_before(world: World) -> None:
    text = "Last Name,Email\n" + "".join(f"N,n{number}@example.com\n" for number in range(MANY + 1))
    (warning,) = planned(world, text)["proposal"]["warnings"]
    assert "10,001 records" in warning
    assert "2 minutes" in warning


TRANSACTIONS = """Property Address,City,State,Zip,Buyer Name,Buyer Email,Seller Name,Purchase Price,Closing Date
12 Oak St,Davis,CA,95616,Ana Ruiz,ana@example.com,Ben Okafor,540000,2026-03-15
14 Elm St,Davis,CA,95616,Cleo Marsh,cleo@example.com,Ana Ruiz,610000,2026-03-21
16 Fir St,Davis,CA,95616,Ana Ruiz,ana@example.com,Dot Lane,480000,2026-04-02
"""


def test_a_table_of_transactions_feeds_listings_buyers_and_sellers_each_made_once(world: World) -> None:
    task = planned(world, TRANSACTIONS, "escrow")
    offered = {each["name"]: each["noun"] for each in task["proposal"]["linked"]}
    assert offered == {"buyer": "client", "seller": "client", "listing": "listing"}
    again = answer(world, task["id"], linked=["buyer", "seller", "listing"])
    assert all(each["chosen"] for each in again["proposal"]["linked"])
    done = answer(world, task["id"])
    assert numbers(done) == (3, 0, 0, 0)
    clients, escrows = records(world), records(world, "escrows")
    by_name = {(each["firstName"], each.get("email")): each for each in clients}
    assert {name for name, _ in by_name} == {"Ana", "Ben", "Cleo", "Dot"}
    ana = by_name["Ana", "ana@example.com"]
    assert [ana["id"] in escrow["clientIds"] for escrow in escrows][0::2] == [True, True]
    listings = {each["id"]: each["address"] for each in records(world, "listings")}
    assert [listings[escrow["listingId"]] for escrow in escrows] == ["12 Oak St", "14 Elm St", "16 Fir St"]
    assert done["result"]["linked"] == len(clients) + len(listings)

    second = imported(world, TRANSACTIONS, "escrow", linked=["buyer", "seller", "listing"])
    assert (numbers(second), second["result"]["linked"]) == ((0, 0, 3, 0), 0)
    over = undone(world, done["id"])
    assert over["result"]["left"] == 0
    assert [records(world, path) for path in ("clients", "escrows", "listings")] == [[], [], []]


def test_linked_records_that_are_there_are_named_and_not_made(world: World) -> None:
    ana = call(world, "POST", "/clients", {"firstName": "Ana", "lastName": "Ruiz", "email": "ana@example.com"})[1]
    done = imported(world, TRANSACTIONS, "escrow", linked=["buyer"])
    assert done["result"]["linked"] == 1
    first, _, third = records(world, "escrows")
    assert first["clientIds"] == third["clientIds"] == {ana["id"]: True}


def test_a_linked_record_that_goes_meanwhile_keeps_no_row_from_being_written(world: World) -> None:
    ana = call(world, "POST", "/clients", {"firstName": "Ana", "lastName": "Ruiz", "email": "ana@example.com"})[1]
    task = planned(world, TRANSACTIONS, "escrow", linked=["buyer"])
    call(world, "DELETE", f"/clients/{ana['id']}")
    done = answer(world, task["id"])
    assert numbers(done) == (3, 0, 0, 0)
    assert [len(escrow["clientIds"]) for escrow in records(world, "escrows")] == [0, 1, 0]


def test_what_was_not_proposed_is_not_linked(world: World) -> None:
    task = planned(world, CONTACTS)
    status, problem, _ = call(world, "POST", f"/tasks/{task['id']}/confirm", {"answer": {"linked": ["buyer"]}})
    assert (status, problem["errors"][0]["field"]) == (422, "answer.linked")


def test_a_plan_that_takes_several_steps_knows_the_rows_of_those_before(world: World) -> None:
    """Each page takes longer than a step, so that each begins with nothing but what was noted."""
    text = "First Name,Email\n" + "".join(f"N{number:03d},n{number}@example.com\n" for number in range(ROWS))
    put = world.bucket.put

    def slowly(*page: Any, **about: Any) -> None:
        world.clock.advance(60)
        put(*page, **about)

    world.bucket.put = slowly
    steps: list[bool] = []
    step = world.task_steps.step

    def noted(room: str, task_id: str, phase: str, run: int) -> bool:
        steps.append(step(room, task_id, phase, run))
        return steps[-1]

    world.task_steps.step = noted
    task = planned(world, text + "N000,N0@EXAMPLE.COM\nLast,last@example.com\n")
    assert steps == [True, False]
    counts = task["proposal"]["counts"]
    assert {name: counts[name] for name in ("create", "skip", "duplicate")} == {
        "create": ROWS + 1,
        "skip": 1,
        "duplicate": 1,
    }
    assert task["proposal"]["remarks"] == []


def test_two_imports_of_one_file_side_by_side_make_each_record_once(world: World) -> None:
    """More than are compared one by one, and each goes on between two parts of the other."""
    count = MOST_STRANGERS + 40
    text = "First Name,Email\n" + "".join(f"N{number:03d},n{number}@example.com\n" for number in range(count))
    tasks = [planned(world, text) for _ in range(2)]
    for task in tasks:
        call(world, "POST", f"/tasks/{task['id']}/confirm", {})
    mine, other = world.workflows.take()
    waiting = [other]

    def rest(kind: TaskKind, phase: str, done: int, took: float, deadline: float) -> None:
        if waiting and done:
            assert not world.task_steps.handle(waiting.pop())["more"]

    world.task_steps._rest = rest
    assert not world.task_steps.handle(mine)["more"]
    results = [numbers(read(world, task["id"])) for task in tasks]
    assert len(records(world)) == count == sum(created for created, *_ in results)
    assert [sum(each) for each in results] == [count, count]
    assert all(skipped for _, _, skipped, _ in results)


def test_what_others_add_in_the_middle_of_a_part_is_seen_by_the_next_one(world: World) -> None:
    count = 70
    text = "First Name,Email\n" + "".join(f"N{number:03d},n{number}@example.com\n" for number in range(count))
    task = planned(world, text)
    prepare = world.commit_builder.prepare
    last = [f"n{count - 1}@example.com"]

    def after_somebody(principal: Principal, changes: Sequence[Change], now: datetime) -> PreparedChanges:
        if last:
            email = last.pop()
            call(world, "POST", "/clients", {"firstName": "N069", "email": email}, who=BEN)
        return prepare(principal, changes, now)

    world.commit_builder.prepare = after_somebody
    done = answer(world, task["id"])
    assert numbers(done) == (count - 1, 0, 1, 0)
    assert len(records(world)) == count


def test_after_more_commits_than_are_looked_at_all_records_are_compared_again(world: World) -> None:
    task = planned(world, CONTACTS)
    call(world, "POST", "/clients", {"firstName": "Ana", "email": "ana@example.com"}, who=BEN)
    some = call(world, "POST", "/clients", {"lastName": "Busy"}, who=BEN)[1]
    for number in range(MOST_COMMITS):
        world.records.patch(CLIENTS, BEN, some["id"], {"notes": str(number)})
    done = answer(world, task["id"])
    assert numbers(done) == (2, 0, 1, 0)


def test_what_is_said_of_one_column_leaves_what_was_said_of_others(world: World) -> None:
    text = "Who,Reach,Where\nAna,ana@example.com,Davis\nBen,ben@example.com,Davis\n"
    task = planned(world, text, columns={"0": {"target": "firstName"}})
    answer(world, task["id"], columns={"1": {"target": "email"}})
    again = answer(world, task["id"], columns={"0": {"target": "lastName"}})
    assert [column["target"] for column in again["proposal"]["columns"][:2]] == ["lastName", "email"]
    later = planned(world, text, who=BEN, columns={"2": {"target": "city"}})
    assert [column["target"] for column in later["proposal"]["columns"]] == ["lastName", "email", "city"]
    assert {column["by"] for column in later["proposal"]["columns"]} == {"choice"}


BAD_READINGS: list[Any] = [
    {"order": 5},
    {"order": "dayFirst"},
    {"order": {"a": 1}},
    {"decimalSign": [1]},
    {"decimalSign": ";"},
    {"scale": None},
    {"unit": True},
    {"words": []},
    {"standIns": 5},
    {"rank": "x"},
    {"label": {}},
    {"x" * 5_000: 1},
    {"order": ["mdy"]},
]


@pytest.mark.parametrize("reading", BAD_READINGS, ids=lambda reading: ascii(reading)[:30])
def test_what_a_cell_cannot_be_read_by_is_refused_and_never_remembered_for_the_brokerage(reading: Any):
    world = new_world()
    file = upload(world, DEALS)
    columns = {str(place): {"target": target, "reading": reading} for place, target in enumerate(DEAL_TARGETS)}
    input_ = {"file": file, "module": "escrow", "columns": columns}
    status, refused, _ = call(world, "POST", "/tasks", {"kind": "import", "input": input_})
    assert (status, refused["code"]) == (422, "invalid")
    begun = planned(world, DEALS, "escrow")
    status, refused, _ = call(world, "POST", f"/tasks/{begun['id']}/confirm", {"answer": {"columns": columns}})
    assert (status, refused["code"]) == (422, "invalid")
    assert planned(world, DEALS, "escrow", BEN)["status"] == "proposed"


DEALS = 'Address,Price,Close,Commission\n1 A St,"1,234",1/2/2026,0.5\n'
DEAL_TARGETS = ("propertyAddress", "purchasePriceCents", "closeOfEscrowDate", "commissionPercent")


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1e308", "1e-308", "9" * 39])
def test_a_number_that_no_table_keeps_begins_no_task(number: str):
    world = new_world()
    for said in (f'"constants": {{"city": {number}}}', f'"columns": {{"0": {{"reading": {{"a": [{number}]}}}}}}'):
        body = f'{{"kind": "import", "input": {{"file": "{upload(world, DEALS)}", "module": "escrow", {said}}}}}'
        status, refused, _ = call(world, "POST", "/tasks", body)
        assert (status, refused["code"]) == (422, "invalid")
    begun = planned(world, DEALS, "escrow")
    body = f'{{"answer": {{"constants": {{"city": {number}}}}}}}'
    assert call(world, "POST", f"/tasks/{begun['id']}/confirm", body)[0] == 422
