"""Keeps up, from the stream of the table of records, which records of a room have which words and traits.

Rows are hints: whoever finds one looks at the record itself, so a row that is late, repeated or left over shows nobody
anything. A change that touches no term writes nothing; each term that comes or goes is one write unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from openhouse.core.observability import logger
from openhouse.crm.module import Module
from openhouse.crm.search_terms import rows_of
from openhouse.storage.keys import Item, RecordPlace, TermRow
from openhouse.storage.table import WRITTEN_AT_ONCE, Table, from_stream

_IMAGES = ("OldImage", "NewImage")

Row = tuple[str, TermRow]  # a room and one of its rows


class WordIndex:
    """`parallel_map`: a `map`, such as that of a thread pool, for writing many rows at once."""

    def __init__(
        self, table: Table, modules: Iterable[Module], *, parallel_map: Callable[..., Iterable[Any]] = map
    ) -> None:
        self._table = table
        self._modules = {module.noun: module for module in modules}
        self._parallel_map = parallel_map

    def process(self, records: Sequence[Mapping[str, Any]]) -> list[str]:
        """Takes stream records with both images, in order; repeats are harmless. Raises Busy.

        One that cannot be read, however often it comes, would keep those after it, of all brokerages, waiting for
        hours: it is left out, and told of.
        """
        last: dict[Row, int | None] = {}  # the version that brought it; None: it goes
        for record in records:
            images = record["dynamodb"]
            try:
                self.note(last, *(from_stream(images[name]) if name in images else None for name in _IMAGES))
            except (LookupError, TypeError, ValueError, AttributeError):
                logger.exception("record not found by its words", record=images.get("Keys"))
        self.write(last)
        return []

    def note(self, last: dict[Row, int | None], before: Item | None, after: Item | None) -> None:
        """What a change of an item comes to, after those before it."""
        old, new = self.rows(before), self.rows(after)
        last |= dict.fromkeys(old - new)
        last |= dict.fromkeys(new - old, after["version"] if after else 0)

    def rows(self, item: Item | None) -> frozenset[Row]:
        """Those of a record, by its item; none of a deleted one."""
        if item is None:
            return frozenset()
        place = RecordPlace.of(item)
        module = self._modules.get(place.noun)
        return frozenset((place.room, row) for row in rows_of(module, item)) if module else frozenset()

    def write(self, rows: Mapping[Row, int | None]) -> None:
        """Raises Busy."""
        some = list(rows.items())
        starts = range(0, len(some), WRITTEN_AT_ONCE)
        list(self._parallel_map(self._write, [some[start : start + WRITTEN_AT_ONCE] for start in starts]))

    def _write(self, rows: Sequence[tuple[Row, int | None]]) -> None:
        keys = {row: row[1].key(row[0]) for row, _ in rows}
        puts = [{**keys[row], "version": version} for row, version in rows if version is not None]
        self._table.write_all(puts, [keys[row] for row, version in rows if version is None])
