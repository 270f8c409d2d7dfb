"""The beats of a session, in fake time."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.client.fake_server import in_fake_time
from tests.unit.client.session_world import TIMINGS, World


def beats(world: World) -> list[bool]:
    return [message["active"] for message in world.server.asked("presence")]


def beating() -> World:
    world = World(timings=replace(TIMINGS, silence=None))
    world.server.presence_seconds = 25
    return world


@in_fake_time
async def test_a_session_beats_as_often_as_its_ticket_says() -> None:
    world = beating()
    async with world.running():
        assert beats(world) == []  # to join is to come
        await world.clock.advance(101)
        assert beats(world) == [True] * 4


@in_fake_time
async def test_a_server_that_does_not_want_to_know_is_told_nothing() -> None:
    world = beating()
    world.server.presence_seconds = None
    async with world.running():
        await world.clock.advance(100)
        assert beats(world) == []


@in_fake_time
async def test_that_somebody_goes_away_or_comes_back_is_told_at_once() -> None:
    world = beating()
    async with world.running():
        await world.clock.advance(10)
        world.session.use(active=False)
        world.session.use(active=False)
        await world.clock.advance(1)
        assert beats(world) == [False]
        await world.clock.advance(26)
        world.session.use(active=True)
        await world.clock.advance(1)
        assert beats(world) == [False, False, True]


@in_fake_time
async def test_somebody_who_is_away_says_so_before_a_new_socket_joins() -> None:
    world = beating()
    async with world.running():
        world.session.use(active=False)
        await world.clock.advance(1)
        world.server.live.end()
        await world.clock.advance(5)
        assert [message["action"] for message in world.server.live.sent[:2]] == ["presence", "sync"]
        assert beats(world) == [False, False]


@in_fake_time
async def test_replies_to_beats_do_not_count_as_having_heard_something() -> None:
    world = beating()
    async with world.running():
        await world.clock.advance(239)
        assert world.server.asked("ping") == []
        await world.clock.advance(2)
        assert len(world.server.asked("ping")) == 1


@in_fake_time
async def test_a_beat_that_is_refused_for_now_is_no_trouble_and_one_without_a_reply_is() -> None:
    world = beating()
    async with world.running():
        world.server.error = {"code": "busy", "message": "later", "retryable": True}
        await world.clock.advance(30)
        world.server.error = None
        assert (len(world.server.sockets), beats(world)) == (1, [True])
        world.server.mute = True
        await world.clock.advance(31)
        world.server.mute = False
        await world.clock.advance(5)
        assert len(world.server.sockets) == 2


@in_fake_time
async def test_a_beat_wants_no_reply_while_news_shows_that_the_connection_is_alive() -> None:
    world = beating()
    async with world.running():
        for number in range(10):
            await world.clock.advance(10)
            await world.create(f"e{number}")
        assert [message.get("silent") for message in world.server.asked("presence")] == [True] * 4
        assert len(world.server.sockets) == 1
        world.server.mute = True
        await world.clock.advance(48)
        assert len(world.server.sockets) > 1
        world.server.mute = False


@in_fake_time
async def test_a_silent_beat_that_is_refused_for_good_was_the_last_silent_one_of_its_connection() -> None:
    world = beating()
    async with world.running():
        world.server.is_old = True
        for number in range(10):
            await world.clock.advance(10)
            await world.create(f"e{number}")
        assert [message.get("silent") for message in world.server.asked("presence")] == [True, None, None, None]
        assert len(world.server.sockets) == 1
