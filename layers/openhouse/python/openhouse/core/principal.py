"""Who is asking, and which rooms they are in."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from openhouse.core.room_names import brokerage_room, team_room, user_room

Role = Literal["agent", "lead", "broker", "admin"]


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Who is asking. `team_ids`: the teams whose rooms they are in (for a broker, every team of the brokerage)."""

    user_id: str
    brokerage_id: str
    role: Role
    team_ids: tuple[str, ...]
    expires_at: int  # when the token ends, in seconds since 1970
    name: str = ""
    email: str = ""

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        return cls(**{**document, "team_ids": tuple(document["team_ids"])})

    def document(self) -> dict[str, Any]:
        """JSON-able; `from_document` reads it back."""
        return {**asdict(self), "team_ids": list(self.team_ids)}

    @property
    def rooms(self) -> tuple[str, ...]:
        """Every room they are in, in a fixed order."""
        return (
            user_room(self.user_id),
            *(team_room(team) for team in self.team_ids),
            brokerage_room(self.brokerage_id),
        )
