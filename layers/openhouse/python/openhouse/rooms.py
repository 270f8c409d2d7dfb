"""Rooms and who is in them. Pure: a room is the text `broker:<id>`, `team:<id>` or `user:<id>`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self
from zlib import crc32

from openhouse.errors import Forbidden, invalid

Role = Literal["agent", "lead", "broker", "admin"]
Visibility = Literal["private", "team", "broker"]


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Who is asking. `team_ids`: the teams whose rooms they are in (for a broker, every team of the brokerage)."""

    user_id: str
    broker_id: str
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
        return (user_room(self.user_id), *(team_room(team) for team in self.team_ids), broker_room(self.broker_id))


def user_room(user_id: str) -> str:
    return f"user:{user_id}"


def team_room(team_id: str) -> str:
    return f"team:{team_id}"


def broker_room(broker_id: str) -> str:
    return f"broker:{broker_id}"


def room_of(visibility: Visibility, *, owner_id: str, team_id: str | None, broker_id: str) -> str:
    """The one room of a record."""
    if visibility == "private":
        return user_room(owner_id)
    if visibility == "broker":
        return broker_room(broker_id)
    if team_id is None:
        raise invalid(("teamId", "name one of your teams, or choose another visibility"))
    return team_room(team_id)


def team_for(principal: Principal, wanted: str | None) -> str | None:
    """The team of a record that `principal` creates: the one named, else their only one.

    None when they have none, or several and named none.
    """
    if wanted is not None:
        if wanted not in principal.team_ids:
            raise invalid(("teamId", "this is not one of your teams"))
        return wanted
    return principal.team_ids[0] if len(principal.team_ids) == 1 else None


def check_may_move(principal: Principal, *, owner_id: str, to: Visibility, room: str) -> None:
    """The owner may; a lead or a broker may too, except that only owners make a record private.

    Nobody moves one into a `room` that they are not in, such as a team they have left.
    """
    if room not in principal.rooms and to != "private":
        raise Forbidden("it would go to a team that you are not in: name one of yours in teamId")
    if principal.user_id == owner_id:
        return
    if to == "private" or principal.role not in ("lead", "broker"):
        raise Forbidden("only the owner may make a record private; a lead or a broker may share it otherwise")


def check_may_reassign(principal: Principal, *, owner_id: str, team_id: str | None) -> None:
    """A broker may; a lead may with their own records, and with those of their own teams."""
    if principal.role == "broker":
        return
    if principal.role != "lead":
        raise Forbidden("only a lead or a broker may give a record to another owner or team")
    if principal.user_id != owner_id and team_id not in principal.team_ids:
        raise Forbidden("a lead may give records of their own teams to others")


def shard_of(room: str, connection_id: str, broker_shards: int) -> int:
    """The member partition of a connection. Team and user rooms have one."""
    return crc32(connection_id.encode()) % broker_shards if room.startswith("broker:") else 0


def shards_of(room: str, broker_shards: int) -> range:
    return range(broker_shards if room.startswith("broker:") else 1)
