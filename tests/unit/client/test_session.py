from __future__ import annotations

from dataclasses import replace

import pytest

from openhouse_client.errors import FrameTooLarge
from openhouse_client.listener import Recovered, State, Status
from openhouse_client.protocol import MAX_FRAME_BYTES, read_positions
from tests.unit.client.fake_server import in_fake_time
from tests.unit.client.model import Model
from tests.unit.client.session_world import MINE, NORTH, TIMINGS, World


@in_fake_time
async def test_it_connects_joins_and_hands_over_what_is_committed() -> None:
    world = World()
    async with world.running():
        assert world.ears.statuses == [Status.CONNECTING, Status.CONNECTED]
        await world.create("e1", "e2")
        assert world.ears.commits == [(NORTH, 1), (NORTH, 2)]
        assert world.ears.recoveries == []


@in_fake_time
async def test_with_positions_from_a_list_it_goes_on_from_there() -> None:
    model = Model(NORTH, MINE)
    positions = read_positions(model.heads())
    model.create("e1", NORTH)
    world = World(positions=positions, model=model)
    async with world.running():
        assert world.ears.refetched == []
        assert world.ears.commits == [(NORTH, 1)]
        assert world.ears.recoveries == [Recovered(missed={NORTH: 1}, reset=frozenset(), away=None)]


@in_fake_time
async def test_without_positions_it_refetches_and_nothing_is_handed_over_before_that_is_done() -> None:
    world = World()
    world.ears.refetch_takes = 5
    async with world.running():
        assert world.ears.refetched == [{NORTH, MINE}]
        await world.create("e1")
        assert world.ears.commits == []
        assert world.status() is Status.CONNECTING
        await world.clock.advance(5)
        assert world.status() is Status.CONNECTED
        assert world.ears.commits == [(NORTH, 1)]


@in_fake_time
async def test_after_a_broken_connection_it_comes_back_and_tells_what_it_recovered() -> None:
    world = World()
    async with world.running():
        await world.create("e1")
        world.server.unreachable = True
        world.server.live.end()
        await world.clock.advance(0)
        assert world.session.state == State(Status.OFFLINE, "the connection broke", 0.25)
        await world.create("e2", "e3")
        await world.create("m1", room=MINE)
        await world.clock.advance(1)
        world.server.unreachable = False
        await world.clock.advance(10)
        assert world.status() is Status.CONNECTED
        assert world.ears.commits == [(NORTH, 1), (NORTH, 2), (NORTH, 3), (MINE, 1)]
        (recovered,) = world.ears.recoveries
        assert recovered.missed == {NORTH: 2, MINE: 1}
        assert recovered.reset == frozenset()
        assert recovered.away is not None
        assert 1 < recovered.away < 11
        await world.create("e4")
        assert world.ears.commits[-1] == (NORTH, 4)


@in_fake_time
async def test_every_connection_has_a_ticket_of_its_own() -> None:
    world = World()
    async with world.running():
        for _ in range(2):
            world.server.live.end()
            await world.clock.advance(30)
        assert world.server.tickets_used == ["t1", "t2", "t3"]


@in_fake_time
async def test_a_recovery_in_which_nothing_was_missed_says_so() -> None:
    world = World()
    async with world.running():
        world.server.live.end()
        await world.clock.advance(5)
        assert world.ears.recoveries == [Recovered(missed={}, reset=frozenset(), away=0.25)]


@in_fake_time
async def test_recovery_works_again_and_again_and_before_the_first_commit() -> None:
    world = World()
    async with world.running():
        for number in range(1, 4):
            world.server.live.end()
            await world.create(f"e{number}")
            await world.clock.advance(20)
            assert world.ears.commits == [(NORTH, seq) for seq in range(1, number + 1)]


@in_fake_time
async def test_what_cannot_be_replayed_is_refetched_and_reported_as_reset() -> None:
    world = World()
    async with world.running():
        await world.create("e1")
        world.server.live.end()
        await world.create("e2", "e3")
        world.model.expire(NORTH, 2)
        await world.clock.advance(5)
        assert world.ears.refetched[-1] == {NORTH}
        assert world.ears.recoveries[-1].reset == {NORTH}
        assert world.ears.recoveries[-1].missed == {}
        await world.create("e4")
        assert world.ears.commits == [(NORTH, 1), (NORTH, 4)]


