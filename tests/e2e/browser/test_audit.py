"""What was done with power over others, as an administrator reads it in the app."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.test_accessibility import DESK, PHONE, found
from tests.e2e.conftest import ORIGIN, Caller


@pytest.mark.parametrize(
    ("theme", "size"), [("light", DESK), ("dark", DESK), ("light", PHONE)], ids=["light", "dark", "phone"]
)
def test_an_administrator_reads_who_did_what_and_axe_finds_nothing_serious(
    visitors: Callable[..., Visitor], admin: Caller, theme: str, size: dict[str, int]
) -> None:
    assert admin("POST", "/directory/teams", {"name": f"Shore {theme} {size['width']}"}).status_code == 201
    page = visitors(color_scheme=theme, viewport=size).sign_in("Admin", "/people", title="People")
    page.get_by_role("link", name="Audit trail").click()
    newest = page.get_by_role("list", name="Audit trail").get_by_role("listitem").first
    expect(newest).to_contain_text(f"Alex Admin added the team Shore {theme} {size['width']}")
    assert found(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_others_are_told_that_it_is_not_open_to_them(visitors: Callable[..., Visitor]) -> None:
    page = visitors().sign_in("Mia", "/people", title="People")
    expect(page.get_by_role("link", name="Audit trail")).to_have_count(0)
    page.goto(f"{ORIGIN}/people/audit")
    expect(page.get_by_role("heading", name="This is not open to you")).to_be_visible()
