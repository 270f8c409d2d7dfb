"""Room names. A room is the text `broker:<brokerage id>`, `team:<id>` or `user:<id>`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal
from zlib import crc32

RoomKind = Literal["broker", "team", "user"]
Visibility = Literal["private", "team", "broker"]


def user_room(user_id: str) -> str:
    return f"user:{user_id}"


def team_room(team_id: str) -> str:
    return f"team:{team_id}"


def brokerage_room(brokerage_id: str) -> str:
    return f"broker:{brokerage_id}"


def is_of_kind(room: str, kinds: Collection[RoomKind]) -> bool:
    return room.partition(":")[0] in kinds


def shard_of(room: str, connection_id: str, brokerage_shards: int) -> int:
    """The member partition of a connection. Team and user rooms have one."""
    return crc32(connection_id.encode()) % brokerage_shards if room.startswith("broker:") else 0


def shards_of(room: str, brokerage_shards: int) -> range:
    return range(brokerage_shards if room.startswith("broker:") else 1)