@in_fake_time
async def test_a_gap_is_filled_by_asking_after_a_moment() -> None:
    world = World()
    async with world.running():
        await world.create("e1", publish=False)
        world.server._published = 1
        await world.create("e2")
        assert world.ears.commits == []
        assert len(world.server.asked("sync")) == 1
        await world.clock.advance(0.2)
        assert world.ears.commits == [(NORTH, 1), (NORTH, 2)]
        assert len(world.server.asked("sync")) == 2
        assert world.ears.recoveries == [Recovered(missed={NORTH: 2}, reset=frozenset(), away=0.0)]


@in_fake_time
async def test_a_gap_that_closes_by_itself_costs_no_question() -> None:
    world = World()
    async with world.running():
        world.model.create("e1", NORTH)
        world.model.create("e2", NORTH)
        first, second = world.model.stream
        world.model.stream[:] = [second, first]
        world.server.publish()
        await world.clock.advance(1)
        assert world.ears.commits == [(NORTH, 1), (NORTH, 2)]
        assert len(world.server.asked("sync")) == 1


@in_fake_time
async def test_the_heartbeat_notices_what_a_silent_room_missed_and_measures_the_latency() -> None:
    world = World()
    async with world.running():
        world.server.loses = lambda _commit: True
        await world.create("e1")
        world.server.loses = lambda _commit: False
        await world.clock.advance(29)
        assert world.ears.commits == []
        await world.clock.advance(2)
        assert world.ears.commits == [(NORTH, 1)]
        assert world.session.latency == 0.0


@in_fake_time
async def test_a_socket_that_hears_something_is_not_asked_for_more_than_now_and_then() -> None:
    """Other rooms may be silent: so it is asked all the same, but seldom."""
    world = World(timings=replace(TIMINGS, check=100))
    async with world.running():
        for number in range(9):
            await world.clock.advance(20)
            await world.create(f"e{number}")
        assert len(world.server.asked("ping")) == 1
        await world.clock.advance(31)
        assert len(world.server.asked("ping")) == 2


@in_fake_time
async def test_the_ticket_says_how_long_a_silence_may_be() -> None:
    world = World(timings=replace(TIMINGS, silence=None))
    world.server.ping_seconds = 200
    async with world.running():
        await world.clock.advance(199)
        assert world.server.asked("ping") == []
        await world.clock.advance(2)
        assert len(world.server.asked("ping")) == 1


@in_fake_time
async def test_a_long_replay_is_followed_to_its_end() -> None:
    world = World()
    world.server.sync_limit = 3
    async with world.running():
        world.server.live.end()
        await world.create(*(f"e{number}" for number in range(10)))
        await world.clock.advance(5)
        assert [seq for _, seq in world.ears.commits] == list(range(1, 11))
        assert world.ears.recoveries[-1].missed == {NORTH: 10}


@in_fake_time
async def test_a_recovery_that_took_several_connections_tells_of_all_that_was_missed() -> None:
    world = World()
    world.server.sync_limit = 3
    async with world.running():
        world.server.live.end()
        await world.create(*(f"e{number}" for number in range(10)))
        world.server.ends_after_syncs = 2
        await world.clock.advance(20)
        assert [seq for _, seq in world.ears.commits] == list(range(1, 11))
        assert len(world.server.sockets) > 2
        (recovered,) = world.ears.recoveries
        assert recovered.missed == {NORTH: 10}


@in_fake_time
async def test_a_reply_that_overtakes_the_replayed_commits_loses_nothing() -> None:
    world = World()
    world.server.replies_first = True
    async with world.running():
        world.server.live.end()
        await world.create("e1", "e2")
        await world.clock.advance(5)
        assert world.ears.commits == [(NORTH, 1), (NORTH, 2)]
        assert world.status() is Status.CONNECTED


