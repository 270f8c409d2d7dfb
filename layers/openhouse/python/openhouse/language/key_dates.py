"""Dates that a text states, and those that follow from its terms: `17 days after acceptance`. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from openhouse.language.business_days import counted
from openhouse.language.engine import Mention
from openhouse.language.labels import DATES, PAST, DateLabel
from openhouse.language.written_dates import Anchor, Term, WrittenDay, term, written_day


@dataclass(frozen=True)
class KeyDate:
    """`term`: what it was worked out by, from `anchor`. Its mention is the words that say it."""

    label: DateLabel
    mention: Mention
    day: date
    at: time | None = None
    assumed_year: bool = False
    term: Term | None = None
    anchor: Mention | None = None


@dataclass(frozen=True)
class Unresolved:
    """Why words that an engine takes for a date give none."""

    label: DateLabel
    mention: Mention
    reason: str


_ANCHOR_NAMES: Mapping[Anchor, str] = {
    "acceptance": "acceptance",
    "close_of_escrow": "the close of escrow",
    "opened": "the opening of escrow",
}


def key_dates(shown: str, mentions: Iterable[Mention], today: date) -> tuple[list[KeyDate], list[Unresolved]]:
    """All that can be worked out, by date, and what cannot. A term counts from a date of which the text has one."""
    stated: list[KeyDate] = []
    terms: list[tuple[Mention, Term]] = []
    unread: list[Unresolved] = []
    for mention in (each for each in mentions if each.label in DATES):
        words = shown[mention.start : mention.end]
        if rule := term(words):
            terms.append((mention, rule))
        elif day := written_day(words, today, "around" if mention.label in PAST else "ahead"):
            stated.append(_stated(mention, day))
        else:
            unread.append(Unresolved(_label(mention), mention, "is no date that exists"))
    found = _once(stated)
    while terms:
        worked_out = [*_worked_out(terms, found)]
        if not worked_out:
            break
        done = {each.mention for each in worked_out}
        terms = [each for each in terms if each[0] not in done]
        found = _once([*found, *worked_out])
    unread += [Unresolved(_label(mention), mention, _missing(rule, found)) for mention, rule in terms]
    return sorted(found, key=lambda each: (each.day, each.mention)), sorted(unread, key=lambda each: each.mention)


def _stated(mention: Mention, day: WrittenDay) -> KeyDate:
    return KeyDate(_label(mention), mention, day.day, day.at, day.assumed_year)


def _worked_out(terms: Sequence[tuple[Mention, Term]], known: Sequence[KeyDate]) -> Iterator[KeyDate]:
    for mention, rule in terms:
        anchors = [each for each in known if each.label == rule.anchor]
        if len(anchors) == 1:
            day = counted(anchors[0].day, rule.days, business=rule.business)
            yield KeyDate(
                _label(mention),
                mention,
                day,
                assumed_year=anchors[0].assumed_year,
                term=rule,
                anchor=anchors[0].mention,
            )


def _missing(rule: Term, known: Sequence[KeyDate]) -> str:
    many = sum(each.label == rule.anchor for each in known) > 1
    return f"the text has {'more than one date' if many else 'no date'} of {_ANCHOR_NAMES[rule.anchor]}"


def _once(found: Iterable[KeyDate]) -> list[KeyDate]:
    """The first place of each date."""
    return [
        *{(each.label, each.day): each for each in sorted(found, key=lambda each: each.mention, reverse=True)}.values()
    ]


def _label(mention: Mention) -> DateLabel:
    return mention.label  # type: ignore[return-value]
