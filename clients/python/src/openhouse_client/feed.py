"""All rooms of one person, in order. Pure, like `room.py`: frames and replies in, ordered commits and needs out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from openhouse_client.listener import Lost
from openhouse_client.protocol import Commit, Position, SyncReply, parts
from openhouse_client.room import HELD, Need, Room

NOWHERE = Position("", 0)  # no log has such an epoch: who names it is told to begin afresh


class Feed:
    """Rooms are independent: the order between commits of two rooms means nothing."""

    def __init__(self, positions: Mapping[str, Position] | None = None, *, capacity: int = HELD) -> None:
        self._capacity = capacity
        self._rooms = {name: Room(position, capacity=capacity) for name, position in (positions or {}).items()}
        self._heads: dict[str, Position] = {}  # where the last sync found the logs
        self._rooms_changed = False

    def positions(self) -> dict[str, Position]:
        """How far each room is known. Rooms without a position are left out."""
        return {name: room.position for name, room in self._rooms.items() if room.position}

    def questions(self) -> list[dict[str, Position]]:
        """The positions that a `sync` sends; several of them if they do not fit into one frame: its parts."""
        whole = self.positions()
        if len(parts(whole)) == 1:
            return [whole]
        return parts({name: room.position or NOWHERE for name, room in self._rooms.items()})

    @property
    def behind(self) -> bool:
        """There is something that only a `sync` can tell."""
        return self._rooms_changed or any(room.need is Need.SYNC for room in self._rooms.values())

    @property
    def lost(self) -> dict[str, Lost]:
        """The rooms to refetch."""
        rooms = {name: room for name, room in self._rooms.items() if room.need is Need.REFETCH}
        return {name: Lost(self._heads[name], room.begun_anew) for name, room in rooms.items()}

    def receive(self, commits: Iterable[Commit]) -> list[Commit]:
        """The commits that are in order now."""
        return [ready for commit in commits for ready in self._room(commit.room).receive(commit)]

    def heard(self, heads: Mapping[str, Position]) -> None:
        """Takes the heads of all rooms of the connection, as `ping` tells them."""
        for name, head in heads.items():
            self._room(name).heard(head)
        self._rooms_changed = self._rooms_changed or not self._rooms.keys() <= heads.keys()

    def resumed(self, asked: Mapping[str, Position], reply: SyncReply, *, part: bool = False) -> list[str]:
        """Takes the reply to a `sync` sent with the positions `asked`. Returns the rooms we are in no longer.

        `part`: others were sent besides, and once all have their replies, `joined` tells of rooms that none named.
        """
        is_all = not part and not reply.more
        left = [name for name in self._rooms if name not in reply.rooms and (is_all or name in asked)]
        for name in left:
            del self._rooms[name]
            self._heads.pop(name, None)
        for name, room in reply.rooms.items():
            self._room(name).resumed(asked.get(name), room)
            self._heads[name] = room.reached
        if is_all:
            self._rooms_changed = False
        return left

    def joined(self, names: Collection[str]) -> None:
        """Takes the names of all rooms of the connection, after a `sync` in parts."""
        for name in names:
            self._room(name)
        self._rooms_changed = not self._rooms.keys() <= set(names)

    def reset(self, positions: Mapping[str, Position]) -> list[Commit]:
        """Goes on from `positions` in these rooms. Returns the commits that had been waiting after them."""
        return [commit for name, position in positions.items() for commit in self._room(name).reset(position)]

    def _room(self, name: str) -> Room:
        if name not in self._rooms:
            self._rooms[name] = Room(capacity=self._capacity)
        return self._rooms[name]
