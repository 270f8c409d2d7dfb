"""Figures of rooms: kept in the commits that change their records, told as patches, and read for dashboards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import openhouse.crm.stats
from local.schema import create_tables
from openhouse.core.principal import Principal
from openhouse.crm import figures
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.storage.item_size import size
from openhouse.storage.keys import Item, Key
from openhouse.storage.marshalling import unmarshal
from openhouse.storage.writes import Write
from tests.fakes import AVA, BEN, DANA, MIA, STRANGER, principal
from tests.functional.brokerage import STAFF, staff
from tests.functional.conftest import TABLES, World
from tests.functional.histories import ACTS, History
from tests.functional.logs import commits, events
from tests.functional.replaying import Copy, Truth
from tests.functional.test_http import call, problem

HOUSE = {"propertyAddress": "1 Main St", "purchasePriceCents": 50_000_000}
NORTH = "team:north"


def stats(world: World, who: Principal = AVA, path: str = "escrows") -> Any:
    status, document, _ = call(world, "GET", f"/{path}/stats", who=who)
    assert status == 200
    return document


def told(world: World, room: str = NORTH) -> list[Any]:
    """Of each commit the patches of figures, after its other events."""
    found = []
    for commit in commits(world, room):
        types = [event["type"].endswith(":stats") for event in commit["events"]]
        assert types == sorted(types)
        found.append([event["data"]["changes"] for event in commit["events"] if event["type"].endswith(":stats")])
    return found


def test_dashboards_read_totals_and_the_figures_of_each_room(world: World) -> None:
    world.records.create(ESCROWS, AVA, HOUSE)
    world.records.create(ESCROWS, AVA, {**HOUSE, "visibility": "private"})
    world.records.create(ESCROWS, MIA, {**HOUSE, "visibility": "broker"})
    world.records.create(ESCROWS, MIA, HOUSE)
    one: dict[str, Any] = {
        "counts": {"opened": 1, "pending": 0, "closed": 0, "cancelled": 0},
        "archived": 0,
        "openVolumeCents": 50_000_000,
        "commissionCents": {},
    }
    answer = stats(world)
    assert answer["rooms"] == {room: {"version": 1, **one} for room in ("user:ava", NORTH, "broker:harbor")}
    assert answer["total"] == {**one, "counts": {**one["counts"], "opened": 3}, "openVolumeCents": 150_000_000}
    assert {room: position["seq"] for room, position in answer["positions"].items()} == dict.fromkeys(
        answer["rooms"], 1
    )


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
def test_a_room_without_records_has_zeros(world: World, module: Any) -> None:
    answer = stats(world, path=module.path)
    zeros = {"counts": dict.fromkeys(module.transitions, 0), "archived": 0}
    assert answer["total"].items() >= zeros.items()
    assert answer["total"] == figures.zero(module)
    assert answer["rooms"] == {room: {"version": 0, **answer["total"]} for room in AVA.rooms}
    assert {position["seq"] for position in answer["positions"].values()} == {0}


def test_figures_follow_the_life_of_a_record_by_patches(world: World) -> None:
    id_ = world.records.create(ESCROWS, AVA, {**HOUSE, "commissionTotalCents": 1_250_000})["id"]
    for patch in (
        {"notes": "x"},
        {"purchasePriceCents": 51_000_000},
        {"status": "pending"},
        {"archived": True},
        {"archived": False, "closeOfEscrowDate": "2026-04-15"},
        {"status": "closed"},
        {"actualCloseDate": "2026-03-31"},
        {"actualCloseDate": None, "closeOfEscrowDate": None},
        {"commissionTotalCents": None},
    ):
        world.records.patch(ESCROWS, BEN, id_, patch)
    world.records.delete(ESCROWS, AVA, id_)
    assert told(world) == [
        [{"counts": {"opened": 1}, "openVolumeCents": 50_000_000}],
        [],
        [{"openVolumeCents": 51_000_000}],
        [{"counts": {"opened": 0, "pending": 1}}],
        [{"counts": {"pending": 0}, "archived": 1, "openVolumeCents": 0}],
        [{"counts": {"pending": 1}, "archived": 0, "openVolumeCents": 51_000_000}],
        [
            {
                "counts": {"pending": 0, "closed": 1},
                "openVolumeCents": 0,
                "commissionCents": {"2026-04": 1_250_000},
            }
        ],
        [{"commissionCents": {"2026-04": None, "2026-03": 1_250_000}}],
        [{"commissionCents": {"2026-03": None, "undated": 1_250_000}}],
        [{"commissionCents": {"undated": None}}],
        [{"counts": {"closed": 0}}],
    ]
    versions = [event["data"]["version"] for event in events(world, NORTH) if event["type"] == "escrow:stats"]
    assert versions == list(range(1, 11))
    assert Truth(world).figures(ESCROWS, NORTH) == (10, figures.zero(ESCROWS))


def test_a_move_takes_from_one_room_what_it_brings_to_the_other(world: World) -> None:
    id_ = world.records.create(CLIENTS, AVA, CLIENTS.example)["id"]
    world.records.patch(CLIENTS, AVA, id_, {"visibility": "broker", "status": "lost"})
    assert told(world)[-1] == [{"counts": {"active": 0}}]
    assert told(world, "broker:harbor") == [[{"counts": {"lost": 1}}]]


def test_figures_are_told_and_shown_to_those_in_the_room_alone(world: World) -> None:
    world.records.create(ESCROWS, AVA, {**HOUSE, "visibility": "private"})
    world.records.create(ESCROWS, AVA, HOUSE)
    world.records.create(ESCROWS, STRANGER, {**HOUSE, "visibility": "broker"})
    for who in (BEN, MIA, DANA):
        answer = stats(world, who)
        assert set(answer["rooms"]) == set(answer["positions"]) == set(who.rooms)
        assert answer["total"]["openVolumeCents"] == (0 if who is MIA else 50_000_000)
    for room in Truth(world).rooms:
        assert {event["data"]["room"] for event in events(world, room) if event["type"].endswith(":stats")} <= {room}


def test_positions_and_figures_are_of_one_moment(world: World) -> None:
    """What is committed between is told to whoever reads, with a version that follows on what they have."""
    get_many = world.table.get_many

    def overtaken(keys: Any, *, only_keys: bool = False, **_: Any) -> Any:
        found = get_many(keys, only_keys=only_keys)
        world.table.get_many = get_many
        world.records.create(ESCROWS, BEN, HOUSE)
        return found

    world.log.heads(AVA.rooms)
    world.table.get_many = overtaken
    answer = stats(world)
    assert (answer["positions"][NORTH]["seq"], answer["rooms"][NORTH]["version"]) == (0, 0)
    answer = stats(world)
    assert (answer["positions"][NORTH]["seq"], answer["rooms"][NORTH]["version"]) == (1, 1)


@pytest.mark.parametrize("moment", ["after the figures were read", "before the transaction"])
def test_whoever_is_overtaken_counts_again(world: World, moment: str) -> None:
    assert_counted_again(world, moment)


@pytest.mark.parametrize("moment", ["after the figures were read", "before the transaction"])
def test_whoever_is_overtaken_counts_again_what_lies_apart(
    world: World, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openhouse.crm.stats, "MOST_IN_HEAD", 0)
    assert_counted_again(world, moment)


def assert_counted_again(world: World, moment: str) -> None:
    world.records.create(CLIENTS, AVA, CLIENTS.example)
    transact, get_many = world.table.transact, world.table.get_many

    def overtake() -> None:
        world.table.transact, world.table.get_many = transact, get_many
        world.records.create(CLIENTS, BEN, CLIENTS.example)

    def transact_late(writes: Sequence[Write]) -> None:
        overtake()
        transact(writes)

    def read_early(keys: Sequence[Key], *, only_keys: bool = False, **_: Any) -> list[Item]:
        found = get_many(keys, only_keys=only_keys)
        if any(key["pk"].startswith(("S#", "L#")) for key in keys):
            overtake()
        return found

    if moment == "before the transaction":
        world.table.transact = transact_late
    else:
        world.table.get_many = read_early
    world.records.create(CLIENTS, AVA, CLIENTS.example)
    truth = Truth(world)
    assert truth.figures(CLIENTS, NORTH) == (3, truth.recount(CLIENTS, NORTH))
    assert Copy(world, NORTH).figures["client"] == truth.figures(CLIENTS, NORTH)


def test_figures_that_no_longer_fit_into_the_head_move_to_an_item_of_their_own_for_good(world: World) -> None:
    world.records.create(CLIENTS, AVA, CLIENTS.example)
    id_ = world.records.create(ESCROWS, AVA, {**HOUSE, "status": "pending"})["id"]
    for number in range(70):
        date = f"{2020 + number // 12}-{1 + number % 12:02d}-15"
        made = {**HOUSE, "commissionTotalCents": 1_250_000, "actualCloseDate": date, "status": "closed"}
        world.records.create(ESCROWS, AVA, made)
        if number % 5 == 0:
            assert head_bytes(world) <= 1_024
    (item,) = world.items("S#")
    assert (item["pk"]["S"], item["sk"]["S"]) == (f"S#{NORTH}", "escrow")
    assert "figures" in unmarshal(head(world))["figures_client"]
    world.records.patch(ESCROWS, AVA, id_, {"purchasePriceCents": 1})
    world.records.delete(ESCROWS, AVA, id_)
    assert unmarshal(head(world))["figures_escrow"] == {"apart": True}
    truth = Truth(world)
    assert truth.figures(ESCROWS, NORTH) == (73, truth.recount(ESCROWS, NORTH))
    assert Copy(world, NORTH).figures["escrow"] == truth.figures(ESCROWS, NORTH)
    assert stats(world)["rooms"][NORTH] == {"version": 73, **truth.recount(ESCROWS, NORTH)}


def head(world: World) -> Any:
    (item,) = (item for item in world.items(f"L#{NORTH}") if item["sk"]["S"] == "HEAD")
    return item


def head_bytes(world: World) -> int:
    """As DynamoDB counts them."""
    return size(head(world))


def test_a_refused_change_moves_no_figure(world: World) -> None:
    id_ = world.records.create(ESCROWS, AVA, HOUSE)["id"]
    before = head(world)
    assert problem(call(world, "PATCH", f"/escrows/{id_}", {"status": "sold"}))[0] == 422
    assert problem(call(world, "PATCH", f"/escrows/{id_}", {"purchasePriceCents": -1}))[0] == 422
    assert problem(call(world, "DELETE", f"/escrows/{id_}", headers={"if-match": '"7"'}))[0] == 412
    assert head(world) == before


def test_only_the_caller_reads_them(world: World) -> None:
    assert problem(call(world, "GET", "/escrows/stats", who=None)) == (401, "unauthenticated")
    newcomer = principal("new", role="agent")
    assert set(stats(world, newcomer)["rooms"]) == {"user:new", "broker:harbor"}


HISTORIES = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2**32 - 1)), min_size=12, max_size=32)


def test_after_any_history_the_figures_are_those_of_the_records_and_every_client_has_them() -> None:
    done: Counter[str] = Counter()

    @settings(max_examples=30, deadline=None, derandomize=True, database=None)
    @given(HISTORIES)
    def check(steps: list[tuple[str, int]]) -> None:
        world = World.in_memory()
        staff(world)
        done.update(assert_all_agree(world, steps))

    check()
    assert set(done) == set(ACTS)


def test_in_dynamodb_too_the_figures_are_those_of_the_records(world: World) -> None:
    staff(world)
    people = world.items("D#")

    @settings(max_examples=3, deadline=None, derandomize=True, database=None)
    @given(HISTORIES)
    def check(steps: list[tuple[str, int]]) -> None:
        refill(world, people)
        assert_all_agree(world, steps)

    check()


def assert_all_agree(world: World, steps: list[tuple[str, int]]) -> Counter[str]:
    """The figures that are kept, those of the records that are there, and those of every client. What was done."""
    history = History(world)
    for act, seed in steps:
        history.act(act, seed)
    truth = Truth(world)
    copies = {room: Copy(world, room) for room in truth.rooms}
    for module in MODULES:
        for room, seen in copies.items():
            assert truth.figures(module, room).figures == truth.recount(module, room)
            assert seen.figures[module.noun] == truth.figures(module, room)
            assert seen.records[module.noun] == truth.records(module, room)
    for module in (ESCROWS, CLIENTS):
        for who in STAFF:
            assert world.stats.read(module, who)["total"] == truth.recount(module, *who.rooms)
    return history.done


def refill(world: World, items: list[Any]) -> None:
    """A new table with nothing but these."""
    for name in TABLES:
        world.client.delete_table(TableName=name)
    create_tables(world.client, *TABLES)
    for start in range(0, len(items), 25):
        puts = [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]
        world.client.batch_write_item(RequestItems={"openhouse": puts})
