"""Tables in text: CSV, TSV and what else separates cells by a character. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO

from openhouse.importing.dialects import guess_dialect, separator_line
from openhouse.importing.encodings import Encoding, find_encoding, lines_of
from openhouse.importing.headers import Layout, find_layout, names_columns, notice_in, shown
from openhouse.importing.records import Dialect, Record, RecordReader
from openhouse.importing.rows import Notes, Row, Table, Unreadable

_SAMPLE_LINES = 1_000
_SAMPLE_CHARACTERS = 1_000_000
_STRAY = "\x1a\ufeff"  # an old program's last line; a mark of order, where files have been put together
_EVEN = 0.9
_WIDE = 4  # columns
_HALF = "it is too short: it and the line {} may be one row that a line break has broken in two"
_USUAL = ",;\t|"


def read_text(file: BinaryIO, *, header: bool | None = None) -> Table:
    """Raises Unreadable if there is nothing in it."""
    text = _Text(file, find_encoding(file))
    lines = text.sample()
    separator = separator_line(lines[0]) if lines else ""
    dialect = guess_dialect(lines[1:] if separator else lines, delimiter=separator)
    skipped = 1 if separator else 0
    sample = [record for record in RecordReader(dialect).records(lines) if record.line > skipped and any(record.cells)]
    good = [record for n, record in enumerate(sample) if not record.fault or (n == 0 and names_columns(record.cells))]
    if not good:
        raise Unreadable("The file has no table: no line of it could be read.")
    layout = find_layout([record.cells for record in good], [record.line for record in good], header=header)
    begins = _begins(good, layout, skipped)
    notes = [*text.encoding.notes, *layout.notes]
    if dialect.delimiter and dialect.delimiter not in _USUAL:
        notes.append(f"Its cells are separated by {dialect.delimiter!r}.")
    if good[0].fault:
        notes.append(f"In the header, {good[0].fault}; look at the names of its columns.")
    reading = _Reading(text, dialect, layout, begins, _usual_width(good, layout), _is_even(good, layout))
    return Table(layout.columns, header=layout.header, rows=reading.rows, notes=notes)


def _begins(good: list[Record], layout: Layout, skipped: int) -> int:
    """The line after which rows of the table are."""
    return good[layout.first - 1].line if layout.first else skipped


def _usual_width(good: list[Record], layout: Layout) -> int:
    """How many cells half of the records or more have, else as many as the shortest."""
    lengths = Counter(len(record.cells) for record in good[layout.first :] or good)
    length, count = lengths.most_common(1)[0]
    return min(length if 2 * count >= lengths.total() else min(lengths), len(layout.columns))


def _is_even(good: list[Record], layout: Layout) -> bool:
    """Whether nearly all rows are complete, as programs write them: then what is short has a reason."""
    lengths = [len(record.cells) for record in good[layout.first :]]
    return sum(length >= len(layout.columns) for length in lengths) > _EVEN * len(lengths)


class _Text:
    def __init__(self, file: BinaryIO, encoding: Encoding) -> None:
        self._file = file
        self.encoding = encoding

    def lines(self, notes: Notes) -> Iterator[str]:
        for line in lines_of(self._file, self.encoding):
            if "\x00" in line:
                notes.add("Characters without a meaning (NUL) were taken out.")
                yield line.replace("\x00", "")
            elif line[0] in _STRAY:
                yield line.lstrip(_STRAY)
            else:
                yield line

    def sample(self) -> list[str]:
        """Whole lines from the start."""
        found: list[str] = []
        characters = 0
        for line in islice(self.lines(Notes()), _SAMPLE_LINES):
            characters += len(line)
            if found and characters > _SAMPLE_CHARACTERS:
                break
            found.append(line)
        return found


@dataclass(frozen=True)
class _Reading:
    text: _Text
    dialect: Dialect
    layout: Layout
    begins: int
    usual_width: int
    is_even: bool

    def rows(self, notes: Notes) -> Iterator[Row]:
        reader = RecordReader(self.dialect, self.usual_width)
        width, named = len(self.layout.columns), self.layout.named[:2]
        for record in self._without_halves(reader.records(self.text.lines(notes)), width):
            if record.line <= self.begins:
                continue
            cells = record.cells
            if not record.fault and len(cells) == width > 1 and cells[0] and cells[1] and cells[:2] != named:
                yield Row(record.line, cells)  # as nearly all are
            elif row := self._row(record, width, notes):
                yield row

    def _row(self, record: Record, width: int, notes: Notes) -> Row | None:
        cells = record.cells
        if record.fault:
            return Row(record.line, fitted(cells, width), record.fault)
        if not any(cell and not cell.isspace() for cell in cells):
            return None
        if text := notice_in(cells, width):
            notes.add(f"Line {record.line} is a notice and was left out: {shown(text)}.")
            return None
        if self.layout.header and tuple(cell.strip() for cell in cells[:width]) == self.layout.named:
            notes.add(f"Line {record.line} repeats the header and was left out.")
            return None
        fault = too_long(cells, width)
        if self.is_even and len(cells) == 1 and width >= _WIDE:
            fault = _HALF.format("above")
        return Row(record.line, fitted(cells, width), fault)

    def _without_halves(self, records: Iterator[Record], width: int) -> Iterator[Record]:
        """With a fault for two short records that make one: a line break without quotes has broken it in two."""
        if not self.is_even:
            yield from records
            return
        first: Record | None = None
        for record in records:
            is_short = len(record.cells) < width and not record.fault
            if first:
                if is_short and len(first.cells) + len(record.cells) - 1 == width:
                    yield replace(first, fault=_HALF.format("below"))
                    yield replace(record, fault=_HALF.format("above"))
                    first = None
                    continue
                yield first
                first = None
            if is_short:
                first = record
            else:
                yield record
        if first:
            yield first


def fitted(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """As many cells as there are columns."""
    return cells[:width] + ("",) * (width - len(cells))


def too_long(cells: tuple[str, ...], width: int) -> str:
    """Why a row that has more than its columns cannot be read, or nothing."""
    if any(cell and not cell.isspace() for cell in cells[width:]):
        return f"it has {len(cells)} cells, and the table has {width} columns"
    return ""
