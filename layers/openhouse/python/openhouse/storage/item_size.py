"""How much of an item DynamoDB counts, by its published rules. Pure.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

WRITE_BYTES = 1024  # what one write unit writes


def size(item: Mapping[str, Any]) -> int:
    """In bytes, of an item as DynamoDB writes it: `{"name": {"S": "text"}}`.

    Of a number, which DynamoDB describes as approximate, the documented estimate.
    """
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def write_units(bytes_: int) -> int:
    """What it costs to write an item of this size, outside of a transaction."""
    return max(1, ceil(bytes_ / WRITE_BYTES))


def _value(value: Mapping[str, Any]) -> int:
    """Sets are left out: nothing here keeps any."""
    ((kind, content),) = value.items()
    match kind:
        case "S" | "B":
            return len(content.encode() if kind == "S" else content)
        case "N":
            return _number(content)
        case "M":
            return 3 + sum(len(name.encode()) + _value(inner) + 1 for name, inner in content.items())
        case "L":
            return 3 + sum(_value(inner) + 1 for inner in content)
        case _:
            return 1  # BOOL, NULL


def _number(text: str) -> int:
    digits = text.lstrip("-").replace(".", "").strip("0")
    return ceil(len(digits) / 2) + 1 + text.startswith("-")
