"""Business days: neither weekends nor the legal public holidays of the United States, 5 U.S.C. 6103. Pure.

States and contracts have others: whoever is told a date is told what it was counted by.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

_DAY = timedelta(days=1)
_FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
_MONDAYS = ((1, 3), (2, 3), (9, 1), (10, 2))  # month, and which Monday of it


@cache
def holidays(year: int) -> frozenset[date]:
    """As observed: on the Friday before a Saturday (6103(b)), on the Monday after a Sunday (Executive Order 11582)."""
    days = {_observed(date(year, month, day)) for month, day in _FIXED}
    days |= {_nth(year, month, 0, which) for month, which in _MONDAYS}
    days.add(_nth(year, 11, 3, 4))
    days.add(date(year, 5, 31) - timedelta(days=date(year, 5, 31).weekday()))
    if date(year + 1, 1, 1).weekday() == 5:
        days.add(date(year, 12, 31))
    return frozenset(days)


def is_business_day(day: date) -> bool:
    return day.weekday() < 5 and day not in holidays(day.year)


def counted(start: date, days: int, *, business: bool) -> date:
    """So many days after `start`, which is not counted itself; before it, if `days` is negative."""
    if not business:
        return start + timedelta(days=days)
    step = _DAY if days > 0 else -_DAY
    walked = (day for day in _walk(start, step) if is_business_day(day))
    day = start
    for _ in range(abs(days)):
        day = next(walked)
    return day


def _walk(start: date, step: timedelta) -> Iterator[date]:
    while True:
        start += step
        yield start


def _observed(day: date) -> date:
    return day + {5: -_DAY, 6: _DAY}.get(day.weekday(), timedelta())


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
