"""A reminder 15 minutes before an appointment begins, to its owner and those who attend it.

Each place and begin of an appointment has a schedule of its own, made and taken back as the stream of the table of
records tells of changes. So none is ever changed: nothing depends on which of two changes is followed first, or on what
becomes of a schedule that is just being invoked. EventBridge Scheduler is up to a minute late: it is asked a minute
before, and the queue of timers waits for the rest. What is due within that minute goes to the queue at once.

Whether anybody is reminded is decided when it is time, on the appointment as it is then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from openhouse.collaboration.notification import About, Message, same_id
from openhouse.collaboration.notifications import Notifications
from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.crm.access import can_read
from openhouse.crm.modules.appointments import APPOINTMENTS, Appointment
from openhouse.crm.record_items import from_item
from openhouse.identity.directory import Directory
from openhouse.rooms.timers import Schedules, Timer, Timers
from openhouse.storage.keys import Item, RecordPlace, record_key
from openhouse.storage.table import Table, from_stream

LEAD = timedelta(minutes=15)
SCHEDULER_PRECISION = timedelta(minutes=1)

KIND = "reminder"  # of timers
BY = "openhouse:reminders"  # who commits: nobody's id has a colon

_OPEN = ("scheduled", "confirmed")
_IMAGES = ("OldImage", "NewImage")


class Plan(NamedTuple):
    """`name`: of the schedule."""

    name: str
    timer: Timer
    begins: datetime


def plan_of(item: Item) -> Plan | None:
    """What is to be done about an appointment as it is; None if nobody is to be reminded.

    One that lasts all day begins at midnight: nobody wants to hear of that a quarter of an hour before.
    """
    if item["status"] not in _OPEN or item["archived"] or item["all_day"]:
        return None
    place, starts_at = RecordPlace.of(item), str(item["starts_at"])
    begins = datetime.fromisoformat(starts_at)
    digest = sha256(f"{place.room}\0{place.id}\0{starts_at}".encode()).hexdigest()
    about = {"room": place.room, "id": place.id, "startsAt": starts_at}
    return Plan(f"{place.id[:36]}.{digest[:24]}", Timer(KIND, begins - LEAD, about), begins)


class AppointmentSchedules:
    """Follows the stream."""

    def __init__(
        self, schedules: Callable[[], Schedules], timers: Callable[[], Timers], *, now: Clock = clock.utc_now
    ) -> None:
        self._schedules = schedules
        self._timers = timers
        self._now = now

    def process(self, records: Sequence[Mapping[str, Any]]) -> list[str]:
        """Takes stream records with both images, in order; repeats are harmless."""
        last: dict[str, tuple[Plan, bool]] = {}  # by name: whether it is wanted in the end
        for record in records:
            images = record["dynamodb"]
            old, new = (plan_of(from_stream(images[name])) if name in images else None for name in _IMAGES)
            if old != new:
                last |= {plan.name: (plan, False) for plan in (old,) if plan}
                last |= {plan.name: (plan, True) for plan in (new,) if plan}
        self.follow(last.values())
        return []

    def follow(self, plans: Iterable[tuple[Plan, bool]]) -> int:
        """Makes those that are wanted and takes back the others. Returns how many are to come. Raises what botocore
        raises.
        """
        now, made = self._now(), 0
        for plan, wanted in plans:
            at = plan.timer.due - SCHEDULER_PRECISION
            if at > now:
                if wanted:
                    self._schedules().put(plan.name, plan.timer, at)
                else:
                    self._schedules().delete(plan.name)
            elif wanted and plan.begins > now:
                self._timers().set([plan.timer])
            made += wanted and plan.begins > now
        return made


class Reminders:
    """Is handed the timers."""

    def __init__(
        self, table: Table, directory: Directory, notifications: Notifications, *, now: Clock = clock.utc_now
    ) -> None:
        self._table = table
        self._directory = directory
        self._notifications = notifications
        self._now = now

    def remind(self, timer: Timer) -> None:
        """Late, early or again: each is told once of each begin, and nobody of one that has changed or has passed.

        Raises Busy.
        """
        room, id_, starts_at = (timer.about[name] for name in ("room", "id", "startsAt"))
        item = self._table.get(record_key(room, APPOINTMENTS.noun, id_))
        plan = plan_of(item) if item else None
        if item is None or plan is None or plan.timer.about["startsAt"] != starts_at or plan.begins <= self._now():
            return
        appointment = from_item(APPOINTMENTS, item)
        assert isinstance(appointment, Appointment)
        message = Message(
            kind="reminder",
            level="info",
            title=appointment.title,
            text=appointment.location or "",
            about=About(noun=APPOINTMENTS.noun, id=id_),
        )
        told_as = same_id(timer.due, APPOINTMENTS.noun, id_, starts_at)
        for user_id in self._people(appointment):
            self._notifications.tell(user_id, message, by=BY, id_=told_as)

    def _people(self, appointment: Appointment) -> list[str]:
        """Its owner and those who attend it, as far as they may read it."""
        brokerage_id = self._directory.brokerage_of(appointment.room)
        if brokerage_id is None:
            return []
        named = {appointment.owner_id, *appointment.attendee_ids}
        users = self._directory.some_users(brokerage_id, named)
        return sorted(id_ for id_, user in users.items() if can_read(user, id_, appointment))
