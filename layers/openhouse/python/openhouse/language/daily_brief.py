"""What somebody should know in the morning, as a notification: `daily_brief`. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from openhouse.core.text import quoted

SOON = 3  # days ahead that key dates are told
MOST_LINES = 8  # of each kind; how many more there are is said
_LONGEST = 70  # characters of a name or title
_MOST_CHARACTERS = 2_000  # of a notification's text
_DATES = (("contingencyRemovalDate", "contingency removal"), ("closeOfEscrowDate", "close of escrow"))


@dataclass(frozen=True)
class Brief:
    """A notification's title and text. `level`: a warning if something is due today or late."""

    level: Literal["info", "warning"]
    title: str
    text: str


def daily_brief(
    *,
    now: datetime,
    time_zone: str,
    appointments: Iterable[Mapping[str, Any]],
    escrows: Iterable[Mapping[str, Any]],
    leads: Iterable[Mapping[str, Any]],
) -> Brief | None:
    """Of records in wire form, all of them somebody's own; None if there is nothing to say. What is archived, over or
    cancelled is left out.
    """
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    meetings = sorted(_appointments(appointments, today, zone))
    due = sorted(_key_dates(escrows, today, zone))
    waiting = sorted(_untouched(leads))
    parts = [
        _part("Today", [line for _, line in meetings]),
        _part("Key dates", [line for _, line in due]),
        _part("New leads that nobody has contacted", [line for _, line in waiting], more=_waiting_since(waiting, now)),
    ]
    if not (meetings or due or waiting):
        return None
    counts = [
        *_counted(len(meetings), "appointment"),
        *_counted(len(due), "key date"),
        *_counted(len(waiting), "untouched lead"),
    ]
    text = "\n\n".join(filter(None, parts))
    return Brief(
        "warning" if any(day <= today for day, _ in due) else "info",
        f"Your {today:%A}: {', '.join(counts)}",
        text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…",
    )


def _appointments(
    records: Iterable[Mapping[str, Any]], today: date, zone: ZoneInfo
) -> Iterator[tuple[tuple[bool, datetime], str]]:
    for record in records:
        if record.get("archived") or record["status"] not in ("scheduled", "confirmed"):
            continue
        begins, ends = (datetime.fromisoformat(record[name]).astimezone(zone) for name in ("startsAt", "endsAt"))
        if not (begins.date() <= today <= (ends - timedelta(microseconds=1)).date()):
            continue
        is_whole = bool(record.get("allDay"))
        when = "all day" if is_whole else "until " + _clock(ends) if begins.date() < today else _clock(begins)
        where = f", {quoted(record['location'], _LONGEST)}" if record.get("location") else ""
        yield (not is_whole, begins), f"{when}: {quoted(record['title'], _LONGEST, otherwise='Appointment')}{where}"


def _key_dates(records: Iterable[Mapping[str, Any]], today: date, zone: ZoneInfo) -> Iterator[tuple[date, str]]:
    """Those to come in three days; a close of escrow that is past, and not closed, until it is."""
    for record in records:
        if record.get("archived") or record["status"] not in ("opened", "pending"):
            continue
        name = quoted(record["propertyAddress"], _LONGEST, otherwise="An escrow")
        for day, what in _dates_of(record, zone):
            is_late = what == "close of escrow" and day < today
            if is_late or today <= day <= today + timedelta(days=SOON):
                yield day, f"{_day(day, today)}: {what}, {name}"


def _dates_of(record: Mapping[str, Any], zone: ZoneInfo) -> Iterator[tuple[date, str]]:
    for field, what in _DATES:
        if record.get(field):
            yield date.fromisoformat(record[field]), what
    for step in (record.get("timeline") or {}).values():
        if not step.get("done"):
            yield datetime.fromisoformat(step["at"]).astimezone(zone).date(), quoted(step["title"], _LONGEST)


def _untouched(records: Iterable[Mapping[str, Any]]) -> Iterator[tuple[datetime, str]]:
    """New ones that nobody has changed since they came; who has waited longest comes first."""
    for record in records:
        if record.get("archived") or record["status"] != "new" or record["updatedAt"] != record["createdAt"]:
            continue
        name = " ".join(filter(None, (record.get("firstName"), record.get("lastName")))) or record.get("company")
        reached = record.get("phone") or record.get("email") or ""
        line = quoted(name or reached, _LONGEST, otherwise="A lead")
        yield datetime.fromisoformat(record["createdAt"]), f"{line}, {reached}" if name and reached else line


def _waiting_since(waiting: Sequence[tuple[datetime, str]], now: datetime) -> str:
    days = (now - waiting[0][0]).days if waiting else 0
    return f"The first has waited for {days} day{'' if days == 1 else 's'}." if days else ""


def _part(title: str, lines: Sequence[str], *, more: str = "") -> str:
    if not lines:
        return ""
    rest = len(lines) - MOST_LINES
    shown = [*lines[:MOST_LINES], *([f"and {rest} more"] if rest > 0 else [])]
    return "\n".join([title, *(f"- {line}" for line in shown), *([more] if more else [])])


def _counted(count: int, noun: str) -> list[str]:
    return [f"{count} {noun}{'' if count == 1 else 's'}"] if count else []


def _clock(moment: datetime) -> str:
    return f"{moment:%I:%M %p}".lstrip("0")


def _day(day: date, today: date) -> str:
    days = (day - today).days
    if days < 0:
        return f"{-days} day{'' if days == -1 else 's'} late"
    return {0: "today", 1: "tomorrow"}.get(days, f"{day:%A}")
