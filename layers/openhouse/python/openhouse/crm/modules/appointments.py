"""Appointments: showings, signings, calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from openhouse.core.wire import Moment
from openhouse.crm.fields import Id, LongText, RequiredText, ShortText, UserId
from openhouse.crm.module import USER, Module, Record


class Appointment(Record):
    status: Literal["scheduled", "confirmed", "completed", "cancelled", "no_show"] = "scheduled"
    title: RequiredText
    starts_at: Moment
    ends_at: Moment
    location: ShortText | None = None
    description: LongText | None = None
    client_id: Id | None = None
    listing_id: Id | None = None
    lead_id: Id | None = None
    attendee_ids: Annotated[list[UserId], Field(max_length=50)] = []

    def cross_field_errors(self) -> Iterator[tuple[str, str]]:
        """`endsAt` is after `startsAt`."""
        if self.ends_at <= self.starts_at:
            yield "endsAt", "must be after startsAt"


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
        "location": "3526 High St, Sacramento",
    },
    verbs={"completed": "completed", "cancelled": "cancelled"},
    searched=("title", "location", "description"),
    dated_by="starts_at",
    references={"client_id": "client", "listing_id": "listing", "lead_id": "lead", "attendee_ids": USER},
)
