"""Many histories on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import count
from multiprocessing import get_context

from tests.simulator.running import Broken, fails

AT_ONCE = 50  # histories for a process to run before it says how they went


def run_many(first: int, more: Callable[[int], bool]) -> Iterator[tuple[int, list[Broken]]]:
    """From the seed `first` on, as long as `more(how many have begun)`: how many were run, and those that failed."""
    cores = os.cpu_count() or 1
    starts = count(0, AT_ONCE)
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        running: set[Future[list[Broken]]] = set()
        done = False
        while running or not done:
            while not done and len(running) < 2 * cores:
                start = next(starts)
                done = not more(start)
                if not done:
                    running.add(pool.submit(some, first + start))
            if running:
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for each in finished:
                    yield AT_ONCE, each.result()


def some(first: int) -> list[Broken]:
    """Those of the next histories that fail."""
    found = (fails(seed) for seed in range(first, first + AT_ONCE))
    return [broken for broken in found if broken is not None]
