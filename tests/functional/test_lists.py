"""A page of a list: where it begins and ends, how much a call looks at and answers, and the positions it comes with."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openhouse.core import json_text
from openhouse.crm import lists
from openhouse.crm.modules.escrows import ESCROWS
from tests.fakes import AVA, BEN, DANA, MIA
from tests.functional.conftest import World
from tests.functional.list_model import page, pages

LAMBDA_ANSWERS = 6 * 1024 * 1024  # bytes


@pytest.fixture
def filled(world: World) -> World:
    """Ava's: 0 team, 1 private, 2 broker, 3 team ...; ids are in order of creation."""
    for number in range(9):
        visibility = ("team", "private", "broker")[number % 3]
        house = {"propertyAddress": f"{number} Main St", "visibility": visibility, "purchasePriceCents": number}
        world.records.create(ESCROWS, AVA, {**house, "closeOfEscrowDate": f"2026-03-0{9 - number}"})
    return world


def numbers(records: list[dict[str, Any]]) -> str:
    return "".join(record["propertyAddress"][0] for record in records)


def listed(world: World, who: Any = AVA, **query: str) -> list[str]:
    """By page."""
    return [numbers(each) for each in pages(world, ESCROWS, who, query)]


def test_a_list_is_newest_first_over_all_rooms_of_the_caller_and_no_other(filled: World) -> None:
    assert listed(filled) == ["876543210"]
    assert listed(filled, BEN) == ["865320"]
    assert listed(filled, MIA) == ["852"]
    assert listed(filled, DANA) == ["865320"]


def test_a_cursor_leads_to_the_next_page_until_there_is_nothing_more(filled: World) -> None:
    assert listed(filled, limit="4") == ["8765", "4321", "0"]
    assert listed(filled, limit="3") == ["876", "543", "210"]
    assert listed(filled, limit="9") == ["876543210"]
    assert listed(filled, limit="3", sort="date", to="2026-03-04") == ["876", "5"]


def test_a_cursor_stays_valid_while_records_come_and_go(filled: World) -> None:
    first = page(filled, ESCROWS, AVA, {"limit": "3"})
    filled.records.delete(ESCROWS, AVA, first["items"][-1]["id"])
    filled.records.create(ESCROWS, AVA, {"propertyAddress": "9 Main St"})
    assert numbers(page(filled, ESCROWS, AVA, {"cursor": first["cursor"]})["items"]) == "543210"


@pytest.mark.parametrize(
    "query",
    [
        {"maxPriceCents": "0"},
        {"maxPriceCents": "0", "sort": "changed"},
        {"maxPriceCents": "0", "status": "opened"},
        {"maxPriceCents": "0", "sort": "date"},
        {"from": "2026-03-09"},
        {"from": "2026-03-09", "sort": "changed"},
    ],
)
def test_a_call_looks_at_a_bounded_number_and_its_page_may_be_short(
    filled: World, query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for bound, found in [(4, ["", "", "0"]), (8, ["", "0"]), (9, ["0"]), (3, ["", "", "0"])]:
        monkeypatch.setattr(lists, "LOOKED_AT", bound)
        assert listed(filled, **query) == found


def test_a_call_fetches_a_bounded_number_of_records_in_vain(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "FETCHED_AT_ONCE", 2)
    monkeypatch.setattr(lists, "FETCHED", 4)
    assert listed(filled, maxPriceCents="0", sort="changed") == ["", "", "0"]


def test_a_page_ends_where_its_answer_would_become_too_large(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE_BYTES", 1_500)
    for sort in ("newest", "changed", "date"):
        found = listed(filled, sort=sort)
        assert len(found) > 2
        assert "".join(found) == "876543210"


def test_no_page_is_larger_than_lambda_answers_whatever_the_records_hold(world: World) -> None:
    """An answer is JSON within JSON: a quote takes one byte in a record, two on the wire, four on the way there."""
    house = {"propertyAddress": "1", "notes": '"' * 50_000}
    world.bulk.write(ESCROWS, AVA, [{"record": house}] * 45)
    found = list(pages(world, ESCROWS, AVA, {"limit": "200"}))
    assert len(found) > 1
    assert sum(map(len, found)) == 45
    assert max(len(json.dumps({"body": json_text.compact(each)})) for each in found) < LAMBDA_ANSWERS - 300_000


def test_positions_are_those_before_the_items_were_read(filled: World) -> None:
    found = page(filled, ESCROWS, AVA, {})
    assert {room: position["seq"] for room, position in found["positions"].items()} == {
        "user:ava": 3,
        "team:north": 3,
        "broker:harbor": 3,
    }
