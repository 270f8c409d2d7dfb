"""The table in memory does what the real one does: every scenario runs against both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from botocore.exceptions import ClientError

from openhouse.storage.keys import Item
from openhouse.storage.table import Table, WriteConflict
from openhouse.storage.writes import (
    ABSENT,
    PRESENT,
    AllOf,
    AnyOf,
    Check,
    Condition,
    Delete,
    Lacks,
    Put,
    Update,
    absent_or,
    absent_or_at_most,
    absent_or_expired,
    alive,
    equals,
)
from tests.functional.conftest import TABLES
from tests.memory_table import MemoryTable

KEY = {"pk": "P", "sk": "one"}


@pytest.fixture(params=["in memory", "DynamoDB"])
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    if request.param == "in memory":
        yield MemoryTable()
    else:
        yield Table(request.getfixturevalue("dynamodb"), *TABLES)


def put(table: Table, **values: Any) -> None:
    table.write(Put({**KEY, **values}, absent_or(pk="P")))


def test_an_item_comes_back_as_it_was_written(table):
    item = {**KEY, "text": "Ünï", "count": 7, "share": 0.5, "whole": 2.0, "yes": True, "list": [1, {"deep": [None]}]}
    table.write(Put(item, ABSENT))
    found = table.get(KEY)
    assert found == item
    assert type(found["whole"]) is int
    assert table.get({**KEY, "sk": "two"}) is None


def test_nobody_holds_a_part_of_what_is_kept(table):
    value = [1]
    put(table, value=value)
    value.append(2)
    found = table.get(KEY)
    found["value"].append(3)
    assert table.get(KEY)["value"] == [1]


def test_an_update_sets_attributes_and_makes_an_item_where_there_is_none(table):
    table.write(Update(KEY, {"a": 1, "b": {"c": 2}}, ABSENT))
    table.write(Update(KEY, {"a": 2}, PRESENT))
    assert table.get(KEY) == {**KEY, "a": 2, "b": {"c": 2}}


NOW = 1_000
CONDITIONS: dict[str, tuple[Condition, Item | None, bool]] = {
    "absent, and it is": (ABSENT, None, True),
    "absent, and it is not": (ABSENT, {}, False),
    "present, and it is": (PRESENT, {}, True),
    "present, and it is not": (PRESENT, None, False),
    "equals one": (equals(a=1), {"a": 1}, True),
    "equals another": (equals(a=1), {"a": 2}, False),
    "equals all": (equals(a=1, b="x"), {"a": 1, "b": "x"}, True),
    "equals all but one": (equals(a=1, b="x"), {"a": 1, "b": "y"}, False),
    "equals what is not there": (equals(a=1), {}, False),
    "equals nothing": (equals(a=1), None, False),
    "equals a whole number": (equals(a=1), {"a": 1.0}, True),
    "equals a list": (equals(a=["x"]), {"a": ["x"]}, True),
    "absent or the same, absent": (absent_or(a=1, b=2), None, True),
    "absent or the same, the same": (absent_or(a=1, b=2), {"a": 1, "b": 2}, True),
    "absent or the same, another": (absent_or(a=1, b=2), {"a": 1, "b": 3}, False),
    "absent or expired, absent": (absent_or_expired(NOW), None, True),
    "absent or expired, expired": (absent_or_expired(NOW), {"ttl": NOW}, True),
    "absent or expired, alive": (absent_or_expired(NOW), {"ttl": NOW + 1}, False),
    "absent or expired, without an end": (absent_or_expired(NOW), {}, False),
    "alive, absent": (alive(NOW), None, False),
    "alive, expired": (alive(NOW), {"ttl": NOW}, False),
    "alive, alive": (alive(NOW), {"ttl": NOW + 1}, True),
    "lacks, and it does": (Lacks("a"), {"b": 1}, True),
    "lacks, and there is nothing": (Lacks("a"), None, True),
    "lacks, and it does not": (Lacks("a"), {"a": None}, False),
    "absent or at most, absent": (absent_or_at_most(a=5, b=6), None, True),
    "absent or at most, at most": (absent_or_at_most(a=5, b=6), {"a": 5, "b": 1}, True),
    "absent or at most, more": (absent_or_at_most(a=5, b=6), {"a": 5, "b": 7}, False),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_holds_for_every_kind_of_write_or_for_none(table, name):
    when, item, holds = CONDITIONS[name]
    writes = [
        lambda: table.write(Put({**KEY, "new": 1}, when)),
        lambda: table.write(Update(KEY, {"new": 1}, when)),
        lambda: table.write(Delete(KEY, when)),
        lambda: table.add(KEY, "sum", 1, when),
        lambda: table.transact([Put({**KEY, "new": 1}, when), Put({"pk": "Q", "sk": "q"}, absent_or(pk="Q"))]),
    ]
    for write in writes:
        table.delete_all([KEY])
        if item is not None:
            put(table, **item)
        if holds:
            write()
        else:
            with pytest.raises(WriteConflict, match="ConditionalCheckFailed"):
                write()
            assert table.get(KEY) == (None if item is None else {**KEY, **item})


@pytest.mark.parametrize(
    ("when", "item"),
    [(equals(a=1), {"a": True}), (equals(a=True), {"a": 1}), (absent_or_at_most(a=5), {"a": "4"})],
)
def test_values_of_two_kinds_do_not_compare_as_in_dynamodb_and_unlike_moto(when, item):
    table = MemoryTable()
    put(table, **item)
    with pytest.raises(WriteConflict):
        table.write(Delete(KEY, when))


def test_every_kind_of_condition_is_among_those_scenarios():
    def kinds(when: Condition) -> set[type]:
        inner = when.conditions if isinstance(when, AllOf | AnyOf) else ()
        return {type(when), *(kind for each in inner for kind in kinds(each))}

    assert {kind for when, _, _ in CONDITIONS.values() for kind in kinds(when)} == set(get_args(Condition))


@pytest.mark.parametrize("holds", [True, False])
def test_a_check_writes_nothing_and_lets_its_transaction_through_or_not(table, holds):
    put(table, a=1)
    other = {"pk": "P", "sk": "two"}
    writes = [Check(KEY, equals(a=1 if holds else 2)), Put(other, ABSENT)]
    if holds:
        table.transact(writes)
    else:
        with pytest.raises(WriteConflict):
            table.transact(writes)
    assert table.get(KEY) == {**KEY, "a": 1}
    assert (table.get(other) is not None) == holds


@pytest.mark.parametrize("holds", [True, False])
def test_a_check_alone_is_a_transaction_too(table, holds):
    put(table, a=1)
    check = Check(KEY, equals(a=1 if holds else 2))
    if holds:
        table.transact([check])
    else:
        with pytest.raises(WriteConflict):
            table.transact([check])


def test_all_of_a_transaction_is_written_or_nothing(table):
    put(table, a=1)
    other = {"pk": "P", "sk": "two"}
    with pytest.raises(WriteConflict, match="ConditionalCheckFailed"):
        table.transact([Put({**other, "b": 1}, ABSENT), Update(KEY, {"a": 2}, equals(a=7))])
    assert table.get(other) is None
    table.transact([Put({**other, "b": 1}, ABSENT), Update(KEY, {"a": 2}, equals(a=1))])
    assert table.get(KEY)["a"] == 2
    table.transact([Delete(other, PRESENT)])
    assert table.get(other) is None


def test_a_transaction_names_no_item_twice_and_no_more_than_a_hundred(table):
    with pytest.raises(ClientError):
        table.transact([Put(KEY, ABSENT), Delete(KEY, PRESENT)])
    with pytest.raises(ClientError):
        table.transact([Put({"pk": "P", "sk": str(number)}, ABSENT) for number in range(101)])


def test_a_sum_begins_with_nothing_and_is_told(table):
    assert table.add(KEY, "n", 5, ABSENT) == 5
    assert table.add(KEY, "n", -2, PRESENT) == 3
    assert table.get(KEY) == {**KEY, "n": 3}


def test_what_is_taken_is_told_once_and_only_under_its_condition(table):
    put(table, a=1)
    assert table.delete_returning(KEY, equals(a=2)) is None
    assert table.delete_returning(KEY, equals(a=1)) == {**KEY, "a": 1}
    assert table.delete_returning(KEY, PRESENT) is None


def test_many_are_found_as_far_as_they_are_there(table):
    keys = [{"pk": f"P{number % 3}", "sk": str(number)} for number in range(130)]
    for key in keys[::2]:
        table.write(Put({**key, "a": 1}, ABSENT))
    found = table.get_many(keys)
    assert sorted(item["sk"] for item in found) == sorted(key["sk"] for key in keys[::2])
    assert all(item.keys() == {"pk", "sk"} for item in table.get_many(keys, only_keys=True))
    with pytest.raises(ClientError):
        table.get_many([KEY, KEY])


def test_what_is_deleted_is_gone_and_what_is_not_there_may_be_deleted(table):
    keys = [{"pk": "P", "sk": str(number)} for number in range(30)]
    for key in keys:
        table.write(Put(key, ABSENT))
    table.delete_all([*keys, KEY])
    assert list(table.query("P", " ", "~")) == []


@pytest.mark.parametrize("page_size", [None, 1, 3])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_partition_is_read_in_order_between_bounds(table, backwards, page_size):
    for sk in ["b", "a", "d", "c", "e", "ä"]:
        table.write(Put({"pk": "P", "sk": sk, "at": sk.upper()}, ABSENT))
    table.write(Put({"pk": "Q", "sk": "c"}, ABSENT))
    found = [item["sk"] for item in table.query("P", "b", "d", backwards=backwards, page_size=page_size)]
    assert found == (["d", "c", "b"] if backwards else ["b", "c", "d"])
    everything = [item["sk"] for item in table.query("P", " ", "\U0010ffff", backwards=backwards, page_size=page_size)]
    assert everything == sorted("abcdeä", reverse=backwards)


@pytest.mark.parametrize(("low", "high"), [("b", "a"), ("", "a")])
def test_bounds_that_are_the_wrong_way_round_or_empty_are_refused(table, low, high):
    with pytest.raises(ClientError):
        list(table.query("P", low, high))


@pytest.mark.parametrize("page_size", [None, 2])
@pytest.mark.parametrize("backwards", [False, True])
def test_an_index_orders_by_its_own_attribute_and_shows_what_it_holds(table, backwards, page_size):
    for sk, date in [("a", "3"), ("b", "1"), ("c", "2"), ("d", "9")]:
        table.write(Put({"pk": "R#P", "sk": sk, "by_date": date, "status": "open", "city": "Davis"}, ABSENT))
    table.write(Put({"pk": "R#P", "sk": "e"}, ABSENT))
    rows = list(table.query("R#P", "1", "3", index="by_date", backwards=backwards, page_size=page_size))
    assert [row["sk"] for row in rows] == (["a", "c", "b"] if backwards else ["b", "c", "a"])
    assert rows[1] == {"pk": "R#P", "sk": "c", "by_date": "2", "status": "open"}


def test_someone_else_may_come_first_before_every_step():
    steps = list[str]()
    table = MemoryTable(before=steps.append)
    table.write(Put(KEY, ABSENT))
    table.get_many([KEY, {"pk": "P", "sk": "two"}])
    list(table.query("P", " ", "~", page_size=1))
    table.delete_all([KEY])
    assert steps == ["write", "get_many", "get_many", "query", "query", "delete_all"]


def test_every_change_is_told_with_what_was_there_before():
    told = list[Any]()
    table = MemoryTable(told=lambda old, new: told.append((old, new)))
    table.write(Put({**KEY, "a": 1}, ABSENT))
    table.write(Update(KEY, {"a": 2}, PRESENT))
    table.delete_all([KEY, KEY])
    assert told == [(None, {**KEY, "a": 1}), ({**KEY, "a": 1}, {**KEY, "a": 2}), ({**KEY, "a": 2}, None)]
