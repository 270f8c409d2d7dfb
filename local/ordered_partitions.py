"""Queries of the emulator's DynamoDB look at the items that they can meet, and not at the whole partition.

MiniStack sorts all of a partition, and evaluates the query's condition on each item, for every page. Here partitions
are kept sorted, by key and by the local indexes that are asked for; its own Query is then given the next page's items
alone, which all meet its condition, so whatever else it checks, counts and projects is as before.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

Table = dict[str, Any]
Place = tuple[str, str]  # the value of what it is sorted by, and the sort key

# The shape of all our queries. Others are answered as they were.
_RANGE = re.compile(r"(\w+) = (:\w+) AND (\w+) BETWEEN (:\w+) AND (:\w+)")
_ORDERS = "_orders"  # in a table: {partition: {attribute: its places in order}}
_HIGHEST = "\U0010ffff"


class OrderedPartitions:
    """`dynamodb`: the emulator's module. It works in one thread, beside one that deletes what has expired."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb
        self._query, self._set_item = dynamodb._query, dynamodb._set_item  # noqa: SLF001 - no setting does this
        self._remove_item, self._items_replaced = dynamodb._remove_item, dynamodb._items_replaced  # noqa: SLF001
        self._evaluate, self._found = dynamodb._evaluate_condition, frozenset[int]()  # noqa: SLF001
        dynamodb._query = self.query  # noqa: SLF001
        dynamodb._evaluate_condition = self.evaluate_condition  # noqa: SLF001
        dynamodb._condition_syntax_error = cache(dynamodb._condition_syntax_error)  # noqa: SLF001 - few, by many items
        dynamodb._set_item = self.set_item  # noqa: SLF001
        dynamodb._remove_item = self.remove_item  # noqa: SLF001
        dynamodb._items_replaced = self.items_replaced  # noqa: SLF001

    def set_item(self, table: Table, pk: str, sk: str, item: Any) -> Any:
        old = self._set_item(table, pk, sk, item)
        for attribute, places in _orders_of(table, pk).items():
            before, after = _value(old or {}, attribute), _value(item, attribute)
            if before != after:
                _take_out(places, before, sk)
                if after is not None:
                    insort(places, (after, sk))
        return old

    def remove_item(self, table: Table, pk: str, sk: str) -> Any:
        old = self._remove_item(table, pk, sk)
        for attribute, places in _orders_of(table, pk).items():
            _take_out(places, _value(old or {}, attribute), sk)
        return old

    def items_replaced(self, table: Table) -> None:
        table.pop(_ORDERS, None)
        self._items_replaced(table)

    def evaluate_condition(
        self, expression: str, item: Any, values: Any, names: Any, slot: str = "ConditionExpression"
    ) -> Any:
        if id(item) in self._found and slot == "KeyConditionExpression":
            return True
        return self._evaluate(expression, item, values, names, slot)

    def query(self, data: Mapping[str, Any]) -> Any:
        with self._dynamodb._lock:  # noqa: SLF001
            table = self._dynamodb._tables.get(data.get("TableName"))  # noqa: SLF001
            some = self._next(table, data) if table else None
            if table is None or some is None:
                return self._query(data)
            whole, members = table["items"], table.get("_index_members")
            try:
                table["items"] = {pk: {item[table["sk_name"]]["S"]: item for item in items} for pk, items in some}
                table.pop("_index_members", None)  # made anew of the few
                self._found = frozenset(id(item) for _, items in some for item in items)
                return self._query(data)
            finally:
                self._found = frozenset()
                table["items"] = whole
                table.pop("_index_members", None)
                if members is not None:
                    table["_index_members"] = members

    def _next(self, table: Table, data: Mapping[str, Any]) -> list[tuple[str, list[Any]]] | None:
        """The items of the next page by their partition, and one more; None of a query of another shape."""
        shape = _RANGE.fullmatch(data.get("KeyConditionExpression") or "")
        index = data.get("IndexName")
        if not shape or data.get("FilterExpression") or not table.get("sk_name"):
            return None
        values, start = data["ExpressionAttributeValues"], data.get("ExclusiveStartKey")
        texts = [values.get(name, {}).get("S") for name in shape.group(2, 4, 5)]
        attribute = _sorted_by(table, index)
        if attribute is None or shape.group(1, 3) != (table["pk_name"], attribute) or not all(texts):
            return None
        pk, low, high = texts
        places = self._places(table, pk, attribute)
        first, last = bisect_left(places, (low, "")), bisect_right(places, (high, _HIGHEST))
        forward = data.get("ScanIndexForward", True)
        if start:
            place = (start[attribute]["S"], start[table["sk_name"]]["S"])
            first, last = (bisect_right(places, place), last) if forward else (first, bisect_left(places, place))
        numbers = range(first, last) if forward else range(last - 1, first - 1, -1)
        partition = table["items"].get(pk, {})
        items = (partition[places[number][1]] for number in numbers)
        return [(pk, list(self._page(table, index, items, data.get("Limit"))))]

    def _page(self, table: Table, index: str | None, items: Iterable[Any], limit: int | None) -> Iterator[Any]:
        """One more than the page, so that Query sees that there are more; it ends it at 1 MB by itself."""
        if limit is not None:
            yield from islice(items, limit + 1)
            return
        size = 0
        for item in items:
            yield item
            if size > self._dynamodb._DDB_PAGE_SIZE_BYTES:  # noqa: SLF001
                return
            row = self._dynamodb._apply_index_projection(item, table, index) if index else item  # noqa: SLF001
            size += self._dynamodb._item_size_bytes(row)  # noqa: SLF001

    def _places(self, table: Table, pk: str, attribute: str) -> list[Place]:
        orders: dict[str, list[Place]] = table.setdefault(_ORDERS, {}).setdefault(pk, {})
        if attribute not in orders:
            found = ((_value(item, attribute), sk) for sk, item in table["items"].get(pk, {}).items())
            orders[attribute] = sorted((value, sk) for value, sk in found if value is not None)
        return orders[attribute]


def _sorted_by(table: Table, index: str | None) -> str | None:
    """The attribute that orders this index, or the table; None of an index of another kind, or of none."""
    if index is None:
        return str(table["sk_name"])
    for each in table.get("LocalSecondaryIndexes") or []:
        if each["IndexName"] == index:
            return next(str(key["AttributeName"]) for key in each["KeySchema"] if key["KeyType"] == "RANGE")
    return None


def _orders_of(table: Table, pk: str) -> dict[str, list[Place]]:
    orders: dict[str, list[Place]] = table.get(_ORDERS, {}).get(pk, {})
    return orders


def _value(item: Mapping[str, Any], attribute: str) -> str | None:
    """None of what is absent or no text."""
    value: str | None = item.get(attribute, {}).get("S")
    return value


def _take_out(places: list[Place], value: str | None, sk: str) -> None:
    if value is not None:
        del places[bisect_left(places, (value, sk))]
