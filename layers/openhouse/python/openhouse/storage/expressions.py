"""Conditions and updates as DynamoDB's expressions, with their names and values under placeholders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openhouse.storage.keys import Item
from openhouse.storage.marshalling import marshal
from openhouse.storage.writes import AllOf, AnyOf, AtMost, Condition, Equals, Exists, Lacks, MoreThan

_OPERATORS: Mapping[type, str] = {Equals: "=", AtMost: "<=", MoreThan: ">"}


class Expressions:
    """The expressions of one call, which share their placeholders."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}  # by attribute
        self._values: dict[str, Any] = {}

    def condition(self, when: Condition) -> str:
        match when:
            case Exists(yes):
                return "attribute_exists(pk)" if yes else "attribute_not_exists(pk)"
            case Lacks(name):
                return f"attribute_not_exists({self.name(name)})"
            case Equals() | AtMost() | MoreThan():
                return f"{self.name(when.name)} {_OPERATORS[type(when)]} {self.value(when.value)}"
            case AllOf(conditions):
                return " AND ".join(map(self._part, conditions))
            case AnyOf(conditions):
                return " OR ".join(map(self._part, conditions))

    def _part(self, when: Condition) -> str:
        """In parentheses only where they mean something: DynamoDB refuses others."""
        text = self.condition(when)
        return f"({text})" if isinstance(when, AllOf | AnyOf) and len(when.conditions) > 1 else text

    def assignments(self, values: Item) -> str:
        return "SET " + ", ".join(f"{self.name(name)} = {self.value(value)}" for name, value in values.items())

    def name(self, attribute: str) -> str:
        return self._names.setdefault(attribute, f"#n{len(self._names)}")

    def value(self, value: Any) -> str:
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = value
        return placeholder

    def arguments(self) -> dict[str, Any]:
        """What the call says beside its expressions."""
        arguments: dict[str, Any] = {}
        if self._names:
            arguments["ExpressionAttributeNames"] = {placeholder: name for name, placeholder in self._names.items()}
        if self._values:
            arguments["ExpressionAttributeValues"] = marshal(self._values)
        return arguments
