"""A hundred sessions, ten writers, and sockets that break without a goodbye: in the end, everyone has everything."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from random import Random

import pytest

from openhouse_client.listener import Status
from tests.e2e.conftest import Caller
from tests.e2e.crowd import PATIENCE, Writer, check, crowd
from tests.e2e.listening import Listening

AGENTS = ("ava@demo.test", "ben@demo.test", "josh@demo.test", "mia@demo.test", "leo@demo.test")
PEOPLE = (*AGENTS, "dana@demo.test")  # the last one is a broker, in no team
SIZE, WRITERS = 100, 10
CHAOS_SECONDS = 60.0
WRITING_PAUSE, BREAKING_PAUSE = 4.0, 0.5  # seconds between the changes of one writer, and between breaks, on average

pytestmark = pytest.mark.timeout(1_800)  # on a busy machine, gathering the crowd and its last few may take minutes


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """One for the whole module: the same crowd goes through everything."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def everyone(loop: asyncio.Runner, caller: Callable[[str], Caller]) -> Iterator[list[Listening]]:
    coming_and_going = crowd([caller(email) for email in PEOPLE], SIZE)
    yield loop.run(coming_and_going.__aenter__())
    loop.run(coming_and_going.__aexit__(None, None, None))


@asynccontextmanager
async def writing(everyone: Sequence[Listening], random: Random) -> AsyncIterator[list[Writer]]:
    """While the block lasts; at its end, nothing is under way."""
    writers = []
    for number, each in enumerate(everyone[:WRITERS]):
        in_a_team = PEOPLE[number % len(PEOPLE)] in AGENTS
        writers.append(Writer(each.rest, random, ["broker", "private", *(["team"] * 3 if in_a_team else [])]))
    over = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for writer in writers:
            tasks.create_task(writer.write_until(over, WRITING_PAUSE))
        yield writers
        over.set()


def tell(*lines: str) -> None:
    print("", *lines, sep="\n")  # noqa: T201 - pytest shows it with -s, and when the test fails


def test_sockets_that_break_at_random_lose_nothing_and_double_nothing(
    loop: asyncio.Runner, everyone: list[Listening]
) -> None:
    async def run() -> None:
        random = Random(20_260_301)
        breaks = 0
        async with writing(everyone, random) as writers:
            end = time.monotonic() + CHAOS_SECONDS
            while time.monotonic() < end:
                await asyncio.sleep(2 * BREAKING_PAUSE * random.random())
                random.choice(everyone).cable.snap()
                breaks += 1
        quiet = time.monotonic()
        await check(everyone, len(PEOPLE))
        written = sum(writer.written for writer in writers)
        tell(f"{breaks} breaks, {written} changes, all equal {time.monotonic() - quiet:.1f} s after the last.")

    loop.run(run())


def test_a_crowd_that_is_cut_at_the_same_instant_comes_back_and_loses_nothing(
    loop: asyncio.Runner, everyone: list[Listening]
) -> None:
    def back() -> bool:
        return all(each.statuses[-1:] == [Status.CONNECTED] for each in everyone)

    async def run() -> None:
        async with writing(everyone, Random(20_260_302)):
            await asyncio.sleep(WRITING_PAUSE)
            for each in everyone:
                each.cable.tries.clear()
                each.states.clear()
                each.cable.snap()
            cut = time.monotonic()
            await everyone[0].until(back, PATIENCE)
            lasted = time.monotonic() - cut
        await check(everyone, len(PEOPLE))
        tries = Counter(int(tried - cut) for each in everyone for tried in each.cable.tries)
        bars = (f"{second:4} s {tries[second]:5}  {'#' * tries[second]}" for second in range(max(tries) + 1))
        tell(f"All {SIZE} are back after {lasted:.1f} s. Attempts to connect, by second:", *bars)

    loop.run(run())
