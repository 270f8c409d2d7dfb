"""Who is there: one state for each person, told in their brokerage's room and in no other."""

from __future__ import annotations

from openhouse.collaboration.standing import Status
from openhouse.core.wire import Moment
from openhouse.rooms.live_states import LiveEntity, OwnTypes, State


class Presence(State):
    """A person, by their id. Online: somebody sits at one of their devices; away: none of them is used.

    `since`: when this began. `lastSeen`: of somebody who is offline.
    """

    status: Status
    since: Moment
    last_seen: Moment | None = None


def _type_of(_before: Presence | None, after: Presence | None) -> str:
    """What has ended is as good as offline: a person who is removed."""
    return f"user:presence:{after.status if after else 'offline'}"


PRESENCE = LiveEntity(
    noun="presence",
    path="presence",
    model=Presence,
    example={"status": "online", "since": "2026-03-02T12:00:00.000Z"},
    more_examples=(
        {"status": "away", "since": "2026-03-02T12:00:00.000Z"},
        {"status": "offline", "since": "2026-03-02T11:59:20.000Z", "lastSeen": "2026-03-02T11:59:20.000Z"},
    ),
    kept_in=("broker",),
    own_types=OwnTypes(("user:presence:online", "user:presence:away", "user:presence:offline"), _type_of),
)
