"""The table in memory: the interface and the meaning of `openhouse.table.Table`, without DynamoDB, and fast.

Between its steps it calls `before`, so that whoever tests races lets someone else go first, or stops the caller there.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from openhouse.storage.keys import INDEXES, Item, Key
from openhouse.storage.table import MAX_TRANSACTION_ITEMS, Table, WriteConflict
from openhouse.storage.writes import Condition, Delete, Put, Update, Write

PAGE = 1_000

Test = Callable[[Item | None, Mapping[str, str], Mapping[str, Any]], bool]
Told = Callable[[Item | None, Item | None], None]


class MemoryTable(Table):
    """`before(step)` is called before each step; `told(old, new)` after each change of an item, as a stream is."""

    def __init__(
        self, *, before: Callable[[str], None] = lambda _step: None, told: Told = lambda _old, _new: None
    ) -> None:
        self._partitions: dict[str, dict[str, Item]] = {}
        self._order: dict[str, list[str]] = {}
        self.before = before
        self.told = told

    def get(self, key: Key) -> Item | None:
        self.before("get")
        item = self._at(key)
        return None if item is None else _copied(item)

    def get_many(self, keys: Sequence[Key], *, only_keys: bool = False) -> list[Item]:
        found: list[Item] = []
        if len({(key["pk"], key["sk"]) for key in keys}) < len(keys):
            raise _invalid("Provided list of item keys contains duplicates", "BatchGetItem")
        for key in keys:  # no snapshot of them all
            self.before("get_many")
            item = self._at(key)
            if item is not None:
                found.append(dict(key) if only_keys else _copied(item))
        return found

    def query(
        self,
        pk: str,
        low: str,
        high: str,
        *,
        index: str | None = None,
        backwards: bool = False,
        page_size: int | None = None,
    ) -> Iterator[Item]:
        if not low or low > high:
            raise _invalid("BETWEEN takes bounds that are not empty, the upper not below the lower", "Query")
        last: tuple[str, str] | None = None
        size = page_size or PAGE
        while True:
            self.before("query")
            places = self._places(pk, low, high, index)
            if backwards:
                places.reverse()
            if last is not None:
                places = [place for place in places if (place < last if backwards else place > last)]
            page = [_projected(self._partitions[pk][sk], index) for _, sk in places[:size]]
            yield from page
            if len(places) < size:
                return
            last = places[size - 1]

    def write(self, write: Write) -> None:
        self.before("write")
        if not _holds(write.when, self._at(_key(write))):
            raise WriteConflict("ConditionalCheckFailedException")
        self._do(write)

    def add(self, key: Key, name: str, amount: int, when: Condition) -> int:
        self.before("write")
        item = self._at(key)
        if not _holds(when, item):
            raise WriteConflict("ConditionalCheckFailed")
        total = int((item or {}).get(name, 0)) + amount
        self._set(key, {**key, **(item or {}), name: total})
        return total

    def take(self, key: Key, when: Condition) -> Item | None:
        self.before("take")
        item = self._at(key)
        if not _holds(when, item):
            return None
        self._do(Delete(key, when))
        return item

    def transact(self, writes: Sequence[Write]) -> None:
        if len(writes) == 1:
            self.write(writes[0])
            return
        keys = {(key["pk"], key["sk"]) for key in map(_key, writes)}
        if not writes or len(writes) > MAX_TRANSACTION_ITEMS or len(keys) < len(writes):
            raise _invalid("a transaction is of 1 to 100 different items", "TransactWriteItems")
        self.before("transact")
        if not all(_holds(write.when, self._at(_key(write))) for write in writes):
            raise WriteConflict("ConditionalCheckFailed")
        for write in writes:
            self._do(write)

    def delete_all(self, keys: Iterable[Key]) -> None:
        for key in list(keys):  # each by itself
            self.before("delete_all")
            self._set(key, None)

    # What tests look at -----------------------------------------------------------------------------------------------

    def peek(self, key: Key) -> Item | None:
        """The item itself: not to be changed."""
        return self._at(key)

    def items(self, prefix: str = "") -> Iterator[Item]:
        """Of all partitions that begin so, the items themselves."""
        for pk, partition in self._partitions.items():
            if pk.startswith(prefix):
                yield from partition.values()

    def rows(self, pk: str) -> Mapping[str, Item]:
        """The items of one partition, by sort key."""
        return self._partitions.get(pk, {})

    def copy(self, other: MemoryTable) -> None:
        """Begins with what the other one holds. Items are replaced and never changed, so both can hold them."""
        self._partitions = {pk: dict(partition) for pk, partition in other._partitions.items()}
        self._order = {pk: list(order) for pk, order in other._order.items()}

    def put(self, item: Item) -> None:
        """Unconditionally, as an operator does."""
        self._set(item, _copied(item))

    def drop(self, key: Key) -> None:
        """Unconditionally, as DynamoDB does with what has expired."""
        self._set(key, None)

    # -----------------------------------------------------------------------------------------------------------------

    def _at(self, key: Key) -> Item | None:
        partition = self._partitions.get(key["pk"])
        return None if partition is None else partition.get(key["sk"])

    def _do(self, write: Write) -> None:
        match write:
            case Put(item):
                self._set(item, _copied(item))
            case Update(key, values):
                self._set(key, {**key, **(self._at(key) or {}), **_copied(values)})
            case Delete(key):
                self._set(key, None)

    def _set(self, key: Item, item: Item | None) -> None:
        pk, sk = key["pk"], key["sk"]
        partition, order = self._partitions.setdefault(pk, {}), self._order.setdefault(pk, [])
        old = partition.get(sk)
        if item is None:
            if old is not None:
                del partition[sk]
                order.remove(sk)
        else:
            if old is None:
                insort(order, sk)
            partition[sk] = item
        if old is not None or item is not None:
            self.told(old, item)

    def _places(self, pk: str, low: str, high: str, index: str | None) -> list[tuple[str, str]]:
        order = self._order.get(pk, [])
        if index is None:
            return [(sk, sk) for sk in order[bisect_left(order, low) : bisect_right(order, high)]]
        partition = self._partitions.get(pk, {})
        return sorted((item[index], sk) for sk, item in partition.items() if low <= item.get(index, "") <= high)


def _key(write: Write) -> Key:
    at = write.item if isinstance(write, Put) else write.key
    return {"pk": at["pk"], "sk": at["sk"]}


def _projected(item: Item, index: str | None) -> Item:
    if index is None:
        return _copied(item)
    return _copied({name: item[name] for name in ("pk", "sk", index, *INDEXES[index]) if name in item})


def _copied(item: Item) -> Item:
    """As it comes back from DynamoDB, and nobody else's."""
    return {name: value if type(value) in _PLAIN else _own(value) for name, value in item.items()}


