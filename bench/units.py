"""What DynamoDB charges for, by its published rules: item sizes, and read and write units. Pure.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.ThroughputConsiderations
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

Item = Mapping[str, Any]  # as DynamoDB writes it: {"name": {"S": "text"}}

READ_BYTES, WRITE_BYTES = 4096, 1024
TRANSACTIONAL = 2  # a transaction writes everything twice


def size(item: Item) -> int:
    """In bytes; of a number, which DynamoDB describes as approximate, the documented estimate."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def read_units(bytes_: int, *, consistent: bool = True) -> float:
    """Of one item, or of all that a query looked at; something missing is charged like something small."""
    return max(1, ceil(bytes_ / READ_BYTES)) * (1.0 if consistent else 0.5)


def write_units(before: int, after: int) -> float:
    """Of one item; the larger of what was there and what is there now counts."""
    return float(max(1, ceil(max(before, after) / WRITE_BYTES)))


def row_write_units(key: str, before: Item, after: Item) -> float:
    """Of one item's row in an index with this sort key; a row is empty where the index holds nothing of the item.

    A row that stays as it is costs nothing; one whose key changes is deleted and put.
    """
    if before == after:
        return 0.0
    if before and after and before[key] != after[key]:
        return write_units(size(before), 0) + write_units(0, size(after))
    return write_units(size(before), size(after))


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
