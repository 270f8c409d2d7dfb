"""What a browser keeps of an escrow, and so has after a reload."""

from __future__ import annotations

from playwright.sync_api import Page

_KEPT = """async (id) => {
    const names = (await indexedDB.databases()).map(({ name }) => name);
    const ours = names.find((name) => name.startsWith("openhouse:"));
    if (!ours) return false;
    const opening = indexedDB.open(ours);
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const asked = opening.result.transaction("kept").objectStore("kept").getKey(`record/escrow/${id}`);
    await new Promise((resolve) => (asked.onsuccess = resolve));
    opening.result.close();
    return asked.result !== undefined;
}"""


def is_kept(page: Page, id_: str) -> bool:
    """It is written about a second later than it is shown, and with it up to where each room is known."""
    return bool(page.evaluate(_KEPT, id_))
