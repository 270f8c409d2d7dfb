"""A file becomes records: dropped or chosen, looked at column by column, corrected, imported, followed, taken back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import FilePayload, JSHandle, Locator, Page, expect

from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.desk import connected
from tests.e2e.browser.tasks import end_all, expect_gone, line, tray
from tests.e2e.browser.test_accessibility import found
from tests.e2e.browser.test_files import of_size
from tests.e2e.browser.test_who_is_there import PHONE
from tests.e2e.conftest import HTTP, ORIGIN, Caller

MANY = 1_200  # rows: some seconds of work


@pytest.fixture
def josh(caller: Callable[[str], Caller]) -> Iterator[Caller]:
    """Of whom nothing else is asked here: a person has three tasks at a time."""
    josh = caller("josh@demo.test")
    yield josh
    end_all(josh)


@pytest.fixture
def mark() -> str:
    """A name that is in one test's file alone."""
    return f"Z{uuid4().hex[:8]}"


def people(mark: str) -> str:
    """With a column of which nobody in the brokerage has said anything yet."""
    rows = (
        f"Ines,{mark},ines.{mark}@example.com,Buyer,42",
        f"Igor,{mark},no address,Sphere,39",
        f"Imelda,{mark},imelda.{mark}@example.com,Seller,40",
        f"Ivo,{mark},ivo.{mark}@example.com,Seller,44",
        f"Ida,{mark},ida.{mark}@example.com,Buyer,37",
    )
    return f"First Name,Last Name,Reach,Client Type,Shoe {mark}\n" + "\n".join(rows) + "\n"


def payload(content: str | bytes, name: str = "people.csv") -> FilePayload:
    return FilePayload(name=name, mimeType="text/csv", buffer=content.encode() if isinstance(content, str) else content)


def carried(page: Page, content: str, name: str = "people.csv", *, times: int = 1) -> JSHandle:
    """What somebody drags over the page."""
    return page.evaluate_handle(
        """([content, name, times]) => {
            const transfer = new DataTransfer();
            const file = new File([content], name, { type: "text/csv" });
            for (let each = 0; each < times; each += 1) transfer.items.add(file);
            return transfer;
        }""",
        [content, name, times],
    )


def drop(page: Page, content: str, hint: str) -> None:
    transfer = {"dataTransfer": carried(page, content)}
    page.locator("#content").dispatch_event("dragover", transfer)
    expect(page.locator("[data-drop]")).to_contain_text(hint)
    page.locator("#content").dispatch_event("drop", transfer)
    expect(page.locator("[data-drop]")).to_have_count(0)


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Import a file")


def choose(page: Page, file: FilePayload | Path) -> None:
    """From the menu of the list that is shown."""
    page.get_by_role("button", name="More actions").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Import").click()
    chooser.value.set_files(file)


def look(page: Page) -> None:
    dialog(page).get_by_role("button", name="Look at it").click()
    expect(page).to_have_url(re.compile("/imports/"))


def column(page: Page, name: str) -> Locator:
    return page.locator(f"[data-column='{name}']")


def becomes(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=f"{name} becomes", exact=True)


def figure(page: Page, label: str, count: int) -> None:
    expect(page.locator("[data-figures] > div").filter(has_text=label)).to_have_text(f"{label}{count}")


def named(caller: Caller, mark: str) -> list[Any]:
    return list(caller("GET", "/clients", params={"q": mark, "limit": "200"}).json()["items"])


