"""The AWS calls that a client makes, counted, and the units they would cost.

Units are computed from the items' sizes by DynamoDB's published rules (`units.py`): neither moto nor MiniStack reports
consumed capacity by size.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from bench import units
from bench.units import Item
from openhouse.storage.item_size import size
from openhouse.storage.keys import INDEXES

if TYPE_CHECKING:
    from botocore.hooks import BaseEventHooks
    from mypy_boto3_dynamodb import DynamoDBClient

KINDS = {"R": "record", "H": "history", "L": "log entry", "S": "figures", "B": "limit of posts", "I": "idempotency"}


@dataclass(frozen=True)
class Line:
    """All calls of one operation by one function."""

    function: str
    operation: str
    calls: int
    read_units: float
    write_units: float
    written: Mapping[str, float] = field(default_factory=dict)  # write units by what they are spent on

    def wire(self) -> dict[str, Any]:
        return {
            "function": self.function,
            "operation": self.operation,
            "calls": self.calls,
            "readUnits": self.read_units,
            "writeUnits": self.write_units,
            "written": dict(self.written),
        }


class Meter:
    """Counts every call of a client, or of all that a session will make, by their `events`.

    `spy` is a client that is not counted.
    """

    def __init__(self, events: BaseEventHooks, spy: DynamoDBClient) -> None:
        self._spy = spy
        self._function = ""
        self._calls: Counter[tuple[str, str]] = Counter()
        self._reads: Counter[tuple[str, str]] = Counter()
        self._writes: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._lock = Lock()  # functions call from several threads
        events.register("before-parameter-build.*.*", self._before)
        events.register("after-call.dynamodb.*", self._after)

    @contextmanager
    def of(self, function: str) -> Iterator[None]:
        """Everything called in the block is called by this function; outside of any, nothing is counted."""
        self._function = function
        try:
            yield
        finally:
            self._function = ""

    def take(self) -> list[Line]:
        """What was counted since the last time."""
        lines = [
            Line(
                *where,
                calls=count,
                read_units=self._reads[where] / 10,
                write_units=self._writes[where].total() / 10,
                written={what: tenths / 10 for what, tenths in self._writes[where].items()},
            )
            for where, count in self._calls.items()
        ]
        for counter in (self._calls, self._reads, self._writes):
            counter.clear()
        return lines

    def _before(self, params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        if self._function:
            where = context["where"] = self._function, model.name
            context["asked"] = params
            context["before"] = [self._item(*place) for place in _written(model.name, params)]
            with self._lock:
                self._calls[where] += 1

    def _after(self, parsed: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        if where := context.get("where"):
            # Tenths of units, as a Counter holds whole numbers.
            read = round(10 * _read(where[1], context["asked"], parsed))
            written = {what: round(10 * spent) for what, spent in self._written(where[1], context).items()}
            with self._lock:
                self._reads[where] += read
                self._writes[where].update(written)

    def _written(self, operation: str, context: Mapping[str, Any]) -> dict[str, float]:
        after = [self._item(*place) for place in _written(operation, context["asked"])]
        factor = units.TRANSACTIONAL if operation == "TransactWriteItems" else 1
        spent: defaultdict[str, float] = defaultdict(float)
        for pair in zip(context["before"], after, strict=True):
            for what, units_ in _write_units(*pair, factor).items():
                spent[what] += units_
        return spent

    def _item(self, table: str, key: Mapping[str, Any]) -> Item:
        answer = self._spy.get_item(TableName=table, Key={"pk": key["pk"], "sk": key["sk"]})
        return answer.get("Item", {})


def _write_units(before: Item, after: Item, factor: int) -> dict[str, float]:
    """Of one item, empty where there is none, and of its rows in the indexes, by what they are.

    `factor` is that of a transaction, for the item alone: of its rows AWS charges in a transaction what it charges
    outside of one, as was measured there (https://github.com/nubo-db/dynoxide/pull/188).
    """
    spent = {_kind(after or before): factor * units.write_units(size(before), size(after))}
    rows = {index: units.row_write_units(index, row_of(before, index), row_of(after, index)) for index in INDEXES}
    return spent | {f"{index}, rows": charged for index, charged in rows.items() if charged}


def _kind(item: Item) -> str:
    """What an item is, by its key."""
    if not item:
        return "nothing"
    pk, sk = item["pk"]["S"], item["sk"]["S"]
    return "head" if sk == "HEAD" else KINDS.get(pk[0], pk[0])


def row_of(item: Item, index: str) -> Item:
    """What an index holds of an item: nothing of one that lacks the index's key."""
    held = {"pk", "sk", index, *INDEXES[index]}
    return {name: value for name, value in item.items() if name in held} if index in item else {}


def _written(operation: str, params: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The items (or their keys) that a call writes, each with its table."""
    match operation:
        case "TransactWriteItems":
            writes = [write for item in params["TransactItems"] for write in item.values()]
            return [(write["TableName"], write.get("Item") or write["Key"]) for write in writes]
        case "PutItem" | "UpdateItem" | "DeleteItem":
            return [(params["TableName"], params.get("Item") or params["Key"])]
        case "BatchWriteItem":
            return [
                (table, request["PutRequest"]["Item"] if "PutRequest" in request else request["DeleteRequest"]["Key"])
                for table, requests in params["RequestItems"].items()
                for request in requests
            ]
        case _:
            return []


def _read(operation: str, asked: Mapping[str, Any], parsed: Mapping[str, Any]) -> float:
    match operation:
        case "GetItem":
            return units.read_units(size(parsed.get("Item", {})), consistent=asked.get("ConsistentRead", False))
        case "Query":
            looked_at = sum(map(size, parsed["Items"]))
            return units.read_units(looked_at, consistent=asked.get("ConsistentRead", False))
        case "BatchGetItem":
            spent = 0.0
            for table, wanted in asked["RequestItems"].items():
                found = list(map(size, parsed["Responses"].get(table, [])))
                missing = [0] * (len(wanted["Keys"]) - len(found))
                consistent = wanted.get("ConsistentRead", False)
                spent += sum(units.read_units(bytes_, consistent=consistent) for bytes_ in [*found, *missing])
            return spent
        case _:
            return 0.0
