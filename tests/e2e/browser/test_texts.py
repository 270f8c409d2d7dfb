"""Records from a text, dates from an agreement, a description: on pages of their own, decided on beside the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.desk import connected
from tests.e2e.browser.tasks import AGREEMENT, end_all, line
from tests.e2e.browser.test_who_is_there import PHONE
from tests.e2e.conftest import Caller, until


@pytest.fixture
def kim(caller: Callable[[str], Caller]) -> Iterator[Caller]:
    kim = caller("kim@demo.test")
    yield kim
    end_all(kim)


def marked(page: Page) -> Any:
    """The words that stand out."""
    return page.locator("mark[data-at]")


def made(caller: Caller, page: Page) -> dict[str, dict[str, Any]]:
    """What the page says was made, by noun."""
    links = page.get_by_role("list", name="Created").get_by_role("link")
    paths = [str(link.get_attribute("href")) for link in links.all()]
    return {path.split("/")[1]: caller("GET", path).json() for path in paths}


def day(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def test_a_text_is_read_corrected_beside_itself_made_on_one_device_and_taken_back_on_another(
    visitors: Callable[..., Visitor], kim: Caller
) -> None:
    mark = f"Z{uuid4().hex[:8]}"
    text = f"Escrow for 12 {mark} St, Bakersfield CA 93301, buyer Ana {mark}, $540,000, closing {day(60)}"
    desk, phone = visitors(), visitors(**PHONE)
    page = desk.sign_in("Kim")
    connected(page)
    page.get_by_role("link", name="From text").click()
    page.get_by_role("textbox", name="Text").fill(text)
    desk.context.set_offline(True)
    page.get_by_role("button", name="Read the text").click()
    expect(page.get_by_role("alert").filter(has_text="could not be reached")).to_be_visible()
    desk.context.set_offline(False)
    page.reload()
    expect(page.get_by_role("textbox", name="Text")).to_have_value(text)
    page.get_by_role("button", name="Read the text").click()

    price = page.get_by_role("textbox", name="Purchase price")
    price.focus()
    expect(marked(page)).to_have_text("$540,000")
    expect(page.get_by_text("Engine: rules")).to_be_visible()
    page.locator("mark", has_text=re.compile("^Ana$")).click()
    expect(page.get_by_role("textbox", name="First name")).to_be_focused()
    expect(page.get_by_role("textbox", name="Lender name")).to_have_count(0)

    price.fill("$550,000")
    page.get_by_role("button", name=f"that the text says nothing of (12 {mark} St)").first.click()
    page.get_by_role("textbox", name="Lender name").fill("Delta")
    page.get_by_role("checkbox", name="Include the appointment Close of escrow").uncheck()
    page.reload()
    expect(page.get_by_text("You left this unfinished")).to_be_visible()
    expect(price).to_have_value("$550,000")
    other = phone.sign_in("Kim")
    line(other, "proposed").get_by_role("link", name="Look at the records").tap()
    expect(other.get_by_role("textbox", name="Purchase price")).to_have_value("540,000")

    page.get_by_role("button", name="Create 3 records").click()
    expect(page.get_by_text("Team is needed.")).to_be_visible()  # of somebody in several
    page.get_by_role("combobox", name="Team").click()
    page.get_by_role("option", name="North").click()
    page.get_by_role("button", name="Create 3 records").click()
    for each in (page, other):
        expect(each.get_by_role("heading", name="Created 3 records!")).to_be_visible()
    records = made(kim, page)
    assert records.keys() == {"escrows", "listings", "clients"}
    escrow = records["escrows"]
    assert (escrow["purchasePriceCents"], escrow["lenderName"]) == (55_000_000, "Delta")
    assert (escrow["listingId"], escrow["clientIds"]) == (records["listings"]["id"], {records["clients"]["id"]: True})
    other.locator("#content").get_by_role("button", name="Undo").tap()
    for each in (page, other):
        expect(each.get_by_role("region", name="Taken back")).to_contain_text("Removed 3")
    assert kim("GET", f"/escrows/{escrow['id']}").status_code == 404


def test_dates_of_an_agreement_are_kept_by_keyboard_alone_and_what_is_discarded_writes_nothing(
    visitors: Callable[..., Visitor], kim: Caller
) -> None:
    made_ = kim.create(propertyAddress=f"{uuid4().hex[:8]} Way", closeOfEscrowDate=day(90), teamId="north")
    path = f"/escrows/{made_['id']}"
    desk = visitors()
    page = desk.sign_in("Kim", path, title=made_["propertyAddress"])
    keys = page.keyboard

    def read() -> None:
        page.get_by_role("link", name="Timeline from agreement").focus()
        keys.press("Enter")
        expect(page.get_by_role("textbox", name="Text")).to_be_focused()
        keys.insert_text(AGREEMENT.format(accepted=day(0), closing=day(44)))
        keys.press("Tab")
        keys.press("Enter")
        expect(page.get_by_role("list", name="Dates").get_by_role("listitem")).to_have_count(4)

    read()
    expect(page.get_by_text("This is no legal advice").first).to_be_visible()
    removal = page.locator("[data-date=contingency_removal]")
    expect(removal).to_contain_text("17 calendar days after acceptance")
    expect(removal.locator("blockquote")).to_have_text(
        "Buyer shall remove all contingencies within 17 days after acceptance."
    )
    tab = desk.open(urlsplit(page.url).path, title="Timeline from agreement")
    page.get_by_role("button", name="Discard").focus()
    keys.press("Enter")
    for each in (page, tab):
        expect(each.get_by_role("heading", name="This timeline was cancelled")).to_be_visible()
    assert kim("GET", path).json()["closeOfEscrowDate"] == day(90)

    page.go_back()
    page.go_back()
    read()
    page.get_by_role("checkbox", name="Keep Deposit due").focus()
    keys.press("Space")
    page.locator("[data-date=close_of_escrow]").get_by_label("Day").fill(day(45))
    expect(page.locator("[data-date=close_of_escrow]")).to_contain_text("of this escrow is")
    page.get_by_role("button", name="Keep 3 dates").focus()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Kept 3 dates!")).to_be_visible()
    kept = kim("GET", path).json()
    assert (kept["contingencyRemovalDate"], kept["closeOfEscrowDate"]) == (day(17), day(45))
    assert [entry["title"] for entry in kept["timeline"].values()] == ["Acceptance"]
    page.get_by_role("button", name="Undo", exact=True).focus()
    keys.press("Enter")
    expect(page.get_by_role("region", name="Taken back")).to_be_visible()
    until(lambda: kim("GET", path).json()["closeOfEscrowDate"] == day(90))


def test_a_description_is_saved_as_somebody_has_changed_it_unless_the_listing_or_a_rule_speaks_against_it(
    visitors: Callable[..., Visitor], kim: Caller
) -> None:
    place: dict[str, Any] = {
        "address": f"{uuid4().hex[:8]} Way",
        "city": "Davis",
        "state": "CA",
        "zip": "95616",
        "bedrooms": 3,
    }
    listing = kim("POST", "/listings", {**place, "listPriceCents": 54_000_000, "visibility": "private"}).json()
    path = f"/listings/{listing['id']}"
    page = visitors().sign_in("Kim", path, title=place["address"])
    page.get_by_role("button", name="Write one from the facts").click()
    text = page.get_by_role("textbox", name="Description")
    expect(text).to_have_value(re.compile(f"{place['address']}.* 3 bedrooms"))
    expect(page.get_by_role("region", name="What it was written from")).to_contain_text("Davis")
    page.reload()
    assert kim("PATCH", path, {"bedrooms": 4}).status_code == 200
    page.get_by_role("button", name="Save description").click()
    expect(page.get_by_role("heading", name="This description has failed")).to_be_visible()
    expect(page.locator("#content")).to_contain_text("The listing has changed since it was described")

    page.get_by_role("button", name="Describe it again").click()
    expect(text).to_have_value(re.compile("4 bedrooms"))
    text.fill("Four bedrooms, perfect for a Christian family.")
    page.get_by_role("button", name="Save description").click()
    expect(page.get_by_text("can tell a preference by religion").first).to_be_visible()
    assert "description" not in kim("GET", path).json()
    text.fill("Four bedrooms near the station.")
    page.get_by_role("button", name="Save description").click()
    expect(page.get_by_role("heading", name="Description saved!")).to_be_visible()
    page.get_by_role("link", name="Go to the listing").click()
    expect(page.get_by_role("region", name="Description")).to_contain_text("Four bedrooms near the station.")
