"""Positions in rooms' logs: how far somebody has read, or where a log ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge


@dataclass(frozen=True)
class Position:
    """A place in a log. `epoch` changes only when a log is rebuilt and older positions mean nothing."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}  # models of the wire hold it

    epoch: str
    seq: Annotated[int, Ge(0)]

    def wire(self) -> dict[str, Any]:
        """`{epoch, seq}`."""
        return {"epoch": self.epoch, "seq": self.seq}
