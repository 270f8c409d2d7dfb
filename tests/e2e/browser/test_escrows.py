"""The screens of escrows. Each of the last tests is a bug that users of other dashboards report."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, Route, expect

from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.desk import card, column, connected, drag
from tests.e2e.conftest import ORIGIN, Caller, until


def board(visitor: Visitor, word: str, name: str = "Ava") -> Page:
    """Of the escrows with this word alone."""
    page = visitor.sign_in(name, f"/escrows?view=board&q={word}", title="Escrows")
    connected(page)
    return page


def status(caller: Caller, escrow: str) -> str:
    return str(caller("GET", f"/escrows/{escrow}").json()["status"])


def test_a_card_is_dragged_to_another_status_and_brought_back_by_undo(visitor: Visitor, ava: Caller) -> None:
    word = uuid4().hex[:8]
    made = ava.create(propertyAddress=word)
    page = board(visitor, word)
    drag(page, word, to="Pending")
    page.mouse.up()
    expect(card(page, "Pending", word)).to_be_visible()
    expect(card(page, "Opened", word)).to_have_count(0)
    expect(page.get_by_text(f"{word} is pending now")).to_be_visible()
    assert status(ava, made["id"]) == "pending"
    page.get_by_role("button", name="Undo").click()
    expect(card(page, "Opened", word)).to_be_visible()
    until(lambda: status(ava, made["id"]) == "opened")


def test_a_move_that_the_module_forbids_says_why_and_leaves_the_card_where_it_was(
    visitor: Visitor, ava: Caller
) -> None:
    word = uuid4().hex[:8]
    ava.create(propertyAddress=word, status="cancelled")
    page = board(visitor, word)
    drag(page, word, to="Pending")
    why = "An escrow that is cancelled can become opened, but not pending."
    expect(column(page, "Pending").get_by_text(why)).to_be_visible()
    page.mouse.up()
    expect(page.get_by_text(why)).to_be_visible()
    expect(card(page, "Cancelled", word)).to_be_visible()


def test_a_move_that_the_server_refuses_is_taken_back_and_explained(visitor: Visitor, ava: Caller) -> None:
    word = uuid4().hex[:8]
    ava.create(propertyAddress=word)
    page = board(visitor, word)
    problem = {
        "status": 409,
        "title": "Conflict",
        "code": "conflict",
        "detail": "The books are closed.",
        "retryable": False,
    }
    headers = {"Access-Control-Allow-Origin": ORIGIN, "Content-Type": "application/problem+json"}
    page.route(
        "**/escrows/*",
        lambda route: (
            route.fulfill(status=409, json=problem, headers=headers)
            if route.request.method == "PATCH"
            else route.continue_()
        ),
    )
    drag(page, word, to="Pending")
    page.mouse.up()
    expect(page.get_by_text("The books are closed.")).to_be_visible()
    expect(card(page, "Opened", word)).to_be_visible()
    expect(card(page, "Pending", word)).to_have_count(0)


def test_a_card_is_moved_by_keyboard_alone(visitor: Visitor, ava: Caller) -> None:
    word = uuid4().hex[:8]
    made = ava.create(propertyAddress=word)
    page = board(visitor, word)
    handle = page.get_by_role("button", name=f"Move {word}")
    handle.focus()
    page.keyboard.press("Space")
    expect(handle).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Over Pending.")).to_be_attached()
    page.keyboard.press("Space")
    expect(card(page, "Pending", word)).to_be_visible()
    until(lambda: status(ava, made["id"]) == "pending")


def test_view_and_filters_of_a_board_outlive_a_reload_and_a_look_at_a_record(visitor: Visitor, ava: Caller) -> None:
    word = uuid4().hex[:8]
    for each in ("opened", "pending"):
        ava.create(propertyAddress=f"{word} {each}", status=each)
    page = visitor.sign_in("Ava", f"/escrows?q={word}", title="Escrows")
    page.get_by_role("button", name="Board").click()
    page.get_by_role("group", name="Status").get_by_role("button", name="Pending").click()
    expect(card(page, "Pending", word)).to_have_count(1)
    expect(column(page, "Opened")).to_have_count(0)
    address = page.url
    page.reload()
    expect(card(page, "Pending", word)).to_have_count(1)
    expect(column(page, "Opened")).to_have_count(0)
    page.get_by_role("link", name=f"{word} pending").click()
    expect(page.get_by_role("heading", level=1, name=word)).to_be_visible()
    page.locator("main").get_by_role("link", name="Escrows", exact=True).click()
    expect(card(page, "Pending", word)).to_have_count(1)
    assert page.url == address


def test_the_total_commission_follows_price_and_percent_until_it_is_corrected(visitor: Visitor, ava: Caller) -> None:
    made = ava.create(propertyAddress=uuid4().hex[:8], purchasePriceCents=40_000_000, commissionPercent=2.5)
    page = visitor.sign_in("Ava", f"/escrows/{made['id']}", title=made["propertyAddress"])
    expect(page.get_by_text("worked out: 2.5% of the price")).to_be_visible()
    page.get_by_role("button", name="Correct").click()
    dialog = page.get_by_role("dialog", name="Price and commission")
    dialog.get_by_label("Purchase price").fill("500,000")
    expect(dialog.get_by_label("Commission total")).to_have_value("12,500")
    dialog.get_by_label("Commission total").fill("11,000")
    dialog.get_by_label("Purchase price").fill("600,000")
    expect(dialog.get_by_label("Commission total")).to_have_value("11,000")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("corrected; 2.5% would be $15,000")).to_be_visible()
    until(lambda: ava("GET", f"/escrows/{made['id']}").json()["version"] == 2)  # the page did not wait for it
    record = ava("GET", f"/escrows/{made['id']}").json()
    assert (record["purchasePriceCents"], record["commissionTotalCents"]) == (60_000_000, 1_100_000)


def test_what_is_saved_shows_at_once_and_the_old_value_never_again(visitor: Visitor, ava: Caller) -> None:
    made = ava.create(propertyAddress=uuid4().hex[:8], purchasePriceCents=40_000_000)
    page = visitor.sign_in("Ava", f"/escrows/{made['id']}", title=made["propertyAddress"])
    page.get_by_role("button", name="Correct").click()
    dialog = page.get_by_role("dialog", name="Price and commission")
    dialog.get_by_label("Purchase price").fill("500,000")
    price = page.locator("dd").first
    page.evaluate(
        """() => {
          const place = document.querySelector("dd");
          window.shown = [place.textContent];
          const note = () => window.shown.at(-1) !== place.textContent && window.shown.push(place.textContent);
          new MutationObserver(note).observe(place, { subtree: true, characterData: true, childList: true });
        }"""
    )
    dialog.get_by_role("button", name="Save").click()
    expect(price).to_have_text("$500,000")
    expect(page.get_by_role("list", name="History")).to_contain_text("$500,000")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shown") == ["$400,000", "$500,000"]


def test_a_tick_that_meets_another_change_of_that_item_gives_way_and_one_of_another_item_does_not(
    visitor: Visitor, ava: Caller, ben: Caller
) -> None:
    made = ava.create(
        propertyAddress=uuid4().hex[:8],
        checklists={"loan": {"a": {"title": "Appraisal"}, "b": {"title": "Application"}}},
    )
    path = f"/escrows/{made['id']}"
    page = visitor.sign_in("Ava", path, title=made["propertyAddress"])
    box = page.get_by_role("checkbox", name="Appraisal")
    expect(box).not_to_be_checked()

    of_ben: list[dict[str, object]] = []

    def first_ben(route: Route) -> None:
        """Gets in between: the browser's write is on its way, and based on what was before."""
        if route.request.method == "PATCH" and of_ben:
            assert ben("PATCH", path, {"checklists": {"loan": of_ben.pop()}}).status_code == 200
        route.continue_()

    page.route(f"**{path}", first_ben)
    of_ben.append({"b": {"done": True}})
    box.click()
    expect(page.get_by_text("Appraisal is done")).to_be_visible()
    expect(box).to_be_checked()
    assert ava("GET", path).json()["checklists"]["loan"]["b"]["done"] is True

    of_ben.append({"a": {"title": "Appraisal, waived"}})
    box.click()
    expect(page.get_by_text("Ben changed “Appraisal” meanwhile.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Appraisal, waived")).to_be_checked()
    assert ava("GET", path).json()["checklists"]["loan"]["a"]["done"] is True


