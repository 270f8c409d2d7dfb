"""The app without a network from its first moment on: a reload, a tab that a phone had put away, another address."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import PATIENCE, Visitor
from tests.e2e.browser.lines import badge
from tests.e2e.conftest import ORIGIN, Caller

# How many files the worker keeps, once it answers for the page.
KEPT = """async () => {
    const caching = navigator.serviceWorker?.controller && (await caches.keys());
    if (caching?.length !== 1) return 0;
    return (await (await caches.open(caching[0])).keys()).length;
}"""
# The records that the app keeps, and their rights.
KEEPS = """(id) => new Promise((resolve) => {
    indexedDB.databases().then(([...all]) => {
        const name = all.map(({ name }) => name).find((name) => name.startsWith("openhouse:"));
        const opening = indexedDB.open(name);
        opening.onsuccess = () => {
            const database = opening.result;
            const store = database.transaction([...database.objectStoreNames]).objectStore(database.objectStoreNames[0]);
            const asked = store.getAllKeys();
            asked.onsuccess = () => {
                database.close();
                resolve(asked.result.some((key) => String(key).includes(id)));
            };
        };
    });
})"""


def ready(page: Page) -> None:
    """All that it needs is kept."""
    page.wait_for_function(KEPT, timeout=PATIENCE)


def test_the_app_starts_without_a_network_shows_what_is_kept_and_sends_what_was_changed(
    visitors: Callable[..., Visitor], ava: Caller
) -> None:
    word = uuid4().hex[:8]
    path = f"/escrows/{ava.create(propertyAddress=f'{word} Porch St', city='Davis')['id']}"
    visitor = visitors(service_workers="allow")
    page = visitor.sign_in("Ava", "/escrows", title="Escrows")
    row = page.get_by_role("main").get_by_text(f"{word} Porch St")
    expect(row.first).to_be_visible()
    expect(badge(page, "connected")).to_be_visible()
    ready(page)
    page.wait_for_function(KEEPS, arg=path.rpartition("/")[2])

    visitor.context.set_offline(True)
    page.reload()
    expect(row.first).to_be_visible()
    expect(badge(page, "disconnected")).to_have_text("Offline")

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
