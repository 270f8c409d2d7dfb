"""The file of an import, as its rows are asked for one after the other."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from openhouse.core.errors import NotFound, invalid
from openhouse.crm.file_rows import IMPORT, FileRow
from openhouse.crm.files import object_of
from openhouse.importing.tables import Row, Table, Unreadable, read_table
from openhouse.tasks.imports.asked import ImportInput
from openhouse.tasks.kind import Run

MOST_ROWS = 100_000


@dataclass
class Source:
    """`at`: how many of its rows have been taken."""

    name: str
    table: Table
    at: int = 0
    _rows: Iterator[Row] | None = None

    def take(self, first: int, most: int) -> list[Row]:
        """From the row `first` on. Going back begins anew."""
        if self._rows is None or first < self.at:
            self._rows, self.at = self.table.rows(), 0
        skipped = first - self.at
        rows = list(islice(self._rows, skipped, skipped + most))
        self.at = first + len(rows)
        return rows

    def close(self) -> None:
        """Where no more rows are asked for: the file is let go of."""
        if isinstance(self._rows, Generator):
            self._rows.close()
        self._rows = None


def file_of(run: Run, asked: ImportInput) -> FileRow:
    """Raises NotFound, also for what somebody else has uploaded."""
    row = run.tools.files.rows(run.principal, [asked.file]).get(asked.file)
    if row is None or not row.kept or row.noun != IMPORT or row.by != run.principal.user_id:
        raise NotFound("there is no such file of yours that was uploaded for an import")
    return row


def open_source(run: Run, asked: ImportInput) -> Source:
    """Raises NotFound, Invalid with a sentence for whoever chose the file."""
    row = file_of(run, asked)
    content = run.tools.bucket.content(object_of(run.principal, row))
    if content is None:
        raise NotFound("the file is gone: upload it again")
    try:
        return Source(row.name, read_table(content, row.name, header=asked.header))
    except Unreadable as error:
        raise invalid(("file", str(error))) from error


class Counting:
    """The cells of a table's good rows, read once; `rows`: how many rows there were, those that are faulty too."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.rows = 0

    def __iter__(self) -> Iterator[Sequence[str]]:
        """Raises Invalid after too many."""
        for row in self._table.rows():
            self.rows += 1
            if self.rows > MOST_ROWS:
                raise invalid(("file", f"holds more than {MOST_ROWS:,} rows: import it in parts"))
            if not row.fault:
                yield row.cells
