"""Where the header of a table is, what its columns are called, and what stands around it. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from openhouse.importing.labels import DATA, Looks, is_usual_name, looks_of
from openhouse.importing.rows import MOST_COLUMNS, Unreadable

_SEARCHED = 40  # records at the start, among which the header is
_FEW_TITLES = 5  # that are told of one by one
_SHOWN = 60  # characters of a line that is told of
_FULL = 0.8  # of the usual cells, in a row that is no title
_CLEAR = 0.8  # of a column's cells that look alike
_COMMON = 0.1  # of all rows, for a column without a name
_YEAR = re.compile(r"(19|20)\d\d")  # which columns of figures are named for
_NOTICE_WORDS = 6
_NOTICE_CELLS = 3
_LONGEST_NOTICE = 1_000  # characters that are looked at
_NOTICE = re.compile(
    r"(in accordance with|copyright|©|disclaimer|confidential|generated (by|on|at)|exported (by|from|on)|"
    r"printed (by|on)|report (date|generated|run)|run (on|date|by)|note:|notice:|page \d+|end of (report|file|list)|"
    r"(total|grand total|totals|\d+ (records|rows|results|listings|contacts|properties))[\s:.\d]*$)",
    re.IGNORECASE,
)

Cells = Sequence[str]


@dataclass(frozen=True)
class Layout:
    """`first`: the index of the first record, in the sample, that is a row of the table."""

    columns: tuple[str, ...]
    header: bool
    first: int
    named: tuple[str, ...] = ()  # the header's cells as they stand there: some files repeat them
    notes: tuple[str, ...] = ()


def find_layout(sample: Sequence[Cells], lines: Sequence[int], *, header: bool | None = None) -> Layout:
    """Of the first records of a file, at least one, none empty. `header`: what somebody knows, if somebody does."""
    usual = _usual_filled(sample)
    named = _by_usual_names(sample, usual) if header is not False else None
    notes: list[str] = []
    if named is None:
        candidate = _first_wide(sample, usual)
        if header or (header is None and _is_above_data(sample[candidate], sample[candidate + 1 :], notes)):
            named = candidate
    first = named + 1 if named is not None else _first_row(sample, usual)
    titles = named if named is not None else first
    notes = [*_title_notes(sample[:titles], lines), *notes]
    names = [cell.strip() for cell in sample[named]] if named is not None else []
    width = _width(_extent(names), sample[first:], header=named is not None)
    if width > MOST_COLUMNS:
        raise Unreadable(f"The table has {width} columns; at most {MOST_COLUMNS} can be read.")
    if named is None:
        notes.append("The file does not name its columns.")
    elif dropped := _empty_columns(sample[named], sample[first:], width):
        columns, were = ("column", "was") if dropped == 1 else ("columns", "were")
        notes.append(f"{dropped} {columns} at the end had neither name nor content and {were} left out.")
    return Layout(
        columns=column_names(names, width),
        header=named is not None,
        first=first,
        named=tuple(names[:width]),
        notes=tuple(notes),
    )


def names_columns(cells: Cells) -> bool:
    """Whether there is no doubt that it is a header."""
    hits = sum(map(is_usual_name, cells))
    return hits > 1 and 2 * hits >= _filled(cells)


def column_names(names: Cells, width: int) -> tuple[str, ...]:
    """Unique and never empty: `Email`, `Email (2)`, `Column 3`."""
    found: dict[str, None] = {}
    for index in range(width):
        name = " ".join(names[index].split()) if index < len(names) else ""
        name = unique = name or f"Column {index + 1}"
        count = 1
        while unique in found:
            count += 1
            unique = f"{name} ({count})"
        found[unique] = None
    return tuple(found)


def notice_in(cells: Cells, width: int) -> str:
    """The sentence, if that is all a record of a table has: exports put notices between their rows."""
    if width < 3:
        return ""
    filled = [cell for cell in cells if cell.strip()]
    if not 0 < len(filled) <= _NOTICE_CELLS or any(looks_of(cell) in DATA for cell in filled):
        return ""
    if any(cell[0] != " " for cell in filled[1:]):
        return ""  # not the commas of a sentence
    text = ",".join(filled).strip()
    if _NOTICE.match(text[:_LONGEST_NOTICE]) or (len(filled) == 1 and len(text.split()) >= _NOTICE_WORDS):
        return text
    return ""


def shown(text: str) -> str:
    """As it is quoted in a note."""
    line = " ".join(text.split())
    return f'"{line[:_SHOWN]}..."' if len(line) > _SHOWN else f'"{line}"'


def _extent(cells: Cells) -> int:
    """How many cells there are up to the last that is not empty."""
    extent = len(cells)
    while extent and not cells[extent - 1].strip():
        extent -= 1
    return extent


def _filled(cells: Cells) -> int:
    return sum(1 for cell in cells if cell.strip())


def _usual_filled(sample: Sequence[Cells]) -> int:
    """How many cells of a row have content: the median of those that have several."""
    counts = sorted(count for cells in sample if (count := _filled(cells)) > 1)
    return counts[len(counts) // 2] if counts else 1


def _by_usual_names(sample: Sequence[Cells], usual: int) -> int | None:
    """The record whose cells are what columns are called: a third of them, and two at least where there are two."""
    best, best_hits = None, min(usual, 2) - 1
    for index, cells in enumerate(sample[:_SEARCHED]):
        filled = _filled(cells)
        if 2 * filled < usual or (usual > 1 and filled < 2):
            continue  # a title
        hits = sum(map(is_usual_name, cells))
        data = sum(looks_of(cell) in DATA and not _YEAR.fullmatch(cell.strip()) for cell in cells)
        if hits > max(best_hits, 2 * data) and 3 * hits >= filled:
            best, best_hits = index, hits
        if data or best is not None or filled >= _FULL * usual:
            break  # from here on there are rows
    return None if best is None else _second_line(sample, best)


def _second_line(sample: Sequence[Cells], best: int) -> int:
    """The next record, if it names more columns than the one that was found: that one has the names of groups."""
    if best + 1 < len(sample):
        above, below = sample[best], sample[best + 1]
        more = sum(map(is_usual_name, below)) > sum(map(is_usual_name, above))
        if more and _filled(below) > _filled(above) and not any(looks_of(cell) in DATA for cell in below):
            return best + 1
    return best


def _first_wide(sample: Sequence[Cells], usual: int) -> int:
    for index, cells in enumerate(sample[:_SEARCHED]):
        if 2 * _filled(cells) >= usual and (usual == 1 or _filled(cells) > 1):
            return index
    return 0


def _first_row(sample: Sequence[Cells], usual: int) -> int:
    """Of a table without a header: single cells above it are titles."""
    if usual < 3:
        return 0
    first = _first_wide(sample, usual)
    return next((index for index in range(first) if _filled(sample[index]) > 1), first)


def _is_above_data(top: Cells, below: Sequence[Cells], notes: list[str]) -> bool:
    """Whether a record that has no usual names is a header, by how it differs from the columns below it."""
    if not below:
        return False
    evidence = 0.0
    for index, cell in enumerate(top):
        column = [cells[index] for cells in below if index < len(cells) and cells[index].strip()]
        if not column:
            continue
        looks = Counter(map(looks_of, column))
        usual, count = looks.most_common(1)[0]
        clear = usual in DATA and count >= _CLEAR * len(column)
        own = looks_of(cell)
        if own is Looks.EMPTY:
            evidence -= 0.5
        elif own in DATA:
            evidence -= 1.5
        elif clear:
            evidence += 1
        elif cell in column:
            evidence -= 1
    if not evidence and _extent(top) > 1 and _could_be_names(top):
        notes.append("The first line was taken for the names of the columns; nothing proves that it is.")
        return True
    return evidence > 0


def _could_be_names(cells: Cells) -> bool:
    names = [cell.strip() for cell in cells[: _extent(cells)]]
    return all(names) and len(set(names)) == len(names)


def _width(named: int, rows: Sequence[Cells], *, header: bool) -> int:
    """Columns without a name count if many rows, or most of them under a header, have something there."""
    extents = [_extent(cells) for cells in rows] or [named]
    least = len(extents) * (0.5 if header else _COMMON)
    for width in sorted(set(extents), reverse=True):
        if width <= named:
            break
        if sum(extent >= width for extent in extents) >= least:
            return width
    return max(named, 1)


def _empty_columns(top: Cells, rows: Sequence[Cells], width: int) -> int:
    lengths = Counter(len(cells) for cells in (top, *rows))
    return max(lengths.most_common(1)[0][0] - width, 0)


def _title_notes(titles: Sequence[Cells], lines: Sequence[int]) -> list[str]:
    notes = []
    for cells, line in zip(titles[:_FEW_TITLES], lines, strict=False):
        text = " ".join(cell.strip() for cell in cells if cell.strip())
        notes.append(f"Line {line} stands above the table and was left out: {shown(text)}.")
    if len(titles) > _FEW_TITLES:
        notes.append(f"{len(titles) - _FEW_TITLES} more of the lines above the table were left out.")
    return notes
