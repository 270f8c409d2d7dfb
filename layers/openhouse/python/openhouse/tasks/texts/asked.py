"""What somebody asks of tasks that read and write texts, and answers to what these propose."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from openhouse.core.room_names import Visibility
from openhouse.core.wire import Wire
from openhouse.crm.fields import Day, Id, RequiredText, TimeZone

MOST_CHARACTERS = 40_000  # as the language package reads at once: some twenty pages
MOST_RECORDS = 60
MOST_DATES = 60

PastedText = Annotated[str, StringConstraints(min_length=1, max_length=MOST_CHARACTERS)]
Reference = Annotated[str, StringConstraints(pattern=r"^[a-z]+-[1-9]\d{0,3}$")]  # such as `client-2`
DateKey = Annotated[str, StringConstraints(pattern=r"^[1-9]\d{0,2}$")]
Target = Literal["openedDate", "contingencyRemovalDate", "closeOfEscrowDate", "actualCloseDate", "timeline"]


class TextInput(Wire):
    """`text`: such as a pasted e-mail, or the first pages of an agreement. `timeZone`: of its times of day."""

    text: PastedText
    time_zone: TimeZone


class TimelineInput(TextInput):
    """`escrow`: whose agreement it is."""

    escrow: Id


class ListingInput(Wire):
    """`listing`: the one that is described."""

    listing: Id


class BriefInput(Wire):
    """`timeZone`: whose today it is about."""

    time_zone: TimeZone


class RecordToMake(Wire):
    """`ref`: as it was proposed. `fields`: what shall be otherwise, as a merge patch of what was proposed; a link may
    name a `ref`. `use`: the id of a record that is there, which the others are linked to instead.
    """

    ref: Reference
    fields: Annotated[dict[str, Any], Field(max_length=200)] = {}
    use: Id | None = None


class RecordsToMake(Wire):
    """Those that shall be made. Without `records`: all of those that lack nothing, as they were proposed.

    `visibility`, `teamId`: of all of them, but where their `fields` say otherwise.
    """

    records: Annotated[list[RecordToMake], Field(max_length=MOST_RECORDS)] | None = None
    visibility: Visibility | None = None
    team_id: Id | None = None


class DateToKeep(Wire):
    """`key`: as it was proposed. `day`, `title`, `target`: what shall be otherwise."""

    key: DateKey
    day: Day | None = None
    title: RequiredText | None = None
    target: Target | None = None


class DatesToKeep(Wire):
    """Those that shall be in the escrow; without `dates`, those that were proposed with a target.

    `appointments`: whether those on its timeline become appointments, too, which people are reminded of.
    """

    dates: Annotated[list[DateToKeep], Field(max_length=MOST_DATES)] | None = None
    appointments: bool = False


class DescriptionToKeep(Wire):
    """`text`: as it shall be, if somebody has changed it."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=10_000)] | None = None
