"""JSON merge patches (RFC 7396). Pure; documents are dicts of JSON values."""

from __future__ import annotations

from typing import Any

from openhouse.core.text import is_filled

Document = dict[str, Any]


def merge(document: Document, patch: Document) -> Document:
    """`document` with `patch` applied: null removes, objects merge, everything else replaces."""
    merged = dict(document)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            current = merged.get(key)
            merged[key] = merge(current if isinstance(current, dict) else {}, value)
        else:
            merged[key] = value
    return merged


def blanks_as_null(patch: Document) -> Document:
    """The same patch, in which an empty text removes a field as null does."""
    return {key: _null_if_blank(value) for key, value in patch.items()}


def _null_if_blank(value: Any) -> Any:
    if isinstance(value, dict):
        return blanks_as_null(value)
    return None if isinstance(value, str) and not is_filled(value) else value


def difference(before: Document, after: Document) -> Document:
    """The smallest patch for which `merge(before, patch) == after`. Neither document may hold a null."""
    patch: Document = {key: None for key in before if key not in after}
    for key, value in after.items():
        old = before.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            if inner := difference(old, value):
                patch[key] = inner
        elif key not in before or not same(old, value):
            patch[key] = value
    return patch


def same(one: Any, other: Any) -> bool:
    """Equal as JSON: in Python True == 1, in JSON it is not, within lists too."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return one == other and isinstance(one, bool) == isinstance(other, bool)
