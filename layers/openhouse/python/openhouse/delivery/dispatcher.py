"""Frames to the members of rooms: who gets them, and what follows from what became of each post."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Any, Self

from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.errors import Busy
from openhouse.core.metrics import Metric, metrics
from openhouse.core.observability import logger
from openhouse.delivery.content import Content, told_of
from openhouse.delivery.rate_limiter import LONGEST_WAIT, RateLimiter, Traffic
from openhouse.rooms.connections import Connections, Member
from openhouse.rooms.gateway import Delivery, Gateway, Missed, Outcome

# Posts that are asked for together: other rooms may have to wait for so many. What a worker is handed at a time is
# asked for at once, so that the limit costs a commit the same however many members there are.
TURN = {Traffic.SMALL: 1_000, Traffic.LARGE: 10_000}
LAST_TURN = 25.0  # seconds after the beginning, from when on no further turn is begun: a function has 90
NUDGE_PATIENCE = 0.3  # seconds; whoever did not take a frame lately keeps nobody waiting


class Served(Enum):
    """What became of a delivery."""

    WHOLLY = auto()  # everyone has all of it, or lags and was shown the gap, or is gone
    PARTLY = auto()  # somebody has not: their client finds the gap
    NOT = auto()  # to be tried again


@dataclass(frozen=True)
class RoomDelivery:
    """For these members of a room."""

    room: str
    members: Sequence[Member]
    content: Content


@dataclass(frozen=True)
class _Round:
    """What is posted for a delivery. `nudge`: to those who lag."""

    delivery: RoomDelivery
    whole: Delivery
    nudge: Delivery
    expired: Sequence[str]  # members whose sockets are to be closed

    @classmethod
    def of(cls, delivery: RoomDelivery, now: int) -> Self:
        frames = delivery.content.frames
        live = _live(delivery.members, now)
        expired = [member.connection_id for member in delivery.members if member.expires_at <= now]
        # Whoever lags has a gap anyway: the newest frame shows it to their client, which asks for the rest.
        nudge = Delivery(_ids(live, lagging=True) if frames else [], frames[-1:], patience=NUDGE_PATIENCE)
        return cls(delivery, Delivery(_ids(live, lagging=False), frames), nudge, expired)

    @property
    def posts(self) -> int:
        return self.whole.posts + self.nudge.posts


class Dispatcher:
    """`parallel_map`: a `map`, such as that of a thread pool, for following up many sockets at once."""

    def __init__(
        self,
        connections: Connections,
        gateway: Gateway,
        rate_limiter: RateLimiter,
        *,
        now: Clock = clock.utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        parallel_map: Callable[..., Iterable[Any]] = map,
    ) -> None:
        self._connections = connections
        self._gateway = gateway
        self._rate_limiter = rate_limiter
        self._now = now
        self._monotonic = monotonic
        self._parallel_map = parallel_map

    def deliver(
        self, deliveries: Sequence[RoomDelivery], traffic: Traffic, *, patience: float = LONGEST_WAIT
    ) -> list[Served]:
        """How each room was served. `patience`: seconds that it may wait for the limit of posts."""
        now = clock.seconds(self._now())
        begun = self._monotonic()
        served: list[Served] = []
        for turn in _turns([_Round.of(delivery, now) for delivery in deliveries], TURN[traffic]):
            if self._monotonic() - begun < LAST_TURN:
                served += self._try_to_post(turn, traffic, patience)
            else:
                logger.warning("posted later: there is no time left", traffic=traffic.value)
                served += [Served.NOT] * len(turn)
        return served

    def _try_to_post(self, turn: Sequence[_Round], traffic: Traffic, patience: float) -> list[Served]:
        try:
            self._rate_limiter.acquire(sum(each.posts for each in turn), traffic, patience=patience)
            missed = self._gateway.post([delivery for each in turn for delivery in (each.whole, each.nudge)])
        except Busy:
            metrics.count(Metric.THROTTLED, sum(each.posts for each in turn))
            logger.warning("posted later: the limit of posts per second is reached", traffic=traffic.value)
            return [Served.NOT] * len(turn)
        except Exception:  # noqa: BLE001 - those served before must not be posted to again; what is returned is tried again
            logger.exception("not posted", rooms=[each.delivery.room for each in turn])
            return [Served.NOT] * len(turn)
        self._gateway.close([connection_id for each in turn for connection_id in each.expired])
        pairs = zip(missed[::2], missed[1::2], strict=True)
        return [self._follow_up(each, *pair) for each, pair in zip(turn, pairs, strict=True)]

    def _follow_up(self, done: _Round, missed: Missed, missed_nudge: Missed) -> Served:
        outcomes = [*missed.values(), *missed_nudge.values()]
        sockets = len(done.whole.connection_ids) + len(done.nudge.connection_ids)
        counts: dict[str, Any] = {kind.value: outcomes.count(kind) for kind in Outcome if kind is not Outcome.DELIVERED}
        content = done.delivery.content
        ages = content.ages(self._now())
        logger.info(
            "delivered",
            room=done.delivery.room,
            **content.fields,
            milliseconds=round(max(ages, default=0)),
            frames=len(done.whole.frames),
            delivered=sockets - len(outcomes),
            nudged=len(done.nudge.connection_ids),
            **counts,
            missed=told_of({**missed_nudge, **missed}),
        )
        _count(done, missed, missed_nudge, ages)
        if sockets and counts[Outcome.UNREACHABLE.value] == sockets:
            return Served.NOT
        try:
            for _ in self._parallel_map(lambda write: write(), self._writes(done, missed, missed_nudge)):
                pass
        except Exception:  # noqa: BLE001 - one room's trouble must not stop the others; what is returned is tried again
            logger.exception("not followed up", room=done.delivery.room)
            return Served.NOT
        return Served.WHOLLY if {*outcomes} <= {Outcome.GONE} else Served.PARTLY

    def _writes(self, done: _Round, missed: Missed, missed_nudge: Missed) -> list[Callable[[], object]]:
        """What is remembered of each socket that did not get everything, or that got its nudge."""
        room = done.delivery.room
        gone = [id_ for id_, outcome in [*missed.items(), *missed_nudge.items()] if outcome is Outcome.GONE]
        lagging = [id_ for id_, outcome in missed.items() if outcome is not Outcome.GONE]
        nudged = [id_ for id_ in done.nudge.connection_ids if id_ not in missed_nudge]
        return [
            *(partial(self._connections.forget, id_, found_in=[room]) for id_ in [*gone, *done.expired]),
            *(partial(self._connections.mark, room, id_, lagging=True) for id_ in lagging),
            *(partial(self._connections.mark, room, id_, lagging=False) for id_ in nudged),
        ]


def _count(done: _Round, missed: Missed, missed_nudge: Missed, ages: Sequence[float]) -> None:
    both = [(done.whole, missed), (done.nudge, missed_nudge)]
    taken = sum((len(sent.connection_ids) - len(not_sent)) * len(sent.frames) for sent, not_sent in both)
    metrics.count(Metric.POSTS, taken)
    metrics.count(Metric.GONE, [*missed.values(), *missed_nudge.values()].count(Outcome.GONE))
    metrics.count(Metric.LAGGING, sum(outcome is not Outcome.GONE for outcome in missed.values()))
    if taken:
        metrics.sample(Metric.COMMIT_TO_POST, ages)


def _turns(rounds: Sequence[_Round], most: int) -> Iterator[list[_Round]]:
    """As many at once as have `most` posts together, one at least."""
    turn: list[_Round] = []
    for each in rounds:
        if turn and sum(before.posts for before in turn) + each.posts > most:
            yield turn
            turn = []
        turn.append(each)
    if turn:
        yield turn


def _live(members: Sequence[Member], now: int) -> list[Member]:
    return [member for member in members if member.expires_at > now]


def _ids(members: Sequence[Member], *, lagging: bool) -> list[str]:
    return [member.connection_id for member in members if member.lagging is lagging]
