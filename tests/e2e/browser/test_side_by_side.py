"""Two people, two browsers: what one does the other sees, and the other's browser asks for nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Request, expect

from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from tests.e2e.browser.conftest import Visitor

CONNECTED = "[data-connection=connected]"
TOMORROW = datetime.now(UTC).date() + timedelta(days=1)
# What the form of a new record is given: the first field is the one that names it.
TYPED = {
    "escrow": {"Property address": ""},
    "listing": {"Address": "", "City": "Davis", "State": "CA", "Zip": "95616"},
    "client": {"Last name": ""},
    "appointment": {"Title": "", "Starts": f"{TOMORROW}T10:00", "Ends": f"{TOMORROW}T11:00"},
    "lead": {"Last name": "", "Phone": "+19165550144"},
}


class Pair(NamedTuple):
    here: Page
    there: Page
    asked: Callable[[], list[Request]]  # what the browser over there has asked the API so far


@pytest.fixture
def pair(visitors: Callable[..., Visitor]) -> Pair:
    """Ava's browser and Ben's, who are in one team; both are connected."""
    ava, ben = visitors(), visitors()
    here, there = ava.sign_in("Ava"), ben.sign_in("Ben")
    for page in (here, there):
        expect(page.locator(CONNECTED)).to_be_attached()

    def asked() -> list[Request]:
        return [call for call in ben.calls if call.method == "GET" and "/execute-api/" in call.url]

    return Pair(here, there, asked)


def goes(page: Page, path: str, title: str) -> None:
    """As by a click, so that neither the socket nor what is known is lost."""
    page.evaluate("path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path)
    expect(page.get_by_role("heading", level=1).filter(has_text=title).first).to_be_visible()


@pytest.mark.parametrize("module", [pytest.param(module, id=module.noun) for module in MODULES])
def test_what_one_creates_edits_archives_and_deletes_the_other_sees_without_asking(module: Module, pair: Pair) -> None:
    here, there, asked = pair
    word, other = uuid4().hex[:8], uuid4().hex[:8]
    label, *others = TYPED[module.noun]
    view = "agenda" if module.noun == "appointment" else "table"
    goes(there, f"/{module.path}?view={view}", module.path.capitalize())
    row = there.get_by_role("main").get_by_role("link").filter(has_text=word)
    there.wait_for_load_state("networkidle")
    before = len(asked())

    goes(here, f"/{module.path}/new", f"New {module.noun}")
    here.get_by_label(label).first.fill(word)
    for name in others:
        here.get_by_label(name).first.fill(TYPED[module.noun][name])
    here.get_by_role("button", name=f"Create {module.noun}").click()
    expect(here.get_by_role("heading", level=1).filter(has_text=word)).to_be_visible()
    expect(row).to_have_count(1)

    here.get_by_role("link", name="Edit", exact=True).click()
    here.get_by_label(label).first.fill(f"{word} {other}")
    here.get_by_role("button", name="Save").click()
    expect(row.filter(has_text=other)).to_have_count(1)

    for deed in ("Archive", "Take out of the archive", "Delete"):
        here.get_by_role("button", name="More actions").click()
        here.get_by_role("menuitem", name=deed, exact=True).click()
        expect(row).to_have_count(1 if deed.startswith("Take") else 0)
    assert [request.url for request in asked()[before:]] == []
