"""What every file is read as: a table of texts. Nothing is interpreted here, and nothing is written. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

MOST_COLUMNS = 1_000
MOST_NOTES = 30  # of one table: so many as a person reads


class Unreadable(Exception):
    """The file is no table that can be read. Its message is for whoever chose the file, and says what to do."""


@dataclass(frozen=True)
class Row:
    """`line`: where it begins in the file, as an editor or Excel counts, from 1."""

    line: int
    cells: tuple[str, ...]  # as many as there are columns, as they stand in the file
    fault: str = ""  # in plain words, why this row cannot be read; the cells are what could be


class Notes:
    """What was noticed in a file, in plain words, each once."""

    def __init__(self, notes: Iterable[str] = ()) -> None:
        self._notes: dict[str, None] = {}
        self._left_out = 0
        for note in notes:
            self.add(note)

    def add(self, note: str) -> None:
        if note in self._notes:
            return
        if len(self._notes) < MOST_NOTES:
            self._notes[note] = None
        else:
            self._left_out += 1

    def texts(self) -> tuple[str, ...]:
        more = [f"There is more of this kind: {self._left_out} more notes."] if self._left_out else []
        return tuple(chain(self._notes, more))


class Table:
    """`header`: whether the file named its columns. Where it did not, they are called `Column 1`, `Column 2`."""

    def __init__(
        self,
        columns: tuple[str, ...],
        *,
        header: bool,
        rows: Callable[[Notes], Iterator[Row]],
        notes: Iterable[str] = (),
    ) -> None:
        self.columns = columns
        self.header = header
        self._rows = rows
        self._notes_of_reading = tuple(notes)
        self._notes = Notes(self._notes_of_reading)

    def rows(self) -> Iterator[Row]:
        """In the order of the file, read as they are asked for; one loop at a time, as all share the file.

        Raises Unreadable where a workbook turns out to be damaged farther down.
        """
        self._notes = Notes(self._notes_of_reading)
        return self._rows(self._notes)

    @property
    def notes(self) -> tuple[str, ...]:
        """Complete once the rows have been read to the end."""
        return self._notes.texts()
