"""How much one connection may ask for: a token bucket. Pure; `rooms/connections.py` keeps it with the connection's row.

The unit is a `ping`. What a client does in normal use never comes near the limit; replaying whole logs again and again
does.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

CAPACITY = 4_000
PER_SECOND = 40
BYTES_PER_UNIT = 2_500  # of replayed commits: 10 MB at once, then 100 KB a second
SIGNIFICANT = 50  # what costs less is not written down: a connection's row is not written for each of its messages


@dataclass(frozen=True)
class Allowance:
    """`left` units at the millisecond `at` since 1970."""

    left: float
    at: int

    @classmethod
    def full(cls, at: int) -> Allowance:
        return cls(CAPACITY, at)

    @classmethod
    def read(cls, document: Any, now: int) -> Allowance:
        """That of a connection's row; a full one where nothing was ever written down."""
        return cls(document["left"], document["at"]) if document else cls.full(now)

    def document(self) -> dict[str, int]:
        return {"left": int(self.left), "at": self.at}

    def refilled(self, now: int) -> Allowance:
        """Clocks of two functions may differ: time never runs backwards here."""
        passed = max(0, now - self.at)
        return Allowance(min(CAPACITY, self.left + passed * PER_SECOND / 1000), max(now, self.at))

    def spent(self, cost: int) -> Allowance:
        """May become negative: what something costs is known when it is done."""
        return Allowance(self.left - cost, self.at)

    def seconds_until(self, cost: int) -> int:
        """Whole seconds until there is enough for a request of this cost; 0 if there is now."""
        return max(0, ceil((cost - self.left) / PER_SECOND))
