"""What lists cost: the calls and read units of docs/lists.md, counted."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from bench import units
from bench.meter import Meter, row_of
from openhouse.core import ids
from openhouse.crm.bulk import Bulk
from openhouse.crm.lists import ROWS_AT_ONCE
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.storage.item_size import size
from tests.fakes import AVA, DANA, principal
from tests.functional.conftest import World
from tests.functional.list_model import page

DOCUMENT = (Path(__file__).parents[2] / "docs" / "lists.md").read_text()
ROOMS = ("private", "team", "broker")
IN_EACH, PAGE = 60, 50

Cost = tuple[int, int, float]  # BatchGetItem calls, Query calls, read units


@pytest.fixture
def measured(world: World) -> Callable[[str], Cost]:
    """Ava's three rooms with 60 records of some 2 KB in each: every fourth archived, every sixth without a date."""
    numbers = itertools.count(1)
    bulk = Bulk(
        world.records,
        world.log,
        world.idempotency,
        world.commit_builder,
        new_id=lambda now: ids.uuid7(now, lambda size: next(numbers).to_bytes(size, "big")),
    )
    records = [
        {
            "propertyAddress": f"{number:03d} Harbor Way",
            "notes": "n" * 1_300,
            "visibility": ROOMS[number % 3],
            "archived": number % 4 == 0,
            **({"closeOfEscrowDate": f"2026-03-{1 + number // 10:02d}"} if number % 6 else {}),
        }
        for number in range(IN_EACH * len(ROOMS))
    ]
    assert all("error" not in result for result in bulk.write(ESCROWS, AVA, [{"record": each} for each in records]))
    world.follow()
    world.clock.advance(60)
    meter = Meter(world.client.meta.events, boto3.Session().client("dynamodb"))

    def measure(query: str) -> Cost:
        with meter.of("crm"):
            if query == "/stats":
                world.stats.read(ESCROWS, AVA)
            else:
                page(world, ESCROWS, AVA, dict(each.split("=") for each in query.split("&") if each))
        lines = {line.operation: line for line in meter.take()}
        assert lines.keys() <= {"BatchGetItem", "Query"}  # no Scan, and no GetItem one by one
        queries = lines["Query"].calls if "Query" in lines else 0
        return lines["BatchGetItem"].calls, queries, sum(line.read_units for line in lines.values())

    return measure


class Stored:
    """Ava's records as they are in the table."""

    def __init__(self, world: World) -> None:
        self._world = world
        items = [item for item in world.items("R#") if item["sk"]["S"].startswith("escrow#")]
        self._rooms = [[item for item in items if item["pk"]["S"] == f"R#{room}"] for room in AVA.rooms]

    def looked_at(self, index: str | None, count: int, since: str = "", until: str = "~") -> float:
        """Read units of the last `count` rows of each room in the order of an index, or else of whole records."""
        total = 0.0
        for records in self._rooms:
            place = index or "sk"
            ordered = sorted((item[place]["S"], size(row_of(item, index) if index else item)) for item in records)
            within = [size for at, size in ordered if f"escrow#{since}" <= at <= f"escrow#{until}"]
            total += units.read_units(sum(within[-count:]))
        return total

    def indexed(self, word: str) -> float:
        """Read units of the rows of all words that begin so, eventually consistent, of each room."""
        sizes = dict.fromkeys(AVA.rooms, 0)
        for row in self._world.items("W#"):
            if row["sk"]["S"].startswith(word):
                sizes[row["pk"]["S"].removeprefix("W#")] += size(row)
        return sum(units.read_units(size, consistent=False) for size in sizes.values())

    def last_commits(self) -> float:
        """Read units of the last log entry of each room."""
        entries = [item for item in self._world.items("L#") if item["sk"]["S"] != "HEAD"]
        last = {item["pk"]["S"]: item for item in sorted(entries, key=lambda item: item["sk"]["S"])}
        return sum(units.read_units(size(item)) for item in last.values())


