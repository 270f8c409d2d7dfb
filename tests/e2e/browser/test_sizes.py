"""What a first page takes until it can be shown, gzipped. The font (48 KB) comes beside that: no text waits for it."""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import Any

import pytest

from deployed.web_app import BUILT

LIMIT = 250 * 1024  # bytes


@cache
def _manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((BUILT / ".vite" / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def _files(chunks: set[str], name: str) -> set[str]:
    """Of a chunk and all that it imports."""
    if name in chunks:
        return set()
    chunks.add(name)
    chunk = _manifest()[name]
    below = (_files(chunks, each) for each in chunk.get("imports", []))
    return {chunk["file"], *chunk.get("css", [])}.union(*below)


def _size(*names: str) -> int:
    chunks: set[str] = set()
    files = {file for name in names for file in _files(chunks, name)}
    texts = [BUILT / "index.html", *(BUILT / file for file in files)]
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in texts)


@pytest.mark.parametrize(
    "screens",
    [
        ["src/screens/SignIn.tsx"],
        ["src/SignedIn.tsx", "src/home/HomeScreen.tsx"],
        ["src/SignedIn.tsx", "src/modules/ListScreen.tsx"],
        ["src/SignedIn.tsx", "src/modules/DetailScreen.tsx"],
        ["src/SignedIn.tsx", "src/escrows/EscrowsScreen.tsx"],
        ["src/SignedIn.tsx", "src/escrows/EscrowScreen.tsx"],
        ["src/SignedIn.tsx", "src/leads/LeadsScreen.tsx"],
        ["src/SignedIn.tsx", "src/listings/ListingsScreen.tsx"],
        ["src/SignedIn.tsx", "src/listings/ListingScreen.tsx"],
        ["src/SignedIn.tsx", "src/clients/ClientScreen.tsx"],
        ["src/SignedIn.tsx", "src/appointments/AppointmentsScreen.tsx"],
        ["src/SignedIn.tsx", "src/people/PeopleScreen.tsx"],
        ["src/SignedIn.tsx", "src/people/AuditScreen.tsx"],
        ["src/SignedIn.tsx", "src/imports/ImportScreen.tsx"],
        ["src/SignedIn.tsx", "src/texts/PasteScreens.tsx"],
        ["src/SignedIn.tsx", "src/texts/TaskScreen.tsx"],
    ],
    ids=(
        [
            "sign-in",
            "home",
            "list",
            "detail",
            "escrows",
            "escrow",
            "leads",
            "listings",
            "listing",
            "client",
            "agenda",
            "people",
            "audit",
            "import",
            "paste",
            "task",
        ]
    ),
)
def test_a_first_page_takes_less_than_250_kib(screens: list[str]) -> None:
    assert _size("index.html", *screens) < LIMIT


def test_forms_and_dialogs_come_when_they_are_needed() -> None:
    chunks: set[str] = set()
    _files(chunks, "index.html")
    _files(chunks, "src/SignedIn.tsx")
    _files(chunks, "src/home/HomeScreen.tsx")
    assert chunks.isdisjoint(
        {
            "src/modules/FormScreens.tsx",
            "src/imports/ImportDialog.tsx",
            "src/shell/Palette.tsx",
            "src/screens/SignIn.tsx",
        }
    )


def test_no_source_map_is_made() -> None:
    assert list(BUILT.rglob("*.map")) == []
    assert not any("sourceMappingURL" in path.read_text(encoding="utf-8") for path in BUILT.rglob("*.js"))
