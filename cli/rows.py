"""The rows of a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deployed.terminal import CommandFailed


@dataclass(frozen=True)
class Row:
    """`line`: where it ends in the file, as an editor counts; the header is line 1."""

    line: int
    cells: tuple[str, ...]
    fault: str = ""  # why it cannot even be read


def read_rows(path: Path) -> tuple[list[str], list[Row]]:
    """The column names, and all rows. Raises CommandFailed if it is not a CSV file with a header."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            names = [name.strip() for name in next(reader, [])]
            _check_header(path, names)
            return names, [_row(reader.line_num, names, cells) for cells in reader if any(cells)]
    except OSError as error:
        raise CommandFailed(f"Cannot read {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandFailed(f"{path} is not UTF-8 text: save it as CSV in UTF-8.") from error
    except csv.Error as error:
        raise CommandFailed(f"{path}, line {reader.line_num}: this is not CSV ({error}).") from error


def _check_header(path: Path, names: Sequence[str]) -> None:
    if not any(names):
        raise CommandFailed(f"{path} has no header: its first line has to name the columns.")


def _row(line: int, names: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) != len(names):
        plural = "s" * (len(cells) != 1)
        return Row(line, (), f"it has {len(cells)} cell{plural}, and the header names {len(names)} columns")
    return Row(line, tuple(cells))
