"""The rows of one sheet of a workbook, one at a time, each cell as text. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openhouse.importing.number_formats import number_text
from openhouse.importing.rows import MOST_COLUMNS, Notes
from openhouse.importing.workbook_parts import Attributes, Sheet, Workbook, damages, parsed, unescaped

_MOST_ROWS = 1_048_576  # that a sheet can have
_BOOLEANS = {"0": "FALSE", "1": "TRUE", "false": "FALSE", "true": "TRUE"}
_ERRORS = "Cells with an error of Excel (such as {}) were taken as empty."
_NO_RESULTS = "Some formulas have no result in the file; open the workbook in Excel and save it to have them."
_PIECES_WITHOUT_ROW = 1_000  # 64 MB: so long is no row


@dataclass(frozen=True)
class SheetRow:
    """`line`: its number in the sheet. `beyond`: whether it has content right of all columns that are read."""

    line: int
    cells: tuple[str, ...]
    beyond: bool = False


def sheet_rows(workbook: Workbook, sheet: Sheet, notes: Notes) -> Iterator[SheetRow]:
    """Those that have content."""
    reading = _Reading(workbook, notes)
    with damages():
        waited = 0
        pieces = parsed(workbook.pieces(sheet.part), start=reading.start, end=reading.end, data=reading.data)
        for _ in pieces:
            waited = 0 if reading.rows else waited + 1
            if waited > _PIECES_WITHOUT_ROW:
                raise ValueError(sheet.part)
            yield from reading.rows
            reading.rows.clear()


class _Reading:
    """What a parser tells of a sheet, made into rows."""

    def __init__(self, workbook: Workbook, notes: Notes) -> None:
        self.rows: list[SheetRow] = []
        self._texts = workbook.texts
        self._formats = workbook.formats
        self._notes = notes
        self._line = 0
        self._column = -1
        self._cells: list[str] = []
        self._beyond = False
        self._type = ""
        self._style = 0
        self._value: list[str] = []
        self._in_value = False
        self._has_formula = False
        self._depth_aloud = False

    def start(self, tag: str, attributes: Attributes) -> None:
        name = tag.rpartition(" ")[2]
        if name == "c":
            self._start_cell(attributes)
        elif name in ("v", "t"):
            self._in_value = not self._depth_aloud
        elif name == "row":
            self._line = int(attributes.get("r", self._line + 1))
            if not 0 < self._line <= _MOST_ROWS:
                raise ValueError(self._line)
            self._column = -1
        elif name == "f":
            self._has_formula = True
        elif name == "rPh":
            self._depth_aloud = True

    def end(self, tag: str) -> None:
        self._in_value = False
        name = tag.rpartition(" ")[2]
        if name == "c":
            self._end_cell()
        elif name == "row":
            if self._cells or self._beyond:
                self.rows.append(SheetRow(self._line, tuple(self._cells), self._beyond))
            self._cells = []
            self._beyond = False
        elif name == "rPh":
            self._depth_aloud = False

    def data(self, text: str) -> None:
        if self._in_value:
            self._value.append(text)

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        self._column = _column(reference) if reference else self._column + 1
        self._type = attributes.get("t", "n")
        self._style = int(attributes.get("s", "0"))
        self._value.clear()
        self._has_formula = False

    def _end_cell(self) -> None:
        text = self._text("".join(self._value)) if self._value else ""
        if not text:
            if self._has_formula and not self._value and self._type == "n":
                self._notes.add(_NO_RESULTS)
            return
        if self._column >= MOST_COLUMNS:
            self._beyond = True
            return
        cells = self._cells
        if self._column < len(cells):  # out of order
            cells[self._column] = text
            return
        cells.extend([""] * (self._column - len(cells)))
        cells.append(text)

    def _text(self, value: str) -> str:
        match self._type:
            case "s":
                return self._texts[int(value)]
            case "n":
                return self._formats[self._style](value) if self._style < len(self._formats) else number_text(value)
            case "b":
                return _BOOLEANS.get(value, value)
            case "e":
                self._notes.add(_ERRORS.format(value))
                return ""
            case "d":  # a date as ISO 8601
                return value.removesuffix("T00:00:00")
            case _:
                return unescaped(value)


def _column(reference: str) -> int:
    """From 0: `A1` -> 0, `AB12` -> 27."""
    column = 0
    for character in reference:
        if character.isdigit():
            break
        column = column * 26 + ord(character.upper()) - 64
    return column - 1
