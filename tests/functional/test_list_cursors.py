"""What does not change is met exactly once on the pages of a list, whatever else changes meanwhile."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.schema import create_tables
from openhouse.crm import lists
from openhouse.crm.modules.escrows import ESCROWS
from tests.fakes import AVA, BEN
from tests.functional.conftest import TABLES, World
from tests.functional.list_model import ORDERS, Record, expected, matches, page
from tests.memory_table import MemoryTable

DATES = ("2026-03-01", "2026-03-02", "2026-03-03")
ROOMS = ("private", "team", "broker")
SEARCHED = ("red", "green")

new = st.fixed_dictionaries(
    {"visibility": st.sampled_from(ROOMS), "propertyAddress": st.sampled_from(SEARCHED)},
    optional={"closeOfEscrowDate": st.sampled_from(DATES)},
)
patch = st.fixed_dictionaries(
    {},
    optional={
        "closeOfEscrowDate": st.sampled_from([*DATES, None]),
        "propertyAddress": st.sampled_from(SEARCHED),
        "status": st.sampled_from(["pending", "opened"]),
        "archived": st.booleans(),
        "visibility": st.sampled_from(ROOMS),
    },
)
step = st.tuples(st.sampled_from(["create", "patch", "patch", "patch", "delete"]), st.integers(0, 99), new, patch)
Step = tuple[str, int, Record, Record]  # what to do, to which record, a new one's document, another's patch
FILTERS: list[dict[str, str]] = [
    {},
    {"q": "red"},
    {"status": "opened"},
    {"status": "opened,pending", "q": "green"},
    {"archived": "false"},
    {"owner": "ben", "archived": "false"},
    {"from": "2026-03-02"},
    {"to": "2026-03-02"},
    {"from": "2026-03-02", "to": "2026-03-02", "q": "red"},
]


class Brokerage:
    """Ava's three rooms, in which Ben works too, and every version that their records ever had."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.now: dict[str, Record] = {}  # by id
        self.versions: list[Record] = []
        self.changed: set[str] = set()

    def fill(self, batches: Sequence[Sequence[Record]]) -> None:
        """Each at one moment, by turns by Ava and by Ben."""
        for number, batch in enumerate(batches):
            self._world.clock.advance(1)
            made = self._world.bulk.write(ESCROWS, (AVA, BEN)[number % 2], [{"record": each} for each in batch])
            for record in self._world.records.read_some(ESCROWS, AVA, [one["id"] for one in made]).values():
                self._keep(record.wire())

    def take(self, step: Step) -> None:
        """Half of all steps happen in one millisecond with the step before."""
        kind, number, document, patch = step
        self._world.clock.advance(number % 2)
        if kind == "create" or not self.now:
            self._keep(self._world.records.create(ESCROWS, AVA, document))
            return
        id_ = sorted(self.now)[number % len(self.now)]
        owner = AVA if self.now[id_]["ownerId"] == "ava" else BEN
        if kind == "delete":
            self._world.records.delete(ESCROWS, owner, id_)
            del self.now[id_]
            self.changed.add(id_)
            return
        if owner is BEN:  # what he made private she would not see
            patch = {name: value for name, value in patch.items() if name != "visibility"}
        self._keep(self._world.records.patch(ESCROWS, owner, id_, patch))

    def _keep(self, record: Record) -> None:
        if self.now.get(record["id"]) != record:
            self.changed.add(record["id"])
            self.now[record["id"]] = record
            self.versions.append(record)
            self._world.follow()

    def page(self, query: Mapping[str, str]) -> Any:
        """No record twice, and each as it was at some time, and as it was asked for."""
        found = page(self._world, ESCROWS, AVA, query)
        assert not [id_ for id_, count in Counter(record["id"] for record in found["items"]).items() if count > 1]
        for record in found["items"]:
            assert record in self.versions
            assert matches(ESCROWS, record, query)
        return found


@contextmanager
def interrupted(world: World, by: Callable[[], None]) -> Iterator[None]:
    """Someone else comes first before each call that a list makes."""
    busy = False

    def come_first(*_: Any, **__: Any) -> None:
        nonlocal busy
        if not busy:
            busy = True
            by()
            busy = False

    if isinstance(world.table, MemoryTable):
        world.table.before = lambda step: come_first() if step in ("query", "get_many") else None
        yield
        world.table.before = lambda _step: None
        return
    events, names = world.client.meta.events, [f"before-call.dynamodb.{call}" for call in ("Query", "BatchGetItem")]
    for name in names:
        events.register(name, come_first)
    try:
        yield
    finally:
        for name in names:
            events.unregister(name, come_first)


HISTORIES: dict[str, st.SearchStrategy[Any]] = {
    "sort": st.sampled_from(ORDERS),
    "filters": st.sampled_from(FILTERS),
    "batches": st.lists(st.lists(new, min_size=3, max_size=8), min_size=2, max_size=3),
    "earlier": st.lists(step, max_size=5),
    "later": st.lists(st.one_of(step, st.none()), min_size=2, max_size=12),
    "while_read": st.booleans(),
    "data": st.data(),
}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(**HISTORIES)
def test_what_does_not_change_is_met_exactly_once_and_in_order(**history: Any) -> None:
    meet_all(World.in_memory(), **history)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(**HISTORIES)
