"""A reminder 15 minutes before an appointment begins, to its owner and those who attend it.

Each place and begin of an appointment has a schedule of its own, made as the stream of the table of records tells of
changes, and never changed or taken back: nothing depends on which of two changes is followed first, nor on what becomes
of a schedule that is just being invoked. EventBridge Scheduler is up to a minute late: it is asked a minute before, and
the queue of timers waits for the rest. What is due soon goes to the queue at once.

Whether anybody is reminded is decided when it is time, on the appointment as it is then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from openhouse.collaboration.notification import LONGEST_TITLE, About, Message, same_id
from openhouse.collaboration.notifications import Notifications
from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.observability import logger
from openhouse.core.text import quoted
from openhouse.crm.access import can_read
from openhouse.crm.modules.appointments import APPOINTMENTS, Appointment
from openhouse.crm.record_items import from_item
from openhouse.identity.directory import Directory
from openhouse.rooms.timers import Schedules, Timer, Timers, Unschedulable
from openhouse.storage.keys import Item, RecordPlace, record_key
from openhouse.storage.table import Table, from_stream

LEAD = timedelta(minutes=15)
SCHEDULER_PRECISION = timedelta(minutes=1)
SOON = timedelta(minutes=2)  # Scheduler takes no time that has passed, and asking it may take a while

KIND = "reminder"  # of timers
BY = "openhouse:reminders"  # who commits: nobody's id has a colon

_OPEN = ("scheduled", "confirmed")
_IMAGES = ("OldImage", "NewImage")
_FIRST = datetime.min.replace(tzinfo=UTC)


class Plan(NamedTuple):
    """`name`: of the schedule."""

    name: str
    timer: Timer
    begins: datetime


def plan_of(item: Item) -> Plan | None:
    """What is to be done about an appointment as it is; None if nobody is to be reminded.

    One that lasts all day begins at midnight: nobody wants to hear of that a quarter of an hour before. There is no
    time before the year 1.
    """
    if item["status"] not in _OPEN or item["archived"] or item["all_day"]:
        return None
    place, starts_at = RecordPlace.of(item), str(item["starts_at"])
    begins = datetime.fromisoformat(starts_at)
    if begins < _FIRST + LEAD:
        return None
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
        """Takes stream records with both images, in order; repeats are harmless.

        Returns the sequence number of the first that shall come again, as Lambda hands over all that follow it, too.
        """
        failed = [record["dynamodb"]["SequenceNumber"] for record in records if not self._is_done(record)]
        return failed[:1]

    def _is_done(self, record: Mapping[str, Any]) -> bool:
        """Also of what never can be: it would keep the others waiting for hours."""
        about = record["dynamodb"]["Keys"]
        try:
            if plan := _news(record["dynamodb"]):
                self.follow(plan)
        except Unschedulable:
            logger.exception("appointment without a reminder", record=about)
        except Exception:  # noqa: BLE001 - one appointment's trouble must not stop the others; the stream brings it again
            logger.exception("appointment not scheduled yet", record=about)
            return False
        return True

    def follow(self, plan: Plan) -> bool:
        """Asks for its timer, unless the appointment has begun. Returns whether it is to come. May be repeated.

        Raises Unschedulable, and what botocore raises.
        """
        now = self._now()
        if plan.begins <= now:
            return False
        if plan.timer.due - now > SOON:
            self._schedules().put(plan.name, plan.timer, plan.timer.due - SCHEDULER_PRECISION)
        else:
            self._timers().set([plan.timer])
        return True


def _news(images: Mapping[str, Any]) -> Plan | None:
    """What is to be done of a record, if it was not before. Raises Unschedulable."""
    try:
        old, new = (plan_of(from_stream(images[name])) if name in images else None for name in _IMAGES)
    except (LookupError, TypeError, ValueError) as error:
        raise Unschedulable("no appointment, however often it is read") from error
    return new if new != old else None


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
            title=quoted(appointment.title, LONGEST_TITLE, otherwise="Appointment"),
            text=quoted(appointment.location or "", LONGEST_TITLE),
            about=About(noun=APPOINTMENTS.noun, id=id_),
        )
        # What was made after its time must not have been read before it was there.
        told_as = same_id(max(timer.due, appointment.created_at), APPOINTMENTS.noun, id_, starts_at)
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
