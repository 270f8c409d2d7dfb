"""Writes and the conditions they are made under, as data: the table renders and carries them out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from openhouse.core import json_text
from openhouse.storage.keys import Item, Key

_KEY_BYTES = 300  # of an item that is little more than its key

# Conditions on the item as it is before the write -----------------------------------------------------------------


@dataclass(frozen=True)
class Exists:
    """There is an item under the key, or there is none."""

    yes: bool


@dataclass(frozen=True)
class Lacks:
    """The item has no such attribute; or there is no item."""

    name: str


@dataclass(frozen=True)
class Equals:
    name: str
    value: Any


@dataclass(frozen=True)
class AtMost:
    """The attribute is there, and its number is no greater."""

    name: str
    value: int


@dataclass(frozen=True)
class MoreThan:
    name: str
    value: int


@dataclass(frozen=True)
class AllOf:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    conditions: tuple[Condition, ...]


Condition = Exists | Lacks | Equals | AtMost | MoreThan | AllOf | AnyOf

ABSENT = Exists(yes=False)
PRESENT = Exists(yes=True)


def equals(**expected: Any) -> Condition:
    """Every named attribute has the expected value."""
    return AllOf(tuple(Equals(name, value) for name, value in expected.items()))


def at_version(version: int) -> Condition:
    """What is versioned is at this version; 0: it is not there."""
    return equals(version=version) if version else ABSENT


def absent_or_expired(now: int) -> Condition:
    return AnyOf((ABSENT, AtMost("ttl", now)))


def alive(now: int) -> Condition:
    """It is there, and DynamoDB is not merely late in deleting it."""
    return AllOf((PRESENT, MoreThan("ttl", now)))


def absent_or(**expected: Any) -> Condition:
    return AnyOf((ABSENT, equals(**expected)))


def absent_or_at_most(**limits: int) -> Condition:
    return AnyOf((ABSENT, AllOf(tuple(AtMost(name, value) for name, value in limits.items()))))


# Writes -----------------------------------------------------------------------------------------------------------
# The `bytes` of each are what a transaction's limit counts of it, and rather more than less.


@dataclass(frozen=True)
class Put:
    item: Item
    when: Condition

    @property
    def key(self) -> Key:
        return {"pk": self.item["pk"], "sk": self.item["sk"]}

    @cached_property
    def bytes(self) -> int:
        return json_text.size(self.item)


@dataclass(frozen=True)
class Update:
    """Sets attributes of an item."""

    key: Key
    values: Item
    when: Condition

    @cached_property
    def bytes(self) -> int:
        return json_text.size(self.key) + json_text.size(self.values)


@dataclass(frozen=True)
class Delete:
    """`bytes`: the size of the item, where it may be a large one."""

    key: Key
    when: Condition
    bytes: int = _KEY_BYTES


@dataclass(frozen=True)
class Check:
    """Writes nothing; the transaction that it is part of fails unless the condition holds."""

    key: Key
    when: Condition
    bytes: int = _KEY_BYTES


Write = Put | Update | Delete | Check
