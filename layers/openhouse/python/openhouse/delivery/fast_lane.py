"""From a writer to the sockets, ahead of the stream: commits of small rooms, posted once if that is possible now.

Whatever is not done here is done by the stream: a room that is large or could not be read, a limit of posts that is
reached, a post that failed. Only what has reached everyone is marked, so that the stream leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.json_text import compact
from openhouse.core.observability import logger
from openhouse.delivery.census import SMALL, census
from openhouse.delivery.content import Content
from openhouse.delivery.dispatcher import Dispatcher, RoomDelivery, Served
from openhouse.delivery.marks import Marks, Place
from openhouse.delivery.rate_limiter import Traffic
from openhouse.rooms.connections import Connections

LATE = 2.0  # seconds after a commit, by when the stream has delivered it
PATIENCE = 0.2  # seconds to wait for the limit of posts: the stream would be no later


@dataclass(frozen=True)
class Hastened:
    """A commit that its writer hands over. `text`: its JSON, as the log has it and every client gets it."""

    place: Place
    at: datetime
    text: str
    commit: Mapping[str, Any] = field(compare=False)

    @classmethod
    def of(cls, commit: Mapping[str, Any]) -> Self:
        place = Place(commit["room"], commit["epoch"], commit["seq"])
        return cls(place, datetime.fromisoformat(commit["at"]), compact(commit), commit)


class FastLane:
    """`parallel_map`: a `map`, such as that of a thread pool, for asking about several rooms at once.

    `small`: members up to which a room is posted to at once.
    """

    def __init__(
        self,
        connections: Connections,
        dispatcher: Dispatcher,
        marks: Marks,
        *,
        now: Clock = clock.utc_now,
        parallel_map: Callable[..., Iterable[Any]] = map,
        small: int = SMALL,
    ) -> None:
        self._connections = connections
        self._dispatcher = dispatcher
        self._marks = marks
        self._now = now
        self._parallel_map = parallel_map
        self._small = small

    def process(self, event: Mapping[str, Any]) -> None:
        """Posts `{commits}` that one transaction wrote, one of each room."""
        self.deliver([Hastened.of(commit) for commit in event["commits"]])

    def deliver(self, commits: Sequence[Hastened]) -> None:
        in_time = {each.place.room: each for each in commits if self._is_in_time(each)}
        found = census(self._connections, [*in_time], small=self._small, parallel_map=self._parallel_map)
        # From one member on a mark is worth it: a write unit, and a read unit when the stream looks for it ($0.63 and
        # $0.13 a million), save a post to each ($1.00) and a look at who they are.
        rooms = {room: members for room, members in found.small.items() if members}
        if not rooms:
            return
        contents = {room: Content.of([in_time[room].text], [in_time[room].commit]) for room in rooms}
        deliveries = [RoomDelivery(room, members, contents[room]) for room, members in rooms.items()]
        served = self._dispatcher.deliver(deliveries, Traffic.SMALL, patience=PATIENCE)
        posted = [in_time[room].place for room, how in zip(rooms, served, strict=True) if how is Served.WHOLLY]
        self._marks.put(posted)
        logger.info("hastened", commits=len(rooms), marked=len(posted))

    def _is_in_time(self, commit: Hastened) -> bool:
        """Lambda may keep an invocation waiting for a minute."""
        return (self._now() - commit.at).total_seconds() <= LATE