@in_fake_time
async def test_a_replayed_commit_that_was_lost_is_asked_for_again_though_the_reply_said_all_was_sent() -> None:
    world = World()
    async with world.running():
        world.server.live.end()
        await world.create("e1", "e2")
        world.server.loses = lambda commit: commit["seq"] == 1
        await world.clock.advance(1)
        assert world.status() is Status.CONNECTING
        world.server.loses = lambda _commit: False
        await world.clock.advance(5)
        assert world.ears.commits == [(NORTH, 1), (NORTH, 2)]
        assert world.status() is Status.CONNECTED


@in_fake_time
async def test_a_server_that_never_sends_what_it_promises_is_left_and_tried_again_later() -> None:
    world = World()
    async with world.running():
        world.server.live.end()
        await world.create("e1")
        world.server.loses = lambda _commit: True
        await world.clock.advance(120)
        assert State(Status.OFFLINE, "the server says that there is more, and sends nothing") in [
            State(state.status, state.reason) for state in world.ears.states
        ]
        assert len(world.server.asked("sync")) < 60


@in_fake_time
async def test_a_sync_that_may_succeed_later_is_tried_again_on_the_same_connection() -> None:
    world = World()
    world.server.error = {"code": "busy", "message": "try again", "retryable": True}
    async with world.running():
        await world.clock.advance(1)
        world.server.error = None
        await world.clock.advance(5)
        assert world.status() is Status.CONNECTED
        assert len(world.server.sockets) == 1


@in_fake_time
async def test_a_room_that_is_lost_is_left_and_a_new_one_is_fetched() -> None:
    world = World()
    async with world.running():
        world.model.rooms.remove(NORTH)
        world.model.join("team:south")
        await world.clock.advance(31)
        assert world.ears.gone == [NORTH]
        assert world.ears.refetched[-1] == {"team:south"}
        await world.create("s1", room="team:south")
        assert world.ears.commits == [("team:south", 1)]


@in_fake_time
async def test_frames_of_an_unknown_kind_are_passed_over_and_hints_are_handed_on() -> None:
    world = World()
    async with world.running():
        world.server.live.post('{"weather": "fine"}')
        world.server.live.post('{"ephemeral": [{"type": "user:typing", "data": {"userId": "u2"}}]}')
        await world.clock.advance(0)
        assert [event.type for event in world.ears.events] == ["user:typing"]
        assert world.status() is Status.CONNECTED


@in_fake_time
async def test_a_room_that_no_list_covers_is_not_taken_for_empty() -> None:
    """The list is made for the rooms of today's token, the socket for those of the day it was opened."""
    world = World()
    world.ears.unlisted = {NORTH}
    async with world.running():
        assert world.status() is Status.OFFLINE
        assert world.session.state.reason == "there is a live room, but no list of it: team:north"
        world.ears.unlisted = set()
        await world.clock.advance(5)
        assert world.status() is Status.CONNECTED


@in_fake_time
async def test_who_is_in_1000_rooms_syncs_in_frames_that_the_server_takes() -> None:
    model = Model(*(f"team:{number:036d}" for number in range(1_000)))
    positions = read_positions(model.heads())
    model.create("e1", model.rooms[999])
    world = World(positions=positions, model=model)
    async with world.running():
        assert world.status() is Status.CONNECTED
        assert [message.get("part") for message in world.server.asked("sync")] == [True] * 4
        assert world.server.live.longest < MAX_FRAME_BYTES
        assert world.ears.commits == [(model.rooms[999], 1)]
        assert (world.ears.refetched, world.ears.gone) == ([], [])
        world.server.live.end()
        await world.clock.advance(10)
        assert world.status() is Status.CONNECTED


@in_fake_time
async def test_a_socket_that_was_closed_for_too_long_a_frame_is_told_of_and_not_opened_again() -> None:
    world = World()
    async with world.running() as task:
        world.server.live.end(why=FrameTooLarge("the socket was closed because a frame was too long (1009)"))
        await world.clock.advance(60)
        assert world.session.state == State(Status.FATAL, "the socket was closed because a frame was too long (1009)")
        assert len(world.server.sockets) == 1
        with pytest.raises(FrameTooLarge):
            await task
