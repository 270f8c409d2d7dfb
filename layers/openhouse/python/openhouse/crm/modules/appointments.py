"""Appointments: showings, signings, calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from openhouse.core.wire import Moment
from openhouse.crm.fields import Id, LongText, RequiredText, ShortText, TimeZone, UserIdSet
from openhouse.crm.module import USER, Module, Record, Sameness
from openhouse.crm.time_zones import is_midnight


class Appointment(Record):
    status: Literal["scheduled", "confirmed", "completed", "cancelled", "no_show"] = "scheduled"
    title: RequiredText
    starts_at: Moment
    ends_at: Moment
    all_day: bool = False
    time_zone: TimeZone | None = None  # in which it is shown; times are UTC all the same
    location: ShortText | None = None
    description: LongText | None = None
    client_id: Id | None = None
    listing_id: Id | None = None
    lead_id: Id | None = None
    attendee_ids: UserIdSet = {}

    def cross_field_errors(self) -> Iterator[tuple[str, str]]:
        """`endsAt` is after `startsAt`. What is `allDay` has a `timeZone`, and starts and ends when a day begins there:
        one day ends at the next one's midnight.
        """
        if self.ends_at <= self.starts_at:
            yield "endsAt", "must be after startsAt"
        if self.all_day and self.time_zone is None:
            yield "timeZone", "an appointment that lasts all day needs one"
        elif self.all_day and self.time_zone:
            for name, moment in (("startsAt", self.starts_at), ("endsAt", self.ends_at)):
                if not is_midnight(moment, self.time_zone):
                    yield name, f"must be midnight in {self.time_zone}, as the appointment lasts all day"


def warnings(appointment: Appointment) -> Iterator[tuple[str, str]]:
    """What is hardly meant, though nothing forbids it."""
    if not appointment.all_day and appointment.ends_at - appointment.starts_at > timedelta(days=1):
        yield "endsAt", "is more than a day after startsAt"


APPOINTMENTS = Module(
    noun="appointment",
    path="appointments",
    model=Appointment,
    transitions={
        "scheduled": ("confirmed", "completed", "cancelled", "no_show"),
        "confirmed": ("completed", "cancelled", "no_show"),
        "completed": (),
        "cancelled": ("scheduled",),
        "no_show": ("scheduled",),
    },
    example={
        "title": "Showing, 3526 High St",
        "startsAt": "2026-03-04T18:00:00.000Z",
        "endsAt": "2026-03-04T18:45:00.000Z",
        "timeZone": "America/Los_Angeles",
        "location": "3526 High St, Sacramento",
    },
    verbs={"completed": "completed", "cancelled": "cancelled"},
    searched=("title", "location", "description"),
    filtered={"clientId": "client_id", "listingId": "listing_id", "leadId": "lead_id"},
    dated_by="starts_at",
    ends_by="ends_at",
    named_by=("title",),
    references={"client_id": "client", "listing_id": "listing", "lead_id": "lead", "attendee_ids": USER},
    same_by=Sameness(keys=(("title", "starts_at"),)),
    warnings=warnings,
)
