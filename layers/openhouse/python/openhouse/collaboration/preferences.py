"""Of which kinds of notifications somebody wants to hear, and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from openhouse.collaboration.notification import KINDS, Kind
from openhouse.core.principal import Principal
from openhouse.core.room_names import user_room
from openhouse.core.wire import Wire
from openhouse.rooms.live_states import LiveEntity, LiveStates, OwnTypes, State


class Channels(Wire):
    """`inApp`: at all; `browser`: also by the browser's own notifications, where it shows them."""

    in_app: bool = True
    browser: bool = False


class ChannelsPatch(Wire):
    in_app: bool | None = None
    browser: bool | None = None


class Preferences(State):
    """Of all kinds."""

    kinds: dict[Kind, Channels]


PREFERENCES = LiveEntity(
    noun="preferences",
    path="preferences",
    model=Preferences,
    example={"kinds": {kind: {"inApp": True, "browser": kind == "mentioned"} for kind in KINDS}},
    own_types=OwnTypes(all=("preferences:updated",), of=lambda _before, _after: "preferences:updated"),
    kept_in=("user",),
    listed=False,
)


def kinds_of(state: State | None) -> dict[Kind, Channels]:
    """Of all kinds, also of those that there were not yet when somebody last chose."""
    known = state.kinds if isinstance(state, Preferences) else {}
    return {kind: known.get(kind, Channels()) for kind in KINDS}


class StoredPreferences:
    def __init__(self, live_states: LiveStates) -> None:
        self._live_states = live_states

    def read(self, user_id: str) -> dict[Kind, Channels]:
        return kinds_of(self._live_states.read(PREFERENCES, user_room(user_id), user_id))

    def change(self, principal: Principal, patch: Mapping[Kind, ChannelsPatch]) -> dict[Kind, Channels]:
        """Returns all of them, as they are then. Raises Busy."""
        user_id = principal.user_id

        def decide(before: State | None, _now: datetime) -> dict[str, Any]:
            known = kinds_of(before)
            chosen = {kind: known[kind].model_copy(update=said(each)) for kind, each in patch.items()}
            return {"kinds": {**known, **chosen}}

        return kinds_of(self._live_states.change(PREFERENCES, user_room(user_id), user_id, decide, by=user_id))

    def who_want(self, wanted: Iterable[tuple[str, Kind]]) -> set[tuple[str, Kind]]:
        """Those of the pairs of a person and a kind that they have not switched off."""
        pairs = set(wanted)
        people = sorted({user_id for user_id, _ in pairs})
        places = [(user_room(user_id), user_id) for user_id in people]
        kinds = dict(zip(people, map(kinds_of, self._live_states.read_some(PREFERENCES, places)), strict=True))
        return {(user_id, kind) for user_id, kind in pairs if kinds[user_id][kind].in_app}


def said(patch: ChannelsPatch) -> dict[str, bool]:
    return patch.model_dump(exclude_none=True)
