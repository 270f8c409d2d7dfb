"""A bulk request that is sent again under its key goes on where the first try ended, and doubles nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from openhouse.core.principal import Principal
from openhouse.crm import bulk as bulk_module
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.storage.table import WriteConflict
from openhouse.storage.writes import Write
from tests.fakes import AVA, BEN
from tests.functional.brokerage import staff
from tests.functional.conftest import World
from tests.functional.logs import commits
from tests.functional.replaying import Copy, Truth
from tests.functional.test_http import call, problem

NORTH = "team:north"
MANY = [{"record": {"propertyAddress": f"{number} Main St", "notes": "n" * 4_000}} for number in range(24)]
MANY[5] = MANY[17] = {"record": {"propertyAddress": ""}}
GOOD = len(MANY) - 2
PARTS = 4

Answer = tuple[int, Any, dict[str, str]]


@pytest.fixture(autouse=True)
def _staffed(world: World) -> None:
    staff(world)


def send(world: World, entries: Sequence[Any] = MANY, *, key: str | None = "k", who: Principal = AVA) -> Answer:
    headers = {"idempotency-key": key} if key else {}
    return call(world, "POST", "/escrows/bulk", {"entries": list(entries)}, who=who, headers=headers)


class FailingTable:
    """Fails from the transaction after `good` ones on; `late`: after it has been written, before the answer comes."""

    def __init__(self, world: World, error: Exception, good: int, *, late: bool = False) -> None:
        self._world, self._error, self._good, self._late = world, error, good, late
        self._transact = world.table.transact
        world.table.transact = self.transact

    def transact(self, writes: Sequence[Write]) -> None:
        if self._good > 0 or self._late:
            self._transact(writes)
        self._good -= 1
        if self._good < 0:
            raise self._error

    def repair(self) -> None:
        self._world.table.transact = self._transact


def all_is_written_once(world: World, answer: Answer) -> None:
    status, body, _ = answer
    assert status == 200
    statuses = [201 if number not in (5, 17) else 422 for number in range(len(MANY))]
    assert [result["status"] for result in body["results"]] == statuses
    records = Truth(world).records(ESCROWS, NORTH)
    written = [result["id"] for result in body["results"] if "id" in result]
    addresses = [entry["record"]["propertyAddress"] for entry in MANY if entry["record"]["propertyAddress"]]
    assert [records[id_]["propertyAddress"] for id_ in written] == addresses
    assert len(records) == GOOD
    numbers = [records[id_]["escrowNumber"] for id_ in written]
    assert numbers == [f"ESC-2026-{number:03d}" for number in range(1, GOOD + 1)]
    assert Copy(world, NORTH).records["escrow"] == records
    assert len(commits(world, NORTH)) == PARTS


def test_the_same_request_is_answered_the_same_and_writes_nothing_more(world: World) -> None:
    first = send(world)
    all_is_written_once(world, first)
    before = world.items()
    assert send(world) == first
    assert world.items() == before


def test_without_a_key_or_under_another_or_by_another_person_it_is_another_request(world: World) -> None:
    for key, who in ((None, AVA), (None, AVA), ("k", AVA), ("k2", AVA), ("k", BEN)):
        assert send(world, MANY[:1], key=key, who=who)[0] == 200
    assert len(Truth(world).records(ESCROWS, NORTH)) == 5


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("parts", range(PARTS))
def test_a_try_that_died_between_two_parts_is_finished_by_the_next(world: World, parts: int, late: bool) -> None:
    """`late`: the part was written, but its answer got lost."""
    table = FailingTable(world, RuntimeError("the function was stopped"), parts, late=late)
    assert problem(send(world)) == (500, "internal")
    table.repair()
    assert len(commits(world, NORTH)) == parts + late
    all_is_written_once(world, send(world))


def test_it_may_die_at_every_part_and_is_finished_in_the_end(world: World) -> None:
    for _ in range(PARTS):
        table = FailingTable(world, RuntimeError("the function was stopped"), 1)
        send(world)
        table.repair()
    all_is_written_once(world, send(world))


def test_others_work_between_two_tries_is_left_alone(world: World) -> None:
    table = FailingTable(world, RuntimeError("the function was stopped"), 2)
    send(world)
    table.repair()
    (first, *_) = Truth(world).records(ESCROWS, NORTH)
    world.records.patch(ESCROWS, BEN, first, {"notes": "mine"})
    results = send(world)[1]["results"]
    assert results[0] == {"status": 201, "id": first, "version": 1}
    assert world.records.read(ESCROWS, AVA, first).wire()["notes"] == "mine"
    assert len(Truth(world).records(ESCROWS, NORTH)) == GOOD


@pytest.mark.parametrize("parts", [1, PARTS], ids=["unfinished", "finished"])
def test_another_request_under_the_same_key_is_refused(world: World, parts: int) -> None:
    table = FailingTable(world, RuntimeError("the function was stopped"), parts)
    send(world)
    table.repair()
    before = world.items()
    assert problem(send(world, MANY[:-1])) == (409, "idempotency_mismatch")
    other = call(world, "POST", "/listings/bulk", {"entries": MANY}, headers={"idempotency-key": "k"})
    assert problem(other) == (409, "idempotency_mismatch")
    assert problem(call(world, "POST", "/escrows", MANY[0]["record"], headers={"idempotency-key": "k"}))[0] == 409
    assert world.items() == before


def test_a_request_of_mistakes_alone_is_remembered_too(world: World) -> None:
    first = send(world, [MANY[5]])
    assert send(world, [MANY[5]]) == first
    assert problem(send(world, [MANY[0]])) == (409, "idempotency_mismatch")


# Busy ---------------------------------------------------------------------------------------------------------------


def busy_from(answer: Answer, part: int) -> None:
    """The entries before have been written; the others say that they can be sent again."""
    status, body, _ = answer
    assert status == 200
    statuses = [result["status"] for result in body["results"]]
    assert len(statuses) == len(MANY)
    first = statuses.index(503)
    assert set(statuses[:first]) <= {201, 422}
    assert set(statuses[first:]) == {503}
    for result in body["results"][first:]:
        assert (result["error"]["code"], result["error"]["retryable"]) == ("busy", True)
    assert (first == 0) == (part == 0)


@pytest.mark.parametrize("parts", range(PARTS))
def test_what_others_are_in_the_way_of_says_busy_and_is_written_by_a_repeat(world: World, parts: int) -> None:
    moments = iter(range(10_000))
    world.log._monotonic = lambda: next(moments)
    table = FailingTable(world, WriteConflict("TransactionConflict"), parts)
    busy_from(send(world), parts)
    table.repair()
    assert len(commits(world, NORTH)) == parts
    all_is_written_once(world, send(world))


def test_what_there_is_no_time_for_says_busy_and_is_written_by_a_repeat(world: World) -> None:
    moments = iter([0.0, 1.0, bulk_module.SECONDS, *[bulk_module.SECONDS + 1] * 9])
    world.bulk._monotonic = lambda: next(moments)
    busy_from(send(world), 2)
    world.bulk._monotonic = lambda: 0.0
    assert len(commits(world, NORTH)) == 2
    all_is_written_once(world, send(world))


def test_a_lost_race_is_tried_again_at_once(world: World) -> None:
    transact = world.table.transact

    def overtaken(writes: Sequence[Write]) -> None:
        world.table.transact = transact
        world.records.create(ESCROWS, BEN, {"propertyAddress": "Ben's"})
        transact(writes)

    world.table.transact = overtaken
    assert [result["status"] for result in send(world)[1]["results"]].count(201) == GOOD
    numbers = sorted(record["escrowNumber"] for record in Truth(world).records(ESCROWS, NORTH).values())
    assert numbers == [f"ESC-2026-{number:03d}" for number in range(1, GOOD + 2)]


def test_the_same_request_twice_at_the_same_time_is_written_once(world: World) -> None:
    transact = world.table.transact
    answers: list[Answer] = []

    def overtaken(writes: Sequence[Write]) -> None:
        if not answers:
            world.table.transact = transact
            answers.append(send(world))
        transact(writes)

    world.table.transact = overtaken
    answers.append(send(world))
    assert answers[0] == answers[1]
    all_is_written_once(world, answers[0])


# A day later --------------------------------------------------------------------------------------------------------


def test_a_key_is_free_again_a_day_after_the_first_try_however_late_it_was_finished(world: World) -> None:
    table = FailingTable(world, RuntimeError("the function was stopped"), 2)
    send(world)
    table.repair()
    world.clock.at += timedelta(hours=23)
    all_is_written_once(world, send(world))
    world.clock.at += timedelta(hours=1)
    other = [{"record": {"propertyAddress": "9 Elm St", "notes": "n" * 4_000}}] * 24
    assert [result["status"] for result in send(world, other)[1]["results"]] == [201] * 24
    assert len(Truth(world).records(ESCROWS, NORTH)) == GOOD + 24


def test_a_repeat_in_the_last_moment_of_the_day_finds_every_part(world: World) -> None:
    world.bulk._monotonic = lambda: 0.0
    table = FailingTable(world, RuntimeError("the function was stopped"), 3)
    send(world)
    table.repair()
    world.clock.at += timedelta(days=1, seconds=-1)
    get = world.table.get

    def slowly(key: Any, *, consistent: bool = True) -> Any:
        found = get(key, consistent=consistent)
        if key["pk"].startswith("I#"):
            world.clock.advance(0.7)
        return found

    world.table.get = slowly
    all_is_written_once(world, send(world))
