"""The services over a table in memory, with a search index that follows when it is told to."""

from __future__ import annotations

from typing import Any

from openhouse.crm.search import LAG
from openhouse.storage.keys import Item
from openhouse.storage.marshalling import marshal
from tests.functional.conftest import World
from tests.memory_table import MemoryTable


class IndexedWorld(World):
    """`pending`: the stream of the table of records, as far as the index has not followed."""

    table: MemoryTable

    def __init__(self) -> None:
        self.pending: list[Any] = []
        super().__init__(None, MemoryTable(told=self._told))

    def follow(self) -> None:
        assert self.word_index.process(self.pending) == []
        self.pending.clear()

    def settle(self) -> None:
        """The index has all that is written by now, and nobody needs the log to find it."""
        self.follow()
        self.clock.advance(LAG.total_seconds() + 1)

    def terms(self, room: str) -> dict[str, int]:
        """How many records of the room have each term."""
        found: dict[str, int] = {}
        for sk in self.table.rows(f"W#{room}"):
            term = sk.partition("#")[0]
            found[term] = found.get(term, 0) + 1
        return found

    def _told(self, old: Item | None, new: Item | None) -> None:
        if not str((new or old or {})["pk"]).startswith("R#"):
            return
        kind = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
        images = {name: marshal(item) for name, item in (("OldImage", old), ("NewImage", new)) if item}
        number = str(len(self.pending))
        self.pending.append({"eventName": kind, "dynamodb": {**images, "SequenceNumber": number}})
