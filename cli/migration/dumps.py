"""The tables of a CRM as PostgreSQL dumps them (`COPY ... WITH (FORMAT csv, HEADER)`), read as imports read files."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.rows import Row, read_rows
from deployed.terminal import CommandFailed
from openhouse.crm.module import USER, Module

TEAMS, USERS = "teams", "users"

# PostgreSQL leaves the minutes of a whole hour out: 2026-03-02 17:00:00+00.
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d)")


@dataclass(frozen=True)
class Dump:
    """A table's columns and rows. `name`: the table's, as here."""

    name: str
    path: Path
    columns: Sequence[str]
    rows: Sequence[Row]


def in_order(modules: Iterable[Module]) -> list[Module]:
    """Each after those whose records its own name."""
    remaining, found = [*modules], list[Module]()
    while remaining:
        known = {USER, *(module.noun for module in found)}
        first = next((one for one in remaining if {*one.references.values()} <= known | {one.noun}), remaining[0])
        remaining.remove(first)
        found.append(first)
    return found


def find(folder: Path, name: str, noun: str) -> Path | None:
    """The dump of a table: `escrows.csv`, `escrow.csv` or `public.escrows.csv`, in any case."""
    wanted = {f"{prefix}{one}.csv" for one in (name, noun) for prefix in ("", "public.")}
    try:
        return next((path for path in sorted(folder.iterdir()) if path.name.lower() in wanted), None)
    except OSError as error:
        raise CommandFailed(f"Cannot read {folder}: {error.strerror}.") from error


def read(name: str, path: Path) -> Dump:
    """Raises CommandFailed with what is wrong with the file."""
    columns, rows = read_rows(path, header=True)
    return Dump(name, path, columns, [Row(row.line, tuple(map(_plain, row.cells)), row.fault) for row in rows])


def cells_of(dump: Dump, row: Row) -> Mapping[str, str]:
    """By the name of their column; of columns with the same name the first."""
    return dict(reversed([*zip(dump.columns, row.cells, strict=False)]))


def elements(cell: str) -> list[str]:
    """Of an array, as PostgreSQL (`{a,"b c"}`) or JSON writes it; of anything else the cell itself."""
    text = cell.strip()
    if text.startswith("[") and text.endswith("]"):
        try:
            found = json.loads(text)
        except ValueError:
            return [text]
        return [str(one) for one in found if one is not None]
    if text.startswith("{") and text.endswith("}"):
        inner = next(csv.reader([text[1:-1]], escapechar="\\", doublequote=False), [])
        return [one for one in inner if one and one != "NULL"]
    return [text] if text else []


def _plain(cell: str) -> str:
    found = _MOMENT.fullmatch(cell)
    return f"{found[1]}{found[2]}:00" if found else cell
