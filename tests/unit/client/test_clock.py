"""The clock of a machine that sleeps: what was to come meanwhile comes soon after it has woken."""

from __future__ import annotations

import asyncio
import time

import pytest

from openhouse_client.clock import SystemClock, seconds_with_sleep

LOOK = 0.02


class Sleeper:
    """A machine's time, which its event loop does not see while it sleeps."""

    def __init__(self) -> None:
        self.slept = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.slept


def test_a_wait_ends_soon_after_the_machine_has_slept_over_its_end() -> None:
    async def run() -> None:
        machine = Sleeper()
        clock = SystemClock(machine, look=LOOK)
        waiting = asyncio.create_task(clock.sleep(3_600))
        await asyncio.sleep(LOOK)
        assert not waiting.done()
        machine.slept = 4_000
        async with asyncio.timeout(10):
            await waiting

    asyncio.run(run())


def test_a_timeout_strikes_soon_after_the_machine_has_slept_over_its_end_and_no_other_time() -> None:
    async def run() -> None:
        machine = Sleeper()
        clock = SystemClock(machine, look=LOOK)
        async with clock.timeout(3_600):
            await asyncio.sleep(3 * LOOK)
        machine.slept = 4_000

        async def sleep_over_it() -> None:
            async with clock.timeout(3_600):
                machine.slept *= 2
                await asyncio.sleep(60)

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(sleep_over_it(), 10)
        async with clock.timeout(3_600):
            pass
        await asyncio.sleep(2 * LOOK)  # nothing strikes after the block

    asyncio.run(run())


def test_short_waits_and_timeouts_are_exact() -> None:
    async def run() -> None:
        clock = SystemClock()
        begun = clock.monotonic()
        await clock.sleep(0.05)
        assert clock.monotonic() - begun >= 0.05
        with pytest.raises(TimeoutError):
            async with clock.timeout(0.05):
                await asyncio.sleep(60)
        with pytest.raises(TimeoutError):
            async with clock.timeout(0):
                await asyncio.sleep(60)

    asyncio.run(run())


def test_seconds_count_on_and_never_go_back() -> None:
    first, second = seconds_with_sleep(), seconds_with_sleep()
    assert second >= first