def test_a_file_is_dropped_corrected_imported_seen_by_a_colleague_and_taken_back(
    visitors: Callable[..., Visitor], josh: Caller, mark: str
) -> None:
    page = visitors().sign_in("Josh", "/clients", title="Clients")
    other = visitors().sign_in("Ben", f"/clients?q={mark}", title="Clients")
    for each in (page, other):
        connected(each)
    drop(page, people(mark), "Drop to import clients")
    expect(dialog(page)).to_contain_text("people.csv")
    expect(dialog(page)).to_contain_text("Clients")
    assert found(page) == []
    look(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Import people.csv")
    figure(page, "To create", 5)
    expect(page.get_by_role("list", name="Please decide").locator("> li")).to_have_count(2)
    reach = column(page, "Reach")
    expect(reach.get_by_role("list")).to_contain_text(f"ines.{mark}@example.com")
    expect(reach).to_contain_text("Suggested")
    expect(becomes(page, "Reach")).to_have_value("")
    expect(becomes(page, "First Name")).to_have_value("firstName")
    expect(becomes(page, f"Shoe {mark}")).to_have_value("-")
    assert found(page) == []

    becomes(page, "Reach").select_option("email")
    page.get_by_label("“Sphere” means").select_option("both")
    becomes(page, f"Shoe {mark}").select_option("email")
    becomes(page, f"Shoe {mark}").select_option(label="Take back what was chosen")
    expect(becomes(page, f"Shoe {mark}")).to_have_value("-")
    becomes(page, f"Shoe {mark}").select_option("notes")
    expect(page.get_by_role("button", name="Import 5 clients")).to_have_count(0)
    page.reload()
    expect(becomes(page, "Reach")).to_have_value("email")
    expect(page.get_by_label("“Sphere” means")).to_have_value("both")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_role("list", name="Rows to look at")).to_contain_text("'no address' is not")
    expect(column(page, "Reach")).to_contain_text("Chosen by you")
    figure(page, "To look at", 1)
    assert named(josh, mark) == []

    page.get_by_role("button", name="Import 5 clients").click()
    expect(page.get_by_role("heading", name="Imported 5 clients!")).to_be_visible()
    for name in ("Ines", "Igor", "Imelda"):
        expect(other.get_by_role("link", name=f"{name} {mark}").first).to_be_visible()
    records = {record["firstName"]: record for record in named(josh, mark)}
    assert records["Igor"]["clientType"] == "both"
    assert records["Ines"]["notes"] == f"Shoe {mark}: 42"
    assert records["Imelda"]["email"] == f"imelda.{mark}@example.com"
    figure(page, "Created", 5)

    expect(line(page, "completed")).to_contain_text(
        "5 created · 1 warned"
    )  # which stays: there is something to look at
    link = page.locator("#content").get_by_role("link", name="1 row to look at, as CSV")
    fetched = HTTP.get(str(link.get_attribute("href")))
    _, row = csv.reader(io.StringIO(fetched.content.decode("utf-8-sig"), newline=""))
    assert row[:2] == ["3", "imported, but not in full"]
    assert "'no address' is not" in row[2]
    expect(line(page, "completed").get_by_role("link", name="1 row to look at, as CSV")).to_be_visible()

    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("region", name="Taken back")).to_contain_text("5 removed")
    expect(other.get_by_role("link", name=f"Ines {mark}")).to_have_count(0)
    assert named(josh, mark) == []
    assert found(page) == []

    # What was said of such columns is known the next time, to everyone in the brokerage.
    page.goto(f"{ORIGIN}/clients")
    choose(page, payload(people(mark)))
    look(page)
    expect(becomes(page, "Reach")).to_have_value("email")
    expect(column(page, "Reach")).to_contain_text("Chosen by you")
    page.get_by_role("button", name="Discard", exact=True).click()
    expect(page.get_by_role("heading", name="This import was cancelled")).to_be_visible()
    expect(page.get_by_text("Nothing was written.")).to_be_visible()


def test_an_import_goes_on_over_a_reload_is_cancelled_from_another_device_and_taken_back(
    visitors: Callable[..., Visitor], josh: Caller, mark: str
) -> None:
    page = visitors().sign_in("Josh", "/clients", title="Clients")
    on_phone = visitors(**PHONE).sign_in("Josh")
    rows = "".join(f"N{number},{mark},{mark}.{number}@example.com\n" for number in range(MANY))
    choose(page, payload(f"First Name,Last Name,Email\n{rows}", "many.csv"))
    look(page)
    expect(line(on_phone, "proposed")).to_contain_text("Importing")
    page.get_by_role("button", name=f"Import {MANY:,} clients").click()
    for each in (page.locator("#content"), line(on_phone, "running")):
        expect(each).to_contain_text(re.compile(rf"Creating client \d+/{MANY}\.\.\."))
    page.reload()
    expect(page.locator("#content").get_by_role("progressbar")).to_be_visible()
    expect(page.locator("#content")).to_contain_text("It goes on when you leave this page")
    on_phone.get_by_role("button", name="Cancel: Importing").tap()
    expect(page.get_by_role("heading", name="This import was cancelled")).to_be_visible()
    expect(page.get_by_text("What was written before that stays, unless you undo it.")).to_be_visible()
    created = josh("GET", f"/tasks/{page.url.rpartition('/')[2]}").json()["counts"]["created"]
    assert 0 < created < MANY
    figure(page, "Created", created)
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("region", name="Taken back")).to_contain_text(f"{created} removed")
    assert named(josh, mark) == []


