from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from openhouse_client.connection import MAX_PENDING, Connection
from openhouse_client.errors import Disconnected, FrameTooLarge, Refused, TimedOut, TooManyRequests, fatal
from openhouse_client.protocol import Commits, Ephemeral
from tests.unit.client.fake_server import FakeClock, FakeServer, FakeSocket, in_fake_time
from tests.unit.client.model import Model


class World:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.server = FakeServer(Model("team:north"), self.clock)
        self.server.mute = True
        self.socket = FakeSocket(self.server)
        self.connection = Connection(self.socket, self.clock, reply_seconds=10)
        self.news: list[Commits | Ephemeral] = []

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[asyncio.Task[None]]:
        task: asyncio.Task[None] = asyncio.create_task(self.connection.read(self.news.append))
        yield task
        task.cancel()
        await asyncio.wait([task])

    def reply(self, id_: str | None, **content: object) -> None:
        self.socket.post(json.dumps({"reply": id_, **content}))


@in_fake_time
async def test_replies_find_their_requests_in_any_order() -> None:
    world = World()
    async with world.reading():
        first, second = (asyncio.create_task(world.connection.request("ping")) for _ in range(2))
        await world.clock.advance(1)
        world.reply("2", ok=True, rooms="of the second")
        world.reply("1", ok=True, rooms="of the first")
        assert ((await first)["rooms"], (await second)["rooms"]) == ("of the first", "of the second")


@in_fake_time
async def test_a_reply_that_comes_too_late_or_twice_is_nobody_s() -> None:
    world = World()
    async with world.reading() as reading:
        late = asyncio.create_task(world.connection.request("ping"))
        await world.clock.advance(11)
        with pytest.raises(TimedOut, match="no reply to ping within 10 s"):
            await late
        world.reply("1", ok=True)
        world.reply("9", ok=True)
        next_ = asyncio.create_task(world.connection.request("ping"))
        await world.clock.advance(0)
        world.reply("2", ok=True, answer=1)
        world.reply("2", ok=True, answer=2)
        await world.clock.advance(0)
        assert (await next_)["answer"] == 1
        assert not reading.done()


@in_fake_time
async def test_a_frame_too_large_to_be_taken_is_not_sent() -> None:
    world = World()
    async with world.reading():
        with pytest.raises(FrameTooLarge):
            await world.connection.request("sync", positions="ä" * 16_400)
        assert world.socket.sent == []


@in_fake_time
async def test_requests_without_replies_are_bounded() -> None:
    world = World()
    async with world.reading():
        waiting = [asyncio.create_task(world.connection.request("ping")) for _ in range(MAX_PENDING)]
        await world.clock.advance(0)
        with pytest.raises(TooManyRequests):
            await world.connection.request("ping")
        world.reply("1", ok=True)
        await waiting.pop(0)
        waiting.append(asyncio.create_task(world.connection.request("ping")))
        await world.clock.advance(0)
        assert len(world.socket.sent) == MAX_PENDING + 1
        for task in waiting:
            task.cancel()


@in_fake_time
async def test_what_ends_the_socket_ends_every_request_waiting_or_new() -> None:
    world = World()
    async with world.reading() as reading:
        waiting = asyncio.create_task(world.connection.request("ping"))
        await world.clock.advance(0)
        world.socket.end("the server closed the socket (1001)", 1001)
        for request in (waiting, reading, world.connection.request("ping")):
            with pytest.raises(Disconnected, match="1001"):
                await request
        assert len(world.socket.sent) == 1


@in_fake_time
async def test_an_error_about_a_frame_that_the_server_could_not_read_ends_the_connection() -> None:
    world = World()
    async with world.reading() as reading:
        waiting = asyncio.create_task(world.connection.request("ping"))
        await world.clock.advance(0)
        world.reply(None, ok=False, error={"code": "bad_frame", "message": "one JSON object", "retryable": False})
        for request in (waiting, reading):
            with pytest.raises(Refused, match="one JSON object"):
                await request


GATEWAY_FAULT = json.dumps({"message": "Internal server error", "connectionId": "Zk1b2c=", "requestId": "Zk1b3F="})


@in_fake_time
async def test_words_of_api_gateway_fail_the_only_request_that_waits_and_it_may_be_sent_again() -> None:
    world = World()
    async with world.reading() as reading:
        asked = asyncio.create_task(world.connection.request("ping"))
        await world.clock.advance(0)
        world.socket.post(GATEWAY_FAULT)
        with pytest.raises(Refused, match="API Gateway says: Internal server error") as refused:
            await asked
        assert (refused.value.code, refused.value.retryable) == ("gateway", True)
        assert not reading.done()


@in_fake_time
async def test_words_of_api_gateway_fail_none_of_several_requests_as_each_may_still_be_answered() -> None:
    world = World()
    async with world.reading():
        first, second = (asyncio.create_task(world.connection.request("ping")) for _ in range(2))
        await world.clock.advance(1)
        world.socket.post(GATEWAY_FAULT)
        world.reply("1", ok=True, rooms="of the first")
        assert (await first)["rooms"] == "of the first"
        await world.clock.advance(10)
        with pytest.raises(TimedOut):
            await second


@in_fake_time
async def test_the_reason_for_which_the_server_closes_ends_the_connection() -> None:
    world = World()
    async with world.reading() as reading:
        asked = asyncio.create_task(world.connection.request("ping"))
        await world.clock.advance(0)
        cause = {"code": "too_many_sockets", "message": "a newer one has taken its place", "retryable": False}
        world.socket.post(json.dumps({"closing": cause}))
        with pytest.raises(Refused, match="a newer one"):
            await asked
        with pytest.raises(Refused) as refused:
            await reading
        assert fatal(refused.value)
