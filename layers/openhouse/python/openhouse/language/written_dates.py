"""Dates, times and terms as they are written: `August 3`, `1/15/2027`, `17 days after acceptance`. Pure.

Months come before days where both could be either, as in the United States. What names no year is meant near today, and
says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal

from openhouse.language.written_amounts import COUNT, count

Anchor = Literal["acceptance", "close_of_escrow", "opened"]
Nearness = Literal["ahead", "around"]  # where a day without a year is looked for

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_IN_SPANISH = {"ene": "jan", "abr": "apr", "ago": "aug", "dic": "dec"}  # the others begin alike
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre"
    r"|diciembre)\b\.?"
)
_NAMED = rf"(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?"
_TURNED = (
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+day)?(?:\s+(?:of|de))?\s+(?P<month>{_MONTH})"
    r"(?:,?\s+(?:del?\s+)?(?P<year>(?:19|20)\d\d)\b)?"
)
_NUMBERS = r"(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?P<year>(?:19|20)\d\d|\d\d)\b"
_ISO = r"(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b"
_NEAR = r"(?P<near>today|tomorrow)\b"
_SHORT = r"(?<![\d/.-])(?P<first>\d{1,2})/(?P<second>\d{1,2})(?![\d/])(?P<year>)"
_FORMS = tuple(re.compile(form, re.IGNORECASE) for form in (_ISO, _NUMBERS, _NAMED, _TURNED, _NEAR, _SHORT))


def _bare(form: str) -> str:
    return re.sub(r"\?P<\w+>", "?:", form)


DATE = rf"(?<![\w/$.-])(?:{'|'.join(map(_bare, (_ISO, _NUMBERS, _NAMED, _TURNED, _NEAR)))})"
SHORT_DATE = _bare(_SHORT)  # also a number of rooms, if no words say what it is
TIME = r"(?<![\w:.$])(?:\d{1,2}(?::\d\d)?\s*(?:a\.?m\.?|p\.?m\.?)(?!\w)|\d{1,2}:\d\d(?![\w:])|noon\b)"
_CLOCK = re.compile(r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s*(?P<half>[ap])?", re.IGNORECASE)

_ACCEPTANCE = r"(?:the\s+)?(?:date\s+of\s+)?(?:mutual\s+|final\s+|seller'?s\s+)?(?:contract\s+)?acceptance|accepted"
_ANCHORS: tuple[tuple[Anchor, str], ...] = (
    ("acceptance", rf"(?:{_ACCEPTANCE}|the\s+effective\s+date)"),
    ("close_of_escrow", r"(?:(?:the\s+)?(?:scheduled\s+)?(?:close\s+of\s+escrow|coe|closing(?:\s+date)?|close))"),
    ("opened", r"(?:(?:the\s+)?(?:opening\s+of\s+escrow|escrow\s+(?:is\s+)?open(?:s|ed|ing)))"),
)
_DAYS = (
    rf"(?P<count>{COUNT})(?:\s*\((?:or\s+)?(?P<other>[\d_ ]+)\))?\s+(?:(?P<unit>calendar|business|working)\s+)?days?'?"
    rf"\s+(?P<way>after|from|of|following|before|prior\s+to|past)\s+"
)
TERM = rf"(?<![\w$.,]){_bare(_DAYS)}(?:{'|'.join(words for _, words in _ANCHORS)})\b"
_TERM = re.compile(rf"{_DAYS}(?P<anchor>.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class WrittenDay:
    """`assumed_year`: the text names none. `at`: the time of day, if it says one."""

    day: date
    assumed_year: bool = False
    at: time | None = None


@dataclass(frozen=True)
class Term:
    """`days` after the anchor, or before it if negative."""

    days: int
    business: bool
    anchor: Anchor


def written_day(text: str, today: date, near: Nearness = "ahead") -> WrittenDay | None:
    """The one day that a text names, with its time; None if it names none, another one too, or one that is none."""
    found = _matches(text)
    if len(found) != 1:
        return None
    read = _day(found[0], today, near)
    if read is None:
        return None
    rest = text[found[0].end() :]
    clock = re.search(TIME, rest, re.IGNORECASE) or re.search(TIME, text[: found[0].start()], re.IGNORECASE)
    return WrittenDay(*read, _time(clock.group()) if clock else None)


def term(text: str) -> Term | None:
    """Of `17 (or 10) days after Acceptance`: what stands in parentheses was filled in, and counts."""
    found = _TERM.search(text)
    if not found:
        return None
    number = int(found["other"]) if (found["other"] or "").strip().isdigit() else count(found["count"])
    anchor = next((name for name, words in _ANCHORS if re.match(words, found["anchor"], re.IGNORECASE)), None)
    if number is None or anchor is None:
        return None
    is_before = found["way"].lower().startswith(("before", "prior"))
    return Term(-number if is_before else number, (found["unit"] or "").lower() in ("business", "working"), anchor)


def _matches(text: str) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if not any(match.start() < other.end() and other.start() < match.end() for other in found):
                found.append(match)
    return found


def _day(found: re.Match[str], today: date, near: Nearness) -> tuple[date, bool] | None:
    parts = found.groupdict()
    if parts.get("near"):
        return today + timedelta(days=parts["near"].lower() == "tomorrow"), False
    if "first" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        month, day = (second, first) if first > 12 >= second else (first, second)
    else:
        name = parts["month"]
        month = int(name) if name.isdigit() else 1 + _MONTHS.index(_IN_SPANISH.get(name[:3].lower(), name[:3].lower()))
        day = int(parts["day"])
    year = parts["year"]
    if year:
        return _real(int(year) + (2000 if len(year) == 2 else 0), month, day, assumed=False)
    return _nearest(month, day, today, near)


def _real(year: int, month: int, day: int, *, assumed: bool) -> tuple[date, bool] | None:
    try:
        return date(year, month, day), assumed
    except ValueError:
        return None


def _nearest(month: int, day: int, today: date, near: Nearness) -> tuple[date, bool] | None:
    """Ahead: the next one from a fortnight ago on. Around: the one next to today, before or after."""
    found = [real for year in (-1, 0, 1, 2) if (real := _real(today.year + year, month, day, assumed=True))]
    if near == "ahead":
        return next((each for each in found if each[0] >= today - timedelta(days=14)), None)
    return min(found, key=lambda each: abs(each[0] - today), default=None)


def _time(text: str) -> time | None:
    if text.lower().startswith("noon"):
        return time(12)
    found = _CLOCK.match(text.strip())
    if not found:
        return None
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 if half == "p" else hour % 12 if half == "a" else hour
    minute = int(found["minute"] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
