"""Makes what a brokerage's room is told of people equal to what their sightings say: all differences at once.

Whatever came late, twice or not at all before, the next run finds it: it compares what is with what was told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from openhouse.collaboration.chain import NEVER, Chain
from openhouse.collaboration.presence import PRESENCE, Presence
from openhouse.collaboration.sightings import Sighting, Sightings
from openhouse.collaboration.standing import Standing, standings, window
from openhouse.core import clock
from openhouse.core.observability import logger
from openhouse.core.room_names import brokerage_room
from openhouse.identity.directory import Directory
from openhouse.rooms.draft import ITEMS_PER_COMMIT, Draft, largest_that_fits
from openhouse.rooms.live_states import Fields, Held, LiveStates, StateChange
from openhouse.rooms.room_log import RoomLog
from openhouse.rooms.timers import Timer
from openhouse.storage.table import MAX_TRANSACTION_ITEMS

BY = "openhouse:presence"  # who commits: nobody's id has a colon

_LATEST_MS = 3_000  # that people wait to hear that somebody is offline, whatever else they were told of a moment ago
_AGAIN_MS = 5_000  # after which what could not be done is tried again
_MOST_COMMITS = 20  # of a run: a function has 25 s

# Is called with a brokerage's id and connections of it that count as gone, and may be so again. If it raises, the
# others are called all the same, and all of them again 5 s later.
GoneListener = Callable[[str, Sequence[Sighting]], None]


@dataclass(frozen=True)
class _Look:
    """What a run saw, and of whom it has something left to tell: not before `wait_until`, if that is to come."""

    at: int
    sightings: Sequence[Sighting]
    people: int  # who are there
    pending: frozenset[str] = frozenset()
    wait_until: int = 0

    @property
    def waits(self) -> bool:
        return self.wait_until > self.at

    @property
    def lapsed(self) -> list[Sighting]:
        """Whose end is told, so that nobody needs them any more."""
        return [each for each in self.sightings if each.lapses_at <= self.at and each.user_id not in self.pending]

    def due(self, *, unfinished: bool) -> int:
        """When something may have changed: the next run."""
        found = [each.lapses_at for each in self.sightings if each.lapses_at > self.at]
        if self.pending:
            found.append(max(self.wait_until, self.at))
        if unfinished:
            found.append(self.at + _AGAIN_MS)
        return min(found, default=NEVER)


class PresenceReconciler:
    """`gone`: who else is to hear of connections that are gone."""

    def __init__(
        self,
        sightings: Sightings,
        chain: Chain,
        live_states: LiveStates,
        log: RoomLog,
        directory: Directory,
        *,
        gone: Sequence[GoneListener] = (),
    ) -> None:
        self._sightings = sightings
        self._chain = chain
        self._live_states = live_states
        self._log = log
        self._directory = directory
        self._gone = gone

    def run(self, timer: Timer) -> None:
        """Does nothing if that run is over. Raises Busy if others are in the way for too long."""
        brokerage_id, number = str(timer.about["brokerageId"]), int(timer.about["run"])
        claimed = self._chain.claim(brokerage_id, number)
        if claimed is None:
            return
        look, not_before = self._tell(brokerage_id, claimed.not_before)
        is_clear = self._clear(brokerage_id, look.lapsed)
        self._chain.finish(brokerage_id, claimed, look.due(unfinished=not is_clear), not_before)

    def remove(self, brokerage_id: str, user_id: str) -> None:
        """Somebody was removed from the brokerage: there is nothing to tell of them any more. May be repeated."""
        self._live_states.change(PRESENCE, brokerage_room(brokerage_id), user_id, lambda _state, _now: None, by=BY)

    def _tell(self, brokerage_id: str, not_before: int) -> tuple[_Look, int]:
        """In as few commits as fit. Also returns before when there shall be no other."""
        told = False
        for _ in range(_MOST_COMMITS):
            done = self._log.commit(partial(self._draft, brokerage_id, not_before), by=BY)
            told = told or bool(done.entries)
            if done.result.waits or not done.result.pending:
                break
        return done.result, done.result.at + window(done.result.people) if told else not_before

    def _draft(self, brokerage_id: str, not_before: int, now: datetime) -> Draft[_Look]:
        room, at = brokerage_room(brokerage_id), clock.milliseconds(now)
        sightings = self._sightings.of(brokerage_id)
        held = self._live_states.held(PRESENCE, room)
        known = standings(sightings, at)
        news = _news(known, held)
        urgent = [each.due + _LATEST_MS for each in news.values() if each.status == "offline"]
        people = sum(each.status != "offline" for each in known.values())
        look = _Look(at, sightings, people, frozenset(news), wait_until=min([not_before, *urgent]))
        if not news or look.waits:
            return Draft(look)
        changes = self._changes(brokerage_id, news, held, now)
        if not changes:  # all of them have been removed
            return Draft(replace(look, pending=frozenset()))

        def draft_of(count: int) -> Draft[_Look]:
            some, rest = changes[:count], changes[count:]
            seen = replace(look, pending=frozenset(change.id for change in rest))
            return Draft(seen, {room: [change.event for change in some]}, [change.write for change in some])

        return largest_that_fits(draft_of, min(len(changes), MAX_TRANSACTION_ITEMS - ITEMS_PER_COMMIT))

    def _changes(
        self, brokerage_id: str, news: Mapping[str, Standing], held: Mapping[str, Held], now: datetime
    ) -> list[StateChange]:
        """Of those who were removed from the brokerage nothing is told any more."""
        room, removed = brokerage_room(brokerage_id), self._directory.removed(brokerage_id, news)
        fields = {user_id: None if user_id in removed else _fields(news[user_id]) for user_id in sorted(news)}
        steps = [_held(held, id_).step(PRESENCE, room, id_, wanted, now, id_) for id_, wanted in fields.items()]
        return [step for step in steps if step]

    def _clear(self, brokerage_id: str, lapsed: Sequence[Sighting]) -> bool:
        """Tells others of connections that are gone, and forgets these. Whether that is done."""
        if not lapsed:
            return True
        told = [_is_told(listener, brokerage_id, lapsed) for listener in self._gone]
        return all(told) and not [each for each in lapsed if not self._sightings.drop(brokerage_id, each)]


def _is_told(listener: GoneListener, brokerage_id: str, lapsed: Sequence[Sighting]) -> bool:
    try:
        listener(brokerage_id, lapsed)
    except Exception:  # noqa: BLE001 - one listener's trouble must not stop the others; it hears of them again
        logger.exception("gone connections not told of", brokerage_id=brokerage_id)
        return False
    return True


def _news(known: Mapping[str, Standing], held: Mapping[str, Held]) -> dict[str, Standing]:
    """Those who are something else than was told, by person."""
    found = {user_id: standing for user_id, standing in known.items() if standing.status != _told(held, user_id)}
    for user_id, each in held.items():  # of whom every trace has been lost
        if user_id not in known and each.state and _told(held, user_id) != "offline":
            at = clock.milliseconds(each.state.updated_at)
            found[user_id] = Standing("offline", at, at, at)
    return found


def _told(held: Mapping[str, Held], user_id: str) -> str:
    state = _held(held, user_id).state
    return state.status if isinstance(state, Presence) else "offline"


def _held(held: Mapping[str, Held], user_id: str) -> Held:
    return held.get(user_id) or Held(None, 0)


def _fields(standing: Standing) -> Fields:
    fields = {"status": standing.status, "since": clock.from_milliseconds(standing.since)}
    if standing.status == "offline":
        fields["last_seen"] = clock.from_milliseconds(standing.last_seen)
    return fields
