"""How much one connection may ask for: a token bucket. Pure; `rooms/connections.py` keeps it with the connection's row.

The unit is a `ping`. What a client does in normal use never comes near the limit; replaying whole logs again and again
does.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from openhouse.core.errors import RateLimited

CAPACITY = 4_000
PER_SECOND = 40
BYTES_PER_UNIT = 2_500  # of replayed commits: 10 MB at once, then 100 KB a second
LUMP = 50  # the least that is written down


def lumped(cost: int, chance: float) -> int:
    """What to write down of a cost: less than a lump is a whole one as often as it is a part of one, else nothing.

    So a connection's row is not written for each of its messages, and many small ones add up all the same. `chance`:
    evenly from 0 to 1.
    """
    if cost >= LUMP:
        return cost
    return LUMP if chance < cost / LUMP else 0


@dataclass(frozen=True)
class Allowance:
    """`left` units at the millisecond `at` since 1970."""

    left: float
    at: int

    @classmethod
    def full(cls, at: int) -> Allowance:
        return cls(CAPACITY, at)

    @classmethod
    def read(cls, document: Any) -> Allowance:
        """That of a connection's row."""
        return cls(document["left"], document["at"])

    def document(self) -> dict[str, int]:
        return {"left": int(self.left), "at": self.at}

    def refilled(self, now: int) -> Allowance:
        """Clocks of two functions may differ: time never runs backwards here."""
        passed = max(0, now - self.at)
        return Allowance(min(CAPACITY, self.left + passed * PER_SECOND / 1000), max(now, self.at))

    def spent(self, cost: int) -> Allowance:
        """May become negative: what something costs is known when it is done."""
        return Allowance(self.left - cost, self.at)

    def check(self, cost: int) -> None:
        """Raises RateLimited if a request of this cost has to wait."""
        if self.left < cost:
            wait = ceil((cost - self.left) / PER_SECOND)
            raise RateLimited(f"this connection sends too many requests; try again in {wait} s", retryAfterSeconds=wait)
