"""What is said about tasks over REST."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from openhouse.core.wire import Wire

_LEAST, _MOST = 1e-100, 10**38  # numbers that JSON and DynamoDB can tell: Python reads `1e400`, as an infinity


def _tellable(value: Any) -> Any:
    """What is not yet a field of a model may be anything, and a task keeps it."""
    if isinstance(value, int | float) and value and not _LEAST <= abs(value) < _MOST:
        raise ValueError("holds a number that is too large or too small")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _tellable(inner)
    return value


_OfKind = Annotated[dict[str, Any], AfterValidator(_tellable)]


class NewTask(Wire):
    """`input` is of the kind."""

    kind: Annotated[str, Field(min_length=1, max_length=64)]
    input: _OfKind


class Confirmation(Wire):
    """`answer` is of the kind; without it, what was proposed is confirmed as it is."""

    answer: _OfKind | None = None