def test_in_dynamodb_too_what_does_not_change_is_met_exactly_once(world: World, **history: Any) -> None:
    for name in TABLES:
        world.client.delete_table(TableName=name)
    create_tables(world.client, *TABLES)
    meet_all(world, **history)


def meet_all(
    world: World,
    *,
    sort: str,
    filters: dict[str, str],
    batches: list[list[Record]],
    earlier: list[Step],
    later: list[Step | None],
    while_read: bool,
    data: st.DataObject,
) -> None:
    query = {**filters, "sort": sort}
    brokerage = Brokerage(world)
    brokerage.fill(batches)
    for each in earlier:
        brokerage.take(each)
    before, brokerage.changed = dict(brokerage.now), set()
    steps = iter(later)

    def meanwhile() -> None:
        if each := next(steps, None):
            brokerage.take(each)

    met: list[str] = []
    with pytest.MonkeyPatch.context() as patched:
        for bound in ("LOOKED_AT", "ROWS_AT_ONCE", "FETCHED_AT_ONCE"):
            patched.setattr(lists, bound, data.draw(st.sampled_from([2, 3, 5, 100])))
        cursor, followed = "", set[str]()
        while cursor not in followed:
            followed.add(cursor)
            asked = {**query, "limit": str(data.draw(st.sampled_from([1, 2, 3, 7])))}
            if cursor:
                asked["cursor"] = cursor
            with interrupted(world, meanwhile if while_read else lambda: None):
                found = brokerage.page(asked)
            met += [record["id"] for record in found["items"]]
            cursor = found.get("cursor", "")  # the last page has none, as if the list began again
            meanwhile()
    assert not cursor
    untouched = [record for id_, record in before.items() if id_ not in brokerage.changed]
    wanted = [record["id"] for record in expected(ESCROWS, untouched, query)]
    assert [id_ for id_ in met if id_ not in brokerage.changed] == wanted


def before_call(number: int, act: Callable[[], object]) -> Callable[[], None]:
    """Acts once, before the call of that number."""
    calls = itertools.count(1)

    def come_first() -> None:
        if next(calls) == number:
            act()

    return come_first


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize(
    ("before", "patch"),
    [
        ({"visibility": "private"}, {"visibility": "broker"}),
        ({"visibility": "broker"}, {"visibility": "private"}),
        ({"closeOfEscrowDate": "2026-03-01"}, {"closeOfEscrowDate": None}),
        ({}, {"closeOfEscrowDate": "2026-03-01"}),
    ],
)
def test_a_record_that_takes_another_place_while_a_page_is_read_is_not_met_twice(
    world: World, sort: str, before: Record, patch: Record
) -> None:
    """At worst it is not met at all: then the change is told after the positions."""
    for call in range(1, 10):  # for the positions, for three rooms (of both parts, if by date), for the records
        made = world.records.create(ESCROWS, AVA, {"propertyAddress": "1", **before})
        known = world.log.heads(AVA.rooms)[made["room"]].seq
        with interrupted(world, before_call(call, partial(world.records.patch, ESCROWS, AVA, made["id"], patch))):
            found = page(world, ESCROWS, AVA, {"sort": sort, "limit": "5"})
        met = [record["version"] for record in found["items"] if record["id"] == made["id"]]
        assert met in ([1], [2], [])
        assert met or found["positions"][made["room"]]["seq"] == known


def test_of_two_versions_that_a_page_meets_the_later_one_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broker's room has been read when a record leaves it for the room whose next rows are read then."""
    monkeypatch.setattr(lists, "ROWS_AT_ONCE", 1)
    made = [
        world.records.create(ESCROWS, AVA, {"propertyAddress": "1", "visibility": visibility, "purchasePriceCents": 1})
        for visibility in ("private", "broker", "private")
    ]
    move = partial(world.records.patch, ESCROWS, AVA, made[1]["id"], {"visibility": "private"})
    with interrupted(world, before_call(5, move)):  # after the positions and the first rows of three rooms
        found = page(world, ESCROWS, AVA, {"minPriceCents": "1"})
    assert [(record["id"], record["version"]) for record in found["items"]] == [
        ("id-0003", 1),
        ("id-0002", 2),
        ("id-0001", 1),
    ]


def test_a_record_that_has_moved_is_met_though_the_index_still_leads_to_where_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    brokerage = Brokerage(World.in_memory())
    brokerage.fill([[{"visibility": "team", "propertyAddress": "red"}] * 8])
    for number in range(8):
        brokerage.take(("patch", number, {}, {"visibility": "broker"}))
    monkeypatch.setattr(lists, "LOOKED_AT", 1)
    met: list[str] = []
    query = {"q": "red"}
    while True:
        found = brokerage.page(query)
        met += [record["id"] for record in found["items"]]
        if "cursor" not in found:
            break
        query = {"q": "red", "cursor": found["cursor"]}
    assert sorted(met) == sorted(brokerage.now)
