"""From the table's stream to the sockets: each commit to every member of its room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openhouse import clock
from openhouse.clock import Clock
from openhouse.connections import Connections
from openhouse.gateway import Gateway, Outcome, pack, post_each
from openhouse.observability import logger
from openhouse.table import from_stream


@dataclass(frozen=True)
class LogEntry:
    """One commit as the stream hands it over. `position`: the stream's own number, which a retry starts from."""

    room: str
    seq: int
    commit: str
    position: str


def entries(records: Iterable[Mapping[str, Any]]) -> list[LogEntry]:
    """The log entries of a stream event, in stream order (per room that is commit order)."""
    found = []
    for record in records:
        item = from_stream(record["dynamodb"]["NewImage"])
        found.append(LogEntry(item["room"], item["seq"], item["commit"], record["dynamodb"]["SequenceNumber"]))
    return found


class FanOut:
    def __init__(self, connections: Connections, gateway: Gateway, *, now: Clock = clock.utc_now) -> None:
        self._connections = connections
        self._gateway = gateway
        self._now = now

    def deliver(self, batch: Sequence[LogEntry]) -> list[str]:
        """Posts a batch, room by room. Returns the positions of entries whose room could not be served.

        A socket that cannot be reached is no failure: its client finds the gap in the sequence and asks.
        """
        rooms: dict[str, list[LogEntry]] = defaultdict(list)
        for entry in batch:
            rooms[entry.room].append(entry)
        failed: list[str] = []
        for room, pending in rooms.items():
            try:
                self._deliver_to(room, pending)
            except Exception:  # noqa: BLE001 - one room's trouble must not stop the others; the stream retries what we return
                logger.exception("room not served", room=room, seq=pending[0].seq)
                failed += [entry.position for entry in pending]
        return failed

    def _deliver_to(self, room: str, pending: Sequence[LogEntry]) -> None:
        now = clock.seconds(self._now())
        members = self._connections.members(room)
        in_order = sorted(pending, key=lambda entry: entry.seq)
        frames = pack([entry.commit for entry in in_order])
        live = {member.connection_id: frames for member in members if member.expires_at > now}
        outcomes = post_each(self._gateway, live)
        for member in members:
            outcome = outcomes.get(member.connection_id)
            if outcome is None:
                self._gateway.close(member.connection_id)
            if outcome in (None, Outcome.GONE):
                self._connections.forget(member.connection_id, found_in=[room])
        counts: dict[str, Any] = {kind.value: list(outcomes.values()).count(kind) for kind in Outcome}
        logger.info("delivered", room=room, seq=in_order[-1].seq, commits=len(in_order), frames=len(frames), **counts)
