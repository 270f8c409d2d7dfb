"""How long to wait for others who want the same item: longer with each failure, up to a bound."""

from __future__ import annotations

FIRST_WAIT, LONGEST_WAIT = 0.010, 0.400  # seconds


def longest_pause(failures: int) -> float:
    """Seconds before the next try, after so many failures. The pause is a random part of it."""
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (failures - 1))
