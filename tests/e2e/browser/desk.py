"""What tests of boards and lists do and look at."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Caller, until


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def card(page: Page, status: str, title: str) -> Locator:
    """The one with this title in that column."""
    return column(page, status).get_by_role("listitem").filter(has_text=title)


def drag(page: Page, title: str, *, to: str) -> None:
    """With the mouse, as a hand does it: the card is over the column before it is let go. It is not let go here."""
    link = page.get_by_role("link", name=title, exact=True)
    link.hover()
    page.mouse.down()
    there = column(page, to).bounding_box()
    assert there is not None
    x, y = there["x"] + there["width"] / 2, there["y"] + 60
    page.mouse.move(x - 40, y, steps=6)
    page.mouse.move(x, y, steps=4)


def said(page: Page, text: str) -> None:
    expect(page.get_by_role("alert").or_(page.get_by_role("presentation")).filter(has_text=text).first).to_be_visible()


def connected(page: Page) -> None:
    expect(page.locator("[data-connection=connected]")).to_be_attached()


def holds(caller: Caller, path: str) -> bool:
    """Whether this person has the lock of a record."""
    locks = caller("GET", "/locks").json()["items"]
    return any(lock["holder"] == caller.user_id and path.endswith(lock["recordId"]) for lock in locks)


def changed_by_a_lead(lead: Caller, path: str, changes: dict[str, Any], *, editor: Caller) -> None:
    """As soon as somebody has locked the record: it is taken from them, changed, and free again."""
    until(lambda: holds(editor, path))
    lock = lead("POST", f"{path}/lock", {"takeOver": True})
    assert lock.status_code == 200, lock.text
    answer = lead("PATCH", path, changes, headers={"Lock-Token": str(lock.json()["token"])})
    assert answer.status_code == 200, answer.text
