"""What the meter counts of writes: the item, and its row in each index that this changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from bench.meter import Meter
from openhouse.storage.writes import ABSENT, PRESENT, Delete, Put, Update, Write
from tests.functional.conftest import World

KEY = {"pk": "R#team:north", "sk": "escrow#1"}
BEFORE = {
    **KEY,
    "by_created": "escrow#1",
    "by_changed": "escrow#12:00#1",
    "by_date": "escrow#2026-04-15#1",
    "status": "opened",
    "archived": False,
    "owner_id": "ava",
    "notes": "",
}
OTHER = {"pk": "L#team:north", "sk": "HEAD"}

WriteUnits = Callable[..., float]


@pytest.fixture
def write_units(world: World) -> WriteUnits:
    meter = Meter(world.client.meta.events, boto3.Session().client("dynamodb"))

    def counted(*writes: Write) -> float:
        with meter.of("it"):
            world.table.transact(writes)
        (line,) = meter.take()
        assert line.calls == 1
        return line.write_units

    return counted


def test_a_new_or_deleted_item_writes_a_row_into_each_index_that_it_has_a_key_for(write_units: WriteUnits) -> None:
    undated = {name: value for name, value in BEFORE.items() if name != "by_date"}
    assert write_units(Put(BEFORE, ABSENT)) == 1 + 3
    assert write_units(Delete(KEY, PRESENT)) == 1 + 3
    assert write_units(Put(undated, ABSENT)) == 1 + 2
    assert write_units(Delete(KEY, PRESENT)) == 1 + 2
    assert write_units(Put(OTHER, ABSENT)) == 1


@pytest.mark.parametrize(
    ("after", "rows"),
    [
        ({}, 0),
        ({"notes": "in no index"}, 0),
        ({"status": "pending"}, 3),
        ({"by_changed": "escrow#12:01#1"}, 2),
        ({"by_changed": "escrow#12:01#1", "status": "pending"}, 2 + 1 + 1),
        ({"by_date": "escrow#-#1"}, 2 + 1 + 1),  # the other two hold it, too
        ({"by_date": "escrow#-#1", "by_changed": "escrow#12:01#1"}, 2 + 2 + 1),
    ],
)
def test_a_change_writes_the_rows_that_hold_it_and_those_that_move_twice(
    write_units: WriteUnits, after: dict[str, Any], rows: int
) -> None:
    write_units(Put(BEFORE, ABSENT))
    assert write_units(Put({**BEFORE, **after}, PRESENT)) == 1 + rows
    if after:
        assert write_units(Update(KEY, {name: BEFORE[name] for name in after}, PRESENT)) == 1 + rows


def test_the_size_of_a_row_is_that_of_what_the_index_holds(write_units: WriteUnits) -> None:
    assert write_units(Put({**BEFORE, "notes": "x" * 5_000}, ABSENT)) == 6 + 3
    assert write_units(Put({**BEFORE, "owner_id": "x" * 1_500}, PRESENT)) == 6 + 3 * 2


def test_a_transaction_pays_for_items_twice_and_for_their_rows_once(write_units: WriteUnits) -> None:
    assert write_units(Put(BEFORE, ABSENT), Put(OTHER, ABSENT)) == 2 * (1 + 1) + 3
