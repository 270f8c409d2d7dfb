"""JSON as it is sent, and as it is taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def parse(text: str) -> Any:
    """Raises ValueError for what only Python takes (NaN, a name twice in one object), RecursionError if it is deep."""
    return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_names_once)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _names_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values of one name, one would be lost in silence."""
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return document


compact: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_spaced: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False).encode


def size(document: Any) -> int:
    """In bytes of UTF-8, with spaces after separators: never less than what is sent."""
    return len(_spaced(document).encode())
