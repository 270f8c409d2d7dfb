"""Listings and clients, and what is linked to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from tests.e2e.browser.conftest import Visitor
from tests.e2e.conftest import ORIGIN, Caller


def create(caller: Caller, path: str, **fields: Any) -> dict[str, Any]:
    response = caller("POST", f"/{path}", fields)
    assert response.status_code == 201, response.text
    return dict(response.json())


def listing(caller: Caller, city: str, **fields: Any) -> dict[str, Any]:
    place = {"address": f"{uuid4().hex[:6]} Elm St", "city": city, "state": "CA", "zip": "95616"}
    return create(caller, "listings", **place, **fields)


def test_a_listing_tells_its_price_days_on_market_and_what_is_linked_to_it(visitor: Visitor, ava: Caller) -> None:
    nine_days_ago = (datetime.now(UTC) - timedelta(days=9)).date().isoformat()
    made = listing(
        ava, "Davis", listPriceCents=50_000_000, squareFeet=2_000, bedrooms=3, bathrooms=2.5, listDate=nine_days_ago
    )
    assert ava("PATCH", f"/listings/{made['id']}", {"listPriceCents": 45_000_000}).status_code == 200
    client = create(ava, "clients", firstName="Zoë", lastName="Hart", phone="+19165550123")
    escrow = ava.create(propertyAddress=made["address"], listingId=made["id"], clientIds={client["id"]: True})
    page = visitor.sign_in("Ava", f"/listings/{made['id']}", title=made["address"])
    expect(page.get_by_text("$225/sq ft · 9 days on market")).to_be_visible()
    prices = page.get_by_role("list", name="Price history").get_by_role("listitem")
    expect(prices).to_have_count(2)
    expect(prices.first).to_contain_text("$450,000")
    expect(prices.first).to_contain_text("\N{MINUS SIGN}10.0%")
    expect(page.locator(f"a[href='/escrows/{escrow['id']}']")).to_be_visible()
    page.get_by_role("list", name="Clients").get_by_role("link", name="Zoë Hart").click()
    expect(page.get_by_role("heading", level=1, name="Zoë Hart")).to_be_visible()
    expect(page.get_by_role("link", name="Call").filter(visible=True)).to_have_attribute("href", "tel:+19165550123")
    for name, path in (("Escrows", escrow["id"]), ("Listings", made["id"])):
        expect(page.get_by_role("list", name=name).locator(f"a[href$='{path}']")).to_be_visible()
    page.get_by_role("link", name="New appointment").click()
    expect(page.get_by_role("combobox", name="Client")).to_have_value("Zoë Hart")


def test_cards_table_and_filters_stand_in_the_address(visitor: Visitor, ava: Caller) -> None:
    city = f"City{uuid4().hex[:6]}"
    cheap, dear = (listing(ava, city, listPriceCents=cents) for cents in (30_000_000, 90_000_000))
    page = visitor.sign_in("Ava", f"/listings?city={city}", title="Listings")
    cards = page.get_by_role("list", name="Listings").get_by_role("listitem")
    expect(cards).to_have_count(2)
    page.get_by_label("Price to").fill("400k")
    page.keyboard.press("Enter")
    expect(cards).to_have_count(1)
    expect(cards).to_contain_text(cheap["address"])
    page.get_by_role("button", name="Table").click()
    expect(page).to_have_url(f"{ORIGIN}/listings?maxPriceCents=40000000&city={city}&view=table")
    page.reload()
    rows = page.get_by_role("table", name="Listings").get_by_role("row")
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text(cheap["address"])
    expect(rows.filter(has_text=dear["address"])).to_have_count(0)


def test_tiles_stay_where_they_are_while_somebody_is_at_them(visitor: Visitor, ava: Caller, ben: Caller) -> None:
    city = uuid4().hex[:8]
    first = listing(ava, city)
    page = visitor.sign_in("Ava", f"/listings?city={city}", title="Listings")
    tiles = page.get_by_role("list", name="Listings").get_by_role("listitem")
    tiles.first.hover()
    second, third = listing(ben, city), listing(ben, city)
    page.get_by_role("button", name="2 changes above").dispatch_event("click")  # a mouse would have to leave the tiles
    expect(tiles).to_have_count(3)
    tiles.first.hover()
    assert ben("PATCH", f"/listings/{first['id']}", {"listPriceCents": 41_000_000}).status_code == 200
    expect(tiles.nth(2)).to_contain_text("$410,000")  # what one sees of a tile is never old
    assert ben("POST", f"/listings/{third['id']}/archive").status_code == 200
    expect(page.get_by_role("button", name="1 change above")).to_be_visible()
    expect(tiles).to_have_count(3)
    page.get_by_role("heading", level=1).hover()
    expect(tiles).to_have_count(2)
    expect(tiles.first).to_contain_text(second["address"])


def test_another_team_sees_neither_the_listing_nor_the_appointment(visitor: Visitor, ava: Caller) -> None:
    city = f"City{uuid4().hex[:6]}"
    made = listing(ava, city, listPriceCents=30_000_000)
    visit = create(ava, "appointments", title="Secret", startsAt="2027-06-09T17:00:00Z", endsAt="2027-06-09T18:00:00Z")
    page = visitor.sign_in("Mia", f"/listings?city={city}", title="Listings")
    expect(page.get_by_role("heading", name="No listing fits")).to_be_visible()
    visitor.go(page, "/appointments?view=agenda&day=2027-06-09", title="Appointments")
    expect(page.get_by_role("heading", name="Nothing is on in these two weeks")).to_be_visible()
    for path in (f"/listings/{made['id']}", f"/appointments/{visit['id']}"):
        page.goto(ORIGIN + path)
        expect(page.get_by_role("heading", name="There is no such record")).to_be_visible()
