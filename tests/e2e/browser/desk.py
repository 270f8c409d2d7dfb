"""What tests of boards and lists do and look at."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


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
