"""Writes and the conditions they are made under. Pure: the table carries them out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openhouse.storage.keys import Item, Key


@dataclass(frozen=True)
class Condition:
    """A condition expression with its names (`#n`) and values (`:v`)."""

    text: str
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)


ABSENT = Condition("attribute_not_exists(pk)")
PRESENT = Condition("attribute_exists(pk)")


def equals(**expected: Any) -> Condition:
    """Every named attribute has the expected value."""
    return Condition(
        " AND ".join(f"#c{name} = :c{name}" for name in expected),
        {f"#c{name}": name for name in expected},
        {f":c{name}": value for name, value in expected.items()},
    )


def absent_or_expired(now: int) -> Condition:
    return Condition("attribute_not_exists(pk) OR #ttl <= :now", {"#ttl": "ttl"}, {":now": now})


def alive(now: int) -> Condition:
    """It is there, and DynamoDB is not merely late in deleting it."""
    return Condition("attribute_exists(pk) AND #ttl > :now", {"#ttl": "ttl"}, {":now": now})


def absent_or(**expected: Any) -> Condition:
    same = equals(**expected)
    return Condition(f"attribute_not_exists(pk) OR ({same.text})", same.names, same.values)


def absent_or_at_most(**limits: int) -> Condition:
    return Condition(
        "attribute_not_exists(pk) OR (" + " AND ".join(f"#c{name} <= :c{name}" for name in limits) + ")",
        {f"#c{name}": name for name in limits},
        {f":c{name}": value for name, value in limits.items()},
    )


@dataclass(frozen=True)
class Put:
    item: Item
    when: Condition


@dataclass(frozen=True)
class Update:
    """Sets attributes of an item."""

    key: Key
    values: Item
    when: Condition


@dataclass(frozen=True)
class Delete:
    key: Key
    when: Condition


Write = Put | Update | Delete
