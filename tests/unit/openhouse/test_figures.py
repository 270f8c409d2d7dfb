"""What each record adds to the figures of its room, and what changes make of them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhouse.core.merge_patch import Document, difference, merge
from openhouse.core.wire import parse
from openhouse.crm import figures
from openhouse.crm.changes import Change
from openhouse.crm.module import Module, Record
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.escrows import ESCROWS
from tests.fakes import NOON

NORTH, HARBOR = "team:north", "broker:harbor"
AT = "2026-03-02T12:00:00.000Z"
AUDIT = {"createdAt": AT, "createdBy": "ava", "updatedAt": AT, "updatedBy": "ava"}


def record(module: Module, **fields: Any) -> Record:
    begun = {"status": module.first_status, "id": "r1", "version": 1, "room": NORTH, "ownerId": "ava", **AUDIT}
    return parse(module.model, {**module.example, **begun, **fields})


def escrow(**fields: Any) -> Record:
    return record(
        ESCROWS, **{"purchasePriceCents": 100, "commissionTotalCents": 7, "closeOfEscrowDate": None, **fields}
    )


def change(before: Record | None, after: Record | None) -> Change:
    return Change(ESCROWS, before, after, "ava", NOON)


def moved(before: Document, *changes: Change, room: str = NORTH) -> Document:
    """As a patch."""
    return difference(before, figures.after_changes(ESCROWS, before, changes, room))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
def test_a_room_without_records_counts_none_in_every_status(module: Module) -> None:
    nothing = figures.zero(module)
    assert list(nothing["counts"]) == list(module.transitions)
    assert set(nothing["counts"].values()) == {0}
    assert nothing["archived"] == 0


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
def test_a_record_counts_by_status_or_as_archived(module: Module) -> None:
    for status in module.transitions:
        extra = {"soldPriceCents": 1, "soldDate": "2026-03-02"} if status == "sold" else {}
        live = figures.contribution(module, record(module, status=status, **extra))
        assert (live["counts"], "archived" in live) == ({status: 1}, False)
        archived = figures.contribution(module, record(module, status=status, archived=True, **extra))
        assert (archived["archived"], "counts" in archived) == (1, False)


@pytest.mark.parametrize(
    ("fields", "volume", "commission"),
    [
        ({}, 100, {}),
        ({"status": "pending"}, 100, {}),
        ({"purchasePriceCents": None}, 0, {}),
        ({"archived": True}, 0, {}),
        ({"status": "cancelled"}, 0, {}),
        ({"status": "closed"}, 0, {"undated": 7}),
        ({"status": "closed", "closeOfEscrowDate": "2026-04-15"}, 0, {"2026-04": 7}),
        ({"status": "closed", "closeOfEscrowDate": "2026-04-15", "actualCloseDate": "2026-03-31"}, 0, {"2026-03": 7}),
        ({"status": "closed", "actualCloseDate": "2026-03-31", "archived": True}, 0, {"2026-03": 7}),
        ({"status": "closed", "actualCloseDate": "2026-03-31", "commissionTotalCents": None}, 0, {"2026-03": 0}),
        ({"status": "cancelled", "actualCloseDate": "2026-03-31"}, 0, {}),
        ({"status": "opened", "actualCloseDate": "2026-03-31"}, 100, {}),
    ],
)
def test_open_escrows_have_a_volume_and_closed_ones_a_commission(
    fields: dict[str, Any], volume: int, commission: dict[str, int]
) -> None:
    counted = figures.contribution(ESCROWS, escrow(**fields))
    assert (counted["openVolumeCents"], counted["commissionCents"]) == (volume, commission)


def test_the_figures_follow_changes_by_small_patches() -> None:
    nothing = figures.zero(ESCROWS)
    opened, pending = escrow(), escrow(status="pending", version=2)
    closed = escrow(status="closed", actualCloseDate="2026-03-31", version=3)
    one = figures.after_changes(ESCROWS, nothing, [change(None, opened)], NORTH)
    assert difference(nothing, one) == {"counts": {"opened": 1}, "openVolumeCents": 100}
    assert moved(one, change(opened, pending)) == {"counts": {"opened": 0, "pending": 1}}
    two = figures.after_changes(ESCROWS, one, [change(opened, closed)], NORTH)
    assert difference(one, two) == {
        "counts": {"opened": 0, "closed": 1},
        "openVolumeCents": 0,
        "commissionCents": {"2026-03": 7},
    }
    assert moved(two, change(closed, None)) == {"counts": {"closed": 0}, "commissionCents": {"2026-03": None}}


def test_a_change_of_nothing_that_counts_moves_nothing() -> None:
    assert moved(figures.zero(ESCROWS), change(escrow(), escrow(notes="x", version=2))) == {}


def test_a_month_without_commissions_is_not_told() -> None:
    closed = escrow(status="closed", actualCloseDate="2026-03-31", commissionTotalCents=None)
    assert moved(figures.zero(ESCROWS), change(None, closed)) == {"counts": {"closed": 1}}


def test_each_room_counts_its_own() -> None:
    here, there = escrow(), escrow(room=HARBOR, version=2)
    step = change(here, there)
    full = figures.after_changes(ESCROWS, figures.zero(ESCROWS), [change(None, here)], NORTH)
    assert moved(full, step) == {"counts": {"opened": 0}, "openVolumeCents": 0}
    assert moved(figures.zero(ESCROWS), step, room=HARBOR) == {"counts": {"opened": 1}, "openVolumeCents": 100}
    assert moved(figures.zero(ESCROWS), step, room="user:ava") == {}


steps = st.fixed_dictionaries(
    {
        "status": st.sampled_from(sorted(ESCROWS.transitions)),
        "archived": st.booleans(),
        "room": st.sampled_from([NORTH, HARBOR]),
        "purchasePriceCents": st.none() | st.integers(0, 10**13),
        "commissionTotalCents": st.none() | st.integers(0, 3),
        "actualCloseDate": st.none() | st.sampled_from(["2026-02-28", "2026-03-01", "2026-03-31"]),
    }
)


@given(st.lists(steps, min_size=1, max_size=8), st.booleans())
def test_after_any_life_of_a_record_its_rooms_hold_what_it_adds_and_patches_tell_it(
    states: list[dict[str, Any]], deleted: bool
) -> None:
    life = [None, *(escrow(**fields) for fields in states), *([None] if deleted else [])]
    for room in (NORTH, HARBOR):
        kept = told = figures.zero(ESCROWS)
        for before, after in pairwise(life):
            kept = figures.after_changes(ESCROWS, kept, [change(before, after)], room)
            told = merge(told, difference(told, kept))
        last = life[-1]
        adds = figures.contribution(ESCROWS, last) if last and last.room == room else {}
        assert kept == figures.without_zeros(figures.add(figures.zero(ESCROWS), adds), figures.zero(ESCROWS))
        assert told == kept
