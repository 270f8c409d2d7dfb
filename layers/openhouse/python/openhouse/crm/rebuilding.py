"""Makes the search index of a room anew from its records, beside those who change them meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from openhouse.crm.module import Module
from openhouse.crm.word_index import Row, WordIndex
from openhouse.storage.keys import Item, TermRow, all_terms, record_range
from openhouse.storage.table import Table, WriteConflict
from openhouse.storage.writes import Delete, equals

_AT_ONCE = 50  # records


@dataclass
class Rebuilt:
    """`rows`: that were written. `stale`: that led to what is not so any more, and were removed."""

    records: int = 0
    rows: int = 0
    stale: int = 0


def rebuild(table: Table, index: WordIndex, modules: Iterable[Module], room: str, done: Rebuilt) -> None:
    """Adds to `done` what it does. Interrupted, it can be run again. Raises Busy.

    What is there is read before the records, and removed only if nobody has written it anew: so whoever changes a
    record meanwhile is right. What they take away may be put back, which shows nobody anything.
    """
    there = {TermRow.at(item["sk"]): int(item["version"]) for item in table.query(*all_terms(room))}
    for module in modules:
        items = table.query(*record_range(room, module.noun))
        while some := list(islice(items, _AT_ONCE)):
            rows = dict(_rows(index, some))
            missing = {row: version for row, version in rows.items() if there.pop(row[1], None) is None}
            index.write(missing)
            done.records += len(some)
            done.rows += len(missing)
    done.stale += sum(_removed(table, room, there))


def _rows(index: WordIndex, items: Iterable[Item]) -> Iterator[tuple[Row, int]]:
    for item in items:
        yield from ((row, int(item["version"])) for row in index.rows(item))


def _removed(table: Table, room: str, rows: Mapping[TermRow, int]) -> Iterator[bool]:
    for row, version in rows.items():
        try:
            table.write(Delete(row.key(room), equals(version=version)))
        except WriteConflict:
            yield False
        else:
            yield True
