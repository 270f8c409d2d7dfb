"""What AWS does to the deployed stack and the emulator by itself does not, and how often something is done for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from local.aws_like.client import AwsLike
from local.stack import RunningStack
from openhouse_client.environment import Timings
from openhouse_client.errors import Problem
from openhouse_client.rest import Rest
from tests.e2e.conftest import PATIENCE, Caller, RawSocket, until
from tests.e2e.listening import Listening, listening

Opener = Callable[[Caller], RawSocket]


async def hear_everything(*listeners: Listening) -> None:
    """Each commit once, in order, and a copy that is right."""
    for each in listeners:
        heads = (await each.rest.page("escrows", limit=1)).positions
        await each.until(partial(each.reached, heads))
        assert each.heard_each_once(heads)
        assert each.held() == await each.fresh()


def test_frames_that_come_late_are_no_gap_and_no_member_gets_one_twice(
    ava: Caller, ben: Caller, dana: Caller, aws: AwsLike
) -> None:
    """The delays alone: nothing is refused. Pings show commits before their frames come."""
    changes = 6
    timings = Timings(silence=0.3, gap=PATIENCE, reply=PATIENCE)  # as long as it may take here

    async def run() -> None:
        async with listening(ben, timings=timings) as north, listening(dana, timings=timings) as broker:
            before = aws.report()
            made = await asyncio.to_thread(ava.create)
            for number in range(changes - 1):
                await asyncio.to_thread(ava, "PATCH", f"/escrows/{made['id']}", {"notes": f"note {number}"})
            await asyncio.to_thread(ava.create, visibility="broker")
            await hear_everything(north, broker)
            after = aws.report()
        assert after["sockets.sync"] == before["sockets.sync"]
        # One frame may hold several of the commits. Both lanes may post each, the stream before it sees the mark; and
        # what took a function too long on a busy machine is handed to it again.
        replies, again = after["sockets.ping"] - before["sockets.ping"], after.retries - before.retries
        assert after["posts.POST.200"] - before["posts.POST.200"] <= 2 * (2 + again) * (changes + 1) + replies
        assert replies > 0
        assert after.alarms == ()

    with aws.on(habits=0, functions=1_000):
        asyncio.run(run())


def test_few_functions_at_a_time_delay_and_lose_nothing(ava: Caller, ben: Caller, aws: AwsLike) -> None:
    """Who writes is told to come again, and the stream's function does so by itself."""
    writers, each = 4, 3
    street = uuid4().hex

    async def write(rest: Rest, writer: int) -> None:
        for number in range(each):
            key = f"{writer}-{number}-{street}"
            while True:
                try:
                    await rest.create("escrows", {"propertyAddress": key}, idempotency_key=key)
                    break
                except Problem as problem:
                    if not problem.retryable:
                        raise
                    await asyncio.sleep(0.3)

    async def run() -> None:
        async with listening(ben) as listener:
            with aws.on(functions=2):
                await asyncio.gather(*(write(listener.rest, number) for number in range(writers)))
            await hear_everything(listener)
            created = [change for change in listener.held().values() if change["propertyAddress"].endswith(street)]
            assert len(created) == writers * each

    asyncio.run(run())
    report = aws.report()
    assert report["functions.most_at_once"] == 2
    assert report["functions.throttled"] > 0
    assert report["sockets.failed"] == 0  # what there was no place for has not failed
    assert report.alarms == ()


def test_a_room_whose_records_are_at_their_limit_says_so_until_some_are_deleted(kim: Caller, aws: AwsLike) -> None:
    """Her private room: nobody else writes there."""
    made = kim.create(visibility="private", notes="x" * 2_000)
    with aws.on(habits=0, delays=0, collection_bytes=1_000):
        refused = kim("POST", "/escrows", {"propertyAddress": "1 Main St", "visibility": "private"})
        assert (refused.status_code, refused.json()["code"], refused.json()["retryable"]) == (507, "room_full", False)
        assert aws.report()["refused.ItemCollectionSizeLimitExceeded"] == 1
        assert kim("DELETE", f"/escrows/{made['id']}").status_code == 204
        assert kim("POST", "/escrows", {"propertyAddress": "1 Main St", "visibility": "private"}).status_code == 201


def test_a_message_that_is_too_large_for_api_gateway_ends_its_socket(ava: Caller, aws: AwsLike, joined: Opener) -> None:
    with aws.on(habits=0, delays=0):
        socket = joined(ava)
        socket.say(json.dumps({"action": "ping", "pad": "x" * 131_072}))
        with pytest.raises(ConnectionClosed, match="1009"):
            socket.read()


def test_a_stage_that_is_asked_for_too_much_says_so_in_its_own_words(ava: Caller, aws: AwsLike, joined: Opener) -> None:
    many = 20  # at once: nobody knows how many a busy machine takes in a second
    with aws.on(habits=0, delays=0, stage_requests=1), ThreadPoolExecutor(many) as pool:
        answers: list[httpx.Response] = list(pool.map(lambda _: ava("GET", "/me"), range(many)))
        refused = [answer.json() for answer in answers if answer.status_code == 429]
        assert {answer.status_code for answer in answers} == {200, 429}
        assert refused == [{"message": "Too Many Requests"}] * len(refused)
        assert aws.report()["http.throttled"] == len(refused)
    with aws.on(habits=0, delays=0, stage_requests=4):
        socket = joined(ava)
        for number in range(many):
            socket.say(f'{{"action": "ping", "id": "{number}"}}')
        said: list[dict[str, Any]] = []
        while not any("connectionId" in frame for frame in said):
            said.append(socket.read())
        assert said[-1]["message"] == "Too Many Requests"


def test_a_delivery_that_was_given_up_would_wake_somebody(stack: RunningStack, aws: AwsLike) -> None:
    """So that the other tests' silence says something."""
    sqs = stack.cloud.session.client("sqs", endpoint_url=stack.cloud.endpoint)
    url = stack.deployment.queues.failed_batches_url
    with aws.on():
        assert aws.report().alarms == ()
        sqs.send_message(QueueUrl=url, MessageBody="{}")
        until(lambda: bool(aws.report().alarms))
    sqs.purge_queue(QueueUrl=url)
    (alarm,) = aws.report().alarms
    assert "BatchesFailed" in alarm
