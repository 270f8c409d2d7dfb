"""Looking at a record over a session that may break, and what one hears of others who look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from openhouse_client.errors import ProtocolError, Refused
from openhouse_client.protocol import Event
from openhouse_client.views import Look, Viewers
from tests.unit.client.fake_server import NINE, FakeClock, in_fake_time
from tests.unit.client.session_world import World

RECORD = {"noun": "escrow", "recordId": "e1"}


@asynccontextmanager
async def looking(world: World) -> AsyncIterator[Look]:
    look = Look(world.session, "escrow", "e1", clock=world.clock)
    running = asyncio.create_task(look.run())
    await world.clock.advance(0)
    try:
        yield look
    finally:
        running.cancel()


def said(world: World, action: str) -> list[Any]:
    """Without the ids, which count up."""
    return [
        {name: value for name, value in each.items() if name not in ("id", "action")}
        for each in world.server.asked(action)
    ]


@in_fake_time
async def test_one_looks_again_and_again_until_one_leaves() -> None:
    world = World()
    async with world.running(), looking(world) as look:
        await world.clock.advance(20)
        assert said(world, "view") == [RECORD] * 3
        await look.leave()
        assert said(world, "view")[-1] == {**RECORD, "leave": True}


@in_fake_time
async def test_looking_goes_on_over_a_new_socket() -> None:
    world = World()
    async with world.running(), looking(world):
        world.server.live.end()
        await world.clock.advance(10)
        assert [message["action"] for message in world.server.live.sent if message["action"] == "view"] == ["view"]


@in_fake_time
async def test_what_may_not_be_seen_is_not_asked_for_again() -> None:
    world = World()
    async with world.running():
        world.server.error = {"code": "not_found", "message": "there is no such record", "retryable": False}
        with pytest.raises(Refused):
            await Look(world.session, "escrow", "e1", clock=world.clock).run()


@in_fake_time
async def test_keystrokes_are_said_every_three_seconds_and_their_end_at_once() -> None:
    world = World()
    async with world.running(), looking(world) as look:
        for _ in range(8):
            await look.types("notes")
            await world.clock.advance(0.5)
        await look.types("city")
        await look.types(None)
        await look.types(None)
        assert [message["field"] for message in said(world, "typing")] == ["notes", "notes", "city", None]


def hint(verb: str, user_id: str, **more: Any) -> Event:
    return Event(f"user:{verb}", {"userId": user_id, **RECORD, **more})


def at(seconds: float) -> str:
    return (NINE + timedelta(seconds=seconds)).isoformat()


@in_fake_time
async def test_viewers_are_those_who_said_so_and_have_not_stopped_and_whose_time_is_not_over() -> None:
    clock = FakeClock()
    viewers = Viewers(clock)
    viewers.load([{"userId": "mia", **RECORD, "until": at(4), "field": "city"}])
    for event in (
        hint("viewing", "ben", until=at(10)),
        hint("typing", "ben", field="notes", until=at(6)),
        hint("viewing", "ava", until=at(10)),
        hint("typing", "zoe", field="notes", until=at(6)),
        hint("viewing", "ben", until=at(9)),
    ):
        assert viewers.hear(event)
    assert viewers.of("escrow", "e1") == {"mia": {"city"}, "ben": {"notes"}, "ava": set()}
    assert viewers.of("escrow", "e2") == {}
    viewers.hear(hint("stopped_viewing", "ava"))
    await clock.advance(5)
    assert viewers.of("escrow", "e1") == {"ben": {"notes"}}
    viewers.hear(hint("stopped_typing", "ben", field="notes"))
    assert viewers.of("escrow", "e1") == {"ben": set()}
    await clock.advance(5)
    assert viewers.of("escrow", "e1") == {}


def test_other_hints_are_none_of_theirs_and_broken_ones_are_errors_of_the_protocol() -> None:
    viewers = Viewers(FakeClock())
    assert not viewers.hear(Event("user:presence:online", {}))
    with pytest.raises(ProtocolError, match="a hint"):
        viewers.hear(Event("user:viewing", {"userId": "ben"}))
