"""Long work in the corner of the page: begun, proposed, looked through, done, undone; on two devices, over a reload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.desk import connected
from tests.e2e.browser.test_accessibility import found
from tests.e2e.conftest import Caller

PHONE = "+14155550188"


@pytest.fixture
def leo(caller: Callable[[str], Caller]) -> Caller:
    """Whom no other test is about."""
    return caller("leo@demo.test")


def tray(page: Page, status: str) -> Locator:
    return page.get_by_role("region", name="Tasks").locator(f"[data-task={status}]")


def begin(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search or go to").fill("find dup")
    page.get_by_role("option", name="Find duplicates").click()


def client(caller: Caller, **fields: Any) -> str:
    answer = caller("POST", "/clients", {"visibility": "private", "firstName": "Zoe", "lastName": "Hart", **fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_duplicates_are_looked_through_on_one_device_and_merged_on_all_of_them(
    visitors: Callable[..., Visitor], leo: Caller
) -> None:
    client(leo, phone=PHONE, city="Davis")
    drop = client(leo, phone=PHONE)
    here, there = visitors(), visitors()
    other = there.sign_in("Leo")
    connected(other)
    page = here.sign_in("Leo")
    connected(page)
    second_tab = here.open("/")
    connected(second_tab)
    begin(page)
    for each in (page, other, second_tab):
        expect(tray(each, "proposed")).to_contain_text("1 pair found")
    other.reload()
    expect(tray(other, "proposed")).to_contain_text("1 pair found")

    tray(page, "proposed").get_by_role("button", name="Look through").click()
    dialog = page.get_by_role("dialog", name="Duplicates")
    expect(dialog.get_by_role("checkbox", name="Hart Zoe into Hart Zoe")).to_be_checked()
    expect(dialog).to_contain_text(f"Surely one: both have {PHONE}")
    assert found(page) == []
    dialog.get_by_role("button", name="Merge 1 pair").click()
    expect(tray(page, "completed")).to_contain_text("Merged 1 pair!")
    tray(page, "completed").hover()
    assert found(page) == []
    expect(tray(other, "completed")).to_have_count(0)  # after a while
    assert leo("GET", f"/clients/{drop}").status_code == 404

    tray(page, "completed").get_by_role("button", name="Undo").click()
    expect(tray(page, "completed").filter(has_text="Restored")).to_be_visible()
    assert leo("GET", f"/clients/{drop}").status_code == 200


def test_what_is_cancelled_is_gone_also_after_a_reload(visitor: Visitor, leo: Caller) -> None:
    client(leo, phone=PHONE)
    client(leo, phone=PHONE)
    page = visitor.sign_in("Leo")
    connected(page)
    begin(page)
    tray(page, "proposed").get_by_role("button", name="Cancel").click()
    expect(tray(page, "proposed")).to_have_count(0)
    page.reload()
    connected(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(tray(page, "cancelled")).to_have_count(0)