def test_a_board_follows_what_a_colleague_does_and_stays_a_board(visitor: Visitor, ava: Caller, ben: Caller) -> None:
    word = uuid4().hex[:8]
    made = ava.create(propertyAddress=word, purchasePriceCents=40_000_000)
    page = board(visitor, word)
    expect(card(page, "Opened", word)).to_contain_text("$400,000")

    ben("PATCH", f"/escrows/{made['id']}", {"purchasePriceCents": 41_000_000})
    expect(card(page, "Opened", word)).to_contain_text("$410,000")  # edited without changing its column
    ben("PATCH", f"/escrows/{made['id']}", {"status": "pending"})
    expect(card(page, "Pending", word)).to_be_visible()  # moved, and nobody pressed F5
    expect(card(page, "Opened", word)).to_have_count(0)
    ben.create(propertyAddress=f"{word} too")
    expect(card(page, "Opened", f"{word} too")).to_be_visible()
    expect(card(page, "Pending", word)).to_be_visible()
    assert page.url == f"{ORIGIN}/escrows?view=board&q={word}"


def test_a_list_stays_where_one_reads_while_others_add_to_it(
    visitors: Callable[..., Visitor], ava: Caller, ben: Caller
) -> None:
    word = uuid4().hex[:8]
    for number in range(30):
        ava.create(propertyAddress=f"{word} {number:02}")
    page = visitors(viewport={"width": 1280, "height": 600}).sign_in("Ava", f"/escrows?q={word}", title="Escrows")
    connected(page)
    table = page.get_by_role("table", name="Escrows")
    row = table.get_by_role("link", name=f"{word} 15")
    table.hover()
    page.mouse.wheel(0, 400)
    expect(row).to_be_in_viewport()
    before = row.bounding_box()
    ben.create(propertyAddress=f"{word} new")
    expect(page.get_by_role("button", name="1 change above")).to_be_visible()
    assert row.bounding_box() == before
    page.get_by_role("button", name="1 change above").click()
    expect(table.get_by_role("link", name=f"{word} new")).to_be_in_viewport()
