"""How a crowd returns, in virtual time: the session's real `Backoff` against a gateway that admits so many a second."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from openhouse_client.backoff import Backoff

HANDSHAKE = 0.05  # seconds from an attempt to its refusal


@dataclass(frozen=True)
class Returned:
    """Attempts and admissions by second, and of each client, in the order of return, when it was back."""

    tries: Counter[int] = field(default_factory=Counter)
    admitted: Counter[int] = field(default_factory=Counter)
    back: list[float] = field(default_factory=list)

    @property
    def tries_each(self) -> float:
        return self.tries.total() / len(self.back)

    def back_at(self, share: float) -> float:
        """Seconds until so many of them were back."""
        return self.back[round(share * len(self.back)) - 1]


def returned(clients: int, admits: int, backoffs: Callable[[int], Backoff]) -> Returned:
    """All are cut at the moment 0. `admits`: connections a second, or at once after a pause; the rest is refused."""
    result = Returned()
    waits = [backoffs(client) for client in range(clients)]
    due = [(backoff.seconds(1), client, 1) for client, backoff in enumerate(waits)]
    heapq.heapify(due)
    free, before = float(admits), 0.0
    while due:
        now, client, failures = heapq.heappop(due)
        free, before = min(admits, free + (now - before) * admits), now
        result.tries[int(now)] += 1
        if free >= 1:
            free -= 1
            result.admitted[int(now)] += 1
            result.back.append(now)
        else:
            again = now + HANDSHAKE + waits[client].seconds(failures + 1)
            heapq.heappush(due, (again, client, failures + 1))
    return result