def test_a_file_asks_what_its_rows_are_where_the_page_does_not_say_it_and_its_proposal_waits(
    visitors: Callable[..., Visitor], josh: Caller, mark: str
) -> None:
    page = visitors(**PHONE).sign_in("Josh")
    connected(page)
    drop(page, f"First Name,Email,Source\n{mark},uma.{mark}@example.com,Zillow\n", "say what its rows are")
    expect(dialog(page).get_by_role("button", name="Look at it")).to_be_disabled()
    dialog(page).get_by_role("combobox", name="Its rows are").press("ArrowDown")
    page.get_by_role("option", name="Leads").click()
    look(page)
    expect(page.get_by_role("button", name="Import 1 lead")).to_be_visible()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert found(page) == []
    page.get_by_role("link", name="Not now").click()
    expect(page).to_have_url(re.compile("/leads"))
    line(page, "proposed").get_by_role("link", name="Look at it").click()
    expect(page.get_by_role("list", name="First records")).to_contain_text(mark)
    page.get_by_role("radio", name="Create them once more").check()
    expect(page.get_by_role("button", name="Check again")).to_be_enabled()
    page.get_by_role("radio", name="Skip them").check()
    page.get_by_role("button", name="Import 1 lead").click()
    expect(page.get_by_role("heading", name="Imported 1 lead!")).to_be_visible()
    expect_gone(page)  # all went well: the tray goes by itself
    assert josh("GET", "/leads", params={"q": mark}).json()["items"][0]["source"] == "zillow"


@pytest.mark.usefixtures("josh")
def test_an_import_needs_no_mouse(visitors: Callable[..., Visitor], mark: str) -> None:
    page = visitors().sign_in("Josh", "/clients", title="Clients")
    page.on("filechooser", lambda _: None)  # Playwright begins to listen a moment after it is told to: a key is faster
    page.get_by_role("button", name="More actions").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Import")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files([payload(people(mark))])
    button = dialog(page).get_by_role("button", name="Look at it")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    becomes(page, f"Shoe {mark}").focus()
    page.keyboard.type("Keep")
    expect(becomes(page, f"Shoe {mark}")).to_have_value("notes")
    page.get_by_role("button", name="Check again").focus()
    page.keyboard.press("Enter")
    expect(column(page, f"Shoe {mark}")).to_contain_text("Chosen by you")
    page.get_by_role("button", name="Import 5 clients").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Imported 5 clients!")).to_be_visible()


@pytest.mark.usefixtures("josh")
def test_what_cannot_be_imported_says_why(visitor: Visitor, mark: str, tmp_path: Path) -> None:
    page = visitor.sign_in("Josh", "/clients", title="Clients")
    connected(page)
    transfer = {"dataTransfer": carried(page, "a", times=2)}
    page.locator("#content").dispatch_event("dragover", transfer)
    expect(page.locator("[data-drop]")).to_contain_text("One file at a time")
    page.locator("#content").dispatch_event("drop", transfer)
    expect(dialog(page)).to_have_count(0)

    choose(page, of_size(50_000_001, tmp_path / "large.csv"))
    expect(dialog(page)).to_contain_text("an import may have 50 MB")
    expect(dialog(page).get_by_role("button", name="Look at it")).to_have_count(0)
    dialog(page).get_by_role("button", name="Close").click()
    assert not [call for call in visitor.calls if call.url.endswith("/files")]

    to_the_bucket = "**/*filesbucket*"
    page.route(to_the_bucket, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    choose(page, payload('{"first": 1}'))
    dialog(page).get_by_role("button", name="Look at it").click()
    expect(dialog(page)).to_contain_text("The connection was lost before all of it was sent.")
    assert found(page) == []
    page.unroute(to_the_bucket)
    dialog(page).get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="This import has failed")).to_be_visible()
    expect(page.locator("#content")).to_contain_text("JSON")
    expect(page.get_by_text("Nothing was written.")).to_be_visible()
    expect(line(page, "failed")).to_contain_text("JSON")
    assert found(page) == []
    page.get_by_role("button", name="Close: Importing", exact=True).click()
    page.goto(f"{ORIGIN}/imports/{uuid4()}")
    expect(page.get_by_text("There is no such import")).to_be_visible()

    html = f"<img src=x onerror=\"document.title='{mark}'\">"
    choose_from = page.get_by_role("button", name="Import another file")
    with page.expect_file_chooser() as chooser:
        choose_from.click()
    chooser.value.set_files([payload(f"First Name,Last Name,{html}\n{html},{mark},=1+1\n".replace('"', ""))])
    dialog(page).get_by_role("combobox", name="Its rows are").press("ArrowDown")
    page.get_by_role("option", name="Clients").click()
    look(page)
    expect(page.get_by_role("list", name="Not imported")).to_contain_text("<img src=x")
    expect(page.get_by_role("list", name="First records")).to_contain_text("<img src=x")
    assert page.locator("#content img").count() == 0
    page.get_by_role("button", name="Discard", exact=True).click()
    expect(tray(page)).to_have_count(0)
