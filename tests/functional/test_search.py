"""Search over all modules, and lists by words: what people type finds what they mean, and nobody else's records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.search import rebuild_brokerage
from deployed.terminal import CommandFailed
from openhouse.api.list_parameters import parse_list_query
from openhouse.core.errors import OpenhouseError
from openhouse.core.principal import Principal
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.crm.rebuilding import Rebuilt, rebuild
from openhouse.crm.search import LAG, MOST_RECENT, ROWS_READ, SearchQuery, asked_words
from openhouse.identity.directory import Team, User
from openhouse.storage.keys import RecordPlace, TermRow
from openhouse.storage.writes import Write
from tests.fakes import AVA, BEN, DANA, MIA
from tests.functional.indexed import IndexedWorld
from tests.functional.list_model import whole


def found(world: IndexedWorld, who: Principal, text: str, *modules: Module, **more: Any) -> list[str]:
    """Ids, in their order."""
    query = SearchQuery(words=asked_words(text), modules=modules or MODULES, **more)
    return [record.id for _, record in world.search.page(who, query)[0]]


def made(world: IndexedWorld, module: Module, who: Principal = AVA, **fields: Any) -> str:
    return str(world.records.create(module, who, {**module.example, **fields})["id"])


@pytest.fixture
def world() -> IndexedWorld:
    return IndexedWorld()


@pytest.mark.parametrize("text", [
    "angela nunez", "NÚÑEZ", "nun ang", "Nu\u0301n\u0303ez,  Ángela!", "(661) 555-0142", "0142", "661 555",
    "6615550142", "+1 661.555.0142", "555-0142", "angela@example.com", "sacramento nunez", "first home",
    "o'brien trust", "brien", "OBRIEN", "12 harbor street", "12 harbor st.", "95814",
])  # fmt: skip
def test_what_people_type_finds_the_client(world: IndexedWorld, text: str):
    client = made(
        world,
        CLIENTS,
        firstName="Ángela",
        lastName="Nun\u0303ez",
        company="O\u2019Brien Trust",
        email="angela@example.com",
        phone="(661) 555-0142",
        address="12 Harbor St",
        city="Sacramento",
        zip="95814",
        tags={"First Home": True},
    )
    world.settle()
    assert found(world, AVA, text) == [client]
    assert [record["id"] for record in whole(world, CLIENTS, AVA, q=text)] == [client]


@pytest.mark.parametrize("text", ["angela lopez", "ngela", "5501", "", "?!", "trustee"])
def test_what_is_not_there_is_not_found(world: IndexedWorld, text: str):
    made(world, CLIENTS, firstName="Ángela", lastName="Núñez", company="O'Brien Trust", phone="(661) 555-0142")
    world.settle()
    assert found(world, AVA, text) == []


def test_records_of_all_modules_are_found_at_once(world: IndexedWorld):
    ids = {
        made(world, ESCROWS, buyerName="Rosa Quill"),
        made(world, LISTINGS, address="1 Quill Road"),
        made(world, CLIENTS, lastName="Quill"),
        made(world, APPOINTMENTS, title="Showing for Quill"),
        made(world, LEADS, company="Quill Ltd"),
    }
    world.settle()
    assert set(found(world, AVA, "quill")) == ids
    assert len(found(world, AVA, "quill", CLIENTS, LEADS)) == 2
    assert len(found(world, AVA, "quill", limit=3)) == 3


def test_another_team_finds_nothing_of_it_before_and_after_the_index_has_followed(world: IndexedWorld):
    made(world, CLIENTS, lastName="Quill")
    made(world, CLIENTS, lastName="Quill", visibility="private")
    for _ in range(2):
        assert found(world, MIA, "quill") == []
        assert len(found(world, BEN, "quill")) == 1
        assert len(found(world, AVA, "quill")) == 2
        world.settle()


def test_a_row_that_is_left_over_shows_nobody_anything(world: IndexedWorld):
    client = made(world, CLIENTS, lastName="Quill")
    world.settle()
    world.records.patch(CLIENTS, AVA, client, {"visibility": "private"})
    world.clock.advance(3600)  # and the index has stood still
    assert found(world, BEN, "quill") == []


def test_what_was_written_a_moment_ago_is_found_though_the_index_has_not_followed(world: IndexedWorld):
    client = made(world, CLIENTS, lastName="Quill")
    assert found(world, AVA, "quill") == [client]
    world.records.patch(CLIENTS, AVA, client, {"lastName": "Pen"})
    assert (found(world, AVA, "quill"), found(world, AVA, "pen")) == ([], [client])


def test_changes_moves_deletion_and_recovery_are_followed(world: IndexedWorld):
    client = made(world, CLIENTS, AVA, lastName="Quill", city="Davis")
    world.settle()
    before = world.terms("team:north")
    assert before["quill"] == before["davis"] == 1

    world.records.patch(CLIENTS, AVA, client, {"lastName": "Pen"})
    world.settle()
    assert (found(world, AVA, "quill"), found(world, AVA, "pen davis")) == ([], [client])
    assert "quill" not in world.terms("team:north")

    world.records.patch(CLIENTS, AVA, client, {"visibility": "broker"})
    world.settle()
    assert found(world, MIA, "pen") == [client]
    assert world.terms("team:north") == {}

    world.records.delete(CLIENTS, AVA, client)
    world.settle()
    assert found(world, AVA, "pen") == []
    assert world.terms("broker:harbor") == {}

    world.records.recover(CLIENTS, AVA, client)
    world.settle()
    assert found(world, MIA, "pen") == [client]


def test_archived_records_come_last_or_alone_or_not_at_all(world: IndexedWorld):
    old, new = made(world, CLIENTS, lastName="Quill"), made(world, CLIENTS, lastName="Quill")
    world.records.patch(CLIENTS, AVA, new, {"archived": True})
    world.settle()
    assert found(world, AVA, "quill") == [old, new]
    assert found(world, AVA, "quill", archived=True) == [new]
    assert found(world, AVA, "quill", archived=False) == [old]


def test_whole_words_come_before_those_that_only_begin_so_and_new_records_before_old_ones(world: IndexedWorld):
    ids = []
    for name in ("Ana", "Anastasia", "Ana", "Anabel"):
        ids.append(made(world, CLIENTS, firstName=name, lastName="Quill"))
        world.clock.advance(1)
    world.settle()
    assert found(world, AVA, "ana") == [ids[2], ids[0], ids[3], ids[1]]


def test_a_change_that_touches_no_word_writes_nothing_and_others_write_what_differs(world: IndexedWorld):
    client = made(world, CLIENTS, lastName="Quill", city="Davis")
    world.settle()
    written: list[str] = []
    world.table.before = written.append
    for changes, writes in (({"status": "closed"}, 0), ({"lastName": "Pen"}, 2), ({"archived": True}, 0)):
        world.records.patch(CLIENTS, AVA, client, changes)
        written.clear()
        world.settle()
        assert Counter(written).total() == writes, changes


def test_a_batch_that_is_handed_over_again_changes_nothing(world: IndexedWorld):
    client = made(world, CLIENTS, lastName="Quill")
    world.records.patch(CLIENTS, AVA, client, {"lastName": "Pen"})
    world.records.patch(CLIENTS, AVA, client, {"visibility": "broker"})
    batch = list(world.pending)
    world.settle()
    rows = {room: world.terms(room) for room in ("team:north", "broker:harbor")}
    world.word_index.process(batch)
    world.word_index.process(batch[1:])
    assert {room: world.terms(room) for room in rows} == rows


@pytest.mark.parametrize("name", ["#", "...", "-", "\U0001f469\u200d\U0001f469", "\u2014 /"])
def test_a_record_without_a_word_keeps_no_other_from_being_found(world: IndexedWorld, name: str):
    nameless = world.records.create(CLIENTS, AVA, {"lastName": name})["id"]
    quill = made(world, CLIENTS, BEN, lastName="Quill")
    world.settle()
    assert found(world, AVA, "quill") == [quill]
    world.records.patch(CLIENTS, AVA, nameless, {"lastName": "Feather"})
    world.settle()
    assert found(world, AVA, "feather") == [nameless]


def test_a_record_that_cannot_be_read_keeps_no_other_from_being_found(world: IndexedWorld):
    made(world, CLIENTS, lastName="Feather")
    broken = world.pending[-1]["dynamodb"]["NewImage"]
    del broken["created_at"]
    quill = made(world, CLIENTS, lastName="Quill")
    world.settle()
    assert found(world, AVA, "quill") == [quill]


def test_the_index_is_made_anew_of_the_records_by_a_command(world: IndexedWorld):
    world.directory.found("harbor", "Harbor", User(user_id="root", email="r@x.test", name="Root", role="admin"))
    world.directory.put_team("harbor", Team(team_id="north", name="North"))
    made(world, CLIENTS, lastName="Quill")
    made(world, APPOINTMENTS, endsAt="2026-05-04T18:45:00.000Z")
    world.settle()
    rows = dict(world.table.rows("W#team:north"))
    for sk in list(rows)[::2]:
        world.table.drop({"pk": "W#team:north", "sk": sk})
    world.table.put({**TermRow("stale", "0", "client", "x").key("team:north"), "version": 3})
    done = rebuild_brokerage(world, "harbor", lambda _news: None)
    assert (done.records, done.rows, done.stale) == (2, -(-len(rows) // 2), 1)
    assert world.table.rows("W#team:north").keys() == rows.keys()
    assert rebuild_brokerage(world, "harbor", lambda _news: None) == Rebuilt(records=2)
    with pytest.raises(CommandFailed, match="There is no brokerage elsewhere"):
        rebuild_brokerage(world, "elsewhere", lambda _news: None)


def test_what_is_written_anew_while_the_index_is_made_is_not_removed(world: IndexedWorld):
    client = made(world, CLIENTS, lastName="Quill")
    stale = {**TermRow("pen", "0", "client", client).key("team:north"), "version": 1}
    world.table.put(stale)
    really = world.table.write

    def written_before(write: Write) -> None:
        world.table.put({**stale, "version": 2})
        really(write)

    world.table.write = written_before
    done = Rebuilt()
    rebuild(world.table, world.word_index, MODULES, "team:north", done)
    assert done.stale == 0
    assert stale["sk"] in world.table.rows("W#team:north")


@pytest.fixture(scope="module")
def crowd() -> IndexedWorld:
    """More escrows in Sacramento than are looked at, 240 of them of odd buyers, and one of Rosa Quill."""
    world = IndexedWorld()
    for start in range(0, sum(ROWS_READ) + 40, 90):
        buyers = ("Odd" if number < 240 else "Even" for number in range(start, start + 90))
        entries = [{"record": {**ESCROWS.example, "city": "Sacramento", "buyerName": buyer}} for buyer in buyers]
        world.bulk.write(ESCROWS, AVA, entries)
    made(world, ESCROWS, buyerName="Rosa Quill", city="Sacramento")
    world.settle()
    return world


@contextmanager
def reading(world: IndexedWorld) -> Iterator[Counter[str]]:
    read = Counter[str]()
    world.table.before = lambda what: read.update([what])
    yield read
    world.table.before = lambda _what: None


def test_of_what_very_many_have_a_search_finds_some_and_says_that_there_may_be_more(crowd: IndexedWorld):
    with reading(crowd) as read:
        records, more = crowd.search.page(AVA, SearchQuery(words=("sacramento",), modules=MODULES))
    assert (len(records), more) == (20, True)
    assert read["query"] < 20
    assert read["get_many"] == 50


def test_beside_a_rare_word_a_common_one_hides_nothing_and_costs_little(crowd: IndexedWorld):
    with reading(crowd) as read:
        records, more = crowd.search.page(AVA, SearchQuery(words=("sacramento", "quill"), modules=MODULES))
        assert [record.wire()["buyerName"] for _, record in records] == ["Rosa Quill"]
        assert len(whole(crowd, ESCROWS, AVA, q="quill sacramento", sort="-date", limit="5")) == 1
    assert not more
    assert read["get_many"] == 2 + len(AVA.rooms)


@pytest.mark.parametrize("sort", ["newest", "name"])
def test_a_list_by_a_word_that_very_many_have_leads_to_all_of_them(crowd: IndexedWorld, sort: str):
    ids = [record["id"] for record in whole(crowd, ESCROWS, AVA, q="sacra", sort=sort, limit="200")]
    assert len(ids) == len(set(ids)) > sum(ROWS_READ)


@pytest.mark.parametrize("sort", ["newest", "changed", "name"])
def test_of_hundreds_that_have_a_word_a_list_reads_no_more_than_a_page(crowd: IndexedWorld, sort: str):
    with reading(crowd) as read:
        page = crowd.lists.page(ESCROWS, AVA, parse_list_query(ESCROWS, {"q": "odd", "sort": sort}))
    assert len(page["items"]) == 50
    assert read["get_many"] == 50 + len(AVA.rooms)
    assert len(whole(crowd, ESCROWS, AVA, q="odd", sort=sort)) == 240


# Whatever happens, and however late the index is ---------------------------------------------------------------------

NAMES = ("Núñez", "nunez", "O'Brien", "Ana", "Anastasia")
PEOPLE = (AVA, BEN, MIA, DANA)
step = st.tuples(
    st.sampled_from(["create", "create", "patch", "patch", "move", "delete", "recover", "follow"]),
    st.integers(0, 99),
    st.sampled_from(PEOPLE),
    st.sampled_from(NAMES),
    st.sampled_from(["private", "team", "broker"]),
)

MOST_LATE = 10  # steps that the index has not followed yet


def _take(world: IndexedWorld, ids: list[str], step: Any, *, pause: float) -> None:
    """`pause`: seconds before it, at most."""
    kind, number, who, name, visibility = step
    world.clock.advance(number % 3 / 2 * pause)
    if kind == "follow":
        world.settle()
        return
    if kind == "create" or not ids:
        place = {"visibility": visibility, "teamId": who.team_ids[0]}
        ids.append(made(world, CLIENTS, who, lastName=name, tags={}, **place))
        return
    id_, records = ids[number % len(ids)], world.records
    try:
        if kind == "patch":
            records.patch(CLIENTS, who, id_, {"lastName": name, "archived": number % 2 == 0})
        elif kind == "move":
            records.patch(CLIENTS, who, id_, {"visibility": visibility})
        elif kind == "delete":
            records.delete(CLIENTS, who, id_)
        else:
            records.recover(CLIENTS, who, id_)
    except OpenhouseError:
        pass  # not theirs


def _model(world: IndexedWorld, who: Principal, plain: str) -> set[str]:
    folded = {"Núñez": "nunez", "nunez": "nunez", "O'Brien": "obrien", "Ana": "ana", "Anastasia": "anastasia"}
    rooms = {f"R#{room}" for room in who.rooms}
    return {
        RecordPlace.of(item).id
        for item in world.table.items("R#")
        if item["pk"] in rooms and folded[item["last_name"]].startswith(plain)
    }


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(step, max_size=MOST_RECENT), st.lists(step, max_size=MOST_LATE))
def test_everybody_finds_what_they_may_read_and_nothing_else(early: Sequence[Any], late: Sequence[Any]):
    world, ids = IndexedWorld(), list[str]()
    for each in early:
        _take(world, ids, each, pause=2)
    world.settle()
    for each in late:  # together less than the index may be late by
        _take(world, ids, each, pause=0.9 * LAG.total_seconds() / MOST_LATE)
    if world.pending and int(world.clock.at.timestamp()) % 2:
        world.word_index.process(world.pending[: len(world.pending) // 2])  # it is on its way
    for who in PEOPLE:
        for text in ("nunez", "an", "o brien"):
            expected = _model(world, who, "obrien" if text == "o brien" else text)
            assert set(found(world, who, text)) == expected
            assert {record["id"] for record in whole(world, CLIENTS, who, q=text, limit="2")} == expected
