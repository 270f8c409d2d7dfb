"""Days and times as people write them. The order of day and month is decided for a column by what its cells show."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from openhouse.importing.cells import UnreadableCell

MONTH_FIRST, DAY_FIRST = "mdy", "dmy"
MIXED = "mixed"  # both orders in one column: what could be read in two ways is not read
SERIAL = "serial"  # a spreadsheet's count of days
_CLEARLY = 20  # so many times more cells must show one order than the other

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+", re.IGNORECASE)
# As Unix's `date` and Java print it: Wed May 21 00:00:00 EDT 2008. The calendar day is meant, whatever the zone.
_UNIX = re.compile(r"([a-z]{3})\s+(\d{1,2})\s+(\d\d:\d\d:\d\d)\s+(?:[a-z]{2,5}\s+)?(\d{4})", re.IGNORECASE)
_TIME = re.compile(
    r"(?:[t,\s]+|\s+at\s+)(?P<time>\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?)"
    r"\s*(?P<zone>z|utc|gmt|[+-]\d\d:?\d\d|[a-z]{2,4})?$",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d{1,2})(?::?(\d\d))?(?::(\d\d)(?:\.\d+)?)?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE)
_EPOCH = date(1899, 12, 30)  # of spreadsheets, as far as days after February 1900 go
_LONGEST = 100  # characters of a day with its time; a cell may have a million
_SERIALS = range(15_000, 80_000)  # 1941 to 2119


@dataclass(frozen=True)
class WrittenDay:
    """`parts`: three numbers as they stand, the month among them if it is named."""

    parts: tuple[int, int, int]
    two_digits: bool
    known: str = ""  # its order, if it can be no other: `ymd`, `mdy`, `dmy`
    time: str = ""
    zone: str = ""

    def day(self, order: str, this_year: int) -> date:
        """Raises ValueError."""
        positions = (self.known or order).index
        year, month, day = (self.parts[positions(letter)] for letter in "ymd")
        return date(_full_year(year, this_year) if self.two_digits else year, month, day)

    def is_possible(self, order: str) -> bool:
        try:
            self.day(order, 2000)
        except ValueError:
            return False
        return True


@lru_cache(maxsize=8192)
def taken_apart(text: str) -> WrittenDay | None:
    if len(text) > _LONGEST:
        return None
    plain = _WEEKDAY.sub("", unicodedata.normalize("NFKC", text).strip())
    clock = zone = ""
    if unix := _UNIX.fullmatch(plain):
        plain, clock = f"{unix[1]} {unix[2]} {unix[4]}", unix[3]
    elif found := _TIME.search(plain):
        plain, clock, zone = plain[: found.start()], found["time"], (found["zone"] or "").upper()
    if re.fullmatch(r"(?:19|20)\d{6}", plain):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    words = re.split(r"[\s/.,\-]+", re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", plain.strip(" ,."), flags=re.IGNORECASE))
    if len(words) != 3:
        return None
    named = [_MONTHS.get(word[:3].casefold()) if word.isalpha() and len(word) > 2 else None for word in words]
    numbers = [
        month or (int(word) if word.isascii() and word.isdigit() else -1)
        for word, month in zip(words, named, strict=True)
    ]
    if min(numbers) < 0 or any(len(word) > 4 and not month for word, month in zip(words, named, strict=True)):
        return None
    order = _order_shown(words, [bool(month) for month in named])
    if order is None:
        return None
    year = words[order.index("y")] if order else words[2]
    if len(year) not in (2, 4):
        return None
    return WrittenDay((numbers[0], numbers[1], numbers[2]), len(year) == 2, order, clock, zone)


def _order_shown(words: list[str], named: list[bool]) -> str | None:
    """What the shape alone shows, nothing if the month may come first or second, None if it is no day."""
    if named[0]:
        return "mdy"
    if len(words[0]) == 4:
        return "ymd"
    if named[1]:
        return "dmy"
    return None if named[2] or len(words[0]) > 2 or len(words[1]) > 2 else ""


def order_of(texts: Iterable[str]) -> str:
    """What the cells of a column show: MONTH_FIRST, DAY_FIRST, MIXED, SERIAL, or nothing."""
    shown: Counter[str] = Counter()
    for text in texts:
        if (written := taken_apart(text)) is None:
            shown[SERIAL] += _is_serial(text)
        elif not written.known:
            first, second = written.is_possible(MONTH_FIRST), written.is_possible(DAY_FIRST)
            if first != second:
                shown[MONTH_FIRST if first else DAY_FIRST] += 1
            elif re.fullmatch(r"\s*\d{1,2}\.\d{1,2}\.\d{2,4}\b.*", text):
                shown["dots"] += 1
        else:
            shown["known"] += 1
    month, day = shown[MONTH_FIRST], shown[DAY_FIRST]
    if month and day:
        return MONTH_FIRST if month >= _CLEARLY * day else DAY_FIRST if day >= _CLEARLY * month else MIXED
    if month or day:
        return MONTH_FIRST if month else DAY_FIRST
    if shown["dots"]:  # nobody divides by dots who writes the month first
        return DAY_FIRST
    return SERIAL if shown[SERIAL] and not shown["known"] else ""


def needs_order(text: str) -> bool:
    """Whether day and month could change places, and make another day."""
    written = taken_apart(text)
    if written is None or written.known or not (written.is_possible(MONTH_FIRST) and written.is_possible(DAY_FIRST)):
        return False
    return written.parts[0] != written.parts[1]


def day_of(text: str, order: str, this_year: int) -> date:
    """Raises UnreadableCell."""
    refusal = UnreadableCell("a day that exists, such as 2026-03-02 or 3/2/2026")
    written = taken_apart(text)
    if written is None:
        if order == SERIAL and _is_serial(text):
            return _EPOCH + timedelta(int(float(text)))
        raise refusal
    if order == MIXED:
        if needs_order(text):
            raise UnreadableCell("clear: day and month could change places, and the column has both orders")
        order = MONTH_FIRST if written.is_possible(MONTH_FIRST) else DAY_FIRST
    try:
        return written.day(MONTH_FIRST if order in ("", SERIAL) else order, this_year)
    except ValueError:
        raise refusal from None


def time_of(text: str) -> time:
    """`2:30 PM` or `14:30`. Raises UnreadableCell."""
    refusal = UnreadableCell("a time, such as 2:30 PM or 14:30")
    found = _CLOCK.fullmatch(text.strip())
    if not found or not (found[2] or found[4]):
        raise refusal
    hour, half = int(found[1]), (found[4] or "").casefold()
    if half and not 1 <= hour <= 12:
        raise refusal
    try:
        return time(hour % 12 + 12 * (half == "p") if half else hour, int(found[2] or 0), int(found[3] or 0))
    except ValueError:
        raise refusal from None


def moment_of(day: date, at: time, zone: str) -> datetime:
    """`zone`: the IANA name of where the clock hangs. Raises UnreadableCell if it never shows that time."""
    moment = datetime.combine(day, at, ZoneInfo(zone))
    if moment.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise UnreadableCell("a time that exists: clocks are put forward over it")
    return moment.astimezone(UTC)


def offset_of(zone: str) -> timedelta | None:
    """Of `Z`, `UTC` or `-08:00`; none of a name, which may be meant in several ways."""
    if zone in ("Z", "UTC", "GMT"):
        return timedelta()
    if found := re.fullmatch(r"([+-])(\d\d):?(\d\d)", zone):
        size = timedelta(hours=int(found[2]), minutes=int(found[3]))
        return -size if found[1] == "-" else size
    return None


def _full_year(two: int, this_year: int) -> int:
    """Nothing is dated more than ten years ahead."""
    near = this_year // 100 * 100 + two
    return near if near <= this_year + 10 else near - 100


def _is_serial(text: str) -> bool:
    found = re.fullmatch(r"(\d{5})(?:\.\d+)?", text.strip())
    return bool(found) and int(found[1]) in _SERIALS if found else False
