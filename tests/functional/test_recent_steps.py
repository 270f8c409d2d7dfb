"""Steps of a history that lie in the record's own item, for as long as they cost nothing, and where they go then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from openhouse.core.merge_patch import merge
from openhouse.crm.history import HistoryQuery
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.record_items import MOST_RECENT
from openhouse.storage.item_size import size, write_units
from openhouse.storage.keys import Item, history_key, record_key
from openhouse.storage.marshalling import marshal
from tests.fakes import AVA, BEN
from tests.functional.memory_world import InMemory

HOUSE = {"propertyAddress": "1 Harbor Way"}
LONG = " ".join(f"{number * 2_654_435_761 % 2**32:x}" for number in range(200))  # and hard to compress


@pytest.fixture
def world() -> InMemory:
    return InMemory()


def made(world: InMemory, **fields: Any) -> str:
    return str(world.records.create(ESCROWS, AVA, {**HOUSE, **fields})["id"])


def item(world: InMemory, id_: str, room: str = "team:north") -> Item:
    found = world.table.peek(record_key(room, "escrow", id_))
    assert found is not None
    return found


def written_apart(world: InMemory) -> list[int]:
    """The first versions of the items of history."""
    return [int(each["sk"].removeprefix("V#")) for each in world.table.items("H#")]


def pages(world: InMemory, id_: str, limit: int) -> Iterator[dict[str, Any]]:
    before: int | None = None
    while True:
        found = world.records.with_history(ESCROWS, BEN, id_)
        page = world.history.page(BEN, "escrow", found, HistoryQuery(limit=limit, before=before))
        yield from page["items"]
        if "cursor" not in page:
            return
        before = int(page["cursor"])


def test_steps_that_cost_nothing_lie_in_the_record_and_the_next_one_takes_them_along(world: InMemory) -> None:
    id_ = made(world, notes="n" * 620)
    for number in range(2 * (MOST_RECENT + 1)):
        world.records.patch(ESCROWS, AVA, id_, {"purchasePriceCents": number})
    assert written_apart(world) == [1, 2, 2 + MOST_RECENT + 1]
    assert "_steps" not in item(world, id_)
    assert [step["version"] for step in pages(world, id_, 100)] == [*range(2 * (MOST_RECENT + 1) + 1, 0, -1)]


def test_a_record_never_costs_more_for_the_steps_in_its_item(world: InMemory) -> None:
    kept = 0
    for bytes_ in range(1, 1_100, 50):
        id_ = made(world, notes="n" * bytes_)
        for number in range(6):
            world.records.patch(ESCROWS, AVA, id_, {"purchasePriceCents": number})
            whole = item(world, id_)
            alone = {name: value for name, value in whole.items() if name != "_steps"}
            assert write_units(size(marshal(whole))) == write_units(size(marshal(alone)))
            kept += "_steps" in whole
    assert 60 < kept < 22 * 6


@pytest.mark.parametrize("limit", [1, 4, 100])
def test_pages_go_through_both_places_and_make_every_version(world: InMemory, limit: int) -> None:
    id_ = made(world)
    for number in range(30):
        change = {"notes": LONG} if number % 7 == 3 else {"notes": None, "purchasePriceCents": number}
        world.records.patch(ESCROWS, (AVA, BEN)[number % 2], id_, change)
    assert 3 < len(written_apart(world)) < 15
    steps = [*pages(world, id_, limit)]
    assert [step["version"] for step in steps] == [*range(31, 0, -1)]
    document: dict[str, Any] = {}
    for step in reversed(steps):
        document = merge(document, step["changes"])
    assert document == world.records.read(ESCROWS, AVA, id_).wire()


def test_steps_go_along_when_their_record_moves_and_is_deleted_and_recovered(world: InMemory) -> None:
    id_ = made(world)
    for change in ({"notes": "x"}, {"visibility": "broker"}, {"notes": "y"}, {"visibility": "team"}, {"notes": "z"}):
        world.records.patch(ESCROWS, AVA, id_, change)
    world.records.delete(ESCROWS, AVA, id_)
    assert written_apart(world) == [1, 2, 4, 6]
    found = world.records.with_history(ESCROWS, AVA, id_)
    page = world.history.page(AVA, "escrow", found, HistoryQuery())
    assert [step["version"] for step in page["items"]] == [7, 6, 5, 4, 3, 2, 1]
    world.records.recover(ESCROWS, AVA, id_)
    assert [step["action"] for step in pages(world, id_, 2)][:2] == ["recovered", "deleted"]


def test_what_is_patched_in_bulk_or_reopened_keeps_the_steps_before(world: InMemory) -> None:
    id_ = made(world)
    world.records.patch(ESCROWS, AVA, id_, {"notes": "x"})
    world.bulk.write(ESCROWS, AVA, [{"id": id_, "changes": {"notes": "y"}}])
    assert (written_apart(world), len([*pages(world, id_, 100)])) == ([1], 3)


def test_steps_that_were_just_taken_out_of_the_record_are_waited_for(world: InMemory) -> None:
    """A transaction's items come into sight one by one: the record first, here."""
    id_ = made(world)
    world.records.patch(ESCROWS, AVA, id_, {"notes": "x"})
    world.records.patch(ESCROWS, AVA, id_, {"notes": LONG})
    key = history_key("harbor", "escrow", id_, 2)
    apart = world.table.peek(key)
    assert apart is not None
    world.table.drop(key)
    asked: list[str] = []

    def before(step: str) -> None:
        asked.append(step)
        if asked.count("query") == 2:
            world.table.put(apart)

    found = world.records.with_history(ESCROWS, AVA, id_)
    world.table.before = before
    page = world.history.page(AVA, "escrow", found, HistoryQuery())
    assert [step["version"] for step in page["items"]] == [3, 2, 1]
