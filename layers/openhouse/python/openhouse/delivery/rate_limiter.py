"""How many posts a second all functions together may make: `@connections` shares the account's quota with every API.

One item per kind of traffic says when it is free again; whoever posts moves that moment on by what their posts take,
and waits for the moment that was there before. The kinds are apart, so that those of one never wait for the other's.

A process with little to post owes it for a while, and asks for all that it owes at once: so small rooms do not pay a
write for each commit. What is posted is asked for in the end, but for fewer than `OWED` posts of each process.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from enum import Enum

from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.errors import Busy
from openhouse.storage.keys import rate_limit_key
from openhouse.storage.table import Table, WriteConflict
from openhouse.storage.writes import Update, absent_or_at_most

OWED = 32  # posts of one process; it makes fewer without having asked
PRESSED_SECONDS = 1.0  # after it had to wait for others a process owes nothing: it asks each time
LONGEST_WAIT = 10.0  # seconds; then the posts are given back to whoever wanted them


class Traffic(Enum):
    """Each with a share of the limit to itself."""

    SMALL = "small"  # teams and people: posted as the stream comes
    LARGE = "large"  # shards of large rooms, by workers


def rates(posts_per_second: float) -> dict[Traffic, float]:
    """What each kind of traffic has of the limit."""
    return {Traffic.SMALL: posts_per_second / 4, Traffic.LARGE: posts_per_second * 3 / 4}


class RateLimiter:
    """`rates`: posts a second."""

    def __init__(
        self,
        table: Table,
        rates: dict[Traffic, float],
        *,
        now: Clock = clock.utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table = table
        self._rates = rates
        self._now = now
        self._sleep = sleep
        self._owed: dict[Traffic, int] = {}
        self._pressed_until: dict[Traffic, float] = {}  # seconds since 1970

    def acquire(self, posts: int, traffic: Traffic, *, patience: float = LONGEST_WAIT) -> None:
        """Waits until they may be made. Raises Busy when that is more than `patience` seconds off."""
        if not posts:
            return
        now = self._now().timestamp()
        owed = self._owed.get(traffic, 0) + posts
        if owed < OWED and now >= self._pressed_until.get(traffic, 0.0):
            self._owed[traffic] = owed
            return
        try:
            start = self._reserve(traffic, now, math.ceil(1000 * owed / self._rates[traffic]), patience)
        except Busy:
            self._pressed_until[traffic] = now + PRESSED_SECONDS
            raise
        self._owed[traffic] = 0
        if start > now:
            self._pressed_until[traffic] = start + PRESSED_SECONDS
            self._sleep(start - now)

    def _reserve(self, traffic: Traffic, now: float, milliseconds: int, patience: float) -> float:
        """When the time that was reserved begins, in seconds since 1970."""
        key, this = rate_limit_key(traffic.value), int(now * 1000)
        try:
            self._table.write(Update(key, {"free_at": this + milliseconds}, absent_or_at_most(free_at=this)))
        except WriteConflict:
            bearable = absent_or_at_most(free_at=this + int(patience * 1000))
            try:
                return (self._table.add(key, "free_at", milliseconds, bearable) - milliseconds) / 1000
            except WriteConflict as contention:
                raise Busy("more is being posted than the account may; try again in a moment") from contention
        return now
