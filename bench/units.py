"""What DynamoDB charges for, by its published rules: read and write units. Pure.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.ThroughputConsiderations
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from openhouse.storage import item_size
from openhouse.storage.item_size import size

Item = Mapping[str, Any]  # as DynamoDB writes it: {"name": {"S": "text"}}

READ_BYTES = 4096
TRANSACTIONAL = 2  # a transaction writes everything twice


def read_units(bytes_: int, *, consistent: bool = True) -> float:
    """Of one item, or of all that a query looked at; something missing is charged like something small."""
    return max(1, ceil(bytes_ / READ_BYTES)) * (1.0 if consistent else 0.5)


def write_units(before: int, after: int) -> float:
    """Of one item; the larger of what was there and what is there now counts."""
    return float(item_size.write_units(max(before, after)))


def row_write_units(key: str, before: Item, after: Item) -> float:
    """Of one item's row in an index with this sort key; a row is empty where the index holds nothing of the item.

    A row that stays as it is costs nothing; one whose key changes is deleted and put.
    """
    if before == after:
        return 0.0
    if before and after and before[key] != after[key]:
        return write_units(size(before), 0) + write_units(0, size(after))
    return write_units(size(before), size(after))
