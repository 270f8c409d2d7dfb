"""How a bulk request is cut: each part one transaction that DynamoDB takes, each commit a frame that a socket takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest

from openhouse.core.json_text import size
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from openhouse.storage.idempotency import IdempotencyKey
from openhouse.storage.writes import Put, Write
from tests.fakes import AVA, DANA
from tests.functional.brokerage import staff
from tests.functional.conftest import World
from tests.functional.logs import commits, events, texts
from tests.functional.replaying import Copy, Truth

NORTH, HARBOR = "team:north", "broker:harbor"
HOUSE = {"propertyAddress": "1 Main St"}
FRAME_BYTES = 32_000


@pytest.fixture(autouse=True)
def _staffed(world: World) -> None:
    staff(world)


class Sent(NamedTuple):
    items: int
    bytes: int  # of what is put


@pytest.fixture
def transactions(world: World) -> list[Sent]:
    """From here on."""
    sent: list[Sent] = []
    transact = world.table.transact

    def recorded(writes: Sequence[Write]) -> None:
        sent.append(Sent(len(writes), sum(size(write.item) for write in writes if isinstance(write, Put))))
        transact(writes)

    world.table.transact = recorded
    return sent


def all_is_told(world: World, *rooms: str) -> None:
    """A client that reads the logs alone has every record and every figure, from frames that fit."""
    truth = Truth(world)
    for room in rooms:
        assert max(len(text.encode()) for text in texts(world, room)) <= FRAME_BYTES
        copy = Copy(world, room)
        for module in world.modules:
            assert copy.records[module.noun] == truth.records(module, room)
            assert copy.figures[module.noun] == truth.figures(module, room)
            assert copy.figures[module.noun].figures == truth.recount(module, room)


def test_five_hundred_records_in_a_few_commits(world: World, transactions: list[Sent]) -> None:
    entries = [{"record": {**LEADS.example, "notes": f"{number:03d} 🏡 Zoë"}} for number in range(500)]
    results = world.bulk.write(LEADS, AVA, entries)
    assert [result["status"] for result in results] == [201] * 500
    notes = {id_: record["notes"] for id_, record in Truth(world).records(LEADS, NORTH).items()}
    assert [notes[result["id"]] for result in results] == [entry["record"]["notes"] for entry in entries]
    all_is_told(world, NORTH)
    assert max(sent.items for sent in transactions) <= 100
    # Of 100 items three are for each record: itself, its history, its telephone.
    assert len(transactions) == len(commits(world, NORTH)) <= 16
    for commit in commits(world, NORTH):
        assert sum(event["type"] == "lead:stats" for event in commit["events"]) == 1


def test_five_hundred_patches_fill_their_transactions(world: World, transactions: list[Sent]) -> None:
    made = world.bulk.write(CLIENTS, AVA, [{"record": CLIENTS.example}] * 500)
    del transactions[:]
    results = world.bulk.write(CLIENTS, AVA, [{"id": one["id"], "changes": {"status": "lost"}} for one in made])
    assert [(result["status"], result["version"]) for result in results] == [(200, 2)] * 500
    assert [result["id"] for result in results] == [one["id"] for one in made]
    all_is_told(world, NORTH)
    assert max(sent.items for sent in transactions) <= 100
    assert len(transactions) <= 11  # of 100 items, two for each record
    assert Truth(world).figures(CLIENTS, NORTH).figures["counts"]["lost"] == 500


def test_two_hundred_moves_take_two_items_each(world: World, transactions: list[Sent]) -> None:
    made = world.bulk.write(APPOINTMENTS, AVA, [{"record": APPOINTMENTS.example}] * 200)
    del transactions[:]
    entries = [
        {"id": one["id"], "changes": {"visibility": ("broker", "private")[number % 2]}}
        for number, one in enumerate(made)
    ]
    assert [result["status"] for result in world.bulk.write(APPOINTMENTS, AVA, entries)] == [200] * 200
    all_is_told(world, NORTH, HARBOR, "user:ava")
    assert max(sent.items for sent in transactions) <= 100
    truth = Truth(world)
    assert [len(truth.records(APPOINTMENTS, room)) for room in (NORTH, HARBOR, "user:ava")] == [0, 100, 100]


def test_numbers_run_on_through_all_parts(world: World, transactions: list[Sent]) -> None:
    entries: list[Any] = [
        {"record": {**HOUSE, "notes": f"{number}" + "n" * (number % 7 * 300)}} for number in range(200)
    ]
    for bad in range(0, 200, 9):
        entries[bad] = {"record": {**HOUSE, "listingId": "unknown"}}
    results = world.bulk.write(ESCROWS, AVA, entries)
    numbers = {record["id"]: record["escrowNumber"] for record in Truth(world).records(ESCROWS, NORTH).values()}
    written = [result["id"] for result in results if result["status"] == 201]
    assert [numbers[id_] for id_ in written] == [f"ESC-2026-{number:03d}" for number in range(1, len(written) + 1)]
    assert len(written) == 200 - 23
    assert len(transactions) > 3
    all_is_told(world, NORTH)


def test_records_of_all_sizes_fit_into_frames_or_are_told_by_reference(world: World, transactions: list[Sent]) -> None:
    sizes = [10, 29_000, 10, 10, 29_500, 45_000, 14_000, 14_000, 14_000, 20, 49_999, 50_000, 3]
    entries = [{"record": {**HOUSE, "notes": "n" * size}} for size in sizes]
    assert [result["status"] for result in world.bulk.write(ESCROWS, AVA, entries)] == [201] * len(sizes)
    assert max(len(text.encode()) for text in texts(world, NORTH)) <= FRAME_BYTES
    created = [event["data"] for event in events(world, NORTH) if event["type"] == "escrow:created"]
    truth = Truth(world).records(ESCROWS, NORTH)
    assert [len(truth[data["escrowId"]]["notes"]) for data in created] == sizes
    assert [data.get("ref", False) for data in created] == [size > 29_000 for size in sizes]
    for data in created:
        assert data.get("ref") or data["escrow"] == truth[data["escrowId"]]
    counts = [
        event["data"]["changes"]["counts"]["opened"] for event in events(world, NORTH) if "changes" in event["data"]
    ]
    assert counts[-1] == len(sizes)


def test_records_at_the_limit_fill_no_transaction_beyond_its_limit(world: World, transactions: list[Sent]) -> None:
    """Moved by small patches: what a part holds, its entries do not show."""
    much = {**HOUSE, "notes": "🏡" * 48_000, "visibility": "broker", "teamId": "north"}
    made = [one["id"] for one in world.bulk.write(ESCROWS, DANA, [{"record": much}] * 25)]
    assert max(sent.bytes for sent in transactions) < 4_000_000
    del transactions[:]
    results = world.bulk.write(ESCROWS, DANA, [{"id": id_, "changes": {"visibility": "team"}} for id_ in made])
    assert [result["status"] for result in results] == [200] * 25
    assert max(2 * sent.bytes for sent in transactions) < 4_000_000  # as much is deleted
    del transactions[:]
    patches = [{"id": id_, "changes": {"city": "Davis"}} for id_ in made]
    assert [result["status"] for result in world.bulk.write(ESCROWS, DANA, patches)] == [200] * 25
    assert max(sent.bytes for sent in transactions) < 4_000_000
    assert len(Truth(world).records(ESCROWS, NORTH)) == 25
    for room in (NORTH, HARBOR):
        assert max(len(text.encode()) for text in texts(world, room)) <= FRAME_BYTES


def test_figures_of_many_months_fit_in_beside_the_records(world: World) -> None:
    """Every patch empties one month and fills another, and all of them together just fill a commit."""
    months = [f"{1900 + number // 12}-{number % 12 + 1:02d}" for number in range(200)]
    new = {**HOUSE, "commissionTotalCents": 10**13}
    entries: list[Any] = [{"record": {**new, "actualCloseDate": f"{month}-01"}} for month in months[:100]]
    made = [one["id"] for one in world.bulk.write(ESCROWS, AVA, entries)]
    world.bulk.write(ESCROWS, AVA, [{"id": id_, "changes": {"status": "closed"}} for id_ in made])
    patches = [
        {"id": id_, "changes": {"actualCloseDate": f"{month}-01", "notes": "n" * 150}}
        for id_, month in zip(made, months[100:], strict=True)
    ]
    assert {result["status"] for result in world.bulk.write(ESCROWS, AVA, patches)} == {200}
    all_is_told(world, NORTH)


def test_many_mistakes_in_many_entries_are_told_and_kept(world: World) -> None:
    """Each answer may be far longer than its entry, and a part's answers are one item."""
    worst = {
        "firstName": "x",
        "phone": "x",
        "email": "x",
        "tags": {f"{number:060}": 1 for number in range(60)},
        "source": "x",
        "score": "x",
    }
    entries = [{"record": worst}] * 500
    results = world.bulk.write(LEADS, AVA, entries, IdempotencyKey.of("ava", "k", "all"))
    assert {result["status"] for result in results} == {422}
    assert world.bulk.write(LEADS, AVA, entries, IdempotencyKey.of("ava", "k", "all")) == results
