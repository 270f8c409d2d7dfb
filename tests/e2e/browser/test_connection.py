"""The live connection as a person has it: how it is shown, what is done without it, who shares it."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.crashes import crash
from tests.e2e.browser.desk import changed_by_a_lead
from tests.e2e.browser.kept import is_kept
from tests.e2e.browser.lines import Lines, badge
from tests.e2e.conftest import ORIGIN, Caller, until

# What chance decides is the test's: with 0 all pauses between two tries are over at once.
CHANCE = "globalThis.chance = 0.99; Math.random = () => globalThis.chance;"

# Parts that are loaded when there is nothing else to do, for when there is no network: of every page, and of a screen.
NEEDED_LATER = ("/WaitingDrawer-", "/Documents-")
HAS_DRAFT = "Object.keys(sessionStorage).some((name) => name.startsWith('openhouse-draft:'))"
KEPT = (
    "indexedDB.databases().then((all) => all.map(({ name }) => name).filter((name) => name.startsWith('openhouse:')))"
)


def own(ava: Caller, **fields: object) -> str:
    """The path of a new escrow of Ava's."""
    made = ava.create(propertyAddress=f"{uuid4().hex[:8]} Wire St", **fields)
    return f"/escrows/{made['id']}"


def saved(page: Page, **fields: str) -> None:
    """Fills the form that is open, and saves it."""
    for label, value in fields.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Save", exact=True).click()


def test_the_badge_is_green_yellow_and_red_and_a_person_retries_what_has_failed(visitor: Visitor) -> None:
    visitor.context.add_init_script(CHANCE)
    lines = Lines(visitor.context)
    page = visitor.sign_in("Ava")
    expect(badge(page, "connected")).to_have_text("Live")
    lines.cut()
    expect(badge(page, "reconnecting")).to_contain_text("Reconnecting")
    expect(badge(page, "reconnecting")).to_contain_text("in ")
    expect(page.get_by_role("status", name="Changes that wait")).to_contain_text("No connection.")
    page.evaluate("globalThis.chance = 0")
    expect(badge(page, "error")).to_be_visible()
    lines.mend()
    page.get_by_role("button", name="Retry").click()
    expect(badge(page, "connected")).to_be_visible()

    page.goto(f"{ORIGIN}/settings")
    page.get_by_role("radio", name="Connected, and how many are online").check()
    expect(badge(page, "connected")).to_have_text(re.compile(r"^Connected · \d+ online$"))
    page.get_by_role("radio", name="A sign alone").check()
    page.reload()
    badge(page, "connected").hover()
    expect(page.get_by_role("tooltip")).to_have_text(re.compile(r"^Connected, \d+ team members? online, last sync "))


def test_what_is_changed_without_a_network_waits_is_listed_and_is_sent_once(
    visitors: Callable[..., Visitor], ava: Caller
) -> None:
    visitor = visitors(saves_data=False)
    lines = Lines(visitor.context)
    path, other = own(ava), own(ava)
    page = visitor.sign_in("Ava", f"{path}/edit", title="Edit")
    expect(badge(page, "connected")).to_be_visible()
    while not all(any(part in call.url for call in visitor.calls) for part in NEEDED_LATER):
        page.wait_for_timeout(100)  # in which Playwright tells of calls
    page.wait_for_load_state("networkidle")
    visitor.context.set_offline(True)
    lines.cut()
    expect(badge(page, "disconnected")).to_contain_text("Offline")
    saved(page, City="Davis")
    expect(page.get_by_text("is kept here, and saved when the connection is back")).to_be_visible()
    banner = page.get_by_role("status", name="Changes that wait")
    expect(banner).to_contain_text("1 change will be sent")
    page.set_viewport_size({"width": 1280, "height": 400})
    until(lambda: page.evaluate("(scrollTo(0, 200), scrollY === 200)"))
    expect(banner).to_be_in_viewport(ratio=1)
    banner.get_by_role("button", name="See 1 change").click()
    waiting = page.get_by_role("list", name="Waiting, in this order")
    expect(waiting).to_contain_text("Wire St: city to Davis")
    page.keyboard.press("Escape")
    visitor.context.set_offline(False)
    lines.mend()
    expect(badge(page, "connected")).to_be_visible()
    expect(banner).to_have_count(0)
    record = ava("GET", path).json()
    assert (record["city"], record["version"]) == ("Davis", 2)
    assert ava("GET", other).json()["version"] == 1


