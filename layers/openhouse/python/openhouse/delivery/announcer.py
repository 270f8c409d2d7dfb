"""Unordered live states to the sockets: the newest version of each, once, to whoever can be reached now.

Nothing is tried again and nobody is marked as lagging: whoever misses a hint hears the next one, or reads the list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from openhouse.core.observability import logger
from openhouse.delivery.dispatcher import Content, Dispatcher, RoomDelivery
from openhouse.delivery.stream import StreamRecord
from openhouse.rooms.connections import Connections
from openhouse.storage.keys import room_of_state
from openhouse.storage.table import from_stream

MOST_MEMBERS = 1_000  # of a room that is told of hints; in a larger one people read the list


class Announcer:
    """`parallel_map`: a `map`, such as that of a thread pool, for asking about several rooms at once."""

    def __init__(
        self,
        connections: Connections,
        dispatcher: Dispatcher,
        *,
        parallel_map: Callable[..., Iterable[Any]] = map,
    ) -> None:
        self._connections = connections
        self._dispatcher = dispatcher
        self._parallel_map = parallel_map

    def process(self, records: Sequence[StreamRecord]) -> list[str]:
        """Tells of a stream event's records. None of them ever comes again."""
        newest: dict[tuple[str, str], str] = {}
        for room, name, text in filter(None, map(_try_to_read, records)):
            newest.pop((room, name), None)  # what comes last is told last
            newest[room, name] = text
        rooms: dict[str, list[str]] = defaultdict(list)
        for (room, _), text in newest.items():
            rooms[room].append(text)
        prepared = self._parallel_map(self._try_to_prepare, rooms.items())
        self._dispatcher.post_once([delivery for delivery in prepared if delivery])
        return []

    def _try_to_prepare(self, told: tuple[str, Sequence[str]]) -> RoomDelivery | None:
        room, texts = told
        try:
            members = self._connections.members(room)
        except Exception:  # noqa: BLE001 - one room's trouble must not stop the others
            logger.exception("room not told", room=room)
            return None
        if len(members) > MOST_MEMBERS:
            logger.info("room not told: it is too large for hints", room=room, members=len(members))
            return None
        return RoomDelivery(room, members, Content.ephemeral(texts))


def _try_to_read(record: StreamRecord) -> tuple[str, str, str] | None:
    """The room, the state's name in it, and the event as a JSON text."""
    try:
        item = from_stream(record["dynamodb"]["NewImage"])
        return room_of_state(item["pk"]), item["sk"], item["ephemeral"]
    except Exception:  # noqa: BLE001 - whatever it is that stands there, the others are told
        logger.exception("stream record is no state")
        return None
