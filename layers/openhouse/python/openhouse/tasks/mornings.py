"""Who is told in the morning what their day has: those whose clocks say so, once a day each.

Every hour, the time zones are asked for where it is morning, each a query of those who have said that they are there.
What failed or was too much is made up for in the hour after: a brief has the id of its day, so nobody gets two.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from openhouse.collaboration.notification import NOTIFICATIONS, Kind, Message, same_id
from openhouse.collaboration.notifications import Notifications
from openhouse.collaboration.preferences import StoredPreferences
from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.errors import UserUnknown
from openhouse.core.observability import logger
from openhouse.core.room_names import user_room
from openhouse.crm.time_zones import all_time_zones, begin_of
from openhouse.storage.keys import morning_key, morning_range, state_key
from openhouse.storage.table import WriteConflict
from openhouse.storage.writes import Delete, absent_or
from openhouse.tasks.briefs import brief_of
from openhouse.tasks.kind import Tools

KIND: Kind = "daily_brief"
BY = "openhouse:mornings"  # who commits: nobody's id has a colon

FIRST_HOUR, HOURS = 7, 2  # o'clock, where they are; the second one makes up for the first
SECONDS = 780.0  # of one look; what is left waits for the next
_AT_ONCE = 40  # people


@dataclass
class Told:
    """`told`: now; `others`: before, or they have nothing to do, or switched it off; `left`: to be told yet."""

    told: int = 0
    others: int = 0
    left: int = 0


class BriefsLeft(Exception):
    """Some could not be told: Lambda tries twice more, then the next hour does."""


class _Person(NamedTuple):
    user_id: str
    time_zone: str
    brief_id: str


class Mornings:
    """One person after the other: what they reach is asked for side by side already, by threads that all share."""

    def __init__(
        self,
        tools: Tools,
        preferences: StoredPreferences,
        notifications: Notifications,
        *,
        now: Clock = clock.utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tools = tools
        self._preferences = preferences
        self._notifications = notifications
        self._now = now
        self._monotonic = monotonic

    def tell(self) -> Told:
        """All whose morning it is. One whom it fails for does not keep the others from it. Raises BriefsLeft."""
        now, deadline = self._now(), self._monotonic() + SECONDS
        people, result = [*self._people(now)], Told()
        for at in range(0, len(people), _AT_ONCE):
            if self._monotonic() > deadline:
                result.left += len(people) - at
                break
            some = people[at : at + _AT_ONCE]
            wanted = self._not_told(some)
            result.others += len(some) - len(wanted)
            for person in wanted:
                outcome = self._tell(person, now)
                result.told += outcome is True
                result.others += outcome is False
                result.left += outcome is None
        if result.left:
            raise BriefsLeft(f"{result.left} briefs are left, {result.told} were told")
        return result

    def _people(self, now: datetime) -> Iterator[_Person]:
        for zone in sorted(all_time_zones()):
            local = now.astimezone(ZoneInfo(zone))
            if not FIRST_HOUR <= local.hour < FIRST_HOUR + HOURS:
                continue
            morning = begin_of(local.date(), zone) + timedelta(hours=FIRST_HOUR)
            brief_id = same_id(morning, KIND, local.date().isoformat())
            for item in self._tools.table.query(*morning_range(zone)):
                yield _Person(item["user_id"], zone, brief_id)

    def _not_told(self, people: Sequence[_Person]) -> list[_Person]:
        keys = {person: state_key(user_room(person.user_id), NOTIFICATIONS.noun, person.brief_id) for person in people}
        known = {item["pk"] for item in self._tools.table.get_many([*keys.values()], only_keys=True)}
        wanted = self._preferences.who_want((person.user_id, KIND) for person in people)
        return [each for each in people if keys[each]["pk"] not in known and (each.user_id, KIND) in wanted]

    def _tell(self, person: _Person, now: datetime) -> bool | None:
        """Whether they were told now; None if it could not be done."""
        try:
            principal = self._tools.directory.principal(person.user_id, clock.seconds(now) + 60)
            brief = brief_of(self._tools, principal, now, person.time_zone)
            if brief is None:
                return False
            message = Message(kind=KIND, level=brief.level, title=brief.title, text=brief.text)
            return self._notifications.tell(person.user_id, message, by=BY, id_=person.brief_id)
        except UserUnknown:
            self._forget(person)
            return False
        except Exception:  # noqa: BLE001 - one person's trouble must not keep the others from their briefs
            logger.exception("brief not told yet", user=person.user_id)
            return None

    def _forget(self, person: _Person) -> None:
        """Who was removed has no mornings here."""
        with suppress(WriteConflict):
            self._tools.table.write(
                Delete(morning_key(person.time_zone, person.user_id), absent_or(user_id=person.user_id))
            )