def test_a_screen_that_is_not_loaded_yet_says_so_without_a_network_and_comes_with_it(visitor: Visitor) -> None:
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        route.abort()

    visitor.context.route("**/PeopleScreen-*.js", refuse)
    page = visitor.sign_in("Ava")
    visitor.context.set_offline(True)
    menu = page.get_by_role("navigation", name="Main", exact=True)
    menu.get_by_role("link", name="People").click()
    expect(page.get_by_role("main").get_by_role("alert")).to_contain_text("cannot be reached")
    expect(menu).to_be_visible()
    assert refused
    visitor.context.unroute("**/PeopleScreen-*.js", refuse)
    visitor.context.set_offline(False)
    expect(page.get_by_role("table", name="People")).to_be_visible()


def test_a_reload_goes_on_where_it_was_and_keeps_what_was_typed(visitor: Visitor, ava: Caller, nora: Caller) -> None:
    lines = Lines(visitor.context)
    path = own(ava)
    page = visitor.sign_in("Ava", f"{path}/edit", title="Edit")
    expect(badge(page, "connected")).to_be_visible()
    page.get_by_label("City", exact=True).fill("Davis")
    until(lambda: page.evaluate(HAS_DRAFT))
    changed_by_a_lead(nora, path, {"notes": "Nora was here"}, editor=ava)
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("Nora was here")
    until(lambda: is_kept(page, path.rpartition("/")[2]))
    before = len(lines.said)
    page.reload()
    expect(page.get_by_label("City", exact=True)).to_have_value("Davis")
    expect(page.get_by_text("You left this unfinished")).to_be_visible()
    expect(badge(page, "connected")).to_be_visible()
    first = next(frame for frame in lines.said[before:] if frame["action"] == "sync")
    assert any(position["seq"] > 0 for position in first["positions"].values()), "it asks only for what it missed"
    saved(page)
    expect(page.get_by_role("list", name="History")).to_be_visible()
    record = ava("GET", path).json()
    assert (record["city"], record["notes"]) == ("Davis", "Nora was here")
    page.goto(f"{ORIGIN}{path}/edit")
    expect(page.get_by_label("City", exact=True)).to_have_value("Davis")
    expect(page.get_by_text("You left this unfinished")).to_have_count(0)


@pytest.mark.parametrize("end", [Page.close, crash], ids=["closed", "killed"])
def test_three_tabs_have_one_socket_and_the_next_takes_over_when_its_tab_ends(
    visitor: Visitor, ava: Caller, nora: Caller, end: Callable[[Page], None]
) -> None:
    lines = Lines(visitor.context)
    path = own(ava)
    first = visitor.sign_in("Ava")
    expect(badge(first, "connected")).to_be_visible()
    tabs = [visitor.open(f"{path}/edit", title=title) for title in ("Edit", "View")]  # only one of them has the lock
    for tab in tabs:
        expect(badge(tab, "connected")).to_be_visible()
    assert lines.begun == 1
    end(first)
    changed_by_a_lead(nora, path, {"notes": "to all of you"}, editor=ava)
    for tab in tabs:
        expect(tab.get_by_role("textbox", name="Notes")).to_have_value("to all of you")
        expect(badge(tab, "connected")).to_be_visible()
    assert lines.begun == 2


def test_over_a_network_with_two_seconds_of_latency_all_works_and_the_line_is_not_given_up(
    visitor: Visitor, ava: Caller, nora: Caller
) -> None:
    path = own(ava)
    page = visitor.sign_in("Ava", f"{path}/edit", title="Edit")
    slow = {"offline": False, "latency": 2_000, "downloadThroughput": -1, "uploadThroughput": -1}
    visitor.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    page.reload()
    expect(badge(page, "connected")).to_be_visible()
    sockets: list[str] = []
    calls = len(visitor.calls)
    page.on("websocket", lambda socket: sockets.append(socket.url))
    changed_by_a_lead(nora, path, {"notes": "from afar"}, editor=ava)
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("from afar")
    go_on = page.get_by_role("button", name="Go on editing")
    expect(go_on.or_(page.get_by_role("button", name="Save", exact=True))).to_be_visible()
    if go_on.is_visible():  # unless it was taken over before this page knew that it had it
        go_on.click()
    saved(page, City="Davis")
    expect(page.get_by_role("list", name="History")).to_contain_text("Davis")
    expect(page.get_by_role("status", name="Changes that wait")).to_have_count(0)
    record = ava("GET", path).json()
    assert (record["city"], record["notes"], record["version"]) == ("Davis", "from afar", 3)
    assert [call.method for call in visitor.calls[calls:] if call.method not in ("GET", "OPTIONS")] == ["PATCH"]
    assert (sockets, badge(page, "connected").count()) == ([], 1)


