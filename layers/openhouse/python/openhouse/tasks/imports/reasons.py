"""What is said of a row that was decided: whether a person should look at it, and why, in words."""

from __future__ import annotations

from openhouse.core.errors import RequestError
from openhouse.tasks.imports.pages import Line

# Of rows that are skipped; what these say is no surprise, so nobody is warned of it.
_EXPECTED = frozenset({"duplicate", "same"})


def is_warned(line: Line) -> bool:
    """Whether a person should look at what became of the row."""
    return bool(line.get("warn")) or (line["do"] == "skip" and line["code"] not in _EXPECTED)


def is_told(line: Line) -> bool:
    """Whether it is told of in the report."""
    return line["do"] == "reject" or is_warned(line)


def why_of(line: Line) -> str:
    """In words, all that is to be said of a row."""
    warned = [f"{column or field or 'Row'}: {why}" for column, field, why in line.get("warn", ())]
    return "; ".join([*([line["why"]] if "why" in line else []), *warned])


def reason_of(error: RequestError) -> str:
    """In words."""
    details = [f"{fault['field']}: {fault['message']}" for fault in error.extra.get("errors", [])]
    return "; ".join(details) or error.message
