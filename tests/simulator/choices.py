"""Everything that is left to chance in a history: small numbers, drawn from a seed or given again.

0 always means the simplest: nothing happens, the first, in order. So a list of choices that ends early, or has zeros
where numbers were, is a simpler history.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Choices:
    """`given`: a list to be followed instead of the seed; zeros follow it."""

    def __init__(self, seed: int = 0, given: Sequence[int] | None = None) -> None:
        self.taken: list[int] = []
        self._random = Random(seed).random
        self._given = given

    def below(self, limit: int) -> int:
        """From 0 on."""
        if self._given is None:
            number = int(self._random() * limit)
        else:
            at = len(self.taken)
            number = min(self._given[at], limit - 1) if at < len(self._given) else 0
        self.taken.append(number)
        return number

    def chance(self, percent: float) -> bool:
        """Whether something happens that is not the simplest."""
        if self._given is None:
            number = 1 if self._random() * 100 < percent else 0
        else:
            at = len(self.taken)
            number = 1 if at < len(self._given) and self._given[at] else 0
        self.taken.append(number)
        return number == 1

    def pick(self, options: Sequence[T]) -> T:
        """The first is the simplest."""
        return options[self.below(len(options))]
