"""What forms are made of: each field of each module with its kind, its label and what it may hold."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from contractgen.fields import field_tables, label, list_tables
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from openhouse.crm.modules.listings import LISTINGS

ALL = field_tables(MODULES)


def table_of(text: str, noun: str) -> str:
    """The part about one module."""
    found = re.search(rf"^  {noun}: \{{\n.*?^  \}},?$", text, re.MULTILINE | re.DOTALL)
    assert found
    return found[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("purchasePriceCents", "Purchase price"),
        ("closeOfEscrowDate", "Close of escrow date"),
        ("startsAt", "Starts"),
        ("clientIds", "Clients"),
        ("listingId", "Listing"),
        ("mlsNumber", "MLS number"),
        ("hoaFeeCents", "HOA fee"),
        ("lotSizeSqft", "Lot size sq ft"),
        ("id", "ID"),
    ],
)
def test_a_name_in_words(name: str, words: str) -> None:
    assert label(name) == words


@pytest.mark.parametrize(
    ("noun", "line"),
    [
        ("escrow", 'propertyAddress: { type: "text", label: "Property address", required: true, maxLength: 300 }'),
        ("escrow", 'purchasePriceCents: { type: "money", label: "Purchase price", least: 0, most: 10000000000000 }'),
        ("escrow", 'escrowNumber: { type: "text", label: "Escrow number", assigned: true }'),
        ("escrow", 'listingId: { type: "id", label: "Listing", names: "listing", maxLength: 64 }'),
        (
            "escrow",
            'status: { type: "choice", label: "Status", choices: ["opened", "pending", "closed", "cancelled"] }',
        ),
        ("listing", 'bathrooms: { type: "quarters", label: "Bathrooms", least: 0, most: 100 }'),
        ("listing", 'yearBuilt: { type: "whole", label: "Year built", least: 1600, most: 2199 }'),
        ("appointment", 'attendeeIds: { type: "ids", label: "Attendees", names: "user", maxLength: 50 }'),
        ("appointment", 'startsAt: { type: "moment", label: "Starts", required: true }'),
        ("lead", 'tags: { type: "tags", label: "Tags", maxLength: 50 }'),
        ("lead", 'converts: { status: "converted", into: "client", link: "clientId" }'),
    ],
)
def test_a_field_tells_its_kind_and_bounds(noun: str, line: str) -> None:
    assert line in table_of(ALL, noun)


def test_items_tell_their_own_fields() -> None:
    assert 'title: { type: "text", label: "Title", required: true, maxLength: 300 }' in table_of(ALL, "escrow")


def test_every_field_of_every_module_is_there() -> None:
    for module in MODULES:
        table = table_of(ALL, module.noun)
        for field in module.model.model_fields.values():
            assert f"      {field.alias}: {{" in table


def test_a_module_tells_where_its_statuses_lead() -> None:
    table = table_of(field_tables([ESCROWS]), "escrow")
    assert 'opened: ["pending", "closed", "cancelled"]' in table
    assert "closed: []" in table
    assert 'number: "escrowNumber"' in table
    assert 'initial: ["new", "contacted", "qualified", "unqualified", "lost"]' in table_of(ALL, LEADS.noun)


def test_a_module_tells_what_its_lists_are_sorted_and_narrowed_by() -> None:
    tables = list_tables(MODULES)
    escrows = table_of(tables, "escrow")
    assert 'status: "opened"' in escrows
    assert 'date: "closeOfEscrowDate"' in escrows
    assert 'price: "purchasePriceCents"' in escrows
    assert 'name: ["propertyAddress", "city"]' in escrows
    assert 'filters: { city: "city", clientId: "clientIds", listingId: "listingId" }' in escrows
    assert 'ends: "endsAt"' in table_of(tables, APPOINTMENTS.noun)
    assert "date:" not in table_of(tables, LEADS.noun)


def test_what_the_module_changes_is_another_text() -> None:
    other = replace(LISTINGS, searched=("address",), dated_by=None)
    assert 'searched: ["address"]' in list_tables([other])
    assert "date:" not in list_tables([other])
    assert list_tables([LISTINGS]) == list_tables([LISTINGS])
