from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhouse.core.errors import Invalid
from openhouse.core.wire import parse
from openhouse.crm import events
from openhouse.crm.module import Module, Record
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.escrows import ESCROWS, Escrow
from openhouse.crm.record_items import from_item, item_of
from tests.unit.openhouse.strategies import CHARACTERS

FROM_THE_SERVER = {
    "id": "e1",
    "version": 3,
    "room": "team:north",
    "ownerId": "ava",
    "createdAt": "2026-03-02T12:00:00.000Z",
    "createdBy": "ava",
    "updatedAt": "2026-03-02T12:00:00.000Z",
    "updatedBy": "ava",
    "status": "opened",
    "propertyAddress": "1 Main St",
}


def escrow(**fields: Any) -> Record:
    return parse(Escrow, {**FROM_THE_SERVER, **fields})


def test_a_module_whose_statuses_disagree_with_its_model_is_refused() -> None:
    with pytest.raises(TypeError, match="statuses of escrow"):
        Module(noun="escrow", path="escrows", model=Escrow, transitions={"opened": ()}, example={})


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
def test_every_status_a_move_leads_to_exists_and_searched_fields_do_too(module: Module) -> None:
    assert {status for targets in module.transitions.values() for status in targets} <= set(module.transitions)
    assert set(module.verbs) <= set(module.transitions)
    assert set(module.searched) <= set(module.model.model_fields)


@given(
    cents=st.integers(0, 10**13),
    percent=st.decimals(0, 100, places=3),
    notes=st.text(CHARACTERS, max_size=200),
    titles=st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=9)),
)
def test_a_record_survives_the_wire_and_the_table(cents: int, percent: Decimal, notes: str, titles: list[str]) -> None:
    record = escrow(
        purchasePriceCents=cents,
        commissionPercent=float(percent),
        notes=notes,
        timeline={
            f"m{number}": {"at": "2026-01-01T00:00:00Z", "title": title}
            for number, title in enumerate(titles[:5])
            if title.strip()
        },
    )
    assert parse(Escrow, record.wire()) == record
    assert from_item(ESCROWS, json.loads(json.dumps(item_of(ESCROWS, record)))) == record


def test_money_has_limits() -> None:
    assert escrow(purchasePriceCents=10**13).wire()["purchasePriceCents"] == 10**13
    with pytest.raises(Invalid):
        escrow(purchasePriceCents=10**13 + 1)


def test_numbers_are_at_least_three_digits() -> None:
    assert ESCROWS.numbering is not None
    assert [ESCROWS.numbering.text(2026, count) for count in (1, 999, 1000)] == [
        "ESC-2026-001",
        "ESC-2026-999",
        "ESC-2026-1000",
    ]


@pytest.mark.parametrize(
    ("changes", "type_"),
    [
        ({"notes": "x"}, "escrow:updated"),
        ({"status": "pending"}, "escrow:updated"),
        ({"status": "closed"}, "escrow:closed"),
        ({"archived": True}, "escrow:archived"),
        ({"archived": True, "notes": "x"}, "escrow:archived"),
        ({"archived": True, "status": "closed"}, "escrow:closed"),
    ],
)
def test_a_change_is_one_event_named_by_its_most_specific_verb(changes: dict[str, Any], type_: str) -> None:
    event = events.changed(ESCROWS, escrow(), escrow(**changes, version=4), by="ava")
    assert event["type"] == type_
    assert event["data"]["changes"] == {**changes, "version": 4}


def test_an_event_above_the_limit_refers_to_the_record() -> None:
    fits = events.created(ESCROWS, escrow(notes="n" * 29_000), by="ava")
    assert "escrow" in fits["data"]
    too_large = events.created(ESCROWS, escrow(notes="n" * 30_000), by="ava")
    assert too_large["data"] == {"escrowId": "e1", "version": 3, "updatedBy": "ava", "ref": True}
