"""The table in memory: the interface and the meaning of `openhouse.table.Table`, without DynamoDB, and fast.

Between its steps it calls `before`, so that whoever tests races lets someone else go first, or stops the caller there.
"""

from __future__ import annotations

import operator
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from openhouse.storage.keys import INDEXES, Item, Key
from openhouse.storage.read_ahead import forget, taken
from openhouse.storage.table import MAX_TRANSACTION_ITEMS, Table, WriteConflict
from openhouse.storage.writes import (
    AllOf,
    AnyOf,
    AtMost,
    Check,
    Condition,
    Delete,
    Equals,
    Exists,
    Lacks,
    MoreThan,
    Put,
    Update,
    Write,
)

PAGE = 1_000

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

    def get(self, key: Key, *, consistent: bool = True) -> Item | None:
        ahead, rest = taken([key])
        if not rest:
            return ahead[0] if ahead else None
        self.before("get")
        item = self._at(key)
        return None if item is None else _copied(item)

    def get_many(self, keys: Sequence[Key], *, only_keys: bool = False, consistent: bool = True) -> list[Item]:
        found, keys = taken(keys)
        if only_keys:
            found = [{"pk": item["pk"], "sk": item["sk"]} for item in found]
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
        consistent: bool = True,
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
        forget()
        self.before("write")
        if not _holds(write.when, self._at(write.key)):
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

    def delete_returning(self, key: Key, when: Condition) -> Item | None:
        self.before("delete_returning")
        item = self._at(key)
        if not _holds(when, item):
            return None
        self._do(Delete(key, when))
        return item

    def transact(self, writes: Sequence[Write]) -> None:
        if len(writes) == 1:
            self.write(writes[0])
            return
        keys = {(write.key["pk"], write.key["sk"]) for write in writes}
        if not writes or len(writes) > MAX_TRANSACTION_ITEMS or len(keys) < len(writes):
            raise _invalid("a transaction is of 1 to 100 different items", "TransactWriteItems")
        forget()
        self.before("transact")
        if not self.holds(writes):
            raise WriteConflict("ConditionalCheckFailed")
        for write in writes:
            self._do(write)

    def write_all(self, items: Iterable[Item], keys: Iterable[Key]) -> None:
        for item in list(items):  # each by itself
            self.before("write_all")
            self._set(item, _copied(item))
        for key in list(keys):
            self.before("delete_all")
            self._set(key, None)

    def holds(self, writes: Sequence[Write]) -> bool:
        """Whether the conditions of all of them do."""
        return all(_holds(write.when, self._at(write.key)) for write in writes)

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
            case Check():
                pass

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


def _projected(item: Item, index: str | None) -> Item:
    if index is None:
        return _copied(item)
    return _copied({name: item[name] for name in ("pk", "sk", index, *INDEXES[index]) if name in item})


def _copied(item: Item) -> Item:
    """As it comes back from DynamoDB, and nobody else's."""
    own = item.copy()
    for name, value in item.items():
        if type(value) not in _PLAIN:
            own[name] = _own(value)
    return own


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


def _holds(when: Condition, item: Item | None) -> bool:
    match when:
        case Exists() | Lacks():
            return _is_there(when, item)
        case Equals(name, value):
            return _compares(operator.eq, item, name, value)
        case AtMost(name, value):
            return _compares(operator.le, item, name, value)
        case MoreThan(name, value):
            return _compares(operator.gt, item, name, value)
        case AllOf(conditions):
            return all(_holds(each, item) for each in conditions)
        case AnyOf(conditions):
            return any(_holds(each, item) for each in conditions)


def _is_there(when: Exists | Lacks, item: Item | None) -> bool:
    if isinstance(when, Lacks):
        return item is None or when.name not in item
    return (item is not None) == when.yes


def _compares(compare: Callable[[Any, Any], bool], item: Item | None, name: str, value: Any) -> bool:
    """What is absent, or of another kind, is neither equal nor more nor less."""
    if item is None or name not in item:
        return False
    return _kind(item[name]) == _kind(value) and compare(item[name], _own(value))


def _kind(value: Any) -> str:
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