@pytest.mark.parametrize("minutes", [-10, 10], ids=["late", "early"])
def test_a_browser_whose_clock_is_wrong_by_ten_minutes_is_as_live_as_any(visitor: Visitor, minutes: int) -> None:
    visitor.context.add_init_script(f"const now = Date.now; Date.now = () => now.call(Date) + {minutes * 60_000};")
    page = visitor.sign_in("Ava")
    expect(badge(page, "connected")).to_be_visible()
    page.reload()
    expect(badge(page, "connected")).to_be_visible()
    assert visitor.cognito("GetTokensFromRefreshToken") == []


def test_a_session_that_ends_is_told_and_its_person_finds_what_they_typed(visitor: Visitor, ava: Caller) -> None:
    path = own(ava)
    page = visitor.sign_in("Ava", f"{path}/edit", title="Edit")
    page.get_by_label("City", exact=True).fill("Davis")
    until(lambda: page.evaluate(HAS_DRAFT))

    def refuse(route: Route) -> None:
        if "GetTokensFromRefreshToken" in route.request.headers.get("x-amz-target", ""):
            refusal = {"__type": "NotAuthorizedException", "message": "Refresh Token has been revoked"}
            route.fulfill(status=400, json=refusal, headers={"Access-Control-Allow-Origin": ORIGIN})
        elif "authorization" in route.request.headers:
            route.fulfill(status=401, json={}, headers={"Access-Control-Allow-Origin": ORIGIN})
        else:
            route.continue_()

    visitor.context.route("**/*", refuse)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or go to")).to_be_focused()
    page.keyboard.type("anything that the server is asked for")
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    visitor.context.unroute("**/*", refuse)
    page.get_by_role("region", name="Demo people").get_by_role("button", name="Ava").click()
    expect(page.get_by_label("City", exact=True)).to_have_value("Davis")
    expect(page.get_by_text("You left this unfinished")).to_be_visible()

    other = visitor.open("/settings", title="Settings")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="You are Ava").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(other.get_by_text("You have signed out in another tab")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    until(lambda: not page.evaluate(HAS_DRAFT) and page.evaluate(KEPT) == [])


def test_rows_that_are_chosen_change_at_once_and_back(visitor: Visitor, ava: Caller) -> None:
    word = uuid4().hex[:8]
    for number in range(3):
        ava.create(propertyAddress=f"{number} {word} St")
    page = visitor.sign_in("Ava", f"/escrows?q={word}", title="Escrows")
    rows = page.get_by_role("table", name="Escrows").get_by_role("row").filter(has_text=word)
    expect(rows).to_have_count(3)
    page.get_by_role("checkbox", name="Choose all").check()
    page.get_by_role("checkbox", name=f"Choose 2 {word} St").uncheck()
    bar = page.get_by_role("region", name="Chosen rows")
    expect(bar).to_contain_text("2 chosen")
    bar.get_by_role("button", name="Status").click()
    page.get_by_role("menuitem", name="Pending").click()
    expect(page.get_by_text("2 escrows now pending")).to_be_visible()
    expect(rows.filter(has_text="Pending")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(rows.filter(has_text="Pending")).to_have_count(0)
    assert {each["status"] for each in ava("GET", "/escrows", params={"q": word}).json()["items"]} == {"opened"}


def test_the_palette_finds_in_all_modules_and_without_a_server_in_what_is_kept(
    visitors: Callable[..., Visitor], ava: Caller
) -> None:
    word = uuid4().hex[:8]
    ava.create(propertyAddress=f"12 {word} Way")
    client = ava("POST", "/clients", {"firstName": "Zoé", "lastName": f"{word}son", "clientType": "buyer"})
    assert client.status_code == 201, client.text
    visitor = visitors()
    page = visitor.sign_in("Ava")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or go to")).to_be_focused()
    page.keyboard.type(word)
    found = page.get_by_role("listbox", name="Choices")
    expect(found.get_by_role("group", name="Escrows").get_by_role("option")).to_contain_text(f"12 {word} Way")
    expect(found.get_by_role("group", name="Clients").get_by_role("option")).to_contain_text(f"Zoé {word}son")
    visitor.context.route("**/search?*", lambda route: route.abort())
    page.keyboard.press("Control+a")
    page.keyboard.type(f"{word}son zoe")
    expect(page.get_by_text("these are among what is kept in this browser")).to_be_visible()
    expect(found.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=f"Zoé {word}son")).to_be_visible()
