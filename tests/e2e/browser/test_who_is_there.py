"""Several people in browsers of their own, one of them on a phone: who is there, and who is not any more."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.crashes import kill
from tests.e2e.browser.lines import badge

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
COUNTS_PEOPLE = "if (location.origin !== 'null') localStorage.setItem('openhouse-badge', 'people');"
# No page is ever hidden in this browser.
HIDE = """Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
document.dispatchEvent(new Event('visibilitychange'));"""


def person(page: Page, name: str) -> Locator:
    """Their line in the list at the badge."""
    return page.get_by_role("dialog", name="Who is there").get_by_role("listitem").filter(has_text=name)


def test_people_see_who_is_there_who_looks_away_and_whose_browser_was_killed(
    visitors: Callable[..., Visitor], launch: Callable[[], Browser]
) -> None:
    other = launch()
    at_desk = visitors()
    at_desk.context.add_init_script(COUNTS_PEOPLE)
    ava = at_desk.sign_in("Ava")
    ben = visitors(**PHONE).sign_in("Ben", "/people", title="People")
    visitors(among=other).sign_in("Mia")
    expect(badge(ava, "connected")).to_have_text("Connected · 3 online")
    badge(ava, "connected").hover()
    expect(ava.get_by_role("tooltip")).to_contain_text("Connected, 3 team members online, last sync")
    badge(ava, "connected").click()
    for name in ("Ava", "Ben", "Mia"):
        expect(person(ava, name)).to_contain_text("Online")
    on_phone = ben.get_by_role("table", name="People").get_by_role("row")
    expect(on_phone.filter(has_text="Mia").get_by_text("Online").filter(visible=True)).to_be_visible()
    expect(ben.get_by_text(", 3 online")).to_be_visible()

    kill(other)
    ben.evaluate(HIDE)
    expect(person(ava, "Ben")).to_contain_text("Away since")
    expect(person(ava, "Mia")).to_contain_text("Offline since")
    expect(badge(ava, "connected")).to_have_text("Connected · 1 online")
    expect(on_phone.filter(has_text="Mia").get_by_text("Offline since").filter(visible=True)).to_be_visible()
