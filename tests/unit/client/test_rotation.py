"""A session changes over to a new socket before the gateway ends the old one, and nobody notices."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from openhouse_client.errors import Problem, TimedOut
from openhouse_client.listener import Recovered, Status
from tests.unit.client.fake_server import in_fake_time
from tests.unit.client.model import frame
from tests.unit.client.session_world import MINE, NORTH, TIMINGS, World

ROTATING = replace(TIMINGS, rotate=100)
DUE = 87.5  # seconds after the first connection, with a `random` of 0.5
UNDISTURBED = [Status.CONNECTING, Status.CONNECTED]


def rotating_world(*, random: float = 0.5) -> World:
    return World(timings=ROTATING, random=random)


def seqs(world: World) -> list[int]:
    return [seq for room, seq in world.ears.commits if room == NORTH]


def post(world: World, socket: int) -> None:
    """The latest commit, on one socket only."""
    world.server.sockets[socket].post(frame(world.model.stream[-1:]))
    world.server._published = len(world.model.stream)


@in_fake_time
async def test_a_new_socket_takes_over_in_time_again_and_again_and_nothing_is_told() -> None:
    world = rotating_world()
    async with world.running():
        for turn in range(1, 5):
            await world.create(f"e{turn}")
            await world.clock.advance(DUE - 1)
            assert len(world.server.sockets) == turn
            await world.clock.advance(1)
            assert [socket.open for socket in world.server.sockets] == [False] * turn + [True]
            assert world.session.latency == 0.0
        assert world.server.tickets_used == ["t1", "t2", "t3", "t4", "t5"]
        assert world.server.goodbyes == 4
        assert seqs(world) == [1, 2, 3, 4]
        assert world.ears.statuses == UNDISTURBED
        assert world.ears.recoveries == []


@in_fake_time
async def test_a_crowd_that_connected_together_changes_over_spread_out_and_never_late() -> None:
    for random, due in ((0.0, 100.0), (0.4, 90.0), (0.8, 80.0)):
        world = rotating_world(random=random)
        async with world.running():
            await world.clock.advance(due - 0.1)
            assert len(world.server.sockets) == 1
            await world.clock.advance(0.2)
            assert len(world.server.sockets) == 2


@in_fake_time
async def test_unless_told_otherwise_it_changes_over_before_two_hours() -> None:
    world = World(timings=replace(TIMINGS, rotate=type(TIMINGS)().rotate), random=0.0)
    async with world.running():
        await world.clock.advance(7_200 - 500)
        assert len(world.server.sockets) == 2


@in_fake_time
async def test_the_old_socket_delivers_until_the_new_one_has_caught_up() -> None:
    world = rotating_world()
    async with world.running():
        world.server.connecting_takes = 1
        await world.clock.advance(DUE)
        await world.create("e1")
        assert seqs(world) == [1]
        assert len(world.server.sockets) == 1
        await world.clock.advance(1)
        await world.create("e2")
        assert seqs(world) == [1, 2]
        assert [socket.open for socket in world.server.sockets] == [False, True]
        assert world.ears.recoveries == []


@in_fake_time
async def test_a_commit_that_comes_on_either_socket_or_on_both_is_handed_over_once_and_in_order() -> None:
    world = rotating_world()
    async with world.running():
        await world.clock.advance(DUE - 1)
        world.server.mute = True
        asking = asyncio.create_task(world.session.request("ping"))  # keeps the old socket for a while
        await world.clock.advance(0.5)
        world.server.mute = False
        await world.clock.advance(1)
        assert [socket.open for socket in world.server.sockets] == [True, True]
        for number, sockets in enumerate([(0,), (1,), (0, 1), (1, 0)], start=1):
            world.model.create(f"e{number}", NORTH)
            for socket in sockets:
                post(world, socket)
            await world.clock.advance(0)
        assert seqs(world) == [1, 2, 3, 4]
        asking.cancel()


@in_fake_time
async def test_what_the_replay_on_the_new_socket_brings_first_is_dropped_when_the_old_one_brings_it() -> None:
    world = rotating_world()
    async with world.running():
        await world.clock.advance(DUE - 0.1)
        world.model.create("e1", NORTH)  # not posted yet
        await world.clock.advance(0.2)
        assert seqs(world) == [1]
        world.server.publish()
        await world.clock.advance(1)
        assert seqs(world) == [1]
        assert world.ears.recoveries == []


@in_fake_time
async def test_a_change_over_that_fails_is_tried_again_while_the_old_socket_goes_on() -> None:
    world = rotating_world()
    async with world.running():
        world.server.unreachable = True
        await world.clock.advance(DUE)
        await world.create("e1")
        world.server.unreachable = False
        world.server.refuses = Problem(503, "busy", "too much at once", retryable=True, retry_after=7)
        await world.clock.advance(1)
        await world.create("e2")
        world.server.refuses = None
        await world.clock.advance(5)
        assert len(world.server.sockets) == 1  # the server asked for patience
        world.server.ends_after_syncs = 1
        await world.clock.advance(2)
        assert [socket.open for socket in world.server.sockets] == [True, False]
        await world.create("e3")
        await world.clock.advance(5)
        assert [socket.open for socket in world.server.sockets] == [False, False, True]
        assert seqs(world) == [1, 2, 3]
        assert world.ears.statuses == UNDISTURBED
        assert world.ears.recoveries == []
        await world.create("e4")
        assert seqs(world) == [1, 2, 3, 4]


@in_fake_time
async def test_if_no_new_socket_comes_in_time_the_session_returns_as_from_any_break() -> None:
    world = rotating_world()
    async with world.running():
        world.server.unreachable = True
        await world.clock.advance(DUE + 60)
        world.server.live.end("the server closed the socket (1001)", 1001)
        await world.create("e1")
        assert world.ears.statuses == [*UNDISTURBED, Status.OFFLINE]
        world.server.unreachable = False
        await world.clock.advance(5)
        assert world.status() is Status.CONNECTED
        assert seqs(world) == [1]


@in_fake_time
async def test_what_is_fatal_is_fatal_while_changing_over_too() -> None:
    world = rotating_world()
    async with world.running() as task:
        world.server.refuses = Problem(403, "user_unknown", "not in the directory", retryable=False)
        await world.clock.advance(DUE)
        assert world.status() is Status.FATAL
        with pytest.raises(Problem):
            await task
        assert world.server.goodbyes == 1


@in_fake_time
async def test_an_old_socket_that_dies_while_the_new_one_is_opened_loses_nothing() -> None:
    world = rotating_world()
    async with world.running():
        world.server.connecting_takes = 3
        await world.clock.advance(DUE + 1)
        world.server.live.end()
        await world.create("e1")
        assert world.status() is Status.OFFLINE
        await world.clock.advance(10)
        assert world.status() is Status.CONNECTED
        assert seqs(world) == [1]
        assert world.ears.recoveries[-1].missed == {NORTH: 1}
        assert len([socket for socket in world.server.sockets if socket.open]) == 1


@in_fake_time
async def test_an_old_socket_that_dies_while_the_new_one_catches_up_takes_it_along() -> None:
    world = rotating_world()
    async with world.running():
        await world.clock.advance(DUE - 0.1)
        world.server.mute = True
        await world.clock.advance(1)
        first, second = world.server.sockets
        first.end()
        world.server.mute = False
        await world.create("e1")
        assert not second.open
        await world.clock.advance(10)
        assert world.status() is Status.CONNECTED
        assert seqs(world) == [1]


@in_fake_time
async def test_closing_while_changing_over_says_goodbye_on_both_sockets() -> None:
    world = rotating_world()
    async with world.running() as task:
        await world.clock.advance(DUE - 0.1)
        world.server.mute = True
        await world.clock.advance(1)
        assert [socket.open for socket in world.server.sockets] == [True, True]
        await world.session.close()
        await task
        assert world.server.goodbyes == 2
        assert world.ears.statuses == [*UNDISTURBED, Status.CLOSED]


@in_fake_time
async def test_a_request_on_the_old_socket_gets_its_reply_before_that_is_closed() -> None:
    world = rotating_world()
    async with world.running():
        await world.clock.advance(DUE - 1)
        world.server.mute = True
        asking = asyncio.create_task(world.session.request("ping"))
        await world.clock.advance(0)
        world.server.mute = False
        await world.clock.advance(2)
        old, new = world.server.sockets
        assert old.open
        await world.session.request("ping")
        assert [message["action"] for message in new.sent] == ["sync", "ping"]
        world.server.answer(old, old.sent[-1])
        assert (await asking)["rooms"] == world.model.heads()
        await world.clock.advance(0)
        assert not old.open


@in_fake_time
async def test_a_request_that_never_gets_a_reply_keeps_the_old_socket_no_longer_than_it_waits() -> None:
    world = rotating_world()
    async with world.running():
        await world.clock.advance(DUE - 1)
        world.server.mute = True
        asking = asyncio.create_task(world.session.request("ping"))
        await world.clock.advance(0)
        world.server.mute = False
        old = world.server.live
        asked = len(old.sent)
        await world.clock.advance(8)
        assert old.open
        assert len(old.sent) == asked  # not even the heartbeat, which would be due
        await world.clock.advance(2)
        with pytest.raises(TimedOut):
            await asking
        assert not old.open
        assert world.ears.statuses == UNDISTURBED


@in_fake_time
async def test_a_gap_that_is_being_filled_is_filled_before_the_new_socket_asks() -> None:
    """Two syncs at once would take each other's replies for proof."""
    world = rotating_world()
    async with world.running():
        await world.clock.advance(DUE - 0.3)
        world.server.mute = True
        world.model.create("e1", NORTH)
        world.model.create("e2", NORTH)
        post(world, 0)
        await world.clock.advance(1)
        old, new = world.server.sockets
        assert [message["action"] for message in (old.sent[-1], *new.sent)] == ["sync"]
        world.server.mute = False
        world.server.answer(old, old.sent[-1])
        await world.clock.advance(0)
        assert [message["action"] for message in new.sent] == ["sync"]
        assert seqs(world) == [1, 2]
        assert world.ears.recoveries == [Recovered(missed={NORTH: 2}, reset=frozenset(), away=0.0)]
        assert not old.open


