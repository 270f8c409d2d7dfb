"""`make screenshots`: every screen, light, dark and on a phone, into docs/screenshots, of a run of its own."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from playwright.sync_api import Browser, Page, expect

from deployed import ROOT
from deployed.sign_in import DEMO_PASSWORD, sign_in
from deployed.terminal import Steps
from local.app_browser import app_browser
from local.emulator import free_port
from local.seed import seed
from local.stack import RunningStack, running_stack
from tests.e2e.browser.office import fill
from tests.e2e.browser.tasks import end_all, line, proposed, proposed_import, proposed_of_texts
from tests.e2e.conftest import ORIGIN, Caller

FOLDER = ROOT / "docs" / "screenshots"
PATIENCE = 120_000
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
LOOKS = {"light": ("light", DESK), "dark": ("dark", DESK), "phone": ("light", PHONE)}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    steps = Steps()
    with running_stack(emulator_port=free_port(), steps=steps, origins=(ORIGIN,)) as stack:
        with steps.step("an office at work"):
            seed(stack.cloud, stack.deployment)
            ava, ben = _caller(stack, "ava@demo.test"), _caller(stack, "ben@demo.test")
            fill(ava, ben, datetime.now(UTC))
            _add_twins(ava)
            _tell(_caller(stack, "dana@demo.test"), ava)
        with steps.step("screenshots"), app_browser(stack, ORIGIN) as browser:
            for look in LOOKS:
                _tour(browser, look, ava, ben)
                administration(browser, look)


def _caller(stack: RunningStack, email: str) -> Caller:
    session = sign_in(stack.deployment.endpoints, email, DEMO_PASSWORD)
    return Caller(stack.deployment.endpoints.http_url, session.token, session.user_id)


def _tell(dana: Caller, ava: Caller) -> None:
    for level, title, text in (
        ("info", "Photographer on Friday", "She starts at 9 AM at 410 Tower Ln. Keys are at the desk."),
        ("success", "Sold!", "All units of Harbor Court are sold. Thank you all."),
        ("warning", "Office closes at noon", "The heating is repaired."),
    ):
        message = {"to": {"userId": ava.user_id}, "level": level, "title": title, "text": text}
        assert dana("POST", "/notifications", message).status_code == 201


def _desk(page: Page, look: str) -> None:
    """The other ways to look at escrows and leads, and their dialogs."""
    for query, name in {"escrows?view=board": "escrows-board", "leads?view=table": "leads-table"}.items():
        page.goto(f"{ORIGIN}/{query}")
        expect(page.locator(f"a[href^='/{query.partition('?')[0]}/0']:visible").first).to_be_visible()
        _shoot(page, name + f"-{look}")
    page.goto(f"{ORIGIN}/leads?column=qualified")
    page.get_by_role("link", name="Hana Sato", exact=True).click()
    expect(page.get_by_role("list", name="History").get_by_role("listitem").first).to_be_visible()
    _shoot(page, f"lead-{look}")
    page.get_by_role("button", name="Convert").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    _shoot(page, f"lead-convert-{look}")


def _add_twins(ava: Caller) -> None:
    """Clients that are there already; of one it is sure."""
    for record in (
        {"firstName": "Zoe", "lastName": "Hart", "email": "zoe@example.com", "phone": "+19165550199"},
        {"firstName": "Ida", "lastName": "Bell", "phone": "+19165550177", "city": "Sacramento"},
    ):
        assert ava("POST", "/clients", record).status_code == 201


def _tour(browser: Browser, look: str, ava: Caller, ben: Caller) -> None:
    theme, size = LOOKS[look]
    context = browser.new_context(color_scheme=theme, viewport=size, reduced_motion="reduce", device_scale_factor=1)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page = context.new_page()
    page.goto(ORIGIN)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    _shoot(page, f"sign-in-{look}")
    page.get_by_role("button", name="Ava").click()
    expect(page.get_by_role("list", name="Changed lately").get_by_role("listitem").first).to_be_visible()
    _shoot(page, f"home-{look}")
    _desk(page, look)
    for path in ("escrows", "listings", "clients", "appointments", "leads"):
        page.goto(f"{ORIGIN}/{path}")
        expect(page.locator(f"a[href^='/{path}/0']:visible").first).to_be_visible()
        _shoot(page, f"{path}-{look}")
    page.goto(f"{ORIGIN}/escrows")
    page.locator("a[href^='/escrows/0']:visible", has_text=re.compile("Riverbend")).first.click()
    expect(page.get_by_role("list", name="History").get_by_role("listitem").first).to_be_visible()
    _shoot(page, f"escrow-{look}")
    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_label("Property address")).to_be_visible()
    _shoot(page, f"escrow-edit-{look}")
    _locked(page, look, ben)
    _places(page, look)
    for path, shown in {
        "people": page.get_by_role("table", name="People"),
        "settings": page.get_by_role("button", name="Set it up"),
    }.items():
        page.goto(f"{ORIGIN}/{path}")
        expect(shown).to_be_visible()
        _shoot(page, f"{path}-{look}")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option").first).to_be_visible()
    _shoot(page, f"palette-{look}")
    page.keyboard.press("Escape")
    for mark, name in {
        "data-connection=connected": "who-is-there",
        "aria-label^=Notifications": "notifications",
    }.items():
        page.locator(f"button[{mark}]").click()
        expect(page.get_by_role("dialog").get_by_role("listitem").first).to_be_visible()
        _shoot(page, f"{name}-{look}")
        page.keyboard.press("Escape")
    _tasks(page, look, ava)
    _texts(page, look, ava)
    _import(page, look, ava)
    context.close()


def administration(browser: Browser, look: str) -> None:
    """What administrators alone see."""
    theme, size = LOOKS[look]
    context = browser.new_context(color_scheme=theme, viewport=size, reduced_motion="reduce", device_scale_factor=1)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page = context.new_page()
    page.goto(f"{ORIGIN}/people/audit")
    page.get_by_role("button", name="Admin").click()
    expect(page.get_by_role("list", name="Audit trail").get_by_role("listitem").first).to_be_visible()
    _shoot(page, f"audit-{look}")
    context.close()


def _locked(page: Page, look: str, ben: Caller) -> None:
    """A record that Ben is editing, and its form."""
    record = ben("GET", "/escrows", params={"q": "Magnolia"}).json()["items"][0]
    path = f"/escrows/{record['id']}"
    assert ben("POST", f"{path}/lock", {"takeOver": True}).status_code == 200
    for shown, name in {path: "escrow-locked", f"{path}/edit": "escrow-view-only"}.items():
        page.goto(ORIGIN + shown)
        expect(page.get_by_role("region", name="Edit lock")).to_be_visible()
        _shoot(page, f"{name}-{look}")


def _tasks(page: Page, look: str, ava: Caller) -> None:
    """One that waits for somebody, in the tray, and what it proposes."""
    page.goto(f"{ORIGIN}/clients")
    proposed(ava, ["client"])
    expect(line(page, "proposed")).to_be_visible()
    _shoot(page, f"tasks-{look}")
    page.get_by_role("button", name="Review the pairs").click()
    expect(page.get_by_role("dialog").get_by_text("zoe@example.com").first).to_be_visible()
    _shoot(page, f"duplicates-{look}")
    end_all(ava)


def _texts(page: Page, look: str, ava: Caller) -> None:
    """Where a text is pasted, and what is proposed of texts and of facts."""
    page.goto(f"{ORIGIN}/from-text")
    expect(page.get_by_role("textbox", name="Text")).to_be_visible()
    _shoot(page, f"from-text-{look}")
    escrow, listing = (ava("GET", f"/{path}").json()["items"][0]["id"] for path in ("escrows", "listings"))
    tasks = proposed_of_texts(ava, escrow, listing)
    for name, field in {"records": "Purchase price", "dates": "Day", "description": "Description"}.items():
        page.goto(f"{ORIGIN}/tasks/{tasks[name]}")
        shown = page.locator("#content").get_by_label(field).first
        shown.focus()
        _shoot(page, f"task-{name}-{look}")
    end_all(ava)


def _import(page: Page, look: str, ava: Caller) -> None:
    """What waits for a decision. It comes last, as what has ended stands in the tray of each screen for a while."""
    page.goto(f"{ORIGIN}/imports/{proposed_import(ava)['id']}")
    expect(page.get_by_role("list", name="Please decide")).to_be_visible()
    _shoot(page, f"imports-proposal-{look}")
    end_all(ava)


def _places(page: Page, look: str) -> None:
    """A record of each of these modules, and the other ways to look at their lists."""
    for path, noun in {"listings": "listing", "clients": "client"}.items():
        page.goto(f"{ORIGIN}/{path}")
        page.locator(f"a[href^='/{path}/0']:visible").first.click()
        expect(page.get_by_role("list", name="History").get_by_role("listitem").first).to_be_visible()
        _shoot(page, f"{noun}-{look}")
    for query, name in {
        "listings?view=table": "listings-table",
        "appointments?view=month": "calendar-month",
        "appointments?view=week": "calendar-week",
        "appointments?view=agenda": "agenda",
    }.items():
        page.goto(f"{ORIGIN}/{query}")
        expect(page.locator(f"a[href^='/{query.partition('?')[0]}/0']:visible").first).to_be_visible()
        _shoot(page, f"{name}-{look}")


def _shoot(page: Page, name: str) -> None:
    """When nothing is on its way any more."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    if (connection := page.locator("[data-connection]:visible")).count():  # once signed in
        expect(connection.first).to_have_attribute("data-connection", "connected")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
