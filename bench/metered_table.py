"""A table in memory that counts the units of what it is asked, by DynamoDB's published rules (`units.py`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bench.units import TRANSACTIONAL, read_units, write_units
from openhouse.storage.item_size import size
from openhouse.storage.keys import Item, Key
from openhouse.storage.marshalling import marshal
from openhouse.storage.writes import Write
from tests.memory_table import MemoryTable


class MeteredTable(MemoryTable):
    """`read` and `written`: units so far. What is refused is charged, too. Without batched writes, and indexes."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0.0
        self.written = 0.0

    def get(self, key: Key, *, consistent: bool = True) -> Item | None:
        item = super().get(key, consistent=consistent)
        self.read += read_units(_size(item), consistent=consistent)
        return item

    def get_many(self, keys: Sequence[Key], *, only_keys: bool = False, consistent: bool = True) -> list[Item]:
        found = super().get_many(keys, only_keys=only_keys, consistent=consistent)
        sizes = [*map(_size, found), *[0] * (len(keys) - len(found))]
        self.read += sum(read_units(each, consistent=consistent) for each in sizes)
        return found

    def query(self, pk: str, low: str, high: str, **options: Any) -> Iterator[Item]:
        found = list(super().query(pk, low, high, **options))
        self.read += read_units(sum(map(_size, found)), consistent=options.get("consistent", True))
        return iter(found)

    def write(self, write: Write) -> None:
        before = [_size(self.peek(write.key))]
        try:
            super().write(write)
        finally:
            self._charge([write], before, 1)

    def transact(self, writes: Sequence[Write]) -> None:
        if len(writes) == 1:
            self.write(writes[0])
            return
        before = [_size(self.peek(write.key)) for write in writes]
        super().transact(writes)
        self._charge(writes, before, TRANSACTIONAL)

    def _charge(self, writes: Sequence[Write], before: Sequence[int], factor: int) -> None:
        after = [_size(self.peek(write.key)) for write in writes]
        self.written += sum(factor * write_units(*pair) for pair in zip(before, after, strict=True))


def _size(item: Item | None) -> int:
    return size(marshal(item)) if item else 0
