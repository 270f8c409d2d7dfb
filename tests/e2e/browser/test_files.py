"""Documents of an escrow and photos of a listing: sent, seen by others at once, put in order, removed."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.desk import connected
from tests.e2e.browser.test_listings import listing
from tests.e2e.conftest import HTTP, Caller
from tests.functional.uploading import PDF, SVG


def picture(red: int, green: int, blue: int) -> bytes:
    """A PNG of 8 by 8 in one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        whole = kind + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    rows = (b"\x00" + bytes((red, green, blue)) * 8) * 8
    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def file(name: str, content: bytes = PDF, type_: str = "application/pdf") -> FilePayload:
    return FilePayload(name=name, mimeType=type_, buffer=content)


def photo(name: str) -> FilePayload:
    return file(name, picture(len(name) * 20 % 255, 90, 60), "image/png")


def choose(card: Locator, *files: FilePayload) -> None:
    card.locator("input[type=file]").set_input_files([*files])


def of_size(size: int, path: Path) -> Path:
    """A file of so many bytes, which take no room. A payload of as many would go as text through two programs."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


def documents(page: Page) -> Locator:
    return page.get_by_role("region", name="Documents")


def photos(page: Page) -> Locator:
    return page.get_by_role("region", name="Photos", exact=True)


def tiles(page: Page) -> Locator:
    return page.get_by_role("list", name="Photos", exact=True).locator("> li")


def names(page: Page, *expected: str) -> None:
    expect(tiles(page)).to_have_count(len(expected))
    for at, name in enumerate(expected):
        expect(tiles(page).nth(at)).to_have_attribute("data-photo", name)


def is_shown(image: Locator) -> None:
    expect(image).to_be_visible()
    expect(image).to_have_js_property("naturalWidth", 8)


@pytest.fixture
def escrow(ava: Caller) -> dict[str, Any]:
    return ava.create(propertyAddress=uuid4().hex[:8])


def test_documents_are_sent_several_at_once_and_a_colleague_sees_them_at_once(
    visitors: Callable[..., Visitor], escrow: dict[str, Any]
) -> None:
    path, title = f"/escrows/{escrow['id']}", escrow["propertyAddress"]
    page = visitors().sign_in("Ava", path, title=title)
    other = visitors().sign_in("Ben", path, title=title)
    connected(other)
    expect(documents(page).get_by_text("No document yet.")).to_be_visible()
    choose(
        documents(page), file("Deed.pdf"), file("Plan.svg", SVG, "image/svg+xml"), file("Notes.txt", b"x", "text/plain")
    )
    for each in (page, other):
        listed = documents(each).get_by_role("list", name="Files").get_by_role("listitem")
        expect(listed).to_have_count(3)
        expect(listed.filter(has_text="Deed.pdf")).to_contain_text("22 B · Ava")
    expect(documents(page).get_by_role("list", name="Uploads")).to_have_count(0)
    link = documents(other).get_by_role("link", name="Deed.pdf")
    fetched = HTTP.get(str(link.get_attribute("href")))
    assert fetched.content == PDF
    assert fetched.headers["content-disposition"].startswith("inline")
    drawn = HTTP.get(str(documents(other).get_by_role("link", name="Plan.svg").get_attribute("href")))
    assert drawn.headers["content-disposition"].startswith("attachment")


def test_a_file_is_dropped_on_the_card(visitor: Visitor, escrow: dict[str, Any]) -> None:
    page = visitor.sign_in("Ava", f"/escrows/{escrow['id']}", title=escrow["propertyAddress"])
    dropped = page.evaluate_handle(
        """(content) => {
            const transfer = new DataTransfer();
            const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
            transfer.items.add(new File([bytes], "Dropped.pdf", { type: "application/pdf" }));
            return transfer;
        }""",
        base64.b64encode(PDF).decode(),
    )
    area = documents(page).get_by_text("No document yet.")
    area.dispatch_event("dragenter", {"dataTransfer": dropped})
    expect(documents(page).get_by_text("Drop to add to this escrow")).to_be_visible()
    area.dispatch_event("drop", {"dataTransfer": dropped})
    expect(documents(page).get_by_role("link", name="Dropped.pdf")).to_be_visible()
    expect(documents(page).get_by_text("Drop to add to this escrow")).to_have_count(0)


def test_what_cannot_be_sent_says_why_and_keeps_nothing_else_waiting(
    visitor: Visitor, escrow: dict[str, Any], tmp_path: Path
) -> None:
    page = visitor.sign_in("Ava", f"/escrows/{escrow['id']}", title=escrow["propertyAddress"])
    page_of_html, deed = tmp_path / "No.pdf", tmp_path / "Yes.pdf"
    page_of_html.write_bytes(b"<html><script>")
    deed.write_bytes(PDF)
    large = of_size(25_000_001, tmp_path / "Large.pdf")
    documents(page).locator("input[type=file]").set_input_files([large, page_of_html, deed])
    uploads = documents(page).get_by_role("list", name="Uploads").get_by_role("listitem")
    expect(uploads.filter(has_text="Large.pdf")).to_contain_text("a file may have 25 MB")
    expect(uploads.filter(has_text="No.pdf")).to_contain_text("What is in it is not what its name says.")
    expect(documents(page).get_by_role("link", name="Yes.pdf")).to_be_visible()
    expect(uploads).to_have_count(2)
    for name in ("Large.pdf", "No.pdf"):
        documents(page).get_by_role("button", name=f"Dismiss {name}").click()
    expect(uploads).to_have_count(0)


def test_an_upload_that_breaks_off_is_tried_again(visitor: Visitor, escrow: dict[str, Any]) -> None:
    page = visitor.sign_in("Ava", f"/escrows/{escrow['id']}", title=escrow["propertyAddress"])
    to_the_bucket = "**/*filesbucket*"
    page.route(to_the_bucket, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    choose(documents(page), file("Deed.pdf"))
    row = documents(page).get_by_role("list", name="Uploads").get_by_role("listitem")
    expect(row).to_contain_text("The connection was lost before all of it was sent.")
    page.unroute(to_the_bucket)
    row.get_by_role("button", name="Try again").click()
    expect(documents(page).get_by_role("link", name="Deed.pdf")).to_be_visible()


def test_a_document_is_removed_for_everyone_after_a_question(
    visitors: Callable[..., Visitor], ava: Caller, escrow: dict[str, Any]
) -> None:
    path, title = f"/escrows/{escrow['id']}", escrow["propertyAddress"]
    page = visitors().sign_in("Ava", path, title=title)
    choose(documents(page), file("Deed.pdf"))
    other = visitors().sign_in("Ben", path, title=title)
    connected(other)
    expect(documents(other).get_by_role("link", name="Deed.pdf")).to_be_visible()
    documents(page).get_by_role("button", name="Remove Deed.pdf").click()
    documents(page).get_by_role("button", name="Keep").click()
    documents(page).get_by_role("button", name="Remove Deed.pdf").click()
    documents(page).get_by_role("button", name="Remove", exact=True).click()
    for each in (page, other):
        expect(documents(each).get_by_role("link", name="Deed.pdf")).to_have_count(0)
    assert ava("GET", path).json()["files"] == {}


def test_photos_are_put_in_order_by_keys_and_by_hand_and_the_first_stands_on_the_card(
    visitors: Callable[..., Visitor], ava: Caller
) -> None:
    city = f"City{uuid4().hex[:6]}"
    made = listing(ava, city)
    path = f"/listings/{made['id']}"
    page = visitors().sign_in("Ava", path, title=made["address"])
    other = visitors().sign_in("Ben", f"/listings?city={city}", title="Listings")
    connected(other)
    for name in ("Front.png", "Garden.png", "Kitchen.png"):  # one after the other, so that their order is known
        choose(photos(page), photo(name))
        expect(tiles(page).filter(has=page.get_by_alt_text(name))).to_have_count(1)
    names(page, "Front.png", "Garden.png", "Kitchen.png")
    is_shown(tiles(page).first.get_by_role("img"))
    expect(tiles(page).first).to_contain_text("On the card")
    card = other.get_by_role("list", name="Listings").get_by_role("listitem").locator("img")
    is_shown(card)
    first = card.get_attribute("src")
    handle = page.get_by_role("button", name="Move Kitchen.png,")
    handle.focus()
    page.keyboard.press("ArrowLeft")
    names(page, "Front.png", "Kitchen.png", "Garden.png")
    expect(handle).to_be_focused()
    page.keyboard.press("ArrowLeft")
    names(page, "Kitchen.png", "Front.png", "Garden.png")
    expect(handle).to_have_accessible_name("Move Kitchen.png, 1 of 3: arrow keys")
    expect(card).not_to_have_attribute("src", str(first))
    is_shown(card)
    drag(page, "Garden.png", to="Kitchen.png")
    names(page, "Garden.png", "Kitchen.png", "Front.png")
    page.reload()
    names(page, "Garden.png", "Kitchen.png", "Front.png")


def drag(page: Page, name: str, *, to: str) -> None:
    page.locator(f"[data-photo='{name}'] img").hover()
    page.mouse.down()
    there = page.locator(f"[data-photo='{to}']").bounding_box()
    assert there is not None
    x, y = there["x"] + there["width"] / 2, there["y"] + 40
    page.mouse.move(x + 30, y, steps=6)
    page.mouse.move(x, y, steps=4)
    page.mouse.up()


def test_photos_of_a_listing_take_images_alone(visitor: Visitor, ava: Caller) -> None:
    made = listing(ava, "Davis")
    page = visitor.sign_in("Ava", f"/listings/{made['id']}", title=made["address"])
    choose(photos(page), file("Plan.svg", SVG, "image/svg+xml"))
    row = photos(page).get_by_role("list", name="Uploads").get_by_role("listitem")
    expect(row).to_contain_text("A photo has to be a JPEG, PNG, WebP, GIF or AVIF.")


def test_who_only_reads_a_record_opens_its_files_and_changes_none(
    visitors: Callable[..., Visitor], ava: Caller, escrow: dict[str, Any]
) -> None:
    path, title = f"/escrows/{escrow['id']}", escrow["propertyAddress"]
    page = visitors().sign_in("Ava", path, title=title)
    choose(documents(page), file("Deed.pdf"))
    expect(documents(page).get_by_role("link", name="Deed.pdf")).to_be_visible()
    assert ava("PATCH", path, {"visibility": "broker"}).status_code == 200
    other = visitors().sign_in("Mia", path, title=title)
    expect(documents(other).get_by_role("link", name="Deed.pdf")).to_be_visible()
    expect(documents(other).get_by_role("button")).to_have_count(0)
