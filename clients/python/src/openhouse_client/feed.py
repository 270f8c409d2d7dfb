"""All rooms of one person, in order. Pure, like `room.py`: frames and replies in, ordered commits and needs out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openhouse_client.protocol import Commit, Position, SyncReply
from openhouse_client.room import HELD, Need, Room


class Feed:
    """Rooms are independent: the order between commits of two rooms means nothing."""

    def __init__(self, positions: Mapping[str, Position] | None = None, *, capacity: int = HELD) -> None:
        self._capacity = capacity
        self._rooms = {name: Room(position, capacity=capacity) for name, position in (positions or {}).items()}
        self._heads: dict[str, Position] = {}  # where the last sync found the logs
        self._rooms_changed = False

    def positions(self) -> dict[str, Position]:
        """What a `sync` sends. Rooms without a position are left out."""
        return {name: room.position for name, room in self._rooms.items() if room.position}

    @property
    def behind(self) -> bool:
        """There is something that only a `sync` can tell."""
        return self._rooms_changed or any(room.need is Need.SYNC for room in self._rooms.values())

    @property
    def lost(self) -> dict[str, Position]:
        """The rooms to refetch, each with where its log ended when the server said so."""
        return {name: self._heads[name] for name, room in self._rooms.items() if room.need is Need.REFETCH}

    def receive(self, commits: Iterable[Commit]) -> list[Commit]:
        """The commits that are in order now."""
        return [ready for commit in commits for ready in self._room(commit.room).receive(commit)]

    def heard(self, heads: Mapping[str, Position]) -> None:
        """Takes the heads of all rooms of the connection, as `ping` tells them."""
        for name, head in heads.items():
            self._room(name).heard(head)
        self._rooms_changed = self._rooms_changed or not self._rooms.keys() <= heads.keys()

    def resumed(self, asked: Mapping[str, Position], reply: SyncReply) -> list[str]:
        """Takes the reply to a `sync` sent with the positions `asked`. Returns the rooms we are in no longer."""
        left = [name for name in self._rooms if name not in reply.rooms]
        for name in left:
            del self._rooms[name]
        for name, room in reply.rooms.items():
            self._room(name).resumed(asked.get(name), room)
        self._heads = {name: room.reached for name, room in reply.rooms.items()}
        self._rooms_changed = False
        return left

    def reset(self, positions: Mapping[str, Position]) -> list[Commit]:
        """Goes on from `positions` in these rooms. Returns the commits that had been waiting after them."""
        return [commit for name, position in positions.items() for commit in self._room(name).reset(position)]

    def _room(self, name: str) -> Room:
        if name not in self._rooms:
            self._rooms[name] = Room(capacity=self._capacity)
        return self._rooms[name]
