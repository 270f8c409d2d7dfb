"""Sockets that are in other rooms than the directory gives their person now: they are closed.

Whoever changes the directory does so before they answer. The table's stream tells of the change as well, so that it
also happens when that function died in between. Clients reconnect into the rooms that they now have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from openhouse.core.errors import UserUnknown
from openhouse.core.observability import logger
from openhouse.core.room_names import user_room
from openhouse.delivery.stream import StreamRecord
from openhouse.identity.directory import Directory
from openhouse.rooms.connections import Connections
from openhouse.rooms.gateway import Gateway
from openhouse.storage.keys import user_of_entry
from openhouse.storage.table import from_stream


class MovedSockets:
    """`parallel_map`: a `map`, such as that of a thread pool, for closing many sockets at once."""

    def __init__(
        self,
        directory: Directory,
        connections: Connections,
        gateway: Gateway,
        *,
        parallel_map: Callable[..., Iterable[Any]] = map,
    ) -> None:
        self._directory = directory
        self._connections = connections
        self._gateway = gateway
        self._parallel_map = parallel_map

    def close(self, user_ids: Iterable[str]) -> int:
        """Those of these people. Returns how many they were.

        Compares with the directory, not with the entry before: so it can be repeated. To forget a socket of someone in
        1,000 rooms takes half a second.
        """
        moved = [(user_id, socket) for user_id in user_ids for socket in self._elsewhere(user_id)]
        for _ in self._parallel_map(lambda one: self._connections.forget(one[1], found_in=[user_room(one[0])]), moved):
            pass
        if moved:
            self._gateway.close([socket for _, socket in moved])
        return len(moved)

    def close_brokers(self, brokerage_id: str) -> int:
        """After a team was added: brokers are in the rooms of all."""
        return self.close([user.user_id for user in self._directory.users(brokerage_id) if user.role == "broker"])

    def people_changed(self, records: Sequence[StreamRecord]) -> list[str]:
        """Takes the changes of people's entries. Nothing comes again: commits behind it in the stream would wait."""
        for user_id in dict.fromkeys(user_of_entry(record["dynamodb"]["Keys"]) for record in records):
            _try(partial(self.close, [user_id]), user_id)
        return []

    def teams_added(self, records: Sequence[StreamRecord]) -> list[str]:
        """The same of new teams."""
        for change in (record["dynamodb"] for record in records):
            _try(partial(self._team_added, change["NewImage"]), change["Keys"]["pk"]["S"])
        return []

    def _team_added(self, image: Any) -> int:
        return self.close_brokers(from_stream(image)["brokerage_id"])

    def _elsewhere(self, user_id: str) -> list[str]:
        """Asks the sockets first: one that joins meanwhile has what the directory says by then."""
        joined = {socket: self._connections.rooms_of(socket) for socket in self._connections.of_user(user_id)}
        if not joined:
            return []
        try:
            rooms = self._directory.principal(user_id, expires_at=0).rooms
        except UserUnknown:
            rooms = ()
        return [socket for socket, its in joined.items() if its != rooms]


def _try(close: Callable[[], int], whose: str) -> None:
    try:
        closed = close()
    except Exception:  # noqa: BLE001 - see `people_changed`
        logger.exception("sockets not closed after a change of the directory", whose=whose)
    else:
        if closed:
            logger.info("sockets were still open after a change of the directory", whose=whose, sockets=closed)
