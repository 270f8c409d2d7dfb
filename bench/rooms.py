"""What a commit costs by the number of its room's members, up to brokerages of 10,000.

But for posts and the rows of members that are read, it has to cost the same.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import ceil
from statistics import median
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient

from bench import fairness
from bench.api_gateway import ApiGateway, api_gateway
from bench.command import Benchmark, Result, exit_with
from bench.functions import Functions, functions
from bench.meter import Meter
from bench.report import paragraph, table
from deployed.terminal import Steps
from openhouse.core.room_names import brokerage_room
from openhouse.delivery.census import SMALL
from openhouse.delivery.queues import SHARDS_AT_A_TIME
from openhouse.settings import SocketSettings

ROOM = brokerage_room("harbor")
MEMBERS = (10, 100, 1_000, 10_000)
QUICK_MEMBERS = (10, 300)  # one on either side of what is posted to without the queue
COMMITS = 3  # of each size; medians of them
RECORD = {"propertyAddress": "1 Harbor Way", "city": "Davis", "purchasePriceCents": 42_500_000, "visibility": "broker"}
CONSTANT = ("readUnits", "writeUnits")
_PRICES = itertools.count(42_600_000)
SHARDS = SocketSettings.brokerage_shards
WORKERS = ceil(SHARDS / SHARDS_AT_A_TIME)  # calls of them


class Stopwatch:
    """CPU milliseconds of all threads of this process, without what boto3's clients take."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._here = threading.local()
        self._apart = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        call = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001 - all calls go through it

        def apart(client: BaseClient, *about: Any) -> Any:
            if getattr(self._here, "calling", False):  # the meter looks things up while it hears of a call
                return call(client, *about)
            self._here.calling, began = True, time.thread_time()
            try:
                return call(client, *about)
            finally:
                self._here.calling = False
                with self._lock:
                    self._apart += time.thread_time() - began

        with patch.object(BaseClient, "_make_api_call", apart):
            yield

    def now(self) -> float:
        return 1000 * (time.process_time() - self._apart)


def measure(quick: bool, steps: Steps) -> Result:
    sizes, commits = (QUICK_MEMBERS, 1) if quick else (MEMBERS, COMMITS)
    rows: list[Result] = []
    with (
        steps.step("commits to rooms of many members") as tell,
        api_gateway(everyone=True) as api,
        functions(api, Meter) as stack,
    ):
        id_ = json.loads(stack.call("POST", "/escrows", RECORD))["id"]
        _commit(stack, api, id_)  # the first of a function costs more
        for members in sizes:
            tell(f"{members:,} members")
            stack.watch(ROOM, members)
            rows.append({"members": members, **_medians([_commit(stack, api, id_) for _ in range(commits)])})
    return {"commits": commits, "rows": rows, "fairness": fairness.measure(quick, steps)}


def _commit(stack: Functions[Meter], api: ApiGateway, id_: str) -> dict[str, float]:
    """One change of the record, with all that it takes until everyone has it."""
    watch = Stopwatch()
    stack.observer.take()
    with watch.running():
        began = watch.now()
        stack.call("PATCH", f"/escrows/{id_}", {"purchasePriceCents": next(_PRICES)})
        written = watch.now()
        messages = stack.deliver(ROOM)
        ended = watch.now()
    lines, posted = stack.observer.take(), api.take()
    delivering = [line for line in lines if line.function in ("fanout", "worker")]
    queries = [line for line in delivering if line.operation == "Query"]
    row_and_log_units = sum(line.read_units for line in queries)
    # At the log, one read unit each. Of a room that turns out to be large, one shard was read before.
    looks = sum(line.calls for line in queries) - SHARDS - (1 if messages else 0)
    return {
        "posts": posted.posts,
        "bytes": posted.bytes,
        "rowUnits": row_and_log_units - looks,
        "readUnits": sum(line.read_units for line in lines) - row_and_log_units,
        "looks": looks,
        "writeUnits": sum(line.write_units for line in lines if line.operation != "UpdateItem"),
        "budget": sum(line.write_units for line in delivering if line.operation == "UpdateItem"),
        "batches": sum(line.calls for line in delivering if line.operation == "SendMessageBatch"),
        "messages": messages,
        "writeMs": written - began,
        "deliverMs": ended - written,
    }


def _medians(commits: list[dict[str, float]]) -> dict[str, float]:
    return {name: median(commit[name] for commit in commits) for name in commits[0]}


def report(result: Mapping[str, Any]) -> str:
    found = result["rows"]
    figures: dict[str, Callable[[Mapping[str, float]], str]] = {
        "posts": lambda row: f"{row['posts']:,.0f}",
        "bytes posted": lambda row: f"{row['bytes']:,.0f}",
        "read units: members": lambda row: f"{row['rowUnits']:,.0f}",
        "CPU ms: delivery": lambda row: f"{row['deliverMs']:,.1f}",
        "bytes a post": lambda row: f"{row['bytes'] / row['posts']:,.0f}",
        "CPU ms: the write": lambda row: f"{row['writeMs']:,.1f}",
        "read units: the write": lambda row: f"{row['readUnits']:,.0f}",
        f"read units: the log, at most {WORKERS}": lambda row: f"{row['looks']:,.0f}",
        "write units: the write": lambda row: f"{row['writeUnits']:,.0f}",
        f"write units: limit of posts, at most {2 * WORKERS}": lambda row: f"{row['budget']:,.0f}",
        "SQS messages": lambda row: f"{row['messages']:,.0f}",
        "SQS calls": lambda row: f"{row['batches']:,.0f}",
    }
    rows = [[name, *(text(row) for row in found)] for name, text in figures.items()]
    constant = all(row[name] == found[0][name] for row in found for name in CONSTANT) and _is_queued_alike(found)
    bounded = all(row["looks"] <= WORKERS and row["budget"] <= 2 * WORKERS for row in found)
    about = paragraph(
        f"One commit by the number of its room's members, in {SHARDS} shards; medians of {result['commits']}. CPU: of "
        "the functions' own code, signing and posting included, boto3's clients and moto left out. Posts, their bytes, "
        f"the rows of members and the CPU time for them grow. Units of the write are, and beyond {SMALL} members "
        f"messages and SQS calls, {'the same' if constant else 'NOT the same'} for all sizes; the rest is "
        f"{'within' if bounded else 'NOT within'} its bounds."
    )
    return "\n\n".join(
        [
            about,
            table(["members", *(f"{row['members']:,}" for row in found)], rows),
            fairness.report(result["fairness"]),
        ]
    )


def _is_queued_alike(rows: Sequence[Mapping[str, float]]) -> bool:
    """No message for a small room, and as many for any large one."""
    small = {(row["messages"], row["batches"]) for row in rows if row["members"] <= SMALL}
    large = {(row["messages"], row["batches"]) for row in rows if row["members"] > SMALL}
    return small <= {(0, 0)} and len(large) <= 1


BENCHMARK = Benchmark("rooms", "Measure what a commit costs by the members of its room.", measure, report)

if __name__ == "__main__":
    exit_with(BENCHMARK.run)
