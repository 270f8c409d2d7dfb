"""The app without a network from its first moment on: a reload, a tab that a phone had put away, another address."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import expect

from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.kept import is_kept
from tests.e2e.browser.lines import badge
from tests.e2e.conftest import ORIGIN, Caller, until

# A worker answers for the page, and has filled its cache.
READY = """async () => {
    const [name, ...others] = navigator.serviceWorker.controller ? await caches.keys() : [];
    return name !== undefined && others.length === 0 && (await (await caches.open(name)).keys()).length > 20;
}"""


def test_the_app_starts_without_a_network_shows_what_is_kept_and_sends_what_was_changed(
    visitors: Callable[..., Visitor], ava: Caller
) -> None:
    word = uuid4().hex[:8]
    made = ava.create(propertyAddress=f"{word} Porch St", city="Davis")
    path = f"/escrows/{made['id']}"
    visitor = visitors(service_workers="allow")
    page = visitor.sign_in("Ava", "/escrows", title="Escrows")
    row = page.get_by_role("main").get_by_text(f"{word} Porch St")
    expect(row.first).to_be_visible()
    expect(badge(page, "connected")).to_be_visible()
    until(lambda: page.evaluate(READY) and is_kept(page, made["id"]))

    visitor.context.set_offline(True)
    page.reload()
    expect(row.first).to_be_visible()
    expect(badge(page, "disconnected")).to_contain_text("Offline")

    visitor.go(page, f"{path}/edit", title="Edit")
    page.get_by_label("City", exact=True).fill("Dixon")
    page.get_by_role("button", name="Save", exact=True).click()
    banner = page.get_by_role("status", name="Changes that wait")
    expect(banner).to_contain_text("1 change will be sent when the connection is back")
    page.reload()
    expect(banner).to_contain_text("1 change will be sent when the connection is back")
    assert ava("GET", path).json()["city"] == "Davis"

    visitor.context.set_offline(False)
    expect(badge(page, "connected")).to_be_visible()
    expect(banner).to_have_count(0)
    record = ava("GET", path).json()
    assert (record["city"], record["version"]) == ("Dixon", 2)
    page.goto(f"{ORIGIN}/about")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Openhouse")
