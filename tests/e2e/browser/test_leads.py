"""The screens of leads."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.desk import card, column, connected, drag
from tests.e2e.conftest import Caller


def lead(caller: Caller, last: str, **fields: Any) -> dict[str, Any]:
    record = {"firstName": "Sam", "lastName": last, "phone": "+19165550144", "email": f"{last}@example.com", **fields}
    response = caller("POST", "/leads", record)
    assert response.status_code == 201, response.text
    return dict(response.json())


def test_a_lead_is_reached_with_one_tap_and_says_where_it_is_from(visitor: Visitor, ava: Caller) -> None:
    last = uuid4().hex[:8]
    lead(ava, last, source="open_house", score=81, budgetCents=60_000_000)
    page = visitor.sign_in("Ava", f"/leads?q={last}", title="Leads")
    shown = card(page, "New", last)
    for text in ("Open house · $600K", "Hot 81", "just came"):
        expect(shown).to_contain_text(text)
    for way, address in {
        "Call": "tel:+19165550144",
        "Text": "sms:+19165550144",
        "Mail": f"mailto:{last}@example.com",
    }.items():
        expect(shown.get_by_role("link", name=f"{way} Sam {last}")).to_have_attribute("href", address)


def test_a_qualified_lead_dropped_on_converted_becomes_a_client_in_one_dialog(visitor: Visitor, ava: Caller) -> None:
    last = uuid4().hex[:8]
    made = lead(ava, last, status="qualified")
    page = visitor.sign_in("Ava", f"/leads?q={last}&status=qualified,converted", title="Leads")
    drag(page, f"Sam {last}", to="Converted")
    page.mouse.up()
    dialog = page.get_by_role("dialog", name=f"Make Sam {last} a client")
    expect(dialog.get_by_label("First name")).to_have_value("Sam")
    dialog.get_by_label("City").fill("Davis")
    dialog.get_by_role("button", name="Convert").click()
    expect(page.get_by_role("heading", level=1, name=f"Sam {last}")).to_be_visible()
    converted = ava("GET", f"/leads/{made['id']}").json()
    client = ava("GET", f"/clients/{converted['clientId']}").json()
    assert (converted["status"], client["city"], client["clientType"]) == ("converted", "Davis", "buyer")
    assert page.url.endswith(f"/clients/{client['id']}")


def test_a_lead_that_is_not_qualified_does_not_become_a_client_and_the_board_says_why(
    visitor: Visitor, ava: Caller
) -> None:
    last = uuid4().hex[:8]
    lead(ava, last)
    page = visitor.sign_in("Ava", f"/leads?q={last}&status=new,converted", title="Leads")
    drag(page, f"Sam {last}", to="Converted")
    why = "A lead that is new can become contacted, qualified, unqualified or lost, but not converted."
    expect(column(page, "Converted").get_by_text(why)).to_be_visible()
    page.mouse.up()
    expect(card(page, "New", last)).to_be_visible()


def test_a_lead_that_a_colleague_touches_moves_on_the_board_of_everybody(
    visitor: Visitor, ava: Caller, ben: Caller
) -> None:
    last = uuid4().hex[:8]
    made = lead(ava, last)
    page = visitor.sign_in("Ava", f"/leads?q={last}", title="Leads")
    connected(page)
    expect(card(page, "New", last)).to_be_visible()
    ben("PATCH", f"/leads/{made['id']}", {"status": "contacted", "score": 90})
    expect(card(page, "Contacted", last)).to_contain_text("Hot 90")
    expect(card(page, "New", last)).to_have_count(0)
