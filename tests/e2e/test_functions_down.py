"""A function that does not run, as if it were broken or throttled: what still works, and what comes back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from local.stack import RunningStack
from openhouse_client.environment import Timings
from openhouse_client.errors import Problem
from openhouse_client.listener import Status
from tests.e2e.conftest import PATIENCE, Caller
from tests.e2e.listening import Listening, listening

TIMINGS = Timings(silence=2.0, gap=1.0, reply=PATIENCE)


@contextmanager
def down(stack: RunningStack, *names: str) -> Iterator[None]:
    """None of these functions runs: whoever calls one is told 429, as Lambda does it."""
    functions = stack.cloud.functions()
    known = [
        each["FunctionName"]
        for page in functions.get_paginator("list_functions").paginate()
        for each in page["Functions"]
    ]
    stopped = [each for each in known for name in names if re.match(rf"Openhouse-App-{name}[0-9A-F]{{8}}", each)]
    assert len(stopped) == len(names)
    for each in stopped:
        functions.put_function_concurrency(FunctionName=each, ReservedConcurrentExecutions=0)
    try:
        yield
    finally:
        for each in stopped:
            functions.delete_function_concurrency(FunctionName=each)


async def hears_of(listener: Listening, record: dict[str, Any]) -> None:
    await listener.until(lambda: listener.held().get(record["id"], {}).get("version") == record["version"])


async def write(caller: Caller, **fields: Any) -> dict[str, Any]:
    return await asyncio.to_thread(partial(caller.create, visibility="team", **fields))


@pytest.mark.parametrize(
    "names", [["FastLane"], ["Fanout"], ["FastLane", "Fanout"], ["WordIndex", "Timers", "TaskWatch"]], ids="-".join
)
def test_without_what_delivers_or_follows_commits_they_are_heard_of_all_the_same(
    stack: RunningStack, ava: Caller, ben: Caller, names: list[str]
) -> None:
    async def run() -> None:
        async with listening(ben, timings=TIMINGS) as listener:
            with down(stack, *names):
                record = await write(ava, notes="while it is down")
                await hears_of(listener, record)
                assert record["id"] in {item["id"] for item in ava("GET", "/escrows?limit=5").json()["items"]}
            await hears_of(listener, await write(ava, notes="after that"))
            assert listener.statuses.count(Status.CONNECTED) == 1

    asyncio.run(run())


def test_without_the_function_of_records_writers_are_told_to_try_again_and_sockets_stay(
    stack: RunningStack, caller: Callable[[str], Caller]
) -> None:
    ava, ben = caller("ava@demo.test"), caller("ben@demo.test")
    wanted, key = {"propertyAddress": "1 Main St", "visibility": "team"}, uuid4().hex

    async def run() -> None:
        async with listening(ben, timings=TIMINGS) as listener:
            with down(stack, "Crm"):
                with pytest.raises(Problem) as refused:
                    await listener.rest.create("escrows", wanted, idempotency_key=key)
                assert refused.value.retryable
                await listener.until(lambda: listener.statuses == [Status.CONNECTING, Status.CONNECTED])
            made = await listener.rest.create("escrows", wanted, idempotency_key=key)
            await hears_of(listener, made)
            await hears_of(listener, await write(ava))
            assert listener.statuses.count(Status.CONNECTED) == 1

    asyncio.run(run())
