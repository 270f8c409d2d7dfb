"""Lists: newest first, merged over rooms, filtered, paged, with positions."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse import lists as lists_module
from openhouse.errors import BadParameter
from openhouse.lists import Wanted, decode_cursor, encode_cursor
from openhouse.modules.escrows import ESCROWS
from tests.fakes import AVA, BEN, DANA, MIA
from tests.functional.conftest import World


@pytest.fixture
def filled(world: World) -> World:
    """Ava's: 0 team, 1 private, 2 broker, 3 team ...; ids are in order of creation."""
    for number in range(9):
        visibility = ("team", "private", "broker")[number % 3]
        world.records.create(ESCROWS, AVA, {"propertyAddress": f"{number} Main St", "visibility": visibility})
    return world


def addresses(page: dict[str, Any]) -> list[str]:
    return [item["propertyAddress"].split()[0] for item in page["items"]]


def pages(world: World, who: Any, **wanted: Any) -> list[list[str]]:
    found: list[list[str]] = []
    cursor: str | None = None
    while True:
        after = decode_cursor(cursor) if cursor else None
        page = world.lists.page(ESCROWS, who, Wanted(after=after, **wanted))
        found.append(addresses(page))
        cursor = page.get("cursor")
        if cursor is None:
            return found


def test_a_list_is_newest_first_over_all_rooms_of_the_caller_and_no_other(filled: World) -> None:
    assert pages(filled, AVA) == [["8", "7", "6", "5", "4", "3", "2", "1", "0"]]
    assert pages(filled, BEN) == [["8", "6", "5", "3", "2", "0"]]
    assert pages(filled, MIA) == [["8", "5", "2"]]
    assert pages(filled, DANA) == [["8", "6", "5", "3", "2", "0"]]


@pytest.mark.parametrize("limit", [1, 2, 4, 8, 9])
def test_pages_join_up_to_the_whole_list(filled: World, limit: int) -> None:
    found = pages(filled, AVA, limit=limit)
    assert [one for page in found for one in page] == ["8", "7", "6", "5", "4", "3", "2", "1", "0"]
    assert all(len(page) <= limit for page in found)


def test_a_cursor_stays_valid_while_records_come_and_go(filled: World) -> None:
    first = filled.lists.page(ESCROWS, AVA, Wanted(limit=3))
    filled.records.delete(ESCROWS, AVA, first["items"][-1]["id"])
    filled.records.create(ESCROWS, AVA, {"propertyAddress": "9 Main St"})
    rest = filled.lists.page(ESCROWS, AVA, Wanted(after=decode_cursor(first["cursor"])))
    assert addresses(rest) == ["5", "4", "3", "2", "1", "0"]


def test_filters_narrow_a_list(filled: World) -> None:
    ids = [item["id"] for item in filled.lists.page(ESCROWS, AVA, Wanted())["items"]]
    filled.records.patch(ESCROWS, AVA, ids[0], {"archived": True})
    filled.records.patch(ESCROWS, AVA, ids[1], {"status": "pending"})
    filled.records.create(ESCROWS, BEN, {"propertyAddress": "20 Elm St", "buyerName": "Zoë"})
    assert pages(filled, AVA, archived=True) == [["8"]]
    assert pages(filled, AVA, archived=False)[0][:3] == ["20", "7", "6"]
    assert pages(filled, AVA, statuses=frozenset({"pending"})) == [["7"]]
    assert pages(filled, AVA, owner_id="ben") == [["20"]]
    assert pages(filled, AVA, text="ZOË") == [["20"]]
    assert pages(filled, AVA, text="main st", statuses=frozenset({"pending", "opened"}), limit=2)[0] == ["8", "7"]


def test_a_filtered_list_looks_at_a_bounded_number_and_goes_on(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists_module, "LOOKED_AT", 4)
    assert pages(filled, AVA, text="0 Main") == [[], [], ["0"]]


def test_a_page_stays_within_what_a_function_may_answer(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists_module, "PAGE_BYTES", 1_500)
    found = pages(filled, AVA)
    assert len(found) > 2
    assert [one for page in found for one in page] == ["8", "7", "6", "5", "4", "3", "2", "1", "0"]


def test_positions_are_those_before_the_items_were_read(filled: World) -> None:
    page = filled.lists.page(ESCROWS, AVA, Wanted())
    assert {room: position["seq"] for room, position in page["positions"].items()} == {
        "user:ava": 3,
        "team:north": 3,
        "broker:harbor": 3,
    }


@pytest.mark.parametrize("cursor", ["", "?", "e30", encode_cursor("x")[:-2], "bnVsbA", "eyJhZnRlciI6IDF9"])
def test_a_strange_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadParameter):
        decode_cursor(cursor)
