"""Time that passes only when everybody waits: plain blocking code of several people, run side by side, always the same.

Each person is a thread; one of them runs at a time, and hands over only in `sleep`.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

BEGIN = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)


class VirtualTime:
    def __init__(self) -> None:
        self.seconds = 0.0
        self._order = count()
        self._due: list[tuple[float, int, threading.Event]] = []
        self._threads: list[threading.Thread] = []
        self._failures: list[BaseException] = []
        self._over = threading.Event()

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Others go on meanwhile. Only for those who were begun here."""
        mine = threading.Event()
        heapq.heappush(self._due, (self.seconds + max(0.0, seconds), next(self._order), mine))
        self._next()
        mine.wait()

    def begin(self, act: Callable[[], None], *, at: float = 0.0) -> None:
        """Somebody who acts from then on."""
        mine = threading.Event()

        def run() -> None:
            mine.wait()
            try:
                act()
            except BaseException as error:  # noqa: BLE001 - raised where everybody is waited for
                self._failures.append(error)
            self._next()

        thread = threading.Thread(target=run, daemon=True)
        self._threads.append(thread)
        heapq.heappush(self._due, (at, next(self._order), mine))
        thread.start()

    def run(self) -> None:
        """Until nobody has anything left to do. Raises what any of them did."""
        self._next()
        self._over.wait()
        for thread in self._threads:
            thread.join()
        if self._failures:
            raise self._failures[0]

    def _next(self) -> None:
        if not self._due:
            self._over.set()
            return
        self.seconds, _, event = heapq.heappop(self._due)
        event.set()
