"""The queue of timers: what is to come back later."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from openhouse.rooms.timers import Timer


class TimerQueue:
    """`before(step)` is called before a timer is taken."""

    def __init__(self, before: Callable[[str], None]) -> None:
        self.waiting: list[Timer] = []
        self._before = before

    def set(self, timers: Sequence[Timer]) -> None:
        self._before("set a timer")
        self.waiting += timers
