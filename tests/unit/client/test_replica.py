from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from openhouse_client.backoff import Backoff
from openhouse_client.environment import Environment
from openhouse_client.errors import Problem
from openhouse_client.replica import Replica
from openhouse_client.rest import Rest
from openhouse_client.session import Session
from openhouse_client.tokens import Token
from tests.unit.client.fake_server import FakeClock, FakeServer, in_fake_time
from tests.unit.client.model import NOUN, Model

NORTH, MINE = "team:north", "user:ava"
PAGE = 2


class World:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.model = Model(NORTH, MINE)
        self.server = FakeServer(self.model, self.clock)
        self.requests: list[str] = []
        self.refuses: httpx.Response | None = None
        self.strangers: list[dict[str, Any]] = []  # are shown, too, and instead of the same record elsewhere
        self.singles_take = 0.0  # seconds

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """The list a page at a time, which takes a second each; and single records."""
        self.requests.append(request.url.path)
        if self.refuses:
            return self.refuses
        _, path, *rest = request.url.path.split("/")
        assert path == "escrows"
        shown = self.model.visible() | {record["id"]: record for record in self.strangers}
        records = sorted(shown.values(), key=lambda record: str(record["id"]), reverse=True)
        if rest:
            if self.singles_take:
                await self.clock.sleep(self.singles_take)
            found = [record for record in records if record["id"] == rest[0]]
            return httpx.Response(200, json=found[0]) if found else httpx.Response(404, json={"code": "not_found"})
        positions = self.model.heads()
        after = request.url.params.get("cursor")
        items = [record for record in records if after is None or str(record["id"]) < after]
        more = {"cursor": items[PAGE - 1]["id"]} if len(items) > PAGE else {}
        await self.clock.sleep(1)
        return httpx.Response(200, json={"items": items[:PAGE], "positions": positions, **more})

    @asynccontextmanager
    async def replica(self) -> AsyncIterator[tuple[Replica, asyncio.Task[None]]]:
        async def token(*, fresh: bool = False) -> Token:
            return Token("t", datetime.max.replace(tzinfo=UTC))

        async with httpx.AsyncClient(transport=httpx.MockTransport(self.answer)) as http:
            rest = Rest("http://fake", token, http)
            replica = Replica(rest, {NOUN: "escrows"}, clock=self.clock, backoff=Backoff(lambda: 0.5))
            around = Environment(connect=self.server.connect, clock=self.clock, random=lambda: 0.5)
            session = Session(self.server.ticket, replica, environment=around)
            running, wanting = asyncio.create_task(session.run()), asyncio.create_task(replica.fetch_wanted())
            try:
                yield replica, wanting
            finally:
                await session.close()
                await running
                wanting.cancel()

    async def publish(self) -> None:
        self.server.publish()
        await self.clock.advance(0)


def equal(replica: Replica, world: World) -> bool:
    return replica.cache.all(NOUN) == world.model.visible()


@in_fake_time
async def test_it_fetches_everything_once_and_follows_from_there() -> None:
    world = World()
    for number in range(5):
        world.model.create(f"e{number}", NORTH if number % 2 else MINE, city="Davis")
    async with world.replica() as (replica, _):
        await world.clock.advance(5)
        assert equal(replica, world)
        assert world.requests == ["/escrows"] * 3
        world.model.update("e1", city="Chico")
        world.model.move("e2", NORTH)
        world.model.delete("e3")
        await world.publish()
        assert equal(replica, world)
        assert world.requests == ["/escrows"] * 3


@in_fake_time
async def test_what_happens_while_the_pages_are_fetched_is_not_lost_and_not_undone() -> None:
    world = World()
    for number in range(6):
        world.model.create(f"e{number}", NORTH)
    world.model.stream.clear()
    async with world.replica() as (replica, _):
        await world.clock.advance(1.5)  # the first page is there, the second on its way
        world.model.delete("e5")
        world.model.update("e0", city="Chico")
        world.model.create("e9", NORTH)
        world.model.move("e4", MINE)
        await world.publish()
        await world.clock.advance(5)
        assert equal(replica, world)


@in_fake_time
async def test_after_a_reset_it_holds_what_the_server_lists() -> None:
    world = World()
    for number in range(4):
        world.model.create(f"e{number}", NORTH)
    async with world.replica() as (replica, _):
        await world.clock.advance(5)
        world.server.live.end()
        world.model.delete("e1")
        world.model.create("e7", NORTH)
        world.model.rebuild(NORTH)
        await world.clock.advance(10)
        assert equal(replica, world)