def _own(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is float:
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        return _copied(value)
    if isinstance(value, list | tuple):
        return [_own(inner) for inner in value]
    raise TypeError(f"DynamoDB does not keep a {kind.__name__}")


_PLAIN = frozenset({str, int, bool, type(None)})


def _invalid(message: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": "ValidationException", "Message": message}}, operation)


# Conditions: the grammar that the constructors of `openhouse.table` write ---------------------------------------------

_TOKEN = re.compile(r"\s*(attribute_not_exists|attribute_exists|AND|OR|<=|>|=|\(|\)|[#:]?\w+)")


def _holds(when: Condition, item: Item | None) -> bool:
    return _compiled(when.text)(item, when.names, when.values)


@cache
def _compiled(text: str) -> Test:
    tokens, at = [], 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"this table does not know the condition {text!r}")
        tokens.append(found[1])
        at = found.end()
    test = _either(tokens)
    if tokens:
        raise ValueError(f"this table does not know {' '.join(tokens)!r} of the condition {text!r}")
    return test


def _either(tokens: list[str]) -> Test:
    tests = [_both(tokens)]
    while tokens[:1] == ["OR"]:
        tokens.pop(0)
        tests.append(_both(tokens))
    return tests[0] if len(tests) == 1 else lambda *about: any(test(*about) for test in tests)


def _both(tokens: list[str]) -> Test:
    tests = [_one(tokens)]
    while tokens[:1] == ["AND"]:
        tokens.pop(0)
        tests.append(_one(tokens))
    return tests[0] if len(tests) == 1 else lambda *about: all(test(*about) for test in tests)


def _one(tokens: list[str]) -> Test:
    first = _next(tokens)
    if first == "(":
        test = _either(tokens)
        _expect(tokens, ")")
        return test
    if first in ("attribute_exists", "attribute_not_exists"):
        _expect(tokens, "(")
        name, there = _next(tokens), first == "attribute_exists"
        _expect(tokens, ")")
        return lambda item, names, _: (item is not None and names.get(name, name) in item) == there
    sign, value = _next(tokens), _next(tokens)
    if sign not in _SIGNS or value[0] != ":":
        raise ValueError(f"this table does not know {first} {sign} {value}")
    compare = _SIGNS[sign]
    return lambda item, names, values: _compares(compare, item, names.get(first, first), values[value])


_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, other: bool(one == other),
    "<=": lambda one, other: bool(one <= other),
    ">": lambda one, other: bool(one > other),
}


def _compares(compare: Callable[[Any, Any], bool], item: Item | None, name: str, value: Any) -> bool:
    """What is absent, or of another kind, is neither equal nor more nor less."""
    if item is None or name not in item:
        return False
    return _kind(item[name]) == _kind(value) and compare(item[name], _own(value))


def _kind(value: Any) -> str:
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def _next(tokens: list[str]) -> str:
    if not tokens:
        raise ValueError("a condition ends too early")
    return tokens.pop(0)


def _expect(tokens: list[str], wanted: str) -> None:
    if (found := _next(tokens)) != wanted:
        raise ValueError(f"a condition has {found!r} where {wanted!r} belongs")
