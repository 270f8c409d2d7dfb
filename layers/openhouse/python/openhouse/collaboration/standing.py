"""What sightings say of people: who is online, away or offline, and when that may change. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from openhouse.collaboration.sightings import Sighting

Status = Literal["online", "away", "offline"]

_WINDOW_SECONDS = 2.0  # between two commits of a brokerage's presence, at least,
_SECONDS_PER_PERSON = 0.01  # and so much more for each person who is there, as each is posted to,
_LONGEST_WINDOW_SECONDS = 10.0  # but no more than that


@dataclass(frozen=True)
class Standing:
    """Of one person, over all their connections. Times in milliseconds since 1970.

    `due`: when it was to be told. Somebody is offline since they were last seen, which is known some time later.
    """

    status: Status
    since: int
    last_seen: int
    due: int

    @classmethod
    def of(cls, sightings: Sequence[Sighting], now: int) -> Standing:
        """`sightings`: theirs, one at least."""
        last_seen = max(each.last_seen for each in sightings)
        live = [each for each in sightings if each.lapses_at > now]
        if not live:
            return cls("offline", last_seen, last_seen, max(each.lapses_at for each in sightings))
        if active := [each.changed_at for each in live if each.active]:
            return cls("online", min(active), last_seen, min(active))
        lapsed = [each.last_seen for each in sightings if each.lapses_at <= now]
        since = max([*(each.changed_at for each in live), *lapsed])
        return cls("away", since, last_seen, since)


def standings(sightings: Iterable[Sighting], now: int) -> dict[str, Standing]:
    """By person."""
    by_person: dict[str, list[Sighting]] = defaultdict(list)
    for each in sightings:
        by_person[each.user_id].append(each)
    return {user_id: Standing.of(theirs, now) for user_id, theirs in by_person.items()}


def window(people: int) -> int:
    """Milliseconds from one commit to the next, where so many are there."""
    return int(1000 * min(_LONGEST_WINDOW_SECONDS, _WINDOW_SECONDS + people * _SECONDS_PER_PERSON))
