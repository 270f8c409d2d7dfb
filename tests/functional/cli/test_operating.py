"""What an operator is shown of rooms, connections and logs, and sessions that are ended: over a table in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from cli.operating import connections, replay, revoke, rooms
from cli.operating.room_called import room_called
from deployed.terminal import CommandFailed
from openhouse.core.errors import Busy, SessionExpired, TokenExpired
from openhouse.identity.authorizer_context import Caller
from openhouse.identity.directory import Team
from openhouse.rooms.gateway import Outcome
from openhouse.storage.keys import head_key
from tests.fakes import AVA, BEN
from tests.functional.conftest import World
from tests.functional.sockets import create, found, join, open_socket, put, say, stream


@pytest.fixture
def world() -> World:
    world = World.in_memory()
    found(world)
    return world


def shown(lines: Sequence[object]) -> str:
    return "\n".join(map(str, lines))


# Rooms ----------------------------------------------------------------------------------------------------------------


def test_each_room_tells_where_its_log_ends_and_who_is_in_it(world: World) -> None:
    join(world, "a1", AVA)
    join(world, "a2", AVA)
    join(world, "b1", BEN)
    create(world, 3)
    world.clock.advance(90)
    told = rooms.rooms(world, None, world.clock())
    north = next(room for room in told["harbor"] if room.room == "team:north")
    assert (north.position, north.first) == (world.log.heads(["team:north"])["team:north"], 1)
    assert (north.sockets, north.people, north.lagging) == (3, 2, 0)
    (line,) = [line for line in map(str, rooms.lines(world, told, world.clock())) if "team:north" in line]
    assert line.split() == ["team:north", "#3", "#1", "1", "min", "ago", "3", "2", "-"]


def test_a_look_at_rooms_opens_no_log(world: World) -> None:
    world.log.heads(["broker:harbor"])
    told = rooms.rooms(world, "harbor", world.clock())
    south = next(room for room in told["harbor"] if room.room == "team:south")
    assert south.wire()["position"] is None
    assert world.table.get(head_key("team:south")) is None


def test_a_brokerage_that_there_is_not_is_named(world: World) -> None:
    with pytest.raises(CommandFailed, match="no brokerage nowhere"):
        rooms.rooms(world, "nowhere", world.clock())


# Connections ----------------------------------------------------------------------------------------------------------


def test_whoever_missed_a_post_lags_until_they_catch_up(world: World) -> None:
    join(world, "a1", AVA)
    join(world, "b1", BEN)
    create(world)
    world.gateway.outcomes["b1"] = Outcome.FAILED
    world.deliver(stream(world))
    ava, ben = connections.connected(world, "harbor", world.clock())
    assert (ava.connection_id, ava.lagging) == ("a1", [])
    assert (ben.connection_id, ben.lagging) == ("b1", ["team:north"])
    stands = {stand["room"]: stand for stand in ben.wire()["rooms"]}
    assert stands["team:north"]["handedUpTo"] is None
    assert stands["user:ben"]["handedUpTo"] == stands["user:ben"]["ends"]["seq"]
    assert "Ben has missed a post in team:north" in shown(connections.lines(world, [ava, ben], world.clock()))


@pytest.mark.parametrize("who", ["ben", BEN.email, BEN.email.upper(), "user:ben"])
def test_connections_of_one_person_are_found_by_address_id_and_room(world: World, who: str) -> None:
    join(world, "a1", AVA)
    join(world, "b1", BEN)
    open_socket(world, "b2", BEN)  # which has said nothing
    assert [each.connection_id for each in connections.connected(world, who, world.clock())] == ["b1"]


def test_a_connection_whose_token_has_ended_is_none(world: World) -> None:
    join(world, "a1", AVA)
    world.clock.advance(AVA.expires_at)
    assert connections.connected(world, None, world.clock()) == []


def test_somebody_unknown_is_named(world: World) -> None:
    world.log.heads(["broker:harbor"])
    with pytest.raises(CommandFailed, match="Nobody here has the id or the e-mail address zoe@x"):
        connections.connected(world, "zoe@x", world.clock())


# Replay ---------------------------------------------------------------------------------------------------------------


def test_a_log_is_read_from_a_position_as_a_client_gets_it(world: World) -> None:
    create(world, 5)
    told = replay.replayed(world, "team:north", 2, None, 2)
    assert [commit["seq"] for commit in told.commits] == [3, 4]
    assert told.more
    *commits, summary = map(str, replay.lines(world, told, world.clock()))
    assert [line.split()[1:4] for line in commits] == [["#3", "Ava", "escrow:created"], ["#4", "Ava", "escrow:created"]]
    assert summary.endswith("it ends at #5 (epoch epoch-0001). Go on with --after 4.")


def test_without_a_position_the_last_commits_are_shown(world: World) -> None:
    create(world, 5)
    assert [commit["seq"] for commit in replay.replayed(world, "team:north", None, None, 2).commits] == [4, 5]


def test_a_position_that_the_log_does_not_reach_is_said_to_be_one(world: World) -> None:
    create(world)
    world.clock.advance(timedelta(days=8).total_seconds())
    create(world)
    for after, epoch in ((0, None), (1, "another"), (9, None)):
        told = replay.replayed(world, "team:north", after, epoch, 20)
        assert told.reset
        assert "loads its lists anew" in shown(replay.lines(world, told, world.clock()))
    assert [commit["seq"] for commit in replay.replayed(world, "team:north", 1, None, 20).commits] == [2]


def test_a_room_without_a_log_is_said_to_have_none(world: World) -> None:
    with pytest.raises(CommandFailed, match="team:south has no log yet"):
        replay.replayed(world, "team:south", None, None, 20)


# What rooms are called ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "room"),
    [
        ("team:north", "team:north"),
        ("team:North", "team:north"),
        ("user:ben", "user:ben"),
        ("user:Ben", "user:ben"),
        (f"user:{BEN.email}", "user:ben"),
        ("broker:harbor", "broker:harbor"),
    ],
)
def test_a_room_is_named_by_its_id_and_as_lists_call_it(world: World, text: str, room: str) -> None:
    world.log.heads(["broker:harbor"])
    assert room_called(world, text) == room


def test_a_name_that_several_rooms_have_names_none(world: World) -> None:
    world.log.heads(["broker:harbor"])
    world.directory.put_team("harbor", Team(team_id="west", name="North"))
    with pytest.raises(CommandFailed, match="2 rooms are called team:NORTH: team:north of harbor, team:west of harbor"):
        room_called(world, "team:NORTH")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("north", "north is no room: they are called broker:ID"),
        ("team:", "is no room"),
        ("lobby:north", "is no room"),
        ("team:nowhere", "There is no room team:nowhere"),
        ("user:Zoe", "There is no room user:Zoe"),
        ("broker:nowhere", "There is no room broker:nowhere"),
    ],
)
def test_what_names_no_room_is_refused(world: World, text: str, said: str) -> None:
    world.log.heads(["broker:harbor"])
    with pytest.raises(CommandFailed, match=said):
        room_called(world, text)


# Revoke ---------------------------------------------------------------------------------------------------------------


def ended(world: World) -> revoke.Revoked:
    until = world.clock() + timedelta(hours=1)
    return revoke.end_sessions(
        world, world.gateway, "harbor", world.directory.users("harbor")[0], until, signed_out=True
    )


def caller(ends_in: float, world: World) -> Caller:
    return Caller("ava", int(world.clock().timestamp() + ends_in), None)


def test_all_sockets_of_a_person_are_told_and_closed_and_nobody_elses(world: World) -> None:
    for connection_id, who in (("a1", AVA), ("a2", AVA), ("b1", BEN)):
        join(world, connection_id, who)
    done = ended(world)
    assert (done.user.user_id, sorted(done.sockets)) == ("ava", ["a1", "a2"])
    assert world.gateway.open == {"b1"}
    assert world.gateway.frames("a1")[-1]["closing"]["code"] == SessionExpired.code
    assert [each.connection_id for each in connections.connected(world, "harbor", world.clock())] == ["b1"]


def test_tokens_of_before_are_refused_and_later_ones_are_not(world: World) -> None:
    ended(world)
    with pytest.raises(TokenExpired):
        world.directory.bearer("ava", caller(3600, world).expires_at)
    assert world.directory.bearer("ava", caller(3601, world).expires_at).user_id == "ava"
    assert world.directory.principal("ava", 0).user_id == "ava"  # tasks and letters to them go on


def test_a_ticket_of_before_opens_a_socket_that_gets_nowhere(world: World) -> None:
    open_socket(world, "a1", AVA)
    ended(world)
    assert say(world, "a1", action="sync")["error"]["code"] == SessionExpired.code
    assert "a1" not in world.gateway.open


def test_whoever_is_changed_removed_or_added_again_stays_revoked_and_time_only_goes_on(world: World) -> None:
    ended(world)
    put(world, AVA, role="lead")
    world.directory.revoke_tokens("harbor", "ava", 1)
    world.directory.remove_user("harbor", "ava")
    put(world, AVA)
    with pytest.raises(TokenExpired):
        world.directory.bearer("ava", caller(3600, world).expires_at)


def test_an_administrator_who_saves_what_they_read_before_does_not_take_it_back(world: World) -> None:
    """Their write comes between the two."""
    read = world.directory._entry

    def read_and_revoke(user_id: str) -> object:
        item = read(user_id)
        world.directory._entry = read
        ended(world)
        return item

    world.directory._entry = read_and_revoke  # type: ignore[assignment]
    with pytest.raises(Busy):
        put(world, AVA, role="lead")
    with pytest.raises(TokenExpired):
        world.directory.bearer("ava", caller(3600, world).expires_at)


def test_whom_a_brokerage_does_not_have_cannot_be_revoked(world: World) -> None:
    (user, *_) = world.directory.users("harbor")
    world.directory.remove_user("harbor", user.user_id)
    with pytest.raises(CommandFailed, match="no such user"):
        revoke.end_sessions(world, world.gateway, "harbor", user, world.clock(), signed_out=False)
