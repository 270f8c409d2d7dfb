"""What the keys of the two tables promise each other: each is of one kind, and no query for one kind meets another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import Parameter, getmembers, isfunction, signature
from itertools import combinations
from typing import Any

import pytest

from openhouse.core.room_names import shards_of
from openhouse.storage import item_kinds, keys
from openhouse.storage.item_kinds import KINDS, KeyPrefix, records_of
from openhouse.storage.keys import Key, TermRow, partitions_of_brokerage, partitions_of_room

NAMES = {kind: name for name, kind in getmembers(item_kinds) if isinstance(kind, KeyPrefix)}
# Rooms and ids that would make the keys of different kinds equal, if anything could.
ROOM, BROKERAGE = "broker:harbor", "harbor"
ARGUMENTS: dict[str, Any] = {"room": ROOM, "brokerage_id": BROKERAGE, "noun": "escrow", "kind": "user", "whole": False}
DEFAULTS = {"str": "harbor", "int": 7}


def called(function: Callable[..., Any]) -> Any:
    """With a text or a number for each argument that it needs."""
    needed = [each for each in signature(function).parameters.values() if each.default is Parameter.empty]
    return function(
        **{each.name: ARGUMENTS.get(each.name, DEFAULTS.get(str(each.annotation), "harbor")) for each in needed}
    )


def made_of(ending: Callable[[str], bool]) -> dict[str, Any]:
    found = getmembers(keys, lambda each: isfunction(each) and each.__module__ == keys.__name__)
    return {name: called(function) for name, function in found if ending(name)}


KEYS: dict[str, Key] = {
    **made_of(lambda name: name.endswith("_key")),
    "roster_key of a team": keys.roster_key(BROKERAGE, "team", "north"),
    "record_key of a deleted record": keys.record_key(ROOM, keys.deleted_noun("escrow"), "1"),
    "TermRow.key": TermRow("harbor", keys.later(7), "escrow", "1").key(ROOM),
}
RANGES: dict[str, tuple[str, str, str]] = made_of(
    lambda name: name.endswith(("_range", "_until")) or name.startswith("all_")
)


def kinds_of(key: Key) -> list[str]:
    return [NAMES[kind] for kind in KINDS if kind.has(key)]


def overlapping() -> Iterator[tuple[str, str]]:
    for one, other in combinations(KINDS, 2):
        same_partition = one.pk.startswith(other.pk) or other.pk.startswith(one.pk)
        if same_partition and (one.sk.startswith(other.sk) or other.sk.startswith(one.sk)):
            yield NAMES[one], NAMES[other]


def test_no_key_can_be_of_two_kinds():
    assert list(overlapping()) == []


def test_every_kind_is_listed_once():
    assert sorted(NAMES[kind] for kind in KINDS) == sorted(NAMES.values())


@pytest.mark.parametrize("name", KEYS)
def test_a_key_is_of_one_kind(name):
    assert len(kinds_of(KEYS[name])) == 1


def test_every_kind_has_a_key():
    assert {kind for key in KEYS.values() for kind in kinds_of(key)} == set(NAMES.values())


@pytest.mark.parametrize("name", RANGES)
def test_a_range_holds_keys_of_one_kind(name):
    pk, first, last = RANGES[name]

    within = [key for key in KEYS.values() if key["pk"] == pk and first <= key["sk"] <= last]

    assert len({kind for key in within for kind in kinds_of(key)}) == 1


def test_records_of_one_module_are_those_of_its_noun():
    assert records_of("escrow").has(keys.record_key(ROOM, "escrow", "1"))
    assert not records_of("escrow").has(keys.record_key(ROOM, "escrows", "1"))


def test_whoever_removes_a_brokerage_looks_into_each_of_its_partitions_once():
    partitions = [
        *partitions_of_brokerage(BROKERAGE, ["ava"], ["north"]),
        *partitions_of_room(ROOM, shards_of(ROOM, 2)),
    ]

    assert len(set(partitions)) == len(partitions)
    assert {kind.key(BROKERAGE)["pk"] for kind in item_kinds.OF_BROKERAGES} <= set(partitions)
    assert {kind.key(ROOM)["pk"] for kind in item_kinds.OF_ROOMS} <= set(partitions)
