"""What is said about tasks over REST."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from openhouse.core.wire import Wire


def _finite(value: Any) -> Any:
    """What is no field of a model yet is kept as JSON, which knows no infinity; Python makes one of `1e400`."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("holds a number that is too large")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _finite(inner)
    return value


_OfKind = Annotated[dict[str, Any], AfterValidator(_finite)]


class NewTask(Wire):
    """`input` is of the kind."""

    kind: Annotated[str, Field(min_length=1, max_length=64)]
    input: _OfKind


class Confirmation(Wire):
    """`answer` is of the kind; without it, what was proposed is confirmed as it is."""

    answer: _OfKind | None = None
