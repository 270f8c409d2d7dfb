"""What must hold of hints: who is told that somebody looks at a record, or types there, may read it, and so may they.

While a message is served, others move records and people: what counts is what was so at some moment of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from openhouse.core.room_names import shards_of
from openhouse.storage.keys import Item
from tests.simulator.failures import Failure
from tests.simulator.ledger import Ledger
from tests.simulator.sockets import Socket
from tests.simulator.world import SHARDS, World


@dataclass(frozen=True)
class _Served:
    """A message of this socket. Since when: a moment of the ledger, and how many members had left by then."""

    socket: Socket
    moment: int
    left: int


class HintChecks:
    def __init__(self, world: World, ledger: Ledger) -> None:
        self._world = world
        self._ledger = ledger
        self._left: dict[tuple[str, str], int] = {}  # by partition and member, the how manieth to leave
        self._serving: list[_Served] = []
        world.sockets.hinted = self.told

    def member_left(self, row: Item) -> None:
        self._left[row["pk"], row["sk"]] = len(self._left) + 1

    @contextmanager
    def serving(self, socket: Socket) -> Iterator[None]:
        self._serving.append(_Served(socket, self._ledger.moment, len(self._left)))
        try:
            yield
        finally:
            self._serving.pop()

    def told(self, connection_id: str, hints: Sequence[Any]) -> None:
        served = self._serving[-1]
        for hint in hints:
            data = hint["data"]
            user_id = self._world.sockets.all[served.socket.id].owner.user_id
            if data["userId"] != user_id and connection_id != served.socket.id:
                raise Failure("a hint in another's name", f"{hint} by {user_id}")
            rooms = self._rooms(data["recordId"], served)
            for each in (connection_id, served.socket.id):
                if not any(self._was_in(room, each, served) for room in rooms):
                    raise Failure("a hint about what is hidden", f"{hint} to {connection_id}, of {each}: {rooms}")

    def _rooms(self, record_id: str, served: _Served) -> set[str]:
        """Those that the record was in."""
        states = self._ledger.states(record_id, served.moment)
        return {state.place.room for state in states if state is not None and not state.deleted}

    def _was_in(self, room: str, connection_id: str, served: _Served) -> bool:
        for pk in (f"M#{room}#{shard}" for shard in shards_of(room, SHARDS)):
            if connection_id in self._world.table.rows(pk) or self._left.get((pk, connection_id), 0) > served.left:
                return True
        return False
