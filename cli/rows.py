"""The rows of a file, read as an import reads them."""

from __future__ import annotations

from pathlib import Path

from deployed.terminal import CommandFailed, say
from openhouse.importing.tables import Row, Unreadable, read_table

__all__ = ["Row", "read_rows"]


def read_rows(path: Path, *, header: bool | None = None) -> tuple[list[str], list[Row]]:
    """The column names, and all rows. Says what was noticed. `header`: whether the first line names the columns, where
    that is known. Raises CommandFailed with what is wrong with the file.
    """
    try:
        with path.open("rb") as file:
            table = read_table(file, path.name, header=header)
            rows = [*table.rows()]
            say(*table.notes)
            return [*table.columns], rows
    except OSError as error:
        raise CommandFailed(f"Cannot read {path}: {error.strerror}.") from error
    except Unreadable as error:
        raise CommandFailed(str(error)) from error
