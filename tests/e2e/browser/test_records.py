"""The screens that every module has."""

from __future__ import annotations

from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.desk import changed_by_a_lead
from tests.e2e.conftest import ORIGIN, Caller


def focus(page: Page, name: str, role: str = "") -> None:
    """Presses Tab until what has the focus is called so: nobody touches a mouse."""
    for _ in range(120):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
              const element = document.activeElement;
              const own = element.getAttribute("aria-label");
              const label = own ?? element.labels?.[0]?.textContent ?? element.textContent;
              return [label.replace("*", "").trim(), element.getAttribute("role") ?? element.localName];
            }"""
        )
        if found[0] == name and role in ("", found[1]):
            return
    raise AssertionError(f"Tab does not lead to {name}")


def test_an_escrow_is_created_edited_and_archived_by_keyboard_alone(visitor: Visitor, ava: Caller) -> None:
    page, address = visitor.sign_in("Ava"), f"{uuid4().hex[:6]} Keyboard Ln"
    keys = page.keyboard
    keys.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or go to")).to_be_focused()
    keys.type("new escrow")
    keys.press("Enter")
    expect(page.get_by_label("Property address")).to_be_focused()
    keys.type(address)
    focus(page, "Purchase price")
    keys.type("425,000")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name=address)).to_be_visible()
    expect(page.get_by_text("$425,000")).to_be_visible()

    focus(page, "Edit", "a")
    keys.press("Enter")
    expect(page.get_by_label("Property address")).to_be_focused()
    focus(page, "Purchase price")
    keys.press("Control+a")
    keys.type("430000.50")
    keys.press("Enter")
    expect(page.get_by_role("list", name="History")).to_contain_text(
        "Ava changed purchase price from $425,000 to $430,000.50"
    )

    focus(page, "More actions", "button")
    keys.press("Enter")
    expect(page.get_by_role("menuitem", name="Archive")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_text(f"{address} is archived")).to_be_visible()
    (record,) = ava("GET", "/escrows", params={"q": address}).json()["items"]
    assert (record["purchasePriceCents"], record["archived"], record["version"]) == (43_000_050, True, 3)

    focus(page, "Undo", "button")
    keys.press("Enter")
    expect(page.get_by_role("list", name="History")).to_contain_text("took this out of the archive")


def test_search_filters_and_order_stand_in_the_address(visitor: Visitor, ava: Caller) -> None:
    word = uuid4().hex[:8]
    for status in ("opened", "pending"):
        ava.create(propertyAddress=f"{word} {status} St", status=status)
    page = visitor.sign_in("Ava", "/escrows", title="Escrows")
    page.get_by_role("searchbox", name="Search escrows").fill(word)
    rows = page.get_by_role("table", name="Escrows").get_by_role("row").filter(has_text=word)
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Pending").click()
    expect(rows).to_have_count(1)
    expect(page).to_have_url(f"{ORIGIN}/escrows?q={word}&status=pending")
    page.reload()
    expect(rows).to_have_count(1)
    expect(page.get_by_role("searchbox", name="Search escrows")).to_have_value(word)
    page.get_by_role("button", name="Cancelled").click()
    page.get_by_role("button", name="Pending").click()
    page.get_by_role("button", name="Clear all filters").click()
    expect(rows).to_have_count(2)


def test_what_the_server_refuses_stands_beside_its_field_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    page = visitor.sign_in("Ava", "/clients/new", title="New client")
    page.get_by_label("City").fill("Davis")
    page.get_by_label("E-mail", exact=False).or_(page.get_by_label("Email", exact=True)).first.fill("nobody")
    page.get_by_role("button", name="Create client").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[aria-invalid=true]").first).to_be_focused()
    expect(page.get_by_label("City")).to_have_value("Davis")


def test_what_two_people_change_side_by_side_is_kept_and_what_clashes_is_asked(
    visitor: Visitor, ava: Caller, nora: Caller
) -> None:
    made = ava.create(
        propertyAddress=f"{uuid4().hex[:8]} Conflict Ct",
        city="Folsom",
        checklists={"loan": {"a": {"title": "Appraisal", "done": False}}},
    )
    path = f"/escrows/{made['id']}"
    page = visitor.sign_in("Ava", f"{path}/edit", title="Edit")
    page.get_by_label("City").fill("Davis")
    page.get_by_label("Zip").fill("95616")
    page.get_by_role("textbox", name="Title").last.fill("Appraisal, second try")
    theirs = {"notes": "Nora was here", "city": "Auburn", "checklists": {"loan": {"a": {"title": "Appraisal, paid"}}}}
    changed_by_a_lead(nora, path, theirs, editor=ava)
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("Nora was here")  # what nobody touched follows
    expect(page.get_by_label("City")).to_have_value("Davis")
    expect(page.get_by_role("status").filter(has_text="Nora changed Notes")).to_be_visible()
    page.get_by_role("button", name="Go on editing").click()
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Nora changed")
    city = dialog.get_by_role("radiogroup", name="City")
    expect(city).to_contain_text("Before: Folsom")
    expect(city.get_by_role("radio", name="Yours")).to_have_attribute("aria-checked", "true")
    title = dialog.get_by_role("radiogroup", name="Title")
    title.get_by_role("radio", name="Nora").click()
    dialog.get_by_role("button", name="Back to the form").click()
    expect(page.get_by_label("City")).to_have_value("Davis")
    page.get_by_role("button", name="Save").click()
    title.get_by_role("radio", name="Nora").click()
    dialog.get_by_role("button", name="Save these").click()
    expect(page.get_by_role("list", name="History")).to_be_visible()
    record = ava("GET", path).json()
    assert (record["city"], record["zip"], record["notes"]) == ("Davis", "95616", "Nora was here")
    assert record["checklists"]["loan"]["a"]["title"] == "Appraisal, paid"


def test_who_may_not_change_a_record_is_told_so(visitor: Visitor, ava: Caller) -> None:
    made = ava.create(propertyAddress=f"{uuid4().hex[:8]} Broker Blvd", visibility="broker")
    page = visitor.sign_in("Mia")
    page.goto(f"{ORIGIN}/escrows/{made['id']}/edit")
    expect(page.get_by_role("heading", name="This is not open to you")).to_be_visible()
    page.goto(f"{ORIGIN}/escrows/01a00000-0000-7000-8000-000000000000")
    expect(page.get_by_role("heading", name="There is no such record")).to_be_visible()
