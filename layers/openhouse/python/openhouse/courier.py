"""Commits to the members of rooms: who gets them, and what follows from what became of each post."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from openhouse import clock
from openhouse.budget import Budget, Lane
from openhouse.clock import Clock
from openhouse.connections import Connections, Member
from openhouse.errors import Busy
from openhouse.gateway import Delivery, Gateway, Missed, Outcome, pack
from openhouse.observability import logger

TURN = 1_000  # posts that are asked for together: so much others may have to wait for
NUDGE_PATIENCE = 0.3  # seconds; whoever did not take a frame lately keeps nobody waiting


@dataclass(frozen=True)
class Parcel:
    """Commits (JSON texts, in order) for these members of a room."""

    room: str
    members: Sequence[Member]
    commits: Sequence[str]


@dataclass(frozen=True)
class _Round:
    """What is posted for a parcel. `nudge`: to those who lag."""

    parcel: Parcel
    whole: Delivery
    nudge: Delivery

    @classmethod
    def of(cls, parcel: Parcel, now: int) -> Self:
        frames = pack(parcel.commits)
        live = [member for member in parcel.members if member.expires_at > now]
        # Whoever lags has a gap anyway: the newest frame shows it to their client, which asks for the rest.
        nudge = Delivery(_ids(live, lagging=True) if frames else [], frames[-1:], patience=NUDGE_PATIENCE)
        return cls(parcel, Delivery(_ids(live, lagging=False), frames), nudge)

    @property
    def posts(self) -> int:
        return self.whole.posts + self.nudge.posts


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
        served: list[bool] = []
        for turn in _turns([_Round.of(parcel, now) for parcel in parcels]):
            served += self._post(turn, lane, now)
        return served

    def _post(self, turn: Sequence[_Round], lane: Lane, now: int) -> list[bool]:
        try:
            self._budget.spend(sum(each.posts for each in turn), lane)
        except Busy:
            logger.warning("posted later: the limit of posts per second is reached", lane=lane.value)
            return [False] * len(turn)
        missed = self._gateway.post([delivery for each in turn for delivery in (each.whole, each.nudge)])
        pairs = zip(missed[::2], missed[1::2], strict=True)
        return [self._follow_up(each, *pair, now) for each, pair in zip(turn, pairs, strict=True)]

    def _follow_up(self, done: _Round, missed: Missed, missed_nudge: Missed, now: int) -> bool:
        parcel, nudged = done.parcel, done.nudge.connection_ids
        outcomes = [*missed.values(), *missed_nudge.values()]
        sockets = len(done.whole.connection_ids) + len(nudged)
        counts: dict[str, Any] = {kind.value: outcomes.count(kind) for kind in Outcome if kind is not Outcome.DELIVERED}
        logger.info(
            "delivered",
            room=parcel.room,
            commits=len(parcel.commits),
            frames=len(done.whole.frames),
            delivered=sockets - len(outcomes),
            nudged=len(nudged),
            **counts,
        )
        if sockets and counts[Outcome.UNREACHABLE.value] == sockets:
            return False
        try:
            self._remember(parcel, missed, missed_nudge, nudged)
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


def _turns(rounds: Sequence[_Round]) -> Iterator[list[_Round]]:
    """As many at once as make a fair turn, one at least."""
    turn: list[_Round] = []
    for each in rounds:
        if turn and sum(before.posts for before in turn) + each.posts > TURN:
            yield turn
            turn = []
        turn.append(each)
    if turn:
        yield turn


def _ids(members: Sequence[Member], *, lagging: bool) -> list[str]:
    return [member.connection_id for member in members if member.lagging is lagging]
