"""axe on every screen, in both themes, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from playwright.sync_api import Locator, Page, ViewportSize, expect

from deployed import ROOT
from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.tasks import end_all, proposed, proposed_import, proposed_of_texts, tray, waited
from tests.e2e.browser.test_files import picture
from tests.e2e.conftest import ORIGIN, Caller
from tests.e2e.test_files import bring, of

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
DESK, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=740)
# A screen is made once and seen in all of them. It ends as it began, as the next one is come to.
LOOKS: tuple[tuple[str, Literal["light", "dark"], ViewportSize], ...] = (
    ("light", "light", DESK),
    ("dark", "dark", DESK),
    ("phone", "light", PHONE),
)

# What fades in or out has colours that nobody is meant to read. What moves for ever is not waited for, nor what stands
# still half-way: a page that nobody looks at may draw nothing.
NOTHING_FADES = """async () => {
  const isOn = ({ playState, effect }) => playState === "running" && effect.getComputedTiming().endTime !== Infinity;
  const end = performance.now() + 5_000;
  const isMoving = () => performance.now() < end && document.getAnimations().some(isOn);
  while (isMoving()) await new Promise((done) => setTimeout(done, 20));
}"""


def found(page: Page) -> list[str]:
    """What is serious, or worse, and where."""
    page.evaluate(NOTHING_FADES)
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    report: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{violation['id']} of {node['html'][:160]}: {node['failureSummary'][:200]}"
        for violation in report["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def looked_at(page: Page, what: str, shown: Locator) -> list[str]:
    """Complaints of what is on the page, however it looks."""
    complaints = []
    for look, theme, size in LOOKS:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size(size)
        expect(page.locator(f"html[data-theme={theme}]")).to_be_attached()
        expect(shown).to_be_visible()
        complaints += [f"{what}, {look}: {each}" for each in found(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            complaints.append(f"{what}, {look}: it is wider than the window")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(DESK)
    expect(shown).to_be_visible()
    return complaints


def test_axe_finds_nothing_serious_and_nothing_runs_out_of_the_page(
    visitors: Callable[..., Visitor], ava: Caller, ben: Caller, dana: Caller
) -> None:
    hello = {"to": {"userId": ava.user_id}, "level": "success", "title": "Sold!", "text": "All units are sold."}
    assert dana("POST", "/notifications", hello).status_code == 201
    made = ava.create(
        propertyAddress="12 Harbor Way",
        purchasePriceCents=42_500_000,
        status="pending",
        closeOfEscrowDate="2026-12-01",
        timeline={"a": {"at": "2026-03-09T17:00:00.000Z", "title": "Inspection", "done": True}},
    )
    place = {"address": "12 Harbor Way", "city": "Davis", "state": "CA", "zip": "95616", "listPriceCents": 42_500_000}
    listing = ava("POST", "/listings", place).json()
    bring(ava, of(made))
    bring(ava, of(listing, "photos"), picture(90, 120, 160), type_="image/png", name="Front.png")
    client = ava("POST", "/clients", {"firstName": "Zoe", "phone": "+19165550123", "tags": {"first home": True}}).json()
    lead = ava("POST", "/leads", {"firstName": "Sam", "phone": "+19165550144", "source": "zillow", "score": 70}).json()
    for name in ("Zoë", "Zoe"):
        twin = {"firstName": name, "lastName": "Hart", "email": "zoe.hart@example.com"}
        assert ava("POST", "/clients", twin).status_code == 201
    visit = ava(
        "POST",
        "/appointments",
        {"title": "Showing", "startsAt": "2026-03-04T18:00:00Z", "endsAt": "2026-03-04T19:00:00Z"},
    ).json()
    locked = ava.create(propertyAddress="9 Locked Ln", notes=f"Ask @[Ben]({ben.user_id}) first.")["id"]
    assert ben("POST", f"/escrows/{locked}/lock").status_code == 200
    planned = proposed_import(ava)
    rows = "".join(f"N{number},Axe,n{number}.axe@example.com\n" for number in range(4))
    imported = proposed_import(ava, f"First Name,Last Name,Email\n{rows}No,Axe,no address\n")
    assert ava("POST", f"/tasks/{imported['id']}/confirm").status_code == 200
    waited(ava, imported["id"], "completed")
    texts = proposed_of_texts(ava, made["id"], listing["id"])
    page = visitors(viewport=DESK, reduced_motion="reduce").open(title="Sign in")
    complaints = looked_at(page, "/sign-in", page.get_by_role("button", name="Ava"))
    page.get_by_role("button", name="Ava").click()
    expect(page.get_by_role("heading", level=1, name="Good ")).to_be_visible()
    for path, shown in {
        "/": page.get_by_role("list", name="Escrows by status").get_by_role("listitem").first,
        "/escrows": page.locator(f"a[href='/escrows/{made['id']}']:visible").first,
        "/escrows?view=board": page.get_by_role("region", name="Opened", exact=True)
        .or_(page.get_by_role("group", name="Column"))
        .first,
        "/leads": page.locator(f"a[href='/leads/{lead['id']}']:visible").first,
        f"/leads/{lead['id']}": page.get_by_role("list", name="History").get_by_role("listitem").first,
        f"/escrows/{made['id']}": page.get_by_role("link", name="Deed.pdf"),
        "/escrows/new": page.get_by_label("Property address"),
        f"/escrows/{locked}": page.get_by_role("region", name="Edit lock"),
        f"/escrows/{locked}/edit": page.get_by_role("region", name="Edit lock"),
        f"/listings/{listing['id']}": page.locator("[data-photo] img"),
        "/listings": page.locator(f"a[href='/listings/{listing['id']}']:visible").first,
        f"/clients/{client['id']}": page.get_by_role("list", name="Tags"),
        "/clients": page.locator(f"a[href='/clients/{client['id']}']:visible").first,
        "/appointments?view=week&day=2026-03-04": page.locator(f"a[href='/appointments/{visit['id']}']").first,
        "/appointments?view=month&day=2026-03-04": page.locator(f"a[href='/appointments/{visit['id']}']").first,
        "/appointments?view=agenda&day=2026-03-04": page.locator(f"a[href='/appointments/{visit['id']}']").first,
        f"/appointments/{visit['id']}": page.get_by_role("list", name="History").get_by_role("listitem").first,
        "/people": page.get_by_role("table", name="People"),
        "/settings": page.locator("main:has(button:text('Set it up')):has([role=switch])"),
        f"/imports/{planned['id']}": page.get_by_role("list", name="Please decide"),
        f"/imports/{imported['id']}": page.locator("#content").get_by_role("link", name="1 row to look at, as CSV"),
        "/from-text": page.get_by_role("textbox", name="Text"),
        f"/tasks/{texts['records']}": page.get_by_role("form", name="Records from the text"),
        f"/tasks/{texts['dates']}": page.get_by_role("list", name="Dates"),
        f"/tasks/{texts['description']}": page.get_by_role("textbox", name="Description"),
        "/nowhere/at/all": page.get_by_text("There is no such page"),
    }.items():
        page.goto(ORIGIN + path)
        complaints += looked_at(page, path, shown)
    page.keyboard.press("Control+k")
    complaints += looked_at(page, "palette", page.get_by_role("option").first)
    page.keyboard.press("Escape")
    for mark, dialog in {
        "[data-connection=connected]": "Who is there",
        "[aria-label^=Notifications]": "Notifications",
    }.items():
        page.locator(f"button{mark}").click()
        complaints += looked_at(page, dialog, page.get_by_role("dialog", name=dialog).get_by_role("listitem").first)
        page.keyboard.press("Escape")
    proposed(ava, ["client"])
    page.get_by_role("button", name="Review the pairs").click()
    pair = page.get_by_role("dialog", name="one person").get_by_text("Added", exact=True).first
    complaints += looked_at(page, "duplicates", pair)
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    complaints += looked_at(page, "tray", tray(page))
    tray(page).get_by_role("button", expanded=True).click()
    complaints += looked_at(page, "folded tray", tray(page))
    page.get_by_role("button", name="You are Ava").click()
    page.get_by_role("menuitem", name="Recent tasks").click()
    recent = page.get_by_role("dialog", name="Recent tasks").get_by_role("listitem").first
    complaints += looked_at(page, "recent tasks", recent)
    end_all(ava)
    assert complaints == [], "\n".join(complaints)
