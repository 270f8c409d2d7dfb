"""How long to wait before trying again: full jitter, so that a crowd that failed together does not return together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """`random` gives numbers in [0, 1); `first` and `longest` are bounds in seconds."""

    random: Callable[[], float]
    first: float = 0.5
    longest: float = 30.0

    def seconds(self, failures: int, at_least: float | None = None) -> float:
        """After the given number of failures in a row, from 1. `at_least`: what the server asked for."""
        # The exponent is bounded, as a float overflows after some thousand failures.
        bound = min(self.longest, self.first * 2.0 ** min(failures - 1, 32))
        return (at_least or 0.0) + self.random() * bound
