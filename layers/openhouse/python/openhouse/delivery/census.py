"""Who is in rooms, and which of them are small enough to be posted to at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openhouse.core.observability import logger
from openhouse.rooms.connections import Connections, Member

Shard = tuple[str, int]  # of a room's members

SMALL = 200  # members of a room that are posted to at once
SPREAD = 2  # times its share of a small room's members that one shard of it may have, as they are spread by chance


@dataclass(frozen=True)
class Census:
    """Small rooms with their members, large rooms, and those whose members could not be read."""

    small: dict[str, list[Member]]
    large: list[str]
    unknown: set[str]


def census(
    connections: Connections, rooms: Sequence[str], *, small: int, parallel_map: Callable[..., Iterable[Any]]
) -> Census:
    """One shard of a large room usually tells that it is large: the others are not read."""
    shards = {room: connections.shards(room) for room in rooms}

    def read(some: Sequence[Shard]) -> dict[Shard, list[Member] | None]:
        return members_of(connections, some, parallel_map, "room not served")

    found = read([(room, shards[room][0]) for room in rooms])
    likely_small = [
        room
        for (room, _), first in found.items()
        if first is not None and len(first) * len(shards[room]) <= small * SPREAD
    ]
    found |= read([(room, shard) for room in likely_small for shard in shards[room][1:]])
    unknown = {room for (room, _), members in found.items() if members is None}
    members = {
        room: [member for shard in shards[room] for member in found[room, shard] or ()]
        for room in likely_small
        if room not in unknown
    }
    few = {room: everyone for room, everyone in members.items() if len(everyone) <= small}
    return Census(few, [room for room in rooms if room not in few and room not in unknown], unknown)


def members_of(
    connections: Connections, shards: Sequence[Shard], parallel_map: Callable[..., Iterable[Any]], trouble: str
) -> dict[Shard, list[Member] | None]:
    """Side by side; None for a shard that could not be read, which is logged as `trouble`."""

    def try_to_read(shard: Shard) -> list[Member] | None:
        try:
            return connections.members(*shard)
        except Exception:  # noqa: BLE001 - one shard's trouble must not stop the others; what failed is tried again
            logger.exception(trouble, room=shard[0], shard=shard[1])
            return None

    return dict(zip(shards, parallel_map(try_to_read, shards), strict=True))
