"""Two and three people at one record: who edits it, who looks, who types, who is mentioned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.crashes import crash, kill
from tests.e2e.browser.desk import connected, drag, holds, said
from tests.e2e.browser.test_accessibility import PHONE, found
from tests.e2e.conftest import ORIGIN, Caller, until

Visitors = Callable[..., Visitor]


def own(ava: Caller, **fields: Any) -> tuple[str, str]:
    """The title and the path of a new escrow of Ava's."""
    title = f"{uuid4().hex[:8]} Together Ter"
    return title, f"/escrows/{ava.create(propertyAddress=title, **fields)['id']}"


def notice(page: Page) -> Locator:
    return page.get_by_role("region", name="Edit lock")


def at_work(visitor: Visitor, name: str, caller: Caller, path: str) -> Page:
    """That person's browser with the form, and the lock, of a record."""
    page = visitor.sign_in(name, f"{path}/edit", title="Edit")
    until(lambda: holds(caller, path))
    return page


def test_while_one_edits_the_others_read_are_refused_by_name_and_may_edit_afterwards(
    visitors: Visitors, ava: Caller, ben: Caller
) -> None:
    title, path = own(ava, city="Davis")
    there = visitors().sign_in("Ben", f"/escrows?q={title[:8]}", title="Escrows")
    row = there.get_by_role("table", name="Escrows").get_by_role("row").filter(has_text=title)
    expect(row).to_have_count(1)
    here = at_work(visitors(), "Ava", ava, path)

    expect(row).to_contain_text("Ava is editing this")
    row.get_by_role("link", name=title).click()
    expect(notice(there)).to_contain_text("Ava is editing this escrow.")
    expect(notice(there).get_by_role("timer")).to_contain_text(" left")
    expect(there.get_by_role("button", name="Take over")).to_have_count(0)
    there.get_by_role("button", name="Status", exact=True).click()
    there.get_by_role("menuitem", name="Pending").click()
    said(there, "Ava is editing this, until")
    assert found(there) == []

    notice(there).get_by_role("link", name="View only").click()
    expect(there.get_by_role("heading", level=1, name=f"View {title}")).to_be_visible()
    expect(there.get_by_label("City", exact=True)).to_have_attribute("readonly", "")
    expect(there.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    assert found(there) == []

    here.get_by_label("City", exact=True).fill("Dixon")
    here.get_by_role("button", name="Save", exact=True).click()
    expect(there.get_by_label("City", exact=True)).to_have_value("Dixon")
    expect(there.get_by_role("heading", level=1, name=f"Edit {title}")).to_be_visible()
    there.get_by_label("ZIP", exact=True).fill("95616")
    expect(notice(here)).to_contain_text("Ben is editing this escrow.")
    there.get_by_role("button", name="Save", exact=True).click()
    expect(notice(here)).to_have_count(0)
    record = ava("GET", path).json()
    assert (record["city"], record["zip"], record["version"]) == ("Dixon", "95616", 3)
    assert not holds(ben, path)


def test_whose_form_is_taken_over_is_told_keeps_what_they_typed_and_goes_on_afterwards(
    visitors: Visitors, ava: Caller, nora: Caller
) -> None:
    title, path = own(ava, city="Folsom")
    here = at_work(visitors(), "Ava", ava, path)
    here.get_by_label("City", exact=True).fill("Davis")
    here.get_by_label("ZIP", exact=True).fill("95616")
    lead = visitors(viewport=PHONE).sign_in("Nora", path, title=title)
    lead.get_by_role("button", name="Take over").click()
    expect(lead.get_by_role("heading", level=1, name=f"Edit {title}")).to_be_visible()
    assert not lead.evaluate("document.documentElement.scrollWidth > innerWidth")
    expect(notice(here)).to_contain_text("Nora has taken over. What you typed is kept here.")
    expect(here.get_by_label("City", exact=True)).to_have_value("Davis")
    expect(here.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    assert found(here) == []

    lead.get_by_label("City", exact=True).fill("Auburn")
    lead.get_by_role("button", name="Save", exact=True).click()
    expect(notice(here)).to_contain_text("Nora took over and is done. What you typed is still here.")
    here.get_by_role("button", name="Go on editing").click()
    expect(here.get_by_label("City", exact=True)).to_have_value("Davis")
    here.get_by_role("button", name="Save", exact=True).click()
    dialog = here.get_by_role("dialog", name="Nora changed")
    dialog.get_by_role("radiogroup", name="City").get_by_role("radio", name="Nora").click()
    dialog.get_by_role("button", name="Save these").click()
    expect(here.get_by_role("list", name="History")).to_be_visible()
    record = nora("GET", path).json()
    assert (record["city"], record["zip"]) == ("Auburn", "95616")


def test_who_edits_in_one_browser_may_go_on_in_another(visitors: Visitors, ava: Caller) -> None:
    title, path = own(ava)
    first = at_work(visitors(), "Ava", ava, path)
    second = visitors().sign_in("Ava", f"{path}/edit", title=f"View {title}")
    expect(notice(second)).to_contain_text("You are editing this escrow in another window")
    second.get_by_role("button", name="Take over").click()
    expect(second.get_by_role("button", name="Save", exact=True)).to_be_visible()
    expect(notice(first)).to_contain_text("You, in another window, have taken over.")


def test_in_two_tabs_of_one_browser_one_edits_and_when_it_is_closed_the_other(visitors: Visitors, ava: Caller) -> None:
    title, path = own(ava)
    here = visitors()
    here.sign_in("Ava")  # the tab with the socket
    first = here.open(f"{path}/edit", title="Edit")
    until(lambda: holds(ava, path))
    second = here.open(f"{path}/edit", title=f"View {title}")
    expect(notice(second)).to_contain_text("You are editing this escrow in another window")
    first.close()
    expect(second.get_by_role("heading", level=1, name=f"Edit {title}")).to_be_visible()
    second.get_by_label("City", exact=True).fill("Davis")
    second.get_by_role("button", name="Save", exact=True).click()
    until(lambda: ava("GET", path).json().get("city") == "Davis")
    assert not holds(ava, path)


@pytest.mark.parametrize("end", ["cancelled", "crashed"])
def test_the_lock_of_whoever_leaves_ends_and_of_whose_tab_crashes_too(
    end: str, visitors: Visitors, ava: Caller
) -> None:
    title, path = own(ava)
    there = visitors().sign_in("Ben", path, title=title)
    here = at_work(visitors(), "Ava", ava, path)
    expect(notice(there)).to_contain_text("Ava is editing this escrow.")
    if end == "crashed":
        crash(here)
    else:
        here.get_by_role("button", name="Cancel").click()
    expect(notice(there)).to_have_count(0)
    expect(there.get_by_role("link", name="Edit", exact=True)).to_be_visible()


def test_when_the_browser_of_who_edits_is_killed_the_others_see_it_and_one_of_them_goes_on(
    visitors: Visitors, launch: Callable[[], Browser], ava: Caller, ben: Caller
) -> None:
    title, path = own(ava, city="Davis")
    there = visitors().sign_in("Ben", path, title=title)
    with launch() as second, launch() as third:
        on_phone = visitors(among=third, viewport=PHONE).sign_in("Nora", path, title=title)
        at_work(visitors(among=second), "Ava", ava, path).get_by_label("City", exact=True).fill("Lost")
        for page in (there, on_phone):
            expect(notice(page)).to_contain_text("Ava is editing this escrow.")
            expect(page.get_by_role("list", name="Also looking at this")).to_contain_text("Ava is looking at this")
        kill(second)
        for page in (there, on_phone):
            expect(notice(page)).to_have_count(0)
            expect(page.get_by_role("list", name="Also looking at this")).not_to_contain_text("Ava")
        there.get_by_role("link", name="Edit", exact=True).click()
        expect(notice(on_phone)).to_contain_text("Ben is editing this escrow.")
        there.get_by_label("City", exact=True).fill("Dixon")
        there.get_by_role("button", name="Save", exact=True).click()
        expect(notice(on_phone)).to_have_count(0)
        expect(on_phone.get_by_text("Dixon").first).to_be_visible()
    assert ava("GET", path).json()["city"] == "Dixon"
    assert not holds(ben, path)


def test_many_rows_the_board_and_dialogs_name_who_has_locked_a_record(
    visitor: Visitor, ava: Caller, ben: Caller
) -> None:
    word = uuid4().hex[:8]
    steps = {"loan": {"a": {"title": "Appraisal"}}}
    made = [ava.create(propertyAddress=f"{number} {word} Locked Ln", checklists=steps) for number in range(2)]
    path, other = (f"/escrows/{each['id']}" for each in made)
    assert ben("POST", f"{path}/lock").status_code == 200
    page = visitor.sign_in("Ava", f"/escrows?q={word}", title="Escrows")
    page.get_by_role("checkbox", name="Choose all").check()
    bar = page.get_by_role("region", name="Chosen rows")
    bar.get_by_role("button", name="Status").click()
    page.get_by_role("menuitem", name="Pending").click()
    expect(bar).to_contain_text("1 escrow not changed")
    expect(bar.get_by_role("listitem")).to_contain_text(f"0 {word} Locked Ln: Ben is editing this, until")

    visitor.go(page, f"/escrows?view=board&q={word}", title="Escrows")
    card = page.get_by_role("listitem").filter(has_text=f"0 {word} Locked Ln")
    expect(card).to_contain_text("Ben is editing this")
    connected(page)
    drag(page, f"0 {word} Locked Ln", to="Pending")
    page.mouse.up()
    said(page, "stays opened: Ben is editing this, until")

    visitor.go(page, path, title=word)
    connected(page)
    page.get_by_role("checkbox", name="Appraisal").click()
    said(page, "Ben is editing this, until")
    page.get_by_role("button", name="Correct").click()
    dialog = page.get_by_role("dialog", name="Price and commission")
    dialog.get_by_label("Purchase price").fill("2")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Ben is editing this, until")
    assert [ava("GET", each).json()["version"] for each in (path, other)] == [1, 2]


def test_who_looks_and_who_types_where_is_seen_on_the_page_and_in_the_form(
    visitors: Visitors, ava: Caller, ben: Caller
) -> None:
    title, path = own(ava, notes="Ask first")
    here = visitors().sign_in("Ava", path, title=title)
    there = at_work(visitors(), "Ben", ben, path)
    others = here.get_by_role("list", name="Also looking at this")
    expect(others).to_contain_text("Ben is looking at this")
    expect(there.get_by_role("list", name="Also looking at this")).to_contain_text("Ava is looking at this")
    notes = there.get_by_role("textbox", name="Notes")
    notes.click()

    def sees_typing(mark: Locator) -> None:
        def seen() -> bool:
            notes.press("x")  # as long as it takes: who stops is forgotten soon
            here.wait_for_timeout(500)
            return mark.count() == 1

        until(seen)

    sees_typing(here.get_by_role("region", name="Notes").locator("[data-typists=notes]", has_text="Ben is typing"))
    sees_typing(others.get_by_text("Ben is typing in notes"))
    assert found(here) == []
    notice(here).get_by_role("link", name="View only").click()
    sees_typing(here.locator("form [data-typists=notes]", has_text="Ben is typing"))
    there.get_by_role("button", name="Cancel").click()
    there.get_by_role("link", name="Escrows", exact=True).first.click()
    expect(others).to_have_count(0)


def test_a_person_who_may_read_the_record_is_mentioned_by_the_beginning_of_their_name(
    visitors: Visitors, ava: Caller, ben: Caller
) -> None:
    title, path = own(ava)
    there = visitors().sign_in("Ben", path, title=title)
    page = at_work(visitors(), "Ava", ava, path)
    notes = page.get_by_role("textbox", name="Notes")
    notes.press_sequentially("Ask @m")
    expect(page.get_by_role("listbox", name="People to mention")).to_have_count(0)  # Mia is of another team
    notes.press("Backspace")
    notes.press_sequentially("be")
    people = page.get_by_role("listbox", name="People to mention")
    expect(people.get_by_role("option")).to_have_count(1)
    expect(people.get_by_role("option", name="Ben", exact=True)).to_have_attribute("aria-selected", "true")
    assert found(page) == []
    notes.press("Enter")
    expect(notes).to_have_value("Ask @Ben ")
    notes.press_sequentially("first")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(there.get_by_role("region", name="Notes").locator(f"[data-mention='{ben.user_id}']")).to_have_text("@Ben")
    assert ava("GET", path).json()["notes"] == f"Ask @[Ben]({ben.user_id}) first"
    mine = [each for each in ben("GET", "/notifications").json()["items"] if each["kind"] == "mentioned"]
    assert [each["about"]["id"] for each in mine if each["about"]["id"] in path] == [path.rpartition("/")[2]]
    page.goto(f"{ORIGIN}{path}/edit")
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("Ask @Ben first")
