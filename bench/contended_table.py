"""A table in memory with DynamoDB's own time, and its conflicts: whoever writes what a transaction holds is refused.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.virtual_time import VirtualTime
from openhouse.storage.keys import Item, Key
from openhouse.storage.table import WriteConflict
from openhouse.storage.writes import Write
from tests.memory_table import MemoryTable


@dataclass(frozen=True, kw_only=True)
class Delays:
    """In seconds, each half as long to one and a half times as long. Assumed, within one region; AWS promises none."""

    read: float = 0.005
    write: float = 0.006
    transaction: float = 0.018  # of few items
    per_item: float = 0.000_3  # of a transaction, beside that
    work: float = 0.000_6  # a function's own, for each item that it writes, between what it read and the transaction


class ContendedTable(MemoryTable):
    """For many at a time, in virtual time. A transaction holds its items from when it is prepared until it is done."""

    def __init__(self, time: VirtualTime, chance: random.Random, delays: Delays = Delays()) -> None:
        super().__init__()
        self._time = time
        self._chance = chance
        self._delays = delays
        self._held: set[tuple[str, str]] = set()
        self.conflicts = 0

    def get(self, key: Key, *, consistent: bool = True) -> Item | None:
        self._pass(self._delays.read)
        return super().get(key, consistent=consistent)

    def get_many(self, keys: Sequence[Key], *, only_keys: bool = False, consistent: bool = True) -> list[Item]:
        self._pass(self._delays.read)
        return super().get_many(keys, only_keys=only_keys, consistent=consistent)

    def query(self, pk: str, low: str, high: str, **options: Any) -> Iterator[Item]:
        self._pass(self._delays.read)
        return iter([*super().query(pk, low, high, **options)])

    def write(self, write: Write) -> None:
        while _place(write) in self._held:  # as the real table does: tried again after a pause
            self._pass(self._delays.write)
        self._pass(self._delays.write)
        super().write(write)

    def transact(self, writes: Sequence[Write]) -> None:
        self._pass(self._delays.work * len(writes))
        whole = (self._delays.transaction + self._delays.per_item * len(writes)) * self._factor()
        places = {_place(write) for write in writes}
        self._time.sleep(0.4 * whole)
        if places & self._held or not self.holds(writes):
            self.conflicts += 1
            self._time.sleep(0.2 * whole)
            raise WriteConflict("TransactionConflict")
        self._held |= places
        self._time.sleep(0.4 * whole)
        self._held -= places
        super().transact(writes)
        self._time.sleep(0.2 * whole)

    def _pass(self, seconds: float) -> None:
        self._time.sleep(seconds * self._factor())

    def _factor(self) -> float:
        return self._chance.uniform(0.5, 1.5)


def _place(write: Write) -> tuple[str, str]:
    return write.key["pk"], write.key["sk"]
