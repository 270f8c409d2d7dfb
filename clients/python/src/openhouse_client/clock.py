"""The time, as a parameter of everything that waits."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The time of day, aware and UTC."""

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""

    async def sleep(self, seconds: float) -> None: ...

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        """Raises TimeoutError in the block if it lasts longer."""


def seconds_with_sleep() -> float:
    """Counts on while the machine sleeps, which `time.monotonic` and asyncio's own clock do on Windows alone."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


class SystemClock:
    """A machine that has slept finds, within `look` seconds of waking, that the time it waited for has come."""

    def __init__(self, monotonic: Callable[[], float] = seconds_with_sleep, *, look: float = 5.0) -> None:
        self._monotonic = monotonic
        self._look = look

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return self._monotonic()

    async def sleep(self, seconds: float) -> None:
        await wait(self, seconds, unless=asyncio.Event())

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        return self._timeout(self._monotonic() + seconds)

    @asynccontextmanager
    async def _timeout(self, end: float) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        looks: list[asyncio.Handle] = []

        def look() -> None:
            left = end - self._monotonic()
            if left <= 0:
                scope.reschedule(loop.time())
            else:
                looks[:] = [loop.call_later(min(left, self._look), look)]

        async with asyncio.timeout(None) as scope:
            look()
            try:
                yield
            finally:
                for next_look in looks:
                    next_look.cancel()


async def wait(clock: Clock, seconds: float, *, unless: asyncio.Event) -> None:
    """Until then, or until the event happens from now on."""
    unless.clear()
    with suppress(TimeoutError):
        async with clock.timeout(seconds):
            await unless.wait()