def test_each_kind_of_list_costs_what_the_document_says(world: World, measured: Callable[[str], Cost]) -> None:
    """R + rows looked at + records fetched; a record of 2 KB takes one unit when it is fetched by itself."""
    rooms, stored = len(AVA.rooms), Stored(world)
    heads_and_ends = rooms + stored.last_commits()
    formulas: dict[str, Cost] = {
        "": (1, rooms, rooms + stored.looked_at(None, PAGE + 2)),
        "archived=false": (1 + 1, rooms, rooms + stored.looked_at("by_created", ROWS_AT_ONCE) + PAGE),
        "sort=changed": (1 + 1, rooms, rooms + stored.looked_at("by_changed", PAGE + 2) + PAGE),
        "sort=-date": (1 + 1, rooms, rooms + stored.looked_at("by_date", PAGE + 2, "0") + PAGE),
        "sort=-date&from=2026-03-05&to=2026-03-06": (
            1 + 1,
            rooms,
            rooms + stored.looked_at("by_date", ROWS_AT_ONCE, "2026-03-05", "2026-03-06~") + 17,
        ),
        # Rows of the words in each room, and its last commit, which is too old to say anything.
        "q=harbor": (1 + 1, 2 * rooms, heads_and_ends + stored.indexed("harbor") + PAGE),
        "q=harbor&sort=changed": (
            1 + 1,
            3 * rooms,
            heads_and_ends + stored.indexed("harbor") + stored.looked_at("by_changed", ROWS_AT_ONCE) + PAGE,
        ),
        "q=000&sort=changed": (1 + 1, 2 * rooms, heads_and_ends + stored.indexed("000") + 1),
        "q=harbor 000": (1 + 1, 3 * rooms, heads_and_ends + stored.indexed("harbor") + stored.indexed("000") + 1),
        "/stats": (1, 0, rooms),
    }
    counted = {query: measured(query) for query in formulas}
    assert counted == formulas
    for query, (gets, queries, reads) in counted.items():
        asked = query if query.startswith("/") else f"?{query}".rstrip("?")
        assert f"| `GET /escrows{asked}` | {gets} | {queries} | {reads:g} |" in DOCUMENT


@pytest.mark.parametrize(
    ("patch", "rows"),
    [
        ({"notes": "called twice"}, 2),
        ({"checklists": {"loan": {"1": {"title": "Appraisal"}}}}, 2),
        ({"purchasePriceCents": 43_000_000}, 4),
        ({"propertyAddress": "2 Harbor Way"}, 4),
        ({"closeOfEscrowDate": "2026-04-01"}, 5),
        ({"status": "pending"}, 6),
        ({"archived": True}, 6),
    ],
)
def test_a_change_pays_for_rows_in_the_orders_that_it_touches(world: World, patch: dict[str, Any], rows: int) -> None:
    """Beside record, head and log entry."""
    document = {"propertyAddress": "1 Harbor Way", "purchasePriceCents": 42_500_000, "closeOfEscrowDate": "2026-03-31"}
    made = world.records.create(ESCROWS, DANA, {**document, "teamId": "north"})
    world.clock.advance(1)
    meter = Meter(world.client.meta.events, boto3.Session().client("dynamodb"))
    with meter.of("crm"):
        world.records.patch(ESCROWS, DANA, made["id"], patch)
    written = {what: units for line in meter.take() for what, units in line.written.items()}
    assert sum(units for what, units in written.items() if what.endswith(", rows")) == rows
    assert {what: units for what, units in written.items() if not what.endswith(", rows")} == {
        "record": 2,
        "head": 2,
        "log entry": 2,
    }


def test_a_text_is_not_sought_one_record_at_a_time(measured: Callable[[str], Cost]) -> None:
    """However few are asked for."""
    assert measured("q=000&sort=changed&limit=1") == measured("q=000&sort=changed")


def test_a_date_order_that_comes_to_its_undated_records_asks_each_room_once_more(
    measured: Callable[[str], Cost],
) -> None:
    _, queries, _ = measured("sort=date&limit=200")
    assert queries == 2 * len(AVA.rooms)


def test_a_page_costs_someone_in_many_rooms_little_more(world: World) -> None:
    teams = [f"team{number:02d}" for number in range(20)]
    broker = principal("bo", *teams, role="broker")
    records = [
        {"propertyAddress": f"{number} Harbor Way", "notes": "n" * 1_300, "teamId": team}
        for team in teams
        for number in range(PAGE if team == "team07" else 30)
    ]
    for start in range(0, len(records), 100):
        entries = [{"record": record} for record in records[start : start + 100]]
        assert all("error" not in result for result in world.bulk.write(ESCROWS, broker, entries))
    meter = Meter(world.client.meta.events, boto3.Session().client("dynamodb"))
    with meter.of("crm"):
        found = page(world, ESCROWS, broker, {})
    lines = {line.operation: line for line in meter.take()}
    assert len(found["items"]) == PAGE
    rooms = len(broker.rooms)
    assert rooms <= lines["Query"].calls <= rooms + 5
    # 10 records of 1.9 KB in each team, which is 5 units; to read 52 of each, where there are so many, is 271.
    assert lines["Query"].read_units <= 20 * 5 + 2 + 5 * 5
