"""What a month of a deployment has: what the command is told, and what is assumed of people beside that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openhouse.collaboration.sightings import BEAT_SECONDS
from openhouse.settings import DirectorySettings


@dataclass(frozen=True, kw_only=True)
class Usage:
    """`hours`: of a day in which somebody works; `idle_hours`: of a day in which their app is open beside that.

    `brokerage`: people who see who is there of each other; `team`: who see each other's changes. `imported`: rows a
    month, of all. `records`: kept, of each person.
    """

    users: float = 1_000
    writes: float = 20.0  # of a person in an hour of work
    hours: float = 8.0
    days: float = 22.0
    idle_hours: float = 2.0
    team: float = 5
    brokerage: float = 50
    tabs: float = 2.0
    imported: float = 10_000
    records: float = 1_000

    @property
    def worked(self) -> float:
        """Hours of all people in a month."""
        return self.users * self.hours * self.days

    @property
    def idle(self) -> float:
        return self.users * self.idle_hours * self.days

    @property
    def open(self) -> float:
        return self.worked + self.idle

    @property
    def members(self) -> float:
        """Sockets that hear of a change of their team: nobody waits alone for what nobody else is there for."""
        return min(self.team, self.users)

    @property
    def people(self) -> float:
        """Of one brokerage."""
        return min(self.brokerage, self.users)

    @property
    def brokerages(self) -> float:
        return self.users / self.people


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What people and their browsers do, as nobody has measured it yet. Of an hour of work, if nothing else is said."""

    created: float = 0.10  # of the writes
    locked: float = 0.25  # of the writes: a form is edited under a lock, then saved
    lists: float = 10.0  # fetched
    opened: float = 10.0  # records, fetched
    looking: float = 0.50  # of the time a record is on the screen,
    shared: float = 0.15  # of that somebody else looks at it too: then a tab says so every
    look_seconds: float = 8.0
    alone_seconds: float = 48.0  # and else as seldom
    others: float = 1.3  # of those who look too, where there are any
    spells: float = 20.0  # how often another record comes on the screen: a tab says so, and its end
    typing: float = 20.0  # times that somebody would say so, where others look: each 3 s of a minute
    connects: float = 2.0  # a day, beside those of a socket that is replaced every
    socket_hours: float = 110 / 60
    pings: float = 4.0  # where changes arrive; of an idle hour as often as `pingSeconds` says
    history_bytes: float = 100.0  # of a change, kept for
    history_months: float = 24.0
    cold: float = 1 / 500  # of the calls, each of which takes
    cold_milliseconds: float = 700.0

    @property
    def idle_pings(self) -> float:
        return 3_600 / DirectorySettings.ping_seconds


HABITS = Habits()


def assumptions(usage: Usage, habits: Habits = HABITS) -> Iterator[str]:
    """A line for each."""
    yield (
        f"{usage.users:,.0f} people work {usage.hours:g} hours on {usage.days:g} days a month; their app is open for "
        f"{usage.idle_hours:g} hours more."
    )
    yield (
        f"Each writes {usage.writes:g} times an hour: {habits.created:.0%} create a record, {habits.locked:.0%} are "
        "forms that are locked first, the others are saves."
    )
    yield f"A write is of a team's room, in which {usage.members:g} sockets are; a record has 780 bytes as an item."
    yield (
        f"{usage.people:g} people of a brokerage see who of them is there, and go away and come back six times in "
        f"eight hours; each app beats every {BEAT_SECONDS:g} s, if it has said nothing else meanwhile, and wants "
        f"a reply where nothing has arrived for {BEAT_SECONDS / 2:g} s: changes and news arrive evenly."
    )
    yield (
        f"A record is on the screen {habits.looking:.0%} of the time, another one {habits.spells:g} times an hour: "
        f"the tab says so at the beginning and at the end. For {habits.shared:.0%} of that time "
        f"{habits.others:g} others look at it too."
    )
    yield (
        f"Meanwhile it says so every {habits.look_seconds:g} s, or every {habits.alone_seconds:g} s where nobody else "
        f"looks; people type {habits.typing * 3 / 60:g} minute an hour, which is said where others look."
    )
    yield (
        f"An hour fetches {habits.lists:g} lists of 50 records and {habits.opened:g} records; API Gateway asks about a "
        "token every 5 minutes."
    )
    yield (
        f"A socket is replaced after {habits.socket_hours * 60:.0f} minutes, and lost {habits.connects:g} times a "
        f"day; it pings {habits.pings:g} times an hour, an idle one {habits.idle_pings:g} times."
    )
    yield (
        f"{usage.tabs:g} tabs of a person share one socket of ours; of the others' clients each tab has its own, and "
        "is told everything."
    )
    yield f"{usage.imported:,.0f} rows a month are imported, in bulk requests of 500."
    yield (
        f"{usage.records:,.0f} records of each person are kept, and {habits.history_bytes:g} bytes of each change for "
        f"{habits.history_months:g} months."
    )
    yield (
        "A function takes 5 ms of its own and, one after the other, the median of each of its calls "
        f"(local/aws_like/measures.py); one call of {1 / habits.cold:g} is cold, {habits.cold_milliseconds:g} ms more."
    )
    yield "Lambda traces one call a second of each function and a twentieth of the others; work is spread evenly."
    yield "Left out, as it is the same or nothing for all: the web app's files, e-mail, support, taxes, people's time."
