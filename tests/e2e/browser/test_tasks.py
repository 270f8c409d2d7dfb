"""Long work in the tray: followed in every tab, on every device and over reloads, until it ends in one way or other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from local.stack import RunningStack
from openhouse.core.room_names import user_room
from openhouse.storage.keys import work_key
from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.desk import connected
from tests.e2e.browser.tasks import end_all, expect_gone, find_duplicates, line, long_import, tasks, tray
from tests.e2e.browser.test_accessibility import found
from tests.e2e.browser.test_who_is_there import PHONE
from tests.e2e.conftest import Caller

MANY = 1_500  # clients that are imported: a quarter of a minute


@pytest.fixture
def leo(caller: Callable[[str], Caller]) -> Iterator[Caller]:
    """Of whom nothing else is asked here: a person has three tasks at a time."""
    leo = caller("leo@demo.test")
    yield leo
    end_all(leo)


@pytest.fixture
def kim(caller: Callable[[str], Caller]) -> Iterator[Caller]:
    kim = caller("kim@demo.test")
    yield kim
    end_all(kim)


def under_way(page: Page) -> None:
    """More is done than nothing, and it is seen."""
    expect(line(page, "running").get_by_role("progressbar")).to_have_attribute(
        "aria-valuenow", re.compile(r"^[1-9]\d?$")
    )
    expect(line(page, "running").locator("[data-percent]")).to_have_text(re.compile(r"^[1-9]\d?%$"))
    expect(line(page, "running")).to_contain_text("Creating client")


def test_a_task_is_followed_by_all_tabs_and_devices_over_a_reload_and_cancelled_from_any(
    visitors: Callable[..., Visitor], leo: Caller
) -> None:
    desk, phone = visitors(), visitors(**PHONE)
    page = desk.sign_in("Leo", "/clients", title="Clients")
    other = desk.open("/", title="Good ")
    on_phone = phone.sign_in("Leo")
    for each in (page, other, on_phone):
        connected(each)
    long_import(leo, MANY)
    for each in (page, other, on_phone):
        under_way(each)
    page.reload()
    under_way(page)
    bar = on_phone.get_by_role("navigation", name="Main, at the bottom").bounding_box()
    lies = tray(on_phone).bounding_box()
    assert bar is not None
    assert lies is not None
    assert lies["y"] + lies["height"] <= bar["y"]
    on_phone.get_by_role("button", name="Cancel: Importing").tap()
    for each in (page, other, on_phone):
        expect(line(each, "cancelled")).to_contain_text("Cancelled")
        expect(line(each, "cancelled").locator("[data-counts]")).to_have_text(re.compile(r"^[\d,]+ created"))
    for each in (page, other, on_phone):
        expect_gone(each)
    page.reload()
    connected(page)
    assert [task["status"] for task in tasks(leo)][-1] == "cancelled"
    expect_gone(page)


@pytest.fixture
def one_person(kim: Caller) -> dict[str, Any]:
    """Twice among the clients of a team, once with an escrow; and two of one family."""
    mark, digits = uuid4().hex[:8], f"{uuid4().int % 10_000:04d}"
    mail, phone = f"ines.{mark}@example.com", f"+1530555{digits}"
    rows: dict[str, dict[str, Any]] = {
        "keep": {"firstName": "Ines", "lastName": mark, "email": mail, "city": "Davis", "tags": {"seller": True}},
        "drop": {"firstName": "Inés", "lastName": mark, "email": mail.upper(), "notes": "Met at the open house."},
        "mother": {"firstName": "Maria", "lastName": f"Orr {mark}", "phone": phone},
        "son": {"firstName": "Mario", "lastName": f"Quist {mark}", "phone": phone},
    }
    made: dict[str, Any] = {"mark": mark}
    for name, row in rows.items():
        answer = kim("POST", "/clients", {**row, "teamId": "north"})
        assert answer.status_code == 201, answer.text
        made[name] = answer.json()["id"]
    made["escrow"] = kim.create(propertyAddress=f"{mark} Ln", teamId="north", clientIds={made["drop"]: True})["id"]
    return made


def pair(dialog: Locator, name: str) -> Locator:
    return dialog.get_by_role("region", name=re.compile(rf"^Pair \d+: .*{name}"))


def test_duplicates_are_found_decided_on_merged_and_taken_apart_again(
    visitors: Callable[..., Visitor], kim: Caller, one_person: dict[str, Any]
) -> None:
    page = visitors().sign_in("Kim", "/clients", title="Clients")
    find_duplicates(page)
    page.get_by_role("button", name="Review the pairs").click()
    dialog = page.get_by_role("dialog", name="one person")
    mark = one_person["mark"]
    ours, family = pair(dialog, f"{mark} Ines"), pair(dialog, f"Quist {mark}")
    expect(ours.get_by_role("checkbox")).to_be_checked()
    expect(ours).to_contain_text("Both have ines.")
    expect(family.get_by_role("checkbox")).not_to_be_checked()
    family.scroll_into_view_if_needed()
    expect(family.get_by_text("Maria").first).to_be_visible()
    for other in dialog.get_by_role("checkbox").all():  # those of other tests
        other.uncheck()
    expect(dialog.get_by_role("button", name="Merge", exact=True)).to_be_disabled()
    ours.get_by_role("checkbox").check()
    ours.scroll_into_view_if_needed()
    expect(ours.get_by_text("Davis")).to_be_visible()
    ours.get_by_role("radio", name=re.compile("^Ines ")).check()
    assert found(page) == []
    dialog.get_by_role("button", name="Merge 1 pair").click()
    expect(dialog).to_have_count(0)

    box = tray(page).bounding_box()  # which stands on its lower edge, whatever is in it
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 24, box["y"] + box["height"] - 8)
    expect(line(page, "completed")).to_contain_text("Merged 1 pair!")
    expect(line(page, "completed")).to_contain_text("1 record now names the one that was kept")
    assert kim("GET", f"/clients/{one_person['drop']}").status_code == 404
    kept = kim("GET", f"/clients/{one_person['keep']}").json()
    assert (kept["city"], kept["notes"]) == ("Davis", "Met at the open house.")
    assert kim("GET", f"/escrows/{one_person['escrow']}").json()["clientIds"] == {one_person["keep"]: True}

    page.get_by_role("button", name="Undo: Finding duplicates").click()
    expect(line(page, "completed").filter(has_text="Undoing: finding duplicates")).to_contain_text("Restored")
    expect(line(page, "completed")).to_have_count(1)
    assert kim("GET", f"/clients/{one_person['drop']}").json()["notes"] == "Met at the open house."
    assert "notes" not in kim("GET", f"/clients/{one_person['keep']}").json()
    assert kim("GET", f"/escrows/{one_person['escrow']}").json()["clientIds"] == {one_person["drop"]: True}
    page.mouse.move(0, 0)
    expect_gone(page)


def test_a_proposal_waits_over_a_reload_and_is_decided_on_once_for_all_devices(
    visitors: Callable[..., Visitor], kim: Caller, one_person: dict[str, Any]
) -> None:
    page, other = (visitors().sign_in("Kim", "/leads", title="Leads") for _ in range(2))
    for number in range(2):
        lead = {"firstName": "Uma", "lastName": one_person["mark"], "email": f"uma.{one_person['mark']}@example.com"}
        answer = kim("POST", "/leads", {**lead, "score": 40 + number, "teamId": "north"})
        assert answer.status_code == 201, answer.text
    find_duplicates(page)
    for each in (page, other):
        expect(line(each, "proposed")).to_be_visible()
    tray(page).get_by_role("button", expanded=True).click()
    expect(tray(page)).to_contain_text("1 waits for you")
    page.reload()
    head = tray(page).get_by_role("button", expanded=False)
    expect(head).to_contain_text("1 waits for you")
    head.click()
    for each in (page, other):
        each.get_by_role("button", name="Review the pairs").click()
        expect(pair(each.get_by_role("dialog"), f"{one_person['mark']} Uma")).to_be_visible()
    page.get_by_role("button", name="Not now").click()
    expect(line(page, "proposed")).to_be_visible()
    page.get_by_role("button", name="Discard: Finding duplicates").click()
    for each in (page, other):
        expect(each.get_by_role("dialog")).to_have_count(0)
        each.mouse.move(0, 0)
        expect_gone(each)


def test_what_has_failed_stays_until_somebody_closes_it_and_is_told_who_was_away(
    visitors: Callable[..., Visitor], leo: Caller, stack: RunningStack
) -> None:
    desk, phone = visitors(), visitors(**PHONE)
    page = desk.sign_in("Leo", "/clients", title="Clients")
    other = desk.open("/", title="Good ")
    away = phone.sign_in("Leo")
    for each in (page, other, away):
        connected(each)
    long_import(leo, MANY)
    under_way(page)
    under_way(away)
    phone.context.set_offline(True)
    task = next(task for task in tasks(leo) if task["status"] == "running")
    _let_time_run_out(stack, leo, task["id"])
    for each in (page, other):
        expect(line(each, "failed")).to_contain_text("Importing failed")
        expect(line(each, "failed")).to_contain_text("It took longer than such a task may")
    phone.context.set_offline(False)
    expect(line(away, "failed")).to_be_visible()
    assert found(page) == []
    page.reload()
    expect(line(page, "failed")).to_be_visible()
    expect(line(other, "failed")).to_be_visible()
    page.get_by_role("button", name="Close: Importing").click()
    expect_gone(page)
    expect_gone(other)
    page.reload()
    connected(page)
    expect_gone(page)
    expect(line(away, "failed")).to_be_visible()  # what one has looked at is kept by each browser


def _let_time_run_out(stack: RunningStack, caller: Caller, task_id: str) -> None:
    """As if it were past the time that such a task may take. Whatever part is under way is done again by that."""
    resource = stack.cloud.session.resource("dynamodb", endpoint_url=stack.cloud.endpoint)
    resource.Table(stack.deployment.table_name).update_item(
        Key=dict(work_key(user_room(caller.user_id), task_id)),
        UpdateExpression="SET #until = :past ADD #count :one",
        ConditionExpression="standing = :running",
        ExpressionAttributeNames={"#until": "until", "#count": "count"},
        ExpressionAttributeValues={":past": 1, ":one": 1, ":running": "running"},
    )
