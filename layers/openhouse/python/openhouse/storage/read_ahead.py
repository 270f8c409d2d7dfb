"""Items that were read before somebody asks for them, each of which is told once, and until the first write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from openhouse.storage.keys import Item, Key

_Held = dict[tuple[str, str], Item | None]

_held: ContextVar[_Held | None] = ContextVar("read_ahead", default=None)


@contextmanager
def holding(keys: Iterable[Key], found: Iterable[Item]) -> Iterator[None]:
    """In the block it is known what was `found` under these keys. In other threads nothing is."""
    items = {(item["pk"], item["sk"]): item for item in found}
    token = _held.set({(key["pk"], key["sk"]): items.get((key["pk"], key["sk"])) for key in keys})
    try:
        yield
    finally:
        _held.reset(token)


def forget() -> None:
    """What was read before a write tells nobody what is so after it."""
    if held := _held.get():
        held.clear()


def taken(keys: Sequence[Key]) -> tuple[list[Item], Sequence[Key]]:
    """What exists of what was read ahead of these, and the keys of all else. Each is told once."""
    held = _held.get()
    if not held:
        return [], keys
    found: list[Item] = []
    others: list[Key] = []
    for key in keys:
        place = (key["pk"], key["sk"])
        if place not in held:
            others.append(key)
        elif (item := held.pop(place)) is not None:
            found.append(item)
    return found, others
