from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import pytest

from local.client.errors import ClientError, NotConnected, Problem, Refused, TimedOut
from local.client.listener import Listener, Recovered, State, Status
from local.client.protocol import Commit, Event, Position, read_positions
from local.client.session import Pace, Session, Surroundings
from tests.unit.client.fake_server import FakeClock, FakeServer, in_fake_time
from tests.unit.client.model import Model

NORTH, MINE = "team:north", "user:ava"
PACE = Pace(heartbeat=30, reply=10, gap=0.2, settled=10)


class Ears(Listener):
    def __init__(self, server: FakeServer) -> None:
        self.states: list[State] = []
        self.commits: list[tuple[str, int]] = []
        self.recoveries: list[Recovered] = []
        self.gone: list[str] = []
        self.events: list[Event] = []
        self.refetched: list[set[str]] = []
        self.refetch_takes = 0.0
        self._server = server

    def state(self, state: State) -> None:
        self.states.append(state)

    def commit(self, commit: Commit) -> None:
        self.commits.append((commit.room, commit.position.seq))

    def recovered(self, recovered: Recovered) -> None:
        self.recoveries.append(recovered)

    def left(self, room: str) -> None:
        self.gone.append(room)

    def ephemeral(self, event: Event) -> None:
        self.events.append(event)

    async def refetch(self, lost: Mapping[str, Position]) -> Mapping[str, Position]:
        self.refetched.append(set(lost))
        positions = read_positions(self._server.model.heads())
        await self._server.clock.sleep(self.refetch_takes)
        return positions

    @property
    def statuses(self) -> list[Status]:
        return [state.status for state in self.states]


class World:
    def __init__(self, *, positions: Mapping[str, Position] | None = None, model: Model | None = None) -> None:
        self.clock = FakeClock()
        self.model = model or Model(NORTH, MINE)
        self.server = FakeServer(self.model, self.clock)
        self.ears = Ears(self.server)
        self.session = Session(
            self.server.ticket,
            self.ears,
            positions=positions,
            pace=PACE,
            surroundings=Surroundings(connect=self.server.connect, clock=self.clock, random=lambda: 0.5),
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(self.session.run())
        await self.clock.advance(0.01)
        try:
            yield task
        finally:
            await self.session.close()
            with suppress(ClientError):
                await task

    def status(self) -> Status:
        return self.session.state.status

    async def create(self, *ids: str, room: str = NORTH, publish: bool = True) -> None:
        for id_ in ids:
            self.model.create(id_, room)
        if publish:
            self.server.publish()
        await self.clock.advance(0)


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
async def test_a_login_that_is_refused_is_fatal_and_says_why() -> None:
    world = World()
    world.server.refuses = Problem(401, "token_invalid", "the token is forged", retryable=False)
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
        await world.clock.advance(PACE.settled - 1)
        world.server.live.end()
        await world.clock.advance(0)
        assert world.session.state.retry_in == 15
        world.session.wake()
        await world.clock.advance(PACE.settled)
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
async def test_frames_of_an_unknown_kind_are_passed_over_and_hints_are_handed_on() -> None:
    world = World()
    async with world.running():
        world.server.live.post('{"weather": "fine"}')
        world.server.live.post('{"ephemeral": [{"type": "user:typing", "data": {"userId": "u2"}}]}')
        await world.clock.advance(0)
        assert [event.type for event in world.ears.events] == ["user:typing"]
        assert world.status() is Status.CONNECTED


@in_fake_time
async def test_a_frame_that_breaks_the_protocol_ends_the_connection_not_the_session() -> None:
    world = World()
    async with world.running():
        world.server.live.post("}{")
        await world.clock.advance(5)
        assert Status.OFFLINE in world.ears.statuses
        assert world.status() is Status.CONNECTED
