"""Every way into the app, and out of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

import pytest
from playwright.sync_api import Error, Page, expect

from deployed.sign_in import DEMO_PASSWORD
from local.stack import RunningStack
from tests.e2e.browser.conftest import Visitor, fill_password
from tests.e2e.conftest import Caller

NEW_PASSWORD = "Another-house-2"


@pytest.fixture
def newcomer(stack: RunningStack, admin: Caller) -> str:
    """The e-mail address of somebody of team North who has never signed in; the first password is the demo one."""
    email = f"new-{uuid4().hex[:8]}@demo.test"
    attributes = {"email": email, "email_verified": "true", "name": "Nell"}
    login = stack.cloud.cognito().admin_create_user(
        UserPoolId=stack.deployment.endpoints.user_pool_id,
        Username=email,
        UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
        TemporaryPassword=DEMO_PASSWORD,
        MessageAction="SUPPRESS",
    )
    user_id = next(each["Value"] for each in login["User"]["Attributes"] if each["Name"] == "sub")
    body = {"email": email, "name": "Nell", "role": "agent", "teamIds": ["north"]}
    assert admin("PUT", f"/directory/users/{user_id}", body).status_code in (200, 201)
    return email


def greeted(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=f", {name}")).to_be_visible()


def choose_password(page: Page, *, again: str = NEW_PASSWORD) -> None:
    page.locator("input[name=new]").fill(NEW_PASSWORD)
    page.locator("input[name=again]").fill(again)
    page.get_by_role("button", name="Save and sign in").click()


def ask_the_server(page: Page, timeout: float | None = None) -> None:
    """For what no answer to an earlier question, perhaps still under way, can be. `timeout`: in milliseconds."""
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Listings").click(timeout=timeout)


def code_now(secret: str) -> str:
    """RFC 6238, as an authenticator app has it."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, int(time.time() // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def test_a_session_outlives_a_reload_and_no_storage_shows_a_token(visitor: Visitor) -> None:
    page = visitor.sign_in("Ava")
    page.reload()
    greeted(page, "Ava")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "eyJ" not in kept, "a token begins so"
    records = page.evaluate(
        """async () => {
          const open = indexedDB.open("openhouse-session");
          const database = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
          const read = database.transaction(["kept", "keys"]);
          const all = (name) => new Promise((resolve) => {
            const request = read.objectStore(name).getAll();
            request.onsuccess = () => resolve(request.result);
          });
          const [[sealed], [key]] = await Promise.all([all("kept"), all("keys")]);
          return { text: new TextDecoder().decode(sealed.data), extractable: key.extractable };
        }"""
    )
    assert "eyJ" not in records["text"]
    assert records["extractable"] is False


def test_a_wrong_password_is_refused_in_a_sentence_and_a_right_one_leads_to_where_one_wanted_to_go(
    visitor: Visitor,
) -> None:
    page = visitor.open("/escrows?status=opened", title="Sign in")
    fill_password(page, "ben@demo.test", "Wrong-password-1")
    expect(page.get_by_role("alert")).to_have_text("This e-mail address and password do not belong together.")
    fill_password(page, "ben@demo.test")
    expect(page.get_by_role("heading", level=1, name="Escrows")).to_be_visible()
    expect(page.get_by_role("button", name="Opened")).to_have_attribute("aria-pressed", "true")


def test_a_first_password_is_changed_and_a_forgotten_one_replaced(visitor: Visitor, newcomer: str) -> None:
    page = visitor.open(title="Sign in")
    fill_password(page, newcomer)
    expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
    choose_password(page, again="Something-else-3")
    expect(page.get_by_role("alert")).to_have_text("The two passwords differ.")
    choose_password(page)
    greeted(page, "Nell")

    page.get_by_role("button", name="You are Nell").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.get_by_role("button", name="Forgotten your password?").click()
    page.get_by_label("E-mail").fill(newcomer)
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code").fill("000000")
    choose_password(page)
    expect(page.get_by_role("alert")).to_have_text("This is not the right code.")
    page.get_by_label("Code").fill("654321")  # the emulator's only one
    choose_password(page)
    greeted(page, "Nell")


def test_with_an_authenticator_set_up_a_code_is_asked_for(visitors: Callable[..., Visitor], newcomer: str) -> None:
    page = visitors().open(title="Sign in")
    fill_password(page, newcomer)
    choose_password(page)
    greeted(page, "Nell")
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Set it up").click()
    secret = page.get_by_role("code").inner_text().replace(" ", "")
    page.get_by_label("The code that it shows").fill(code_now(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("button", name="Turn it off")).to_be_visible()

    elsewhere = visitors().open(title="Sign in")
    fill_password(elsewhere, newcomer, NEW_PASSWORD)
    elsewhere.get_by_label("Code").fill("12345")
    elsewhere.get_by_role("button", name="Sign in").click()
    expect(elsewhere.get_by_role("alert")).to_have_text("This is not the right code.")
    elsewhere.get_by_label("Code").fill(code_now(secret))
    elsewhere.get_by_role("button", name="Sign in").click()
    greeted(elsewhere, "Nell")


def test_tabs_renew_their_token_once_and_all_end_when_one_signs_out(visitor: Visitor) -> None:
    visitor.context.clock.install()
    pages = [visitor.sign_in("Josh"), visitor.open(title="Good "), visitor.open(title="Good ")]
    assert len(visitor.cognito("InitiateAuth")) == 1
    visitor.context.clock.fast_forward("01:05:00")
    for page in pages:
        ask_the_server(page)
    for page in pages:
        expect(page.get_by_role("list", name="Listings").or_(page.get_by_text("No listings yet"))).to_be_visible()
    assert len(visitor.cognito("GetTokensFromRefreshToken")) == 1
    pages[0].get_by_role("button", name="You are Josh").click()
    pages[0].get_by_role("menuitem", name="Sign out").click()
    for page in pages:
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_signing_out_everywhere_ends_the_session_of_another_browser_at_its_next_renewal(
    visitors: Callable[..., Visitor],
) -> None:
    here, there = visitors(), visitors()
    there.context.clock.install()
    page, other = here.sign_in("Leo", "/settings", title="Settings"), there.sign_in("Leo")
    page.get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    there.context.clock.fast_forward("01:05:00")
    with suppress(Error):  # it may have asked by itself, and then there is no menu any more
        ask_the_server(other, timeout=10_000)
    expect(other.get_by_text("Your session has ended.")).to_be_visible()


def test_who_does_not_stay_signed_in_is_signed_out_with_the_browser(visitor: Visitor) -> None:
    page = visitor.open(title="Sign in")
    page.get_by_label("Stay signed in").uncheck()
    fill_password(page, "mia@demo.test")
    greeted(page, "Mia")
    page.reload()
    greeted(page, "Mia")
    visitor.context.clear_cookies()  # as a browser does with this one when it is closed
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    kept = json.loads(page.evaluate("JSON.stringify(Object.keys(localStorage))"))
    theirs = {name for name in kept if name.endswith(":tasks")}  # which ends of tasks they have looked at
    assert {*kept} - theirs <= {"mui-mode", "openhouse-last"}  # a look, and whose things go when somebody else comes
    greeted(visitor.sign_in("Ava"), "Ava")
    assert not theirs & {*json.loads(page.evaluate("JSON.stringify(Object.keys(localStorage))"))}
