"""A room's HEAD: where its log ends, and whatever small else changes with its commits.

It is written by every commit and read by most requests, so what is kept in it costs neither a read nor a write of its
own, as long as the item stays under a kilobyte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from openhouse.rooms.position import Position
from openhouse.storage.keys import Item

_OWN = frozenset({"pk", "sk", "epoch", "seq"})


@dataclass(frozen=True)
class Head:
    """`kept`: by name, what commits of this room have left there."""

    position: Position
    kept: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, item: Item) -> Self:
        kept = {name: value for name, value in item.items() if name not in _OWN}
        return cls(Position(item["epoch"], item["seq"]), kept)
