"""Tables in Excel workbooks: which sheet, and its rows. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from openhouse.importing.headers import Layout, find_layout, names_columns, notice_in, shown
from openhouse.importing.rows import Notes, Row, Table, Unreadable
from openhouse.importing.sheet_rows import SheetRow, sheet_rows
from openhouse.importing.text_files import fitted, too_long
from openhouse.importing.workbook_parts import Sheet, Workbook

_SAMPLE = 500  # rows
_HEADERS = 40  # rows at the start, among which the header is
_SUMMARY_OF_NUMBERS = "Export Summary"  # a table, too: of the sheets that Apple's program has exported


def read_workbook(file: BinaryIO, *, header: bool | None = None) -> Table:
    """Raises Unreadable if no sheet has anything in it."""
    workbook = Workbook(file)
    sheet, sample = _choose(workbook)
    layout = find_layout([row.cells for row in sample], [row.line for row in sample], header=header)
    begins = sample[layout.first - 1].line if layout.first else 0
    notes = list(layout.notes)
    if len(workbook.sheets) > 1:
        notes.insert(0, f"Of the workbook's {len(workbook.sheets)} sheets, {shown(sheet.name)} was read.")
    reading = _Reading(workbook, sheet, layout, begins)
    return Table(layout.columns, header=layout.header, rows=reading.rows, notes=notes)


def _choose(workbook: Workbook) -> tuple[Sheet, list[SheetRow]]:
    """The first sheet that names its columns, else the first with a table, else with anything; hidden ones last."""
    with_table: list[tuple[Sheet, list[SheetRow]]] = []
    with_anything: list[tuple[Sheet, list[SheetRow]]] = []
    for sheet in sorted(workbook.sheets, key=_comes_last):
        sample = list(islice(sheet_rows(workbook, sheet, Notes()), _SAMPLE))
        if sum(sum(map(bool, row.cells)) > 1 for row in sample) > 1:
            if any(names_columns(row.cells) for row in sample[:_HEADERS]):
                return sheet, sample
            with_table.append((sheet, sample))
        elif sample:
            with_anything.append((sheet, sample))
    if found := [*with_table, *with_anything]:
        return found[0]
    raise Unreadable("The workbook is empty: none of its sheets has anything in it.")


def _comes_last(sheet: Sheet) -> bool:
    return sheet.hidden or sheet.name == _SUMMARY_OF_NUMBERS


@dataclass(frozen=True)
class _Reading:
    workbook: Workbook
    sheet: Sheet
    layout: Layout
    begins: int

    def rows(self, notes: Notes) -> Iterator[Row]:
        width, named = len(self.layout.columns), self.layout.named[:2]
        for row in sheet_rows(self.workbook, self.sheet, notes):
            if row.line <= self.begins:
                continue
            cells = row.cells
            if len(cells) == width > 1 and not row.beyond and cells[0] and cells[1] and cells[:2] != named:
                yield Row(row.line, cells)  # as nearly all are
                continue
            if not row.beyond and not any(cell and not cell.isspace() for cell in cells):
                continue
            if text := notice_in(cells, width):
                notes.add(f"Row {row.line} is a notice and was left out: {shown(text)}.")
            elif self.layout.header and tuple(cell.strip() for cell in cells) == self.layout.named:
                notes.add(f"Row {row.line} repeats the header and was left out.")
            else:
                beyond = "it has a cell far to the right of the table" if row.beyond else ""
                yield Row(row.line, fitted(cells, width), too_long(cells, width) or beyond)
