"""Commits to the members of rooms: who gets them, and what follows from what became of each post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openhouse import clock
from openhouse.budget import Budget, Lane
from openhouse.clock import Clock
from openhouse.connections import Connections, Member
from openhouse.errors import Busy
from openhouse.gateway import Delivery, Gateway, Missed, Outcome, pack
from openhouse.observability import logger

NUDGE_PATIENCE = 0.3  # seconds; whoever did not take a frame lately keeps nobody waiting


@dataclass(frozen=True)
class Parcel:
    """Commits (JSON texts, in order) for these members of a room."""

    room: str
    members: Sequence[Member]
    commits: Sequence[str]


class Courier:
    def __init__(
        self, connections: Connections, gateway: Gateway, budget: Budget, *, now: Clock = clock.utc_now
    ) -> None:
        self._connections = connections
        self._gateway = gateway
        self._budget = budget
        self._now = now

    def deliver(self, parcels: Sequence[Parcel], lane: Lane) -> list[bool]:
        """Whether each room could be served. A socket that could not be is no failure: its client finds the gap."""
        now = clock.seconds(self._now())
        deliveries: list[Delivery] = []
        for parcel in parcels:
            frames = pack(parcel.commits)
            live = [member for member in parcel.members if member.expires_at > now]
            deliveries.append(Delivery(_ids(live, lagging=False), frames))
            # Whoever lags has a gap anyway: the newest frame shows it to their client, which asks for the rest.
            deliveries.append(Delivery(_ids(live, lagging=True), frames[-1:], patience=NUDGE_PATIENCE))
        try:
            self._budget.spend(sum(delivery.posts for delivery in deliveries), lane)
        except Busy:
            logger.warning("posted later: the limit of posts per second is reached", lane=lane.value)
            return [False] * len(parcels)
        missed = self._gateway.post(deliveries)
        return [
            self._follow_up(parcel, deliveries[place : place + 2], missed[place : place + 2], now)
            for place, parcel in zip(range(0, len(missed), 2), parcels, strict=True)
        ]

    def _follow_up(self, parcel: Parcel, deliveries: Sequence[Delivery], missed: Sequence[Missed], now: int) -> bool:
        (whole, nudged), (missed_whole, missed_nudged) = deliveries, missed
        outcomes = [*missed_whole.values(), *missed_nudged.values()]
        sockets = len(whole.connection_ids) + len(nudged.connection_ids)
        counts: dict[str, Any] = {kind.value: outcomes.count(kind) for kind in Outcome if kind is not Outcome.DELIVERED}
        logger.info(
            "delivered",
            room=parcel.room,
            commits=len(parcel.commits),
            frames=len(whole.frames),
            delivered=sockets - len(outcomes),
            nudged=len(nudged.connection_ids),
            **counts,
        )
        if sockets and counts[Outcome.UNREACHABLE.value] == sockets:
            return False
        try:
            self._remember(parcel, missed_whole, missed_nudged, nudged.connection_ids)
            self._see_off([member for member in parcel.members if member.expires_at <= now], parcel.room)
        except Exception:  # noqa: BLE001 - one room's trouble must not stop the others; what is returned is tried again
            logger.exception("not followed up", room=parcel.room)
            return False
        return True

    def _remember(self, parcel: Parcel, missed: Missed, missed_nudge: Missed, nudged: Sequence[str]) -> None:
        for connection_id, outcome in [*missed.items(), *missed_nudge.items()]:
            if outcome is Outcome.GONE:
                self._connections.forget(connection_id, found_in=[parcel.room])
            elif connection_id in missed:
                self._connections.mark(parcel.room, connection_id, lagging=True)
        for connection_id in nudged:
            if connection_id not in missed_nudge:
                self._connections.mark(parcel.room, connection_id, lagging=False)

    def _see_off(self, expired: Sequence[Member], room: str) -> None:
        self._gateway.close([member.connection_id for member in expired])
        for member in expired:
            self._connections.forget(member.connection_id, found_in=[room])


def _ids(members: Sequence[Member], *, lagging: bool) -> list[str]:
    return [member.connection_id for member in members if member.lagging is lagging]
