"""Where items of a map stand: order keys, compared as plain text. Pure.

A client that puts an item between two others writes a key between theirs; whatever comes without one is put last.
"""

from __future__ import annotations

from typing import Any, TypeVar

from openhouse.core.wire import Wire
from openhouse.crm.fields import MAX_ORDER_KEY, Item

W = TypeVar("W", bound=Wire)

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"  # in the order of their codes
_FIRST = "V"  # the middle: as much room before it as after it


def key_after(last: str) -> str:
    """A key behind `last`, which is short and leaves room between; `last` itself at the very end of all keys."""
    head = len(last) - len(last.lstrip(_DIGITS[-1]))
    if head < len(last):
        return last[:head] + _DIGITS[_DIGITS.index(last[head]) + 1]
    return last + _DIGITS[1] if len(last) < MAX_ORDER_KEY else last


def with_positions(record: W) -> W:
    """The same record, in which every item has a position: those without one come last, in the order of the document.

    Items with equal positions are ordered by their ids.
    """
    update: dict[str, Any] = {}
    for name, value in record:
        if isinstance(value, dict) and any(isinstance(item, Item) and item.position is None for item in value.values()):
            update[name] = _placed(value)
        elif isinstance(value, Wire) and (inner := with_positions(value)) is not value:
            update[name] = inner
    return record.model_copy(update=update) if update else record


def _placed(items: dict[str, Item]) -> dict[str, Item]:
    last = max((item.position for item in items.values() if item.position), default=None)
    placed: dict[str, Item] = {}
    for id_, item in items.items():
        if item.position is None:
            last = key_after(last) if last else _FIRST
            placed[id_] = item.model_copy(update={"position": last})
        else:
            placed[id_] = item
    return placed
