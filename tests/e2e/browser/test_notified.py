"""What somebody is told of, on all their devices: at the bell, over the page, by the browser, by the operators."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from cli.broadcast import announce_maintenance, broadcast, end_maintenance
from deployed.terminal import Steps
from local.stack import RunningStack
from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.test_accessibility import found
from tests.e2e.browser.test_who_is_there import HIDE, PHONE
from tests.e2e.conftest import Caller, until

# What the browser would show, and how often it has asked.
OWN_NOTIFICATIONS = """
globalThis.shown = [];
globalThis.Notification = class extends EventTarget {
  static permission = "default";
  static asked = 0;
  static async requestPermission() {
    this.asked += 1;
    return (this.permission = "granted");
  }
  constructor(title, { body, tag }) {
    super();
    globalThis.shown.push(this);
    Object.assign(this, { title, body, tag });
  }
  close() { this.closed = true; }
};
"""


def bell(page: Page) -> Locator:
    """Also while its list lies over it."""
    return page.locator("button[aria-label^=Notifications]")


def expect_unread(page: Page, count: int) -> None:
    expect(bell(page)).to_have_attribute("aria-label", f"Notifications, {count} unread" if count else "Notifications")


def toast(page: Page, title: str) -> Locator:
    return page.locator("[data-toast]").filter(has_text=title)


def told(page: Page) -> Locator:
    """The lines of the list at the bell."""
    return page.get_by_role("dialog", name="Notifications").get_by_role("listitem")


def message(caller: Caller, to: dict[str, object], title: str, *, level: str = "info", text: str = "Hello.") -> None:
    answer = caller("POST", "/notifications", {"to": to, "level": level, "title": title, "text": text})
    assert answer.status_code == 201, answer.text


@pytest.fixture
def nothing_unread(ava: Caller, ben: Caller, dana: Caller) -> None:
    for who in (ava, ben, dana):
        assert who("POST", "/notifications/read").status_code == 204


@pytest.mark.usefixtures("nothing_unread")
def test_a_message_comes_to_every_browser_and_goes_from_a_persons_others_where_it_is_read(
    visitors: Callable[..., Visitor],
) -> None:
    title = f"The heating has failed {uuid4().hex[:6]}"
    desk, phone, other = (visitors(**options) for options in ({}, PHONE, {}))
    ava, on_phone, ben = desk.sign_in("Ava"), phone.sign_in("Ava"), other.sign_in("Ben")
    for page in (ava, on_phone, ben):
        expect_unread(page, 0)
        expect(page.locator("[data-connection=connected]")).to_be_attached()
        expect(page.get_by_role("status", name="What has just come")).to_be_attached()
    dana = visitors().sign_in("Dana", "/people", title="People")
    dana.get_by_role("button", name="Send a message").click()
    dialog = dana.get_by_role("dialog", name="Send a message")
    dialog.get_by_role("combobox", name="To").click()
    dana.get_by_role("option", name="Everybody of").click()
    dialog.get_by_role("combobox", name="Kind").click()
    dana.get_by_role("option", name="Problem").click()  # which stays until it is read
    dialog.get_by_label("Title").fill(title)
    dialog.get_by_label("Text").fill("The office closes at noon.")
    expect(dana.get_by_role("listbox")).to_have_count(0)
    assert found(dana) == []
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(dana.get_by_text("Sent to everybody")).to_be_visible()

    for page in (ava, on_phone, ben):
        expect(toast(page, title)).to_have_attribute("data-toast", "error")
        expect_unread(page, 1)
    assert found(ava) == []
    toast(on_phone, title).get_by_role("button", name="Mark as read and close").click()
    for page in (ava, on_phone):
        expect_unread(page, 0)
        expect(toast(page, title)).to_have_count(0)
    bell(ben).click()
    line = told(ben).filter(has_text=title)
    expect(line).to_contain_text("The office closes at noon.")
    expect(line).to_contain_text("not read yet")
    line.get_by_role("button", name="Mark as read").click()
    expect(line).not_to_contain_text("not read yet")
    expect_unread(dana, 0)  # what one has said oneself


@pytest.mark.usefixtures("nothing_unread")
def test_an_assignment_leads_to_its_record_and_the_list_goes_on_as_it_is_scrolled(
    visitors: Callable[..., Visitor], ava: Caller, dana: Caller
) -> None:
    for number in range(9):
        message(dana, {"userId": ava.user_id}, f"Number {number} of nine", text="A long story. " * 60)
    visitor = visitors(**PHONE)
    # Pages of four instead of fifty.
    visitor.context.route(
        re.compile(r"/notifications\?limit=50"),
        lambda route: route.continue_(url=route.request.url.replace("limit=50", "limit=4")),
    )
    page = visitor.sign_in("Ava")
    expect_unread(page, 9)  # so the first page of the list is there
    escrow = dana.create(propertyAddress=f"{uuid4().hex[:8]} Given St", teamId="north")
    assert dana("PATCH", f"/escrows/{escrow['id']}", {"ownerId": ava.user_id}).status_code == 200
    expect_unread(page, 10)
    bell(page).click()
    expect(told(page)).to_have_count(5)
    expect(told(page).first).to_contain_text("not read yet")
    told(page).first.get_by_role("link", name="Dana assigned an escrow to you").click()
    expect(page.get_by_role("heading", level=1, name="Given St")).to_be_visible()
    bell(page).click()
    expect(told(page).first).not_to_contain_text("not read yet")
    told(page).last.scroll_into_view_if_needed()
    expect(told(page)).to_have_count(9)
    told(page).last.scroll_into_view_if_needed()
    expect(told(page).filter(has_text="Number 0 of nine")).to_be_attached()
    expect_unread(page, 9)
    page.get_by_role("button", name="Mark all as read").click()
    expect_unread(page, 0)


@pytest.fixture
def as_before(ava: Caller) -> Iterator[None]:
    yield
    ava("PATCH", "/preferences", {"kinds": {"message": {"browser": False}}})


@pytest.mark.usefixtures("nothing_unread", "as_before")
def test_the_browser_shows_what_a_person_has_switched_on_while_nobody_looks_at_the_page(
    visitor: Visitor, ava: Caller, dana: Caller
) -> None:
    visitor.context.add_init_script(OWN_NOTIFICATIONS)
    page = visitor.sign_in("Ava", "/settings", title="Settings")
    switch = page.get_by_role("switch", name="Messages, by the browser")
    expect(switch).not_to_be_checked()
    assert page.evaluate("Notification.asked") == 0
    switch.check()
    expect(switch).to_be_checked()
    assert page.evaluate("Notification.asked") == 1
    seen, missed = f"Seen {uuid4().hex[:6]}", f"Missed {uuid4().hex[:6]}"
    message(dana, {"userId": ava.user_id}, seen, level="error")
    expect(toast(page, seen)).to_be_visible()
    assert page.evaluate("shown.length") == 0
    page.evaluate(HIDE)
    message(dana, {"userId": ava.user_id}, missed)
    until(lambda: page.evaluate("shown.length === 1"))
    assert page.evaluate("[shown[0].title, shown[0].body]") == [missed, "Hello."]
    expect(toast(page, missed)).to_have_count(0)
    assert ava("POST", "/notifications/read").status_code == 204
    until(lambda: page.evaluate("shown[0].closed"))


def test_everybody_reads_of_maintenance_before_it_while_it_is_on_and_when_it_is_over(
    visitors: Callable[..., Visitor], stack: RunningStack
) -> None:
    now, minute = datetime.now(UTC), timedelta(minutes=1)
    news = f"Search is back: {uuid4().hex}."
    pages = [visitors().sign_in("Ava"), visitors(**PHONE).sign_in("Ben")]
    banners = [page.get_by_role("region", name="From those who run Openhouse") for page in pages]
    try:
        announce_maintenance(stack.cloud, "A larger database.", now + 30 * minute, now + 50 * minute, Steps())
        broadcast(stack.cloud, news, "success", uuid4().hex, Steps())
        for banner in banners:
            expect(banner).to_contain_text("Maintenance from")
            expect(banner).to_contain_text("A larger database.")
            expect(banner.locator("[data-countdown]")).to_have_text(re.compile(r"begins in \d+:\d\d"))
            expect(banner).to_contain_text(news)
        banners[0].locator("> div", has_text=news).get_by_role("button", name="Close this notice").click()
        pages[0].reload()
        expect(banners[0]).to_contain_text("Maintenance from")
        expect(banners[0]).not_to_contain_text(news)
        announce_maintenance(stack.cloud, "A larger database.", now - minute, now + 40 * minute, Steps())
        for banner in banners:
            expect(banner).to_contain_text("expected to end at")
            expect(banner.locator("[data-countdown]")).to_have_text(re.compile(r"\d+:\d\d left"))
        assert found(pages[1]) == []
    finally:
        end_maintenance(stack.cloud, Steps())
    for banner in banners:
        expect(banner).to_contain_text("Maintenance is over. Everything works as usual.")
        expect(banner).not_to_contain_text("expected to end")


def test_where_somebody_is_decides_when_it_is_morning_for_them(
    visitors: Callable[..., Visitor], caller: Callable[[str], Caller]
) -> None:
    kim = caller("kim@demo.test")
    visitors(timezone_id="America/Denver").sign_in("Kim")
    until(lambda: kim("GET", "/preferences").json().get("timeZone") == "America/Denver")
