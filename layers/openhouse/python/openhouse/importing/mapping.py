"""What was decided of a table: which column is which field and how it is read. JSON, as it is kept for a brokerage."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Any

# What a person may say of how the cells of a column are read, by its name.
_READINGS: Map[str, tuple[str, ...]] = {
    "order": ("mdy", "dmy"),
    "decimalSign": (".", ","),
    "scale": ("percent", "fraction"),
    "unit": ("sqft", "acres", "sqm", "hectares", "cents", "monthly", "quarterly", "annually"),
}


def reading_faults(reading: Map[str, Any]) -> Iterator[tuple[str, str]]:
    """The names of what nobody can choose so, and why. What is chosen is remembered for all who import such files."""
    for name, value in reading.items():
        choices = _READINGS.get(name)
        if choices is None:
            yield name, f"cannot be chosen; there are {', '.join(_READINGS)}"
        elif value not in choices:
            yield name, f"must be one of {', '.join(choices)}"


@dataclass(frozen=True)
class Column:
    """`target`: what it fills, or nothing. `reading`: how, as `evidence.reading_of` says; `label`: before its text."""

    name: str
    target: str | None
    reading: Map[str, Any] = field(default_factory=dict)

    def wire(self) -> dict[str, Any]:
        return {"name": self.name, "target": self.target, "reading": dict(self.reading)}


@dataclass(frozen=True)
class Choice:
    """What a person says of a column: `target` (None: no field), the rest only where evidence is to be overruled.

    `words`: what words of a vocabulary mean; None leaves the field empty.
    """

    target: str | None
    reading: Map[str, Any] = field(default_factory=dict)
    words: Map[str, str | None] = field(default_factory=dict)

    def wire(self) -> dict[str, Any]:
        return {"target": self.target, "reading": dict(self.reading), "words": dict(self.words)}

    @classmethod
    def from_wire(cls, document: Map[str, Any]) -> Choice:
        return cls(document["target"], document.get("reading", {}), document.get("words", {}))


@dataclass(frozen=True)
class Mapping:
    """`layout`: of the headers it is for. `constants`: fields that are the same in all rows, such as a status.

    `choices`: by the column's place. They are what is remembered for a layout: its next file has evidence of its own.
    """

    module: str
    layout: str
    columns: tuple[Column, ...]
    constants: Map[str, Any] = field(default_factory=dict)
    choices: Map[int, Choice] = field(default_factory=dict)

    def wire(self) -> dict[str, Any]:
        return {
            "module": self.module,
            "layout": self.layout,
            "columns": [column.wire() for column in self.columns],
            "constants": dict(self.constants),
            "choices": {str(index): choice.wire() for index, choice in self.choices.items()},
        }

    @classmethod
    def from_wire(cls, document: Map[str, Any]) -> Mapping:
        columns = tuple(Column(one["name"], one["target"], one["reading"]) for one in document["columns"])
        choices = {int(index): Choice.from_wire(one) for index, one in document.get("choices", {}).items()}
        return cls(document["module"], document["layout"], columns, document.get("constants", {}), choices)
