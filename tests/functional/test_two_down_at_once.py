"""Two things that the product depends on fail together, or a part of one: what people are told, and what is left of it.

Whatever is answered meanwhile is right, or says that the same request may be asked again; and whoever does has each
thing once, as if nothing had failed. What each does alone, `test_dependencies_down.py` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import combinations
from typing import Any

import boto3
import pytest

from openhouse.delivery.timer_queue import SqsTimers
from tests.fakes import AVA, BEN
from tests.functional.conftest import World
from tests.functional.failing_aws import ANSWER_OF_AWS, OF_DYNAMODB, OF_S3, UNREACHABLE, failing
from tests.functional.sockets import found, join, say, stream
from tests.functional.test_http import call
from tests.functional.uploading import PDF, begin, send, wish

HOUSE = {"propertyAddress": "1 Main St", "visibility": "team"}
OF_THE_TABLE = {
    "transactions": ("TransactWriteItems",),
    "queries": ("Query",),  # every index is read by one
    "reads": ("GetItem", "BatchGetItem"),
    "single writes": ("PutItem", "UpdateItem", "DeleteItem"),
}
PARTS = (*OF_THE_TABLE, "timers", "files")


@pytest.fixture
def timers(world: World) -> Any:
    """The client of the queue that timers are in."""
    client = boto3.client("sqs", region_name="us-east-1")
    url = client.create_queue(QueueName="timers")["QueueUrl"]
    world.timers = SqsTimers(client, url, now=world.clock)  # type: ignore[assignment]
    return client


@contextmanager
def down(world: World, timers: Any, parts: tuple[str, ...]) -> Iterator[None]:
    of_table = [operation for part in parts for operation in OF_THE_TABLE.get(part, ())]
    with ExitStack() as over:
        if of_table:
            over.enter_context(failing(world.client, OF_DYNAMODB[0], *of_table))
        if "timers" in parts:
            over.enter_context(failing(timers, UNREACHABLE))
        if "files" in parts:
            over.enter_context(failing(world.bucket._client, OF_S3[0]))
        yield


def check_answer(answer: tuple[int, Any, dict[str, str]]) -> bool:
    """Whether it was done; or else, it is said in a plain sentence that it may be asked for again."""
    status, content, headers = answer
    if status < 300:
        return True
    assert (status in (500, 503), content["retryable"], headers.get("retry-after")) == (True, True, "1"), content
    assert "try again" in content["detail"]
    assert ANSWER_OF_AWS not in str(content)
    return False


@pytest.mark.parametrize("parts", [*combinations(PARTS, 2)], ids=" and ".join)
def test_each_thing_is_done_once_whatever_two_fail_meanwhile(world: World, timers: Any, parts: tuple[str, str]) -> None:
    found(world)
    for who in (AVA, BEN):
        join(world, f"{who.user_id}-1", who)
    escrow = call(world, "POST", "/escrows", HOUSE)[1]
    path = f"/escrows/{escrow['id']}"
    other = call(world, "POST", "/escrows", {**HOUSE, "propertyAddress": "3 Main St"})[1]["id"]
    file = begin(world, wish({"noun": "escrow", "id": escrow["id"], "field": "files"}))
    send(world, file, PDF)

    def once(method: str, where: str, key: str, body: Any = None) -> Callable[[], tuple[int, Any, dict[str, str]]]:
        return lambda: call(world, method, where, body, headers={"idempotency-key": key})

    wanted = [
        once("POST", "/escrows", "new", {**HOUSE, "propertyAddress": "2 Main St"}),
        once("PATCH", path, "notes", {"notes": "x"}),
        once("POST", f"/files/{file}/done", "file"),
        lambda: call(world, "GET", "/escrows"),
        lambda: call(world, "GET", path),
        lambda: call(world, "GET", "/search", query={"q": "main"}),
        lambda: call(world, "POST", f"/escrows/{other}/lock", {}),
    ]
    with down(world, timers, parts):
        left = [ask for ask in wanted if not check_answer(ask())]
        assert left
        for message in ({"action": "ping"}, {"action": "sync", "positions": {}}):
            reply = say(world, "ava-1", **message)
            assert reply["ok"] or reply["error"]["retryable"], reply
    assert world.gateway.open == {"ava-1", "ben-1"}

    assert all(check_answer(ask()) for ask in left)
    items = call(world, "GET", "/escrows")[1]["items"]
    listed = {item["propertyAddress"]: item for item in items}
    assert len(listed) == len(items) == 3
    assert listed["2 Main St"]["version"] == 1
    kept = listed["1 Main St"]
    assert (kept["notes"], list(kept["files"]), kept["version"]) == ("x", [file], 3)
    assert world.deliver(stream(world)) == []
    told = [commit["seq"] for commit in world.gateway.commits("ben-1") if commit["room"] == "team:north"]
    assert sorted({*told}) == list(range(1, world.log.heads(["team:north"])["team:north"].seq + 1))
