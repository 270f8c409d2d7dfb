"""The dates of a deal from its agreement: `escrow_timeline`. Pure but for the engine.

They are worked out by the words that each of them shows, for a person to confirm; they are no legal advice.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from openhouse.language.business_days import is_business_day
from openhouse.language.engine import Asker, Engine, EngineName
from openhouse.language.grounding import whole
from openhouse.language.key_dates import KeyDate, key_dates
from openhouse.language.labels import KEY_DATES, TITLES, DateLabel
from openhouse.language.source import Source, Span

NOTICE = (
    "Worked out from the words of this text, for you to check against the signed agreement. Business days leave out "
    "weekends and federal holidays; an agreement may count otherwise. This is no legal advice."
)


@dataclass(frozen=True)
class TimelineDate:
    """`span`: the words that say it; `sentence`: what stands around them; `anchor`: the words that it counts from."""

    label: DateLabel
    title: str
    day: date
    span: Span
    sentence: Span
    counted: str | None
    anchor: Span | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class OpenTerm:
    """What the text says of a date that cannot be worked out, and why."""

    label: DateLabel
    title: str
    sentence: Span
    reason: str


@dataclass(frozen=True)
class Timeline:
    engine: EngineName
    dates: tuple[TimelineDate, ...]
    unresolved: tuple[OpenTerm, ...]
    notice: str = NOTICE

    def document(self) -> dict[str, Any]:
        """JSON; days as `2026-12-04`."""
        dates = [{**asdict(each), "day": each.day.isoformat(), "notes": list(each.notes)} for each in self.dates]
        unresolved = [asdict(each) for each in self.unresolved]
        return {"engine": self.engine, "dates": dates, "unresolved": unresolved, "notice": self.notice}


def escrow_timeline(engine: Engine, asker: Asker, text: str, *, today: date) -> Timeline:
    """`today`: where the person is; for days without a year. Raises LanguageErrors."""
    source = Source(text)
    mentions = whole(source.shown, engine.mentions(asker, source.shown, KEY_DATES))
    dates, unread = key_dates(source.shown, mentions, today)
    return Timeline(
        engine.name,
        tuple(_shown(each, source) for each in dates),
        tuple(
            OpenTerm(
                each.label, TITLES[each.label], _sentence(source, each.mention.start, each.mention.end), each.reason
            )
            for each in unread
        ),
    )


def _shown(each: KeyDate, source: Source) -> TimelineDate:
    start, end = each.mention.start, each.mention.end
    notes = []
    if each.assumed_year:
        notes.append("The text names no year; the one next to today is meant.")
    if not is_business_day(each.day):
        notes.append(f"It is a {each.day:%A}." if each.day.weekday() > 4 else "It is a federal holiday.")
    return TimelineDate(
        label=each.label,
        title=TITLES[each.label],
        day=each.day,
        span=source.span(start, end),
        sentence=_sentence(source, start, end),
        counted=_counted(each),
        anchor=source.span(each.anchor.start, each.anchor.end) if each.anchor else None,
        notes=tuple(notes),
    )


def _counted(each: KeyDate) -> str | None:
    if each.term is None:
        return None
    unit = "business" if each.term.business else "calendar"
    days = f"{abs(each.term.days)} {unit} day{'' if abs(each.term.days) == 1 else 's'}"
    anchor = TITLES[each.term.anchor].lower()
    return f"{days} {'before' if each.term.days < 0 else 'after'} {anchor}"


def _sentence(source: Source, start: int, end: int) -> Span:
    return source.span(*source.sentence(start, end))
