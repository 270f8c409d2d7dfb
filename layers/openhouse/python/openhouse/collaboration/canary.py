"""A person of a brokerage of its own, who does what all others do, once a minute: opens a socket, writes, hears of it.

Their commits are not handed to the fast lane: what arrives has come through the table's stream.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.json_text import compact
from openhouse.core.metrics import Metric, metrics
from openhouse.core.observability import logger
from openhouse.core.room_names import user_room
from openhouse.delivery.probe import Probe, ProbeFailed
from openhouse.identity.directory import Directory, User
from openhouse.rooms.connections import Connections
from openhouse.rooms.draft import Draft
from openhouse.rooms.room_log import RoomLog

NAME = "openhouse-canary"  # of the person and of their brokerage
SESSION_SECONDS = 120
EVENT = {"type": "canary:sang", "data": {}}


class CanaryLost(Exception):
    """Somebody who writes now is not heard, or not within the time that a probe has."""


class Canary:
    """`open_socket(url)` raises ProbeFailed."""

    def __init__(
        self,
        directory: Directory,
        connections: Connections,
        log: RoomLog,
        socket_url: str,
        open_socket: Callable[[str], Probe],
        *,
        now: Clock = clock.utc_now,
    ) -> None:
        self._directory = directory
        self._connections = connections
        self._log = log
        self._socket_url = socket_url
        self._open_socket = open_socket
        self._now = now

    def sing(self) -> float:
        """Milliseconds until its commit has arrived. Raises CanaryLost."""
        if self._directory.membership(NAME) is None:
            self._directory.put_user(NAME, User(user_id=NAME, email=f"{NAME}@localhost", name="Canary", role="agent"))
        principal = self._directory.principal(NAME, clock.seconds(self._now()) + SESSION_SECONDS)
        ticket, _ = self._connections.issue_ticket(principal)
        try:
            probe = self._open_socket(f"{self._socket_url}?{urlencode({'ticket': ticket})}")
            try:
                took = self._hear(probe)
            finally:
                probe.close()
        except ProbeFailed as error:
            logger.error("canary lost", why=str(error))
            raise CanaryLost(str(error)) from error
        metrics.sample(Metric.CANARY, [took])
        logger.info("canary heard", milliseconds=round(took))
        return took

    def _hear(self, probe: Probe) -> float:
        # In part: the reply tells of no room, and no room gets a log for it.
        probe.send(compact({"action": "sync", "id": "canary", "positions": {}, "part": True}))
        _await(probe, lambda frame: "reply" in frame)
        room = user_room(NAME)
        written: list[datetime] = []

        def draft(now: datetime) -> Draft[None]:
            written[:] = [now]
            return Draft(None, {room: [EVENT]})

        (entry,) = self._log.commit(draft, by=NAME).entries
        id_ = json.loads(entry.commit)["id"]
        _await(probe, lambda frame: any(commit["id"] == id_ for commit in frame.get("commits", ())))
        return (self._now() - written[0]).total_seconds() * 1_000


def _await(probe: Probe, is_it: Callable[[dict[str, Any]], bool]) -> None:
    """Reads on until it comes. Raises ProbeFailed."""
    while True:
        frame = json.loads(probe.receive())
        if "error" in frame:
            raise ProbeFailed(f"the socket answers {frame['error'].get('code')}")
        if is_it(frame):
            return
