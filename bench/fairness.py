"""How long a team of three waits for its commits while 10,000 members of their brokerage get another one.

Under the default limit of posts a second, which keeps a quarter for small rooms. Workers are threads here, each with a
gateway of its own, at most as many at a time as Lambda runs of them.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from statistics import median, quantiles
from typing import Any

from bench.api_gateway import api_gateway, posting_to
from bench.backend import BROKERAGE, RATE, RATES, TEAM, Backend, quiet
from bench.command import Result
from bench.report import paragraph, table
from deployed.terminal import CommandFailed, Steps
from openhouse.core.room_names import shard_of
from openhouse.delivery.fanout import ShardWorker
from openhouse.delivery.queues import ShardTask
from openhouse.delivery.rate_limiter import Traffic
from openhouse.settings import SocketSettings
from openhouse.storage.keys import member_key

MEMBERS, TEAM_SIZE = 10_000, 3
WORKERS = 5  # as in infra/shards.py
BROADCASTS = 4
SAMPLES = 100  # of the idle team
PAUSE = 0.03  # seconds between two commits of the team
PATIENCE = 30.0
EVENT = {"type": "escrow:updated", "data": {"notes": "n" * 350}}


class Crowd:
    """Workers, until the end of a block."""

    def __init__(self, workers: list[ShardWorker]) -> None:
        self._queue: queue.SimpleQueue[list[ShardTask] | None] = queue.SimpleQueue()
        self._left = 0
        self._changed = threading.Condition()
        self._threads = [threading.Thread(target=self._work, args=[worker]) for worker in workers]

    @contextmanager
    def running(self) -> Iterator[Crowd]:
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            for _ in self._threads:
                self._queue.put(None)
            for thread in self._threads:
                thread.join()

    def hand(self, tasks: list[ShardTask]) -> None:
        """To all of them alike, which is the most that they post side by side."""
        shares = [tasks[start :: len(self._threads)] for start in range(len(self._threads))]
        with self._changed:
            self._left += len(tasks)
        for share in shares:
            self._queue.put(share)

    @property
    def busy(self) -> bool:
        return self._left > 0

    def _work(self, worker: ShardWorker) -> None:
        while tasks := self._queue.get():
            undone = worker.deliver(tasks)
            with self._changed:
                self._left -= len(tasks) - len(undone)
            if undone:
                self._queue.put(undone)


def measure(quick: bool, steps: Steps) -> Result:
    members, broadcasts, samples = (1_000, 1, 5) if quick else (MEMBERS, BROADCASTS, SAMPLES)
    with (
        steps.step(f"a team beside a broadcast to {members:,} members"),
        quiet(),
        api_gateway(everyone=True) as api,
        ExitStack() as gateways,
    ):
        ours = Backend(gateways.enter_context(posting_to(api.endpoint)))
        workers = [ours.beside(gateways.enter_context(posting_to(api.endpoint))).worker for _ in range(WORKERS)]
        _fill(ours, TEAM, TEAM_SIZE)
        _fill(ours, BROKERAGE, members)
        with Crowd(workers).running() as crowd:
            _delay(ours)  # the first opens connections
            idle = [_delay(ours) for _ in range(samples)]
            busy: list[float] = []
            took: list[float] = []
            for _ in range(broadcasts):
                seconds, delays = _broadcast(ours, crowd)
                took.append(seconds)
                busy += delays
        posted = api.take()
    expected = broadcasts * members + TEAM_SIZE * (1 + samples + len(busy))
    if posted.posts != expected:
        raise CommandFailed(f"{posted.posts} posts were made instead of {expected}.")
    return {
        "members": members,
        "broadcasts": broadcasts,
        "seconds": median(took),
        "idle": _figures(idle),
        "during": _figures(busy),
    }


def _broadcast(ours: Backend, crowd: Crowd) -> tuple[float, list[float]]:
    """How long it took, and what the team saw meanwhile."""
    delays: list[float] = []
    began = time.perf_counter()
    ours.commit(BROKERAGE, EVENT)
    ours.fanout.deliver(ours.table.take_entries())
    crowd.hand(ours.queue.take())
    while crowd.busy:
        delays.append(_delay(ours))
        if time.perf_counter() - began > PATIENCE:
            raise CommandFailed(f"A broadcast takes more than {PATIENCE:.0f} s.")
    return time.perf_counter() - began, delays


def _delay(ours: Backend) -> float:
    """Milliseconds from the moment that the stream hands a commit of the team over until all have it."""
    time.sleep(PAUSE)
    ours.commit(TEAM, EVENT)
    entries = ours.table.take_entries()
    began = time.perf_counter()
    failed = ours.fanout.deliver(entries)
    took = time.perf_counter() - began
    if failed:
        raise CommandFailed("A commit of the team was not delivered.")
    return 1000 * took


def _fill(ours: Backend, room: str, members: int) -> None:
    ends = int(time.time()) + 3_600
    for number in range(members):
        id_ = f"L{number:014x}="
        key = member_key(room, shard_of(room, id_, SocketSettings.brokerage_shards), id_)
        ours.table.put({**key, "user_id": f"user-{number}", "expires_at": ends, "ttl": ends, "since": number})


def _figures(delays: list[float]) -> dict[str, float]:
    return {
        "samples": len(delays),
        "p50": median(delays),
        "p95": quantiles(delays, n=20, method="inclusive")[-1],
        "most": max(delays),
    }


def report(result: Mapping[str, Any]) -> str:
    rows = [
        [name, *(f"{found[figure]:,.1f}" for figure in ("p50", "p95", "most")), f"{found['samples']}"]
        for name, found in (("idle", result["idle"]), ("during a broadcast", result["during"]))
    ]
    about = paragraph(
        f"A commit of a team of {TEAM_SIZE}, from the stream to the last answer, in ms, while a commit goes to "
        f"{result['members']:,} members of their brokerage. Limit: {RATE:,} posts a second, "
        f"{RATES[Traffic.SMALL]:,.0f} for small rooms and {RATES[Traffic.LARGE]:,.0f} for large ones; {WORKERS} "
        "workers at a time. They are threads of one process here: what they take from each other is in the figures, "
        "and is not on AWS."
    )
    end = paragraph(
        f"A broadcast takes {result['seconds']:.2f} s: {result['members'] / result['seconds']:,.0f} posts a second "
        f"(median of {result['broadcasts']})."
    )
    return f"{about}\n\n{table(['', 'p50', 'p95', 'most', 'commits'], rows)}\n\n{end}"
