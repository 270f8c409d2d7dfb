"""How much one connection may ask for: a token bucket. Pure; `rooms/connections.py` keeps it with the connection's row.

The unit is a `ping`. What a client does in normal use never comes near the limit; replaying whole logs again and again
does. Below a quarter requests wait, at nothing they are refused, and whoever goes on all the same loses their socket.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from openhouse.core.errors import Flooding, RateLimited

CAPACITY = 4_000
PER_SECOND = 40
BYTES_PER_UNIT = 2_500  # of replayed commits: 10 MB at once, then 100 KB a second
LUMP = 200  # the least that is written down
SLOWED_BELOW = CAPACITY // 4
LONGEST_PAUSE = 0.25  # seconds: a function waits for it, and one message of a socket does not wait for another
UNREADABLE = 10  # what a request costs that cannot be read, or asks for what there is not
REFUSAL = 25  # what a refused request costs: less than two a second cost nothing in the end
REFUSAL_LUMP = 250
FLOODED = -1_000  # left, from where on a refused request is the last one: some forty refusals at once


def lumped(cost: int, chance: float, lump: int) -> int:
    """What to write down of a cost: less than a lump is a whole one as often as it is a part of one, else nothing.

    So a connection's row is not written for each of its messages, and many small ones add up all the same. `chance`:
    evenly from 0 to 1.
    """
    if cost >= lump:
        return cost
    return lump if chance < cost / lump else 0


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
        """May become negative: what something costs is known when it is done, and refused requests cost something."""
        return Allowance(self.left - cost, self.at)

    @property
    def pause(self) -> float:
        """Seconds that a request has to wait: none at first, then the longer the less is left."""
        return LONGEST_PAUSE * max(0.0, 1 - max(0.0, self.left) / SLOWED_BELOW)

    def check(self, cost: int) -> None:
        """Raises RateLimited if a request of this cost has to wait, Flooding if too many did not."""
        if self.left >= cost:
            return
        wait = ceil((cost - self.left) / PER_SECOND)
        if self.left <= FLOODED:
            raise Flooding("this connection goes on though it was told to wait; connect again later")
        raise RateLimited(f"this connection sends too many requests; try again in {wait} s", retryAfterSeconds=wait)
