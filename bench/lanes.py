"""A file of records loaded where AWS's delays, limits and habits are imitated, while people watch and one is cut off.

Once with the fast lane and once without it, on a stack of its own each: when a change is seen, how often it is posted,
and what had to be said again.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench.command import exit_with
from bench.report import header, heading, table
from cli.load import Entry, Loader, entries
from cli.load import Result as Loaded
from cli.reading import reader_of
from cli.rows import read_rows
from deployed import ROOT
from deployed.connected import Cable, connected
from deployed.endpoints import Endpoints
from deployed.sign_in import DEMO_PASSWORD
from deployed.signed_in import signed_in
from deployed.terminal import CommandFailed, Steps
from local.aws_like.client import AwsLike, Report
from local.emulator import free_port
from local.seed import seed
from local.stack import running_stack
from openhouse.crm.modules.escrows import ESCROWS
from openhouse_client.backoff import Backoff
from openhouse_client.clock import SystemClock
from openhouse_client.errors import ClientError
from openhouse_client.listener import Recovered
from openhouse_client.protocol import Commit
from openhouse_client.replica import Replica
from openhouse_client.rest import Document, Rest

WRITER = "ava@demo.test"
WATCHERS = ("ava@demo.test", "ben@demo.test", "josh@demo.test")  # of one team; the last is cut off
CUT_AT, BACK_AT = 0.3, 0.4  # of the file
SETTLED = 120.0  # seconds in which everyone has everything


@dataclass
class Seen:
    """`began`: when the request that made a record began, by its id, in order."""

    began: dict[str, float] = field(default_factory=dict)
    heard: dict[str, dict[str, float]] = field(default_factory=dict)  # by watcher and record
    resumed: dict[str, int] = field(default_factory=dict)
    busy: int = 0  # answers that asked to come again

    @property
    def first(self) -> float:
        """Seconds until everybody whose line was never cut had seen the first record: functions start for it."""
        id_, began = next(iter(self.began.items()))
        return max(self.heard[name].get(id_, began) for name in WATCHERS[:2]) - began

    @property
    def warm(self) -> list[str]:
        """The records whose requests began after that, in order."""
        begins = next(iter(self.began.values())) + self.first
        return [id_ for id_, began in self.began.items() if began >= begins]

    def delays(self, watcher: str, ids: Iterable[str]) -> list[float]:
        """Seconds from the beginning of each request, of these records that the watcher has heard of."""
        heard = self.heard[watcher]
        return [heard[id_] - self.began[id_] for id_ in ids if id_ in heard]


class Watcher(Replica):
    """Holds a copy of all escrows, and notes when it first hears of each."""

    def __init__(self, rest: Rest, seen: Seen, name: str) -> None:
        super().__init__(rest, {ESCROWS.noun: ESCROWS.path}, clock=SystemClock(), backoff=Backoff(random.random))
        self.cable = Cable()
        self._seen = seen
        self._name = name
        seen.heard[name], seen.resumed[name] = {}, 0

    def commit(self, commit: Commit) -> None:
        super().commit(commit)
        for event in commit.events:
            if (id_ := event.data.get(ESCROWS.id_name)) is not None:
                self._seen.heard[self._name].setdefault(str(id_), time.perf_counter())

    def recovered(self, _recovered: Recovered) -> None:
        self._seen.resumed[self._name] += 1

    async def equals_the_server(self) -> bool:
        """Whether it holds what a list answers now."""
        listed = {item["id"]: item["version"] async for page in self._rest.pages(ESCROWS.path) for item in page.items}
        held = {id_: record["version"] for id_, record in self.cache.all(ESCROWS.noun).items()}
        return not self.cache.wanted and listed == held


@asynccontextmanager
async def watching(endpoints: Endpoints, email: str, seen: Seen) -> AsyncIterator[Watcher]:
    async with httpx.AsyncClient(timeout=60) as http, signed_in(endpoints, email, DEMO_PASSWORD, http) as rest:
        watcher = Watcher(rest, seen, email)
        async with connected(watcher, rest, watcher.cable):
            yield watcher


class _Noting:
    """Creates records as `rest` does, and notes when each request that did began."""

    def __init__(self, rest: Rest, seen: Seen) -> None:
        self._rest = rest
        self._seen = seen

    async def create(self, path: str, record: Mapping[str, Any], *, idempotency_key: str) -> Document:
        began = time.perf_counter()
        try:
            created = await self._rest.create(path, record, idempotency_key=idempotency_key)
        except ClientError as error:
            self._seen.busy += error.retryable
            raise
        self._seen.began[created["id"]] = began
        return created


async def load(endpoints: Endpoints, wanted: Sequence[Entry], tell: Callable[[str], None]) -> Seen:
    """One record after the other. Raises CommandFailed if somebody does not have everything in the end."""
    seen = Seen()
    async with (
        watching(endpoints, WATCHERS[0], seen) as first,
        watching(endpoints, WATCHERS[1], seen) as second,
        watching(endpoints, WATCHERS[2], seen) as third,
        httpx.AsyncClient(timeout=60) as http,
        signed_in(endpoints, WRITER, DEMO_PASSWORD, http) as rest,
    ):
        watchers = (first, second, third)
        await _until_equal(watchers)
        cut, back = (int(share * len(wanted)) for share in (CUT_AT, BACK_AT))

        def done(result: Loaded) -> None:
            if result.handled == cut:
                third.cable.cut()
            if result.handled == back:
                third.cable.mend()
            tell(f"{result.handled} of {len(wanted)}")

        loader = Loader(
            _Noting(rest, seen), ESCROWS.path, clock=SystemClock(), backoff=Backoff(random.random, 0.2, 10), done=done
        )
        await loader.load(wanted, workers=1)
        await _until_equal(watchers)
    return seen


async def _until_equal(watchers: Sequence[Watcher]) -> None:
    ends = time.monotonic() + SETTLED
    for watcher in watchers:
        while not await watcher.equals_the_server():
            if time.monotonic() > ends:
                raise CommandFailed("A watcher did not come to hold what the server has.")
            await asyncio.sleep(0.5)


def measure(wanted: Sequence[Entry], *, fast_lane: bool, steps: Steps) -> dict[str, Any]:
    choices = {"fastLane": str(fast_lane).lower()}
    with running_stack(emulator_port=free_port(), steps=steps, choices=choices) as stack:
        seed(stack.cloud, stack.deployment)
        aws = AwsLike(stack.emulator.url)
        endpoints = stack.deployment.endpoints
        with aws.on(), steps.step(f"{len(wanted)} records {'with' if fast_lane else 'without'} the fast lane") as tell:
            seen = asyncio.run(load(endpoints, wanted, tell))
            return figures(seen, aws.report())


def figures(seen: Seen, report: Report) -> dict[str, Any]:
    """Delays in milliseconds, of the two who were never cut off and of the third."""
    ids, warm = list(seen.began), seen.warm
    cut, back = (int(share * len(ids)) for share in (CUT_AT, BACK_AT))
    away = set(ids[cut:back])
    steady = sorted(one for name in WATCHERS[:2] for one in seen.delays(name, warm))
    third = sorted(seen.delays(WATCHERS[2], [id_ for id_ in warm if id_ not in away]))
    posted = report["posts.POST.200"] - report["sockets.ping"] - report["sockets.sync"]
    return {
        "first": 1000 * seen.first,
        "cold": len(ids) - len(warm),
        "p50": _at(steady, 0.5),
        "p95": _at(steady, 0.95),
        "p99": _at(steady, 0.99),
        "thirdP50": _at(third, 0.5),
        "posts": posted / len(seen.began) / len(WATCHERS),
        "syncs": report["sockets.sync"],
        "recoveries": sum(seen.resumed.values()),
        "retries": report.retries,
        "throttled": report["functions.throttled"],
        "atOnce": report["functions.most_at_once"],
        "busy": seen.busy,
        "alarms": len(report.alarms),
    }


def _at(sorted_seconds: Sequence[float], share: float) -> float:
    """In milliseconds; NaN of none."""
    if not sorted_seconds:
        return math.nan
    return 1000 * sorted_seconds[min(int(share * len(sorted_seconds)), len(sorted_seconds) - 1)]


ROWS: Mapping[str, tuple[str, str]] = {
    "first": ("the first one seen after, ms", ".0f"),
    "cold": ("records created until then", "d"),
    "p50": ("all others seen after, p50, ms", ".0f"),
    "p95": ("p95", ".0f"),
    "p99": ("p99", ".0f"),
    "thirdP50": ("by who was cut off, p50 of the rest", ".0f"),
    "posts": ("posts for each commit and member", ".2f"),
    "syncs": ("syncs", "d"),
    "recoveries": ("recoveries told to watchers", "d"),
    "retries": ("retries of the stream and the queue", "d"),
    "throttled": ("calls of functions that were throttled", "d"),
    "atOnce": ("functions at a time, at most", "d"),
    "busy": ("answers that said: come again", "d"),
    "alarms": ("alarms", "d"),
}


def compare(with_lane: Mapping[str, Any], without: Mapping[str, Any]) -> str:
    rows = [[title, f"{with_lane[name]:{form}}", f"{without[name]:{form}}"] for name, (title, form) in ROWS.items()]
    return table(["", "with the fast lane", "without"], rows)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    wanted = _wanted(options.file)[: options.most]
    steps = Steps()
    try:
        found = [measure(wanted, fast_lane=fast_lane, steps=steps) for fast_lane in (True, False)]
    except KeyboardInterrupt:
        print("Stopped.")
        return 130
    print(
        f"\n{heading(header())}\n\n{len(wanted)} records of {options.file.name}, {len(WATCHERS)} watch, one is cut off."
    )
    print(f"\n{compare(*found)}")
    return 0


def _wanted(file: Path) -> list[Entry]:
    names, rows = read_rows(file)
    wanted = entries(rows, reader_of(file, names, rows, ESCROWS, {}), file_name=file.name, path=ESCROWS.path).wanted
    if not wanted:
        raise CommandFailed(f"{file} has no row that could be an escrow.")
    return wanted


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.lanes",
        description="Load a file where AWS is imitated while three people watch, with the fast lane and without it.",
    )
    parser.add_argument("file", type=Path, nargs="?", default=ROOT / "tests" / "e2e" / "sales.csv", help="a CSV file")
    parser.add_argument("--most", type=int, default=None, metavar="N", help="rows of it")
    return parser


if __name__ == "__main__":
    exit_with(main)
