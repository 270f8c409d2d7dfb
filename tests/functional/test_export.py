"""Lists as CSV: whole, in parts, and never a formula."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from openhouse.api.list_parameters import parse_list_query
from openhouse.crm import export
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from tests.fakes import AVA, MIA
from tests.functional.conftest import World


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def part(world: World, module: Any, who: Any = AVA, **query: str) -> export.Part:
    return export.part(world.lists, module, who, parse_list_query(module, query))


def test_what_is_listed_is_exported_and_what_is_read_is_what_was_written():
    world = World.in_memory()
    fields = {
        "lastName": 'Núñez "Nuñ", y',
        "notes": "first\nsecond",
        "phone": "+14155550123",
        "tags": {"vip": True, "=a": True},
        "emails": {"a": {"value": "a@example.com"}, "b": {"value": "b@example.com"}},
    }
    client = world.records.create(CLIENTS, AVA, fields)
    world.records.create(CLIENTS, MIA, {"lastName": "Other"})
    (row,) = rows(part(world, CLIENTS).text)
    assert row["id"] == client["id"]
    assert (row["lastName"], row["notes"]) == (fields["lastName"], fields["notes"])
    assert (row["phone"], row["tags"]) == ("'+14155550123", "vip; '=a")
    assert (row["emails"], row["archived"], row["company"]) == ("a@example.com; b@example.com", "false", "")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1+1"])
def test_no_text_becomes_a_formula(text: str):
    assert export.cell(text) == f"'{text}"
    assert export.cell({text: True}) == f"'{text}"


@pytest.mark.parametrize("divided_by", [";", "; ", ';"', "|", "\t", "\n", "\r\n", "\n\n", ";''", ";\xa0"])
@pytest.mark.parametrize("formula", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)"])
def test_no_part_of_a_text_becomes_one_either_where_a_spreadsheet_divides_cells_there(divided_by: str, formula: str):
    assert export.cell(f"Ana{divided_by}{formula}") == f"Ana{divided_by}'{formula}"
    assert export.cell({"Ana": True, formula: True}) == f"Ana; '{formula}"


@pytest.mark.parametrize("text", [" =1", "\ufeff=1", "\t=1", '"=1', "\n=1"])
def test_nothing_hides_a_formula(text: str):
    assert str(export.cell(text)).endswith("'=1")


def test_numbers_stay_numbers_and_harmless_texts_as_they_are():
    assert [export.cell(value) for value in (-121.5, 100, True, None, "1-2", "a = b; c-d, -e")] == [
        *(-121.5, 100, "true", None, "1-2", "a = b; c-d, -e")
    ]


def test_what_holds_more_than_a_cell_is_left_out():
    columns = export.columns_of(ESCROWS)
    assert columns[0] == "id"
    assert {"property_address", "purchase_price_cents", "client_ids", "close_of_escrow_date"} <= {*columns}
    assert not {"timeline", "checklists", "documents"} & {*columns}


def test_parts_join_to_the_whole_of_what_is_filtered(monkeypatch: pytest.MonkeyPatch):
    world = World.in_memory()
    new = [{"record": {"propertyAddress": f"{number}", "purchasePriceCents": number}} for number in range(60)]
    world.bulk.write(ESCROWS, AVA, new)
    monkeypatch.setattr(export, "MAX_LIMIT", 7)
    monkeypatch.setattr(export, "MOST_PAGES", 3)
    query, parts = {"sort": "price", "minPriceCents": "10"}, list[export.Part]()
    while not parts or parts[-1].cursor:
        parts.append(part(world, ESCROWS, **query, **({"cursor": parts[-1].cursor or ""} if parts else {})))
    assert len(parts) == 3
    found = rows("".join(each.text for each in parts))
    assert [int(row["purchasePriceCents"]) for row in found] == list(range(10, 60))


def test_a_part_ends_where_the_answer_would_become_too_large(monkeypatch: pytest.MonkeyPatch):
    world = World.in_memory()
    world.bulk.write(ESCROWS, AVA, [{"record": {"propertyAddress": "1", "notes": "n" * 5_000}} for _ in range(12)])
    monkeypatch.setattr(export, "MAX_LIMIT", 2)
    monkeypatch.setattr(export, "MOST_CHARACTERS", 15_000)
    first = part(world, ESCROWS)
    assert len(rows(first.text)) == 4
    assert first.cursor
