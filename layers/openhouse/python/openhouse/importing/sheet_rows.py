"""The rows of one sheet of a workbook, one at a time, each cell as text. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openhouse.importing.number_formats import NumberText, number_text
from openhouse.importing.rows import MOST_COLUMNS, Notes
from openhouse.importing.workbook_parts import Attributes, Sheet, Workbook, damages, local_name, parsed, unescaped

_MOST_ROWS = 1_048_576  # that a sheet can have
_LONGEST_CELL = 1_000_000  # characters; Excel's own cells have 32,767 at most
_REMEMBERED = 50_000  # numbers whose text is kept: dates and rates come again and again
_BOOLEANS = {"0": "FALSE", "1": "TRUE", "false": "FALSE", "true": "TRUE"}
_ERRORS = "Cells with an error of Excel (such as {}) were taken as empty."
_NO_RESULTS = "Some formulas have no result in the file; open the workbook in Excel and save it to have them."


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`line`: its number in the sheet. `beyond`: whether it has content right of all columns that are read."""

    line: int
    cells: tuple[str, ...]
    beyond: bool = False


def sheet_rows(workbook: Workbook, sheet: Sheet, notes: Notes) -> Iterator[SheetRow]:
    """Those that have content."""
    reading = _Reading(_Texts(workbook, notes))
    with damages():
        pieces = parsed(workbook.pieces(sheet.part), start=reading.start, end=reading.end, data=reading.data)
        for _ in pieces:
            yield from reading.rows
            reading.rows.clear()


class _Texts:
    """What the value of a cell is as text."""

    def __init__(self, workbook: Workbook, notes: Notes) -> None:
        self._shared = workbook.texts
        self._formats: dict[str | None, NumberText] = {str(n): format_ for n, format_ in enumerate(workbook.formats)}
        if workbook.formats:
            self._formats[None] = workbook.formats[0]
        self._notes = notes
        self._numbers: dict[tuple[str | None, str], str] = {}

    def of(self, value: str, type_: str | None, style: str | None) -> str:
        """`type_`, `style`: the cell's attributes `t` and `s`."""
        if type_ == "s":
            return self._shared[int(value)]
        if type_ is None or type_ == "n":
            text = self._numbers.get((style, value))
            return self._number(value, style) if text is None else text
        if type_ == "b":
            return _BOOLEANS.get(value, value)
        if type_ == "e":
            self._notes.add(_ERRORS.format(value))
            return ""
        if type_ == "d":  # a date as ISO 8601
            return value.removesuffix("T00:00:00")
        return unescaped(value)

    def _number(self, value: str, style: str | None) -> str:
        text = self._formats.get(style, number_text)(value)
        if len(self._numbers) < _REMEMBERED:
            self._numbers[style, value] = text
        return text

    def none_of_formula(self) -> None:
        self._notes.add(_NO_RESULTS)


class _Reading:
    """What a parser tells of a sheet, made into rows. Called for each cell some four times: written to be fast."""

    def __init__(self, texts: _Texts) -> None:
        self.rows: list[SheetRow] = []
        self._texts = texts
        self._line = 0
        self._column = -1  # of the cell that began last
        self._cells: list[str] = []
        self._beyond = False
        self._cell: Attributes = {}
        self._value: str | None = None
        self._in_value = False
        self._is_formula = False
        self._is_reading = False  # how a text is read aloud, which is no part of it
        self._names: dict[str, str] = {}  # of elements, without their namespace
        self._columns: dict[str, int] = {}  # by letters

    def start(self, tag: str, attributes: Attributes) -> None:
        name = self._names.get(tag) or self._name(tag)
        if name == "c":
            self._cell = attributes
            self._value = None
            reference = attributes.get("r")
            self._column = self._place(reference) if reference else self._column + 1
        elif name in ("v", "t"):
            self._in_value = not self._is_reading
        elif name == "row":
            self._line = int(attributes.get("r", self._line + 1))
            self._column = -1
            if not 0 < self._line <= _MOST_ROWS:
                raise ValueError(self._line)
        elif name == "f":
            self._is_formula = True
        elif name == "rPh":
            self._is_reading = True

    def data(self, text: str) -> None:
        if self._in_value:
            self._value = text if self._value is None else self._value + text
            if len(self._value) > _LONGEST_CELL:
                raise ValueError(self._line)

    def end(self, tag: str) -> None:
        self._in_value = False
        name = self._names[tag]
        if name == "c":
            if self._value is not None:
                cell = self._cell
                if text := self._texts.of(self._value, cell.get("t"), cell.get("s")):
                    self._put(text)
            elif self._is_formula and self._cell.get("t", "n") == "n":
                self._texts.none_of_formula()
            self._is_formula = False
        elif name == "row":
            if self._cells or self._beyond:
                self.rows.append(SheetRow(self._line, tuple(self._cells), self._beyond))
            self._cells = []
            self._beyond = False
        elif name == "rPh":
            self._is_reading = False

    def _put(self, text: str) -> None:
        cells, gap = self._cells, self._column - len(self._cells)
        if self._column >= MOST_COLUMNS:
            self._beyond = True
        elif gap < 0:  # out of order
            cells[self._column] = text
        else:
            if gap:
                cells.extend([""] * gap)
            cells.append(text)

    def _name(self, tag: str) -> str:
        return self._names.setdefault(tag, local_name(tag))

    def _place(self, reference: str) -> int:
        """From 0: `A1` -> 0, `AB12` -> 27."""
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = 0
            for letter in letters.upper():
                column = column * 26 + ord(letter) - 64
            if not 0 < column <= 26**3:
                raise ValueError(reference)
            self._columns[letters] = column = column - 1
        return column
