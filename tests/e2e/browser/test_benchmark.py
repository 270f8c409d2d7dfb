"""What `python -m bench.browser` measures, small: that all of it works. How fast it is, no test says."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import Browser

from bench.browser import SORTS, fill, seen_by_a_colleague, smoothness_of
from local.stack import RunningStack


def silent(_what: str) -> None:
    """Nobody looks."""


def test_the_benchmark_of_the_browser_counts_frames_and_is_told_of_every_change(
    browser: Browser, stack: RunningStack
) -> None:
    with ThreadPoolExecutor(1) as thread:  # on this one runs Playwright's loop
        filled = thread.submit(lambda: asyncio.run(fill(stack.deployment.endpoints, 30, silent))).result()
    rows = smoothness_of(browser, filled, 30, 0.5, silent)

    whats = ["an empty page", "scrolled", *SORTS.values()]
    assert [(row["what"], row["slower"]) for row in rows] == [(what, slower) for what in whats for slower in (1, 4)]
    assert all(row["fps"] > 0 for row in rows)
    assert [row["gets"] for row in rows[4:]] == [0, 0, 0, 0]

    seen = seen_by_a_colleague(browser, 2)
    assert (seen["changes"], seen["gets"]) == (2, 0)
    assert 0 < seen["p50"] <= seen["p95"]