@in_fake_time
async def test_a_gap_that_only_the_new_socket_fills_is_told() -> None:
    world = rotating_world()
    async with world.running():
        await world.clock.advance(DUE - 0.1)
        world.model.create("e1", NORTH)
        world.model.create("e2", NORTH)
        post(world, 0)
        await world.clock.advance(1)
        assert seqs(world) == [1, 2]
        assert world.ears.recoveries == [Recovered(missed={NORTH: 2}, reset=frozenset(), away=0.0)]


@in_fake_time
async def test_a_log_that_began_anew_is_noticed_and_told() -> None:
    world = rotating_world()
    async with world.running():
        await world.create("e1")
        await world.clock.advance(DUE - 0.1)
        world.model.rebuild(NORTH)
        await world.clock.advance(1)
        assert world.ears.refetched == [{NORTH, MINE}, {NORTH}]
        assert world.ears.recoveries == [Recovered(missed={}, reset=frozenset({NORTH}), away=0.0)]
        assert world.ears.statuses == UNDISTURBED


@in_fake_time
async def test_rooms_found_lost_by_a_change_over_that_failed_are_fetched_for_the_old_socket() -> None:
    world = rotating_world()
    async with world.running():
        await world.create("e1")
        await world.clock.advance(DUE - 0.1)
        world.model.rebuild(NORTH)
        world.ears.unlisted = {NORTH}
        await world.clock.advance(0.1)
        world.server.unreachable = True
        world.ears.unlisted = set()
        await world.clock.advance(0.2)
        assert len(world.server.sockets) == 2
        assert world.server.sockets[0].open
        assert world.ears.refetched[-1] == {NORTH}
        await world.create("e2")
        assert world.ears.commits == [(NORTH, 1), (NORTH, 1)]
        assert world.ears.statuses == UNDISTURBED
