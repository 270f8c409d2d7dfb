from __future__ import annotations

import asyncio

import pytest

from openhouse_client.errors import ClientError, NotConnected, Problem, Refused, TimedOut
from openhouse_client.listener import State, Status
from tests.unit.client.fake_server import in_fake_time
from tests.unit.client.session_world import TIMINGS, World


@in_fake_time
async def test_a_connection_that_stops_answering_is_given_up() -> None:
    world = World()
    async with world.running():
        world.server.mute = True
        await world.clock.advance(41)
        assert world.ears.states[2] == State(Status.OFFLINE, "no reply to ping within 10 s", 0.25)
        world.server.mute = False
        await world.clock.advance(60)
        assert world.status() is Status.CONNECTED


@in_fake_time
async def test_waking_up_asks_at_once_when_connected_and_reconnects_at_once_when_offline() -> None:
    world = World()
    async with world.running():
        world.session.wake()
        await world.clock.advance(0)
        assert len(world.server.asked("ping")) == 1
        world.server.live.end()
        await world.clock.advance(0)
        assert world.status() is Status.OFFLINE
        world.session.wake()
        await world.clock.advance(0)
        assert world.status() is Status.CONNECTED


@in_fake_time
async def test_a_login_that_is_refused_is_fatal_and_says_why() -> None:
    world = World()
    world.server.refuses = Problem(401, "unauthenticated", "the token is forged", retryable=False)
    async with world.running() as task:
        assert world.ears.states[-1] == State(Status.FATAL, "the token is forged")
        with pytest.raises(Problem):
            await task


@in_fake_time
async def test_a_server_in_trouble_is_tried_again_and_not_before_it_asks() -> None:
    world = World()
    world.server.refuses = Problem(503, "busy", "too much at once", retryable=True, retry_after=7)
    async with world.running():
        assert world.session.state == State(Status.OFFLINE, "too much at once", 7.25)
        world.server.refuses = None
        await world.clock.advance(7)
        assert world.status() is Status.OFFLINE
        await world.clock.advance(1)
        assert world.status() is Status.CONNECTED


@in_fake_time
async def test_waits_grow_while_it_fails_and_shrink_again_only_after_a_connection_that_lasted() -> None:
    world = World()
    world.server.unreachable = True
    async with world.running():
        await world.clock.advance(300)
        waits = [state.retry_in for state in world.ears.states if state.status is Status.OFFLINE]
        assert waits[:8] == [0.25, 0.5, 1, 2, 4, 8, 15, 15]
        world.server.unreachable = False
        world.session.wake()
        await world.clock.advance(TIMINGS.settled - 1)
        world.server.live.end()
        await world.clock.advance(0)
        assert world.session.state.retry_in == 15
        world.session.wake()
        await world.clock.advance(TIMINGS.settled)
        world.server.live.end()
        await world.clock.advance(0)
        assert world.session.state.retry_in == 0.25


@in_fake_time
async def test_a_session_that_has_ended_on_the_server_is_begun_anew() -> None:
    world = World()
    async with world.running():
        world.server.error = {"code": "session_expired", "message": "connect again", "retryable": False}
        await world.clock.advance(31)
        world.server.error = None
        await world.clock.advance(60)
        assert world.status() is Status.CONNECTED
        assert Status.FATAL not in world.ears.statuses


@in_fake_time
async def test_a_sync_that_the_server_will_never_take_is_fatal() -> None:
    world = World()
    world.server.error = {"code": "invalid_message", "message": "positions: too many", "retryable": False}
    async with world.running() as task:
        assert world.status() is Status.FATAL
        with pytest.raises(Refused):
            await task


@in_fake_time
async def test_the_session_is_prolonged_with_a_fresh_ticket_before_its_token_ends() -> None:
    world = World()
    async with world.running():
        await world.clock.advance(3_299)
        assert world.server.asked("auth") == []
        await world.clock.advance(2)
        assert [message["ticket"] for message in world.server.asked("auth")] == ["t2"]
        assert world.server.tickets_fresh == 1
        await world.clock.advance(3_600)
        assert len(world.server.asked("auth")) == 2
        assert len(world.server.sockets) == 1


@in_fake_time
async def test_a_login_service_that_is_away_for_a_while_does_not_disturb_the_live_connection() -> None:
    world = World()
    async with world.running():
        world.server.refuses = Problem(503, "http_503", "away", retryable=True)
        await world.clock.advance(3_320)
        world.server.refuses = None
        await world.clock.advance(100)
        assert len(world.server.asked("auth")) == 1
        assert world.status() is Status.CONNECTED
        assert len(world.server.sockets) == 1


@in_fake_time
async def test_requests_of_ones_own_get_their_replies() -> None:
    world = World()
    async with world.running():
        reply = await world.session.request("ping")
        assert reply["rooms"] == world.model.heads()
        world.server.error = {"code": "unknown_action", "message": "no such action", "retryable": False}
        with pytest.raises(Refused, match="no such action") as refused:
            await world.session.request("dance")
        assert refused.value.code == "unknown_action"
        assert world.status() is Status.CONNECTED


@in_fake_time
async def test_a_request_without_a_reply_times_out_alone() -> None:
    world = World()
    async with world.running():
        world.server.mute = True
        asking = asyncio.create_task(world.session.request("ping"))
        await world.clock.advance(11)
        with pytest.raises(TimedOut):
            await asking
        assert world.status() is Status.CONNECTED


@in_fake_time
async def test_requests_on_a_socket_that_breaks_end_with_it_and_none_are_queued_offline() -> None:
    world = World()
    async with world.running():
        world.server.mute = True
        asking = asyncio.create_task(world.session.request("ping"))
        await world.clock.advance(1)
        world.server.live.end()
        with pytest.raises(ClientError, match="the connection broke"):
            await asking
        await world.clock.advance(0)
        with pytest.raises(NotConnected):
            await world.session.request("ping")


@in_fake_time
async def test_closing_says_goodbye_and_ends_quietly() -> None:
    world = World()
    async with world.running() as task:
        await world.session.close()
        await task
        assert world.server.goodbyes == 1
        assert world.ears.statuses[-1] is Status.CLOSED


@in_fake_time
async def test_a_session_closed_before_it_has_begun_does_not_begin() -> None:
    world = World()
    running = asyncio.create_task(world.session.run())
    await world.session.close()
    await running
    assert world.server.sockets == []
    assert world.ears.statuses == [Status.CLOSED]


@in_fake_time
async def test_cancelling_it_says_goodbye_too() -> None:
    world = World()
    async with world.running() as task:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert world.server.goodbyes == 1


@in_fake_time
async def test_a_frame_that_breaks_the_protocol_ends_the_connection_not_the_session() -> None:
    world = World()
    async with world.running():
        world.server.live.post("}{")
        await world.clock.advance(5)
        assert Status.OFFLINE in world.ears.statuses
        assert world.status() is Status.CONNECTED
