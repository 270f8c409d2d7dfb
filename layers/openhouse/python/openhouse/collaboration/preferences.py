"""Of which kinds of notifications somebody wants to hear, and how; where they are, which says when it is morning.

Who has said where they are is listed by their time zone, for whoever speaks to people in the morning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from openhouse.collaboration.notification import KINDS, Kind
from openhouse.core.principal import Principal
from openhouse.core.room_names import user_room
from openhouse.core.wire import Wire
from openhouse.crm.fields import TimeZone
from openhouse.rooms.draft import Draft
from openhouse.rooms.live_states import LiveEntity, LiveStates, OwnTypes, State
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.keys import morning_key
from openhouse.storage.writes import Delete, Put, Write, absent_or


class Channels(Wire):
    """`inApp`: at all; `browser`: also by the browser's own notifications, where it shows them."""

    in_app: bool = True
    browser: bool = False


class ChannelsPatch(Wire):
    in_app: bool | None = None
    browser: bool | None = None


class Preferences(State):
    """Of all kinds. `timeZone`: where they are, if they have said so."""

    kinds: dict[Kind, Channels]
    time_zone: TimeZone | None = None


class Chosen(Wire):
    """What is known of somebody's preferences."""

    kinds: dict[Kind, Channels]
    time_zone: TimeZone | None = None


PREFERENCES = LiveEntity(
    noun="preferences",
    path="preferences",
    model=Preferences,
    example={
        "kinds": {kind: {"inApp": True, "browser": kind == "mentioned"} for kind in KINDS},
        "timeZone": "America/Los_Angeles",
    },
    own_types=OwnTypes(all=("preferences:updated",), of=lambda _before, _after: "preferences:updated"),
    kept_in=("user",),
    listed=False,
)


def kinds_of(state: State | None) -> dict[Kind, Channels]:
    """Of all kinds, also of those that there were not yet when somebody last chose."""
    known = state.kinds if isinstance(state, Preferences) else {}
    return {kind: known.get(kind, Channels()) for kind in KINDS}


class StoredPreferences:
    def __init__(self, live_states: LiveStates, log: RoomLog) -> None:
        self._live_states = live_states
        self._log = log

    def read(self, user_id: str) -> Chosen:
        return _chosen(self._live_states.read(PREFERENCES, user_room(user_id), user_id))

    def change(self, principal: Principal, patch: Mapping[Kind, ChannelsPatch], time_zone: str | None = None) -> Chosen:
        """Returns all of them, as they are then. Raises Busy."""
        user_id = principal.user_id
        room = user_room(user_id)

        def decide(before: State | None, _now: datetime) -> dict[str, Any]:
            known = _chosen(before)
            kinds = {kind: known.kinds[kind].model_copy(update=said(each)) for kind, each in patch.items()}
            return {"kinds": {**known.kinds, **kinds}, "time_zone": time_zone or known.time_zone}

        def draft(now: datetime) -> Draft[Chosen]:
            step = self._live_states.prepare(PREFERENCES, room, user_id, decide, now, by=user_id)
            if step is None:
                return Draft(self.read(user_id))
            before, after = _chosen(step.before), _chosen(step.after)
            moved = _moved(user_id, before.time_zone, after.time_zone)
            return Draft(after, step.events, [step.write, *moved])

        return self._log.commit(draft, by=user_id).result

    def who_want(self, wanted: Iterable[tuple[str, Kind]]) -> set[tuple[str, Kind]]:
        """Those of the pairs of a person and a kind that they have not switched off."""
        pairs = set(wanted)
        people = sorted({user_id for user_id, _ in pairs})
        places = [(user_room(user_id), user_id) for user_id in people]
        kinds = dict(zip(people, map(kinds_of, self._live_states.read_some(PREFERENCES, places)), strict=True))
        return {(user_id, kind) for user_id, kind in pairs if kinds[user_id][kind].in_app}


def said(patch: ChannelsPatch) -> dict[str, bool]:
    return patch.model_dump(exclude_none=True)


def _chosen(state: State | None) -> Chosen:
    return Chosen(kinds=kinds_of(state), time_zone=state.time_zone if isinstance(state, Preferences) else None)


def _moved(user_id: str, old: str | None, new: str | None) -> list[Write]:
    if old == new:
        return []
    own = absent_or(user_id=user_id)
    gone = [Delete(morning_key(old, user_id), own)] if old else []
    return [*gone, *([Put({**morning_key(new, user_id), "user_id": user_id}, own)] if new else [])]