@in_fake_time
async def test_after_the_servers_tables_were_restored_it_holds_older_versions_and_what_was_deleted_since() -> None:
    world = World()
    for id_ in ("e1", "e2", "e3"):
        world.model.create(id_, NORTH, city="Davis")
    async with world.replica() as (replica, _):
        await world.clock.advance(5)
        then = copy.deepcopy(world.model.records)
        for _step in range(3):
            world.model.update("e1", city="Chico")
        world.model.delete("e2")
        world.model.move("e3", MINE)
        world.model.create("e9", NORTH)
        await world.publish()
        assert equal(replica, world)
        world.server.live.end()
        world.model.records = then
        for room in (NORTH, MINE):
            world.model.rebuild(room)
        await world.clock.advance(10)
        assert equal(replica, world)
        world.model.update("e1", city="Lodi")
        await world.publish()
        assert equal(replica, world)


@in_fake_time
async def test_an_answer_that_was_read_before_the_tables_were_restored_is_not_taken() -> None:
    world = World()
    world.model.create("e1", NORTH, city="Davis")
    async with world.replica() as (replica, _):
        await world.clock.advance(5)
        then = copy.deepcopy(world.model.records)
        world.model.update("e1", city="Chico")
        undone = copy.deepcopy(world.model.records["e1"])
        with replica.cache.fetching() as fetch:
            world.server.live.end()
            world.model.records = then
            world.model.rebuild(NORTH)
            await world.clock.advance(10)
            assert replica.cache.load(NOUN, [undone], fetch) == []
        assert equal(replica, world)


@in_fake_time
async def test_a_change_too_large_to_be_sent_is_fetched_and_a_missing_record_is_let_go() -> None:
    world = World()
    world.model.create("e1", NORTH)
    world.model.create("e2", NORTH)
    async with world.replica() as (replica, _):
        await world.clock.advance(5)
        world.model.update("e1", ref=True, notes="long")
        world.model.update("e2", ref=True)
        await world.publish()
        assert world.requests[-2:] == ["/escrows/e1", "/escrows/e2"]
        assert equal(replica, world)
        world.model.update("e2", ref=True)
        world.model.records.pop("e2")  # deleted; the log is about to tell
        await world.publish()
        assert replica.cache.wanted == []


@in_fake_time
async def test_a_single_record_that_cannot_be_fetched_now_is_fetched_later() -> None:
    world = World()
    world.model.create("e1", NORTH)
    async with world.replica() as (replica, _):
        await world.clock.advance(5)
        world.refuses = httpx.Response(503, json={"code": "busy", "retryable": True})
        world.model.update("e1", ref=True, notes="long")
        await world.publish()
        assert not equal(replica, world)
        world.refuses = None
        await world.clock.advance(1)
        assert equal(replica, world)


@in_fake_time
async def test_a_refusal_that_time_will_not_mend_ends_the_fetching() -> None:
    world = World()
    world.model.create("e1", NORTH)
    async with world.replica() as (_, wanting):
        await world.clock.advance(5)
        world.refuses = httpx.Response(403, json={"code": "user_unknown", "retryable": False})
        world.model.update("e1", ref=True)
        await world.publish()
        with pytest.raises(Problem):
            await wanting


@in_fake_time
async def test_a_room_that_is_left_is_forgotten() -> None:
    world = World()
    world.model.create("e1", NORTH)
    world.model.create("m1", MINE)
    async with world.replica() as (replica, _):
        await world.clock.advance(5)
        world.model.rooms.remove(NORTH)
        world.server.live.end()
        await world.clock.advance(5)
        assert set(replica.cache.all(NOUN)) == {"m1"}


@in_fake_time
async def test_an_answer_may_show_records_of_rooms_that_the_log_has_not_told_of_and_they_are_not_kept() -> None:
    world = World()
    world.model.create("e1", NORTH)
    world.model.create("e2", NORTH)
    world.strangers = [{"id": "s1", "version": 1, "room": "team:south"}]  # this person was in there for a moment
    async with world.replica() as (replica, _):
        await world.clock.advance(5)
        assert equal(replica, world)
        world.strangers = [{"id": "e1", "version": 3, "room": "team:south"}]
        world.model.update("e1", ref=True)
        await world.publish()
        assert world.requests[-1] == "/escrows/e1"
        assert replica.cache.wanted == []
        assert {record["room"] for record in replica.cache.all(NOUN).values()} == {NORTH}


@in_fake_time
async def test_a_record_that_the_log_has_brought_while_others_were_fetched_is_not_asked_for() -> None:
    world = World()
    world.model.create("e1", NORTH)
    world.model.create("e2", NORTH)
    async with world.replica() as (replica, _):
        await world.clock.advance(5)
        world.model.update("e1", ref=True)
        world.model.update("e2", ref=True)
        world.singles_take = 1.0
        await world.publish()
        world.model.delete("e2")
        await world.publish()
        await world.clock.advance(5)
        assert world.requests[-1] == "/escrows/e1"
        assert equal(replica, world)
