"""Who is in the brokerage, who may change that, and how somebody new comes in."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import expect

from local.stack import RunningStack
from tests.e2e.browser.conftest import Visitor, fill_password
from tests.e2e.conftest import Caller
from tests.e2e.test_invitations import Mails

OWN_PASSWORD = "Another-house-2"


def test_who_is_invited_comes_in_with_the_mailed_password_and_sees_their_team(
    visitors: Callable[..., Visitor], stack: RunningStack, admin: Caller, ava: Caller
) -> None:
    email, mails = f"nell-{uuid4().hex[:8]}@invited.test", Mails(stack)
    ava.create(propertyAddress="1 Northern Light")
    page = visitors().sign_in("Admin", "/people", title="People")
    page.get_by_role("button", name="Invite").click()
    dialog = page.get_by_role("dialog", name="Invite somebody")
    dialog.get_by_label("E-mail").fill(email)
    dialog.get_by_label("Name").fill("Nell")
    dialog.get_by_label("North").check()
    dialog.get_by_role("button", name="Send the invitation").click()
    row = page.get_by_role("table", name="People").get_by_role("row").filter(has_text=email)
    expect(row).to_contain_text("Invited")
    row.get_by_role("button", name="Actions for Nell").click()
    page.get_by_role("menuitem", name="Send the invitation again").click()
    expect(page.get_by_text(f"{email} gets another e-mail")).to_be_visible()

    *_, password = mails.passwords(email)
    newcomer = visitors().open(title="Sign in")
    fill_password(newcomer, email, password)
    newcomer.locator("input[name=new]").fill(OWN_PASSWORD)
    newcomer.locator("input[name=again]").fill(OWN_PASSWORD)
    newcomer.get_by_role("button", name="Save and sign in").click()
    expect(newcomer.get_by_role("heading", level=1, name=", Nell")).to_be_visible()
    newcomer.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Escrows").click()
    expect(newcomer.get_by_text("1 Northern Light").filter(visible=True).first).to_be_visible()

    page.reload()
    expect(row).to_be_visible()
    expect(row).not_to_contain_text("Invited")
    row.get_by_role("button", name="Actions for Nell").click()
    page.get_by_role("menuitem", name="Change role and teams").click()
    page.get_by_role("combobox", name="Role").click()
    page.get_by_role("option", name="Lead", exact=True).click()
    page.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("Lead")
    row.get_by_role("button", name="Actions for Nell").click()
    page.get_by_role("menuitem", name="Deactivate").click()
    page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    expect(row).to_have_count(0)
    assert email not in [user["email"] for user in admin("GET", "/directory").json()["users"]]


def test_an_administrator_keeps_the_role_and_is_told_why(visitor: Visitor) -> None:
    page = visitor.sign_in("Admin", "/people", title="People")
    page.get_by_role("button", name="Actions for Alex Admin").click()
    expect(page.get_by_role("menuitem", name="Deactivate")).to_be_disabled()
    expect(page.get_by_role("note")).to_contain_text("the only administrator")
    page.get_by_role("menuitem", name="Change role and teams").click()
    expect(page.get_by_role("dialog").get_by_text("the only administrator")).to_be_visible()


def test_the_others_see_everybody_and_whom_to_ask(visitor: Visitor) -> None:
    page = visitor.sign_in("Mia", "/people", title="People")
    expect(page.get_by_role("table", name="People").get_by_role("row").filter(has_text="Ava")).to_be_visible()
    expect(page.get_by_role("alert").get_by_role("link", name="Alex Admin")).to_be_visible()
    expect(page.get_by_role("button", name="Invite")).to_have_count(0)
    page.get_by_role("searchbox", name="Search people").fill("nobody of that name")
    expect(page.get_by_role("heading", name="Nobody is called that")).to_be_visible()
