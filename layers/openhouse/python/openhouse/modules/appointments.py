"""Appointments: showings, signings, calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from openhouse.fields import Id, Line, Required, Text, UserId
from openhouse.module import USER, Module, Record
from openhouse.wire import Moment


class Appointment(Record):
    status: Literal["scheduled", "confirmed", "completed", "cancelled", "no_show"] = "scheduled"
    title: Required
    starts_at: Moment
    ends_at: Moment
    location: Line | None = None
    description: Text | None = None
    client_id: Id | None = None
    listing_id: Id | None = None
    lead_id: Id | None = None
    attendee_ids: Annotated[list[UserId], Field(max_length=50)] = []

    def faults(self) -> Iterator[tuple[str, str]]:
        """`endsAt` is after `startsAt`."""
        if self.ends_at <= self.starts_at:
            yield "endsAt", "must be after startsAt"


APPOINTMENTS = Module(
    noun="appointment",
    path="appointments",
    model=Appointment,
    moves={
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
