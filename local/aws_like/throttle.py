"""The token bucket of API Gateway."""

from __future__ import annotations

import time
from collections.abc import Callable


class Throttle:
    """Lets `rate` a second pass, and `burst` at once. One thread."""

    def __init__(self, rate: float, burst: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = max(1.0, burst)
        self._monotonic = monotonic
        self._left = self._burst
        self._at = monotonic()

    def passes(self) -> bool:
        now = self._monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
