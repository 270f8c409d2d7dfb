"""Finding records by the last step of their history, while others move, delete and recover them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from openhouse.core.errors import Busy, NotFound
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.reach import TRIES, Reach
from openhouse.storage.keys import record_key
from tests.fakes import AVA, BEN, MIA, STRANGER
from tests.functional.memory_world import InMemory

HOUSE = {"propertyAddress": "1 Harbor Way"}


@pytest.fixture
def world() -> InMemory:
    return InMemory()


@pytest.fixture
def made(world: InMemory) -> dict[str, Any]:
    return world.records.create(ESCROWS, AVA, HOUSE)


def between_step_and_record(world: InMemory, *acts: Callable[[], Any]) -> None:
    """Each of the next reads of a record is overtaken: the first by the first act, and so on."""
    remaining = list(acts)

    def before(step: str) -> None:
        if step == "get_many" and remaining:
            act = remaining.pop(0)
            world.table.before = lambda _step: None
            act()
            world.table.before = before

    world.table.before = before


def share(world: InMemory, id_: str, visibility: str) -> Callable[[], Any]:
    return lambda: world.records.patch(ESCROWS, AVA, id_, {"visibility": visibility})


@pytest.mark.parametrize("moves", [1, 2, 3])
def test_a_record_that_moves_while_it_is_looked_for_is_found(world: InMemory, made: dict[str, Any], moves: int) -> None:
    ways = ["broker", "private", "team"][:moves]
    between_step_and_record(world, *(share(world, made["id"], way) for way in ways))
    found = world.records.read(ESCROWS, AVA, made["id"])
    assert (found.version, found.visibility) == (1 + moves, ways[-1])


def test_a_record_that_moves_all_the_time_is_busy_and_not_missing(world: InMemory, made: dict[str, Any]) -> None:
    between_step_and_record(world, *(share(world, made["id"], ("broker", "team")[n % 2]) for n in range(TRIES)))
    with pytest.raises(Busy):
        world.records.read(ESCROWS, AVA, made["id"])
    assert world.records.read(ESCROWS, AVA, made["id"]).version == 1 + TRIES


def test_a_record_that_moves_out_of_reach_while_it_is_looked_for_does_not_exist(
    world: InMemory, made: dict[str, Any]
) -> None:
    between_step_and_record(world, share(world, made["id"], "private"))
    with pytest.raises(NotFound):
        world.records.read(ESCROWS, BEN, made["id"])


def test_a_record_that_is_deleted_while_it_is_looked_for_does_not_exist(world: InMemory, made: dict[str, Any]) -> None:
    between_step_and_record(world, lambda: world.records.delete(ESCROWS, AVA, made["id"]))
    with pytest.raises(NotFound):
        world.records.read(ESCROWS, AVA, made["id"])


def test_a_step_that_is_visible_before_its_record_is_waited_for(world: InMemory, made: dict[str, Any]) -> None:
    """A transaction's items come into sight one by one."""
    key = record_key(made["room"], "escrow", made["id"])
    item = world.table.peek(key)
    assert item is not None
    world.table.drop(key)
    between_step_and_record(world, lambda: None, lambda: world.table.put(item))
    assert world.records.read(ESCROWS, AVA, made["id"]).version == 1


def test_a_record_that_is_deleted_and_recovered_is_found_where_it_was(world: InMemory, made: dict[str, Any]) -> None:
    world.records.patch(ESCROWS, AVA, made["id"], {"visibility": "broker"})
    world.records.delete(ESCROWS, AVA, made["id"])
    with pytest.raises(NotFound):
        world.records.read(ESCROWS, AVA, made["id"])
    recovered = world.records.recover(ESCROWS, AVA, made["id"])
    assert recovered["room"] == "broker:harbor"
    assert world.records.read(ESCROWS, BEN, made["id"]).version == recovered["version"]
    with pytest.raises(NotFound):
        world.records.recover(ESCROWS, AVA, made["id"])


@pytest.mark.parametrize("who", [MIA, STRANGER])
def test_who_cannot_reach_a_record_costs_and_hears_the_same_as_if_there_were_none(
    world: InMemory, made: dict[str, Any], who: Any
) -> None:
    asked: list[list[str]] = []
    for id_ in (made["id"], "id-9999"):
        steps: list[str] = []
        world.table.before = steps.append
        with pytest.raises(NotFound, match="there is no such escrow"):
            world.records.read(ESCROWS, who, id_)
        asked.append(steps)
    assert asked[0] == asked[1] == ["query"]


def test_some_of_many_records_that_move_do_not_keep_the_others_from_being_found_at_once(world: InMemory) -> None:
    ids = [world.records.create(ESCROWS, AVA, HOUSE)["id"] for _ in range(5)]
    between_step_and_record(world, share(world, ids[2], "broker"))
    found = world.records.read_some(ESCROWS, AVA, ids)
    assert {id_: record.visibility for id_, record in found.items()} == {
        id_: "broker" if id_ == ids[2] else "team" for id_ in ids
    }


def test_those_who_look_for_one_record_at_the_same_time_do_not_come_again_together(
    world: InMemory, made: dict[str, Any]
) -> None:
    """Pauses are a random part of what they may be."""
    chances, pauses = iter([0.5, 0.25, 0.75]), list[float]()
    reach = Reach(world.table, jitter=lambda: next(chances), sleep=pauses.append)
    between_step_and_record(world, *(share(world, made["id"], way) for way in ("broker", "private", "team")))
    assert reach.items(AVA, [("escrow", made["id"])])
    assert pauses == [0.5 * 0.010, 0.25 * 0.020, 0.75 * 0.040]
