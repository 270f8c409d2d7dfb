"""Whether AWS is imitated now; its chances, its delays, and the count of what happened."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable

from local.aws_like.conditions import Conditions
from local.aws_like.measures import Chance, Delay


class Imitation:
    """Shared by all that imitates, in whatever thread. While there are no `conditions`, the emulator is as it is."""

    def __init__(self) -> None:
        self.conditions: Conditions | None = None
        self.on_change: list[Callable[[Conditions | None], None]] = []
        self._lock = threading.Lock()
        self._randomness = random.Random()  # noqa: S311
        self._counts: Counter[str] = Counter()
        self._most: dict[str, float] = {}

    @property
    def on(self) -> bool:
        return self.conditions is not None

    def switch(self, conditions: Conditions | None) -> None:
        """Counting begins anew with each that is switched on."""
        if conditions is not None:
            with self._lock:
                self._randomness.seed(conditions.seed)
                self._counts.clear()
                self._most.clear()
        self.conditions = conditions
        for tell in self.on_change:
            tell(conditions)

    def delay(self, delay: Delay) -> float:
        """Seconds to wait."""
        if self.conditions is None:
            return 0
        with self._lock:
            return self.conditions.delays * delay.sample(self._randomness)

    def happens(self, chance: Chance) -> bool:
        if self.conditions is None:
            return False
        with self._lock:
            return self._randomness.random() < self.conditions.habits * chance.here

    def shuffled(self, number: int) -> list[int]:
        with self._lock:
            return self._randomness.sample(range(number), number)

    def count(self, name: str, times: int = 1) -> None:
        if self.on:
            with self._lock:
                self._counts[name] += times

    def seen(self, name: str, value: float) -> None:
        """The greatest value is kept."""
        if self.on:
            with self._lock:
                self._most[name] = max(value, self._most.get(name, value))

    def counts(self) -> dict[str, float]:
        with self._lock:
            return {**self._counts, **self._most}
