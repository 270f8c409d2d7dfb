"""How commands that show things look: columns for people, one JSON document for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.text import Text

from deployed.terminal import say
from openhouse.core import clock

Row = Sequence[str]


def show(document: Any, lines: Sequence[str | Text], *, as_json: bool) -> None:
    say(*([json.dumps(document, ensure_ascii=True)] if as_json else lines))


def table(header: Row, rows: Sequence[Row], *, indent: str = "") -> list[Text]:
    """In columns as wide as they need; those whose name begins with a space lie to the right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    right = [name.startswith(" ") for name in header]

    def line(row: Row) -> str:
        cells = [
            cell.strip().rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ]
        return (indent + "  ".join(cells)).rstrip()

    return [Text(line(header), "bold"), *(Text(line(row)) for row in rows)]


def wire_time(milliseconds: int) -> str:
    """As it stands in documents."""
    return clock.to_wire(clock.from_milliseconds(milliseconds))


def local_time(at: datetime, now: datetime) -> str:
    """For people: the time of day, with its day if that is not today."""
    there = at.astimezone()
    return f"{there:%H:%M:%S}" if there.date() == now.astimezone().date() else f"{there:%Y-%m-%d %H:%M:%S}"


def lasting(seconds: float) -> str:
    """`12 s`, `3 min`, `5 h`, `2 d`: the largest unit, rounded down."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{max(0, int(seconds))} s"


def count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
