"""Tickets, connections, joining, syncing."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from openhouse.api.actions import sync
from openhouse.api.sockets import SocketApi
from openhouse.core import clock, errors
from openhouse.core.errors import TicketInvalid
from openhouse.core.principal import Principal
from openhouse.identity import authorizer_context
from openhouse.identity.directory import User
from openhouse.identity.membership import MOST_SOCKETS
from openhouse.rooms.allowance import CAPACITY, LUMP, PER_SECOND
from openhouse.rooms.connections import Connection, Connections
from openhouse.rooms.gateway import Outcome
from tests.fakes import AVA, BEN, MIA, principal
from tests.functional.conftest import World
from tests.functional.sockets import create, found, join, open_socket, put, say, seqs, stream
from tests.functional.test_http import call

ADMIN = principal("root", role="admin")


@pytest.fixture(autouse=True)
def brokerage(world: World) -> None:
    found(world)


# What API Gateway tells of a socket


def told(world: World, connection_id: str, type_: str, **event: Any) -> None:
    context = authorizer_context.socket_context(AVA)
    request = {"eventType": type_, "connectionId": connection_id, "authorizer": context}
    SocketApi(world, world.messages).handle({"requestContext": request, **event})


def test_a_socket_opens_says_something_and_closes(world: World) -> None:
    world.gateway.open.add("a")
    told(world, "a", "CONNECT")
    told(world, "a", "MESSAGE", body='{"action": "sync", "id": "1"}')
    encoded = base64.b64encode(b'{"action": "ping", "id": "2"}').decode()
    told(world, "a", "MESSAGE", body=encoded, isBase64Encoded=True)
    assert [(reply["reply"], reply["ok"]) for reply in world.gateway.replies("a")] == [("1", True), ("2", True)]
    told(world, "a", "DISCONNECT")
    assert world.items("C#") + world.items("M#") == []


@pytest.mark.parametrize("action", ["$connect", "$disconnect"])
def test_a_message_that_names_a_route_is_an_unknown_action(world: World, action: str) -> None:
    join(world, "a", AVA)
    before = world.items("C#") + world.items("M#")
    told(world, "a", "MESSAGE", body=json.dumps({"action": action, "id": "1"}))  # by the route of that name
    assert world.gateway.replies("a")[-1]["error"]["code"] == "unknown_action"
    assert world.items("C#") + world.items("M#") == before


# Tickets and connections


def test_a_ticket_opens_one_socket_within_30_seconds_and_only_its_hash_is_stored(world: World) -> None:
    ticket, ends = world.connections.issue_ticket(AVA)
    assert (ends - world.clock.at).total_seconds() == 30
    assert ticket not in json.dumps(world.items("T#"))
    assert world.connections.redeem(ticket) == AVA
    with pytest.raises(errors.TicketInvalid):
        world.connections.redeem(ticket)
    late, _ = world.connections.issue_ticket(AVA)
    world.clock.advance(30)
    with pytest.raises(errors.TicketInvalid):
        world.connections.redeem(late)


def test_a_connection_is_a_member_only_after_it_has_synced(world: World) -> None:
    open_socket(world, "a", AVA)
    assert world.connections.members("team:north") == []
    reply = say(world, "a", action="sync")
    assert sorted(reply["rooms"]) == ["broker:harbor", "team:north", "user:ava"]
    for room in reply["rooms"]:
        assert [member.connection_id for member in world.connections.members(room)] == ["a"]


def test_a_broker_of_more_teams_than_fit_into_a_transaction_joins_them_all(world: World) -> None:
    busy = principal("dana", *(f"team-{number}" for number in range(120)), role="broker")
    world.connections.connect("d", busy)
    world.connections.join(world.connections.find("d"), busy)
    assert len(world.items("M#")) == 122
    world.connections.forget("d")
    assert world.items("M#") == []


def test_a_closed_connection_leaves_no_row_and_cannot_join_any_more(world: World) -> None:
    join(world, "a", AVA)
    late = world.connections.find("a")
    world.connections.forget("a")
    assert world.items("C#") == []
    assert world.items("M#") == []
    with pytest.raises(errors.SessionExpired):
        world.connections.join(late, AVA)
    assert world.items("M#") == []


def test_a_socket_opened_before_its_person_was_moved_never_joins_the_old_rooms(world: World) -> None:
    open_socket(world, "a", AVA)
    put(world, AVA, team_ids=("south",))
    joined: list[tuple[str, ...]] = []
    join_rooms = world.connections.join

    def observed(connection: Connection, principal: Principal) -> None:
        joined.append(principal.rooms)
        join_rooms(connection, principal)

    world.connections.join = observed
    assert "team:south" in say(world, "a", action="sync")["rooms"]
    assert joined == [("user:ava", "team:south", "broker:harbor")]


def test_a_socket_opened_before_its_person_was_removed_joins_nothing(world: World) -> None:
    open_socket(world, "a", AVA)
    world.directory.remove_user("harbor", "ava")
    assert say(world, "a", action="sync")["error"]["code"] == "session_expired"
    assert world.items("M#") == []


def test_who_is_moved_while_they_join_is_in_their_new_rooms_alone(world: World) -> None:
    open_socket(world, "a", AVA)
    join_rooms = world.connections.join

    def moved_meanwhile(connection: Connection, principal: Principal) -> None:
        world.connections.join = join_rooms
        join_rooms(connection, principal)
        put(world, AVA, team_ids=("south",))

    world.connections.join = moved_meanwhile
    assert "team:south" in say(world, "a", action="sync")["rooms"]
    assert world.connections.members("team:north") == []


def test_the_oldest_of_too_many_sockets_of_one_person_is_closed_and_told_why(world: World) -> None:
    for number in range(MOST_SOCKETS + 2):
        join(world, f"s{number:02}", AVA)
        world.clock.advance(0.001)
    assert len(world.connections.of_user("ava")) == MOST_SOCKETS
    assert {"s00", "s01"} & world.gateway.open == set()
    closing = world.gateway.frames("s00")[-1]["closing"]
    assert (closing["code"], closing["retryable"]) == ("too_many_sockets", False)
    join(world, "b", BEN)
    assert len(world.gateway.open) == MOST_SOCKETS + 1
    say(world, "s02", action="sync")
    assert "s02" in world.gateway.open


def test_replaying_whole_logs_again_and_again_is_limited_and_the_allowance_comes_back(world: World) -> None:
    create(world, 40, notes="x" * 20_000)
    join(world, "a", AVA)
    start = {room: {**position, "seq": 0} for room, position in world.log.positions(AVA.rooms).items()}
    replies = [say(world, "a", action="sync", positions=start) for _ in range(30)]
    refused = [reply["error"] for reply in replies if not reply["ok"]]
    assert 10 < len(replies) - len(refused) < 30
    assert {(error["code"], error["retryable"]) for error in refused} == {("rate_limited", True)}
    join(world, "b", BEN)
    assert say(world, "b", action="sync", positions=start)["ok"]
    world.clock.advance(CAPACITY / PER_SECOND)
    assert say(world, "a", action="sync", positions=start)["ok"]


def test_who_asks_for_too_much_is_told_when_to_ask_again(world: World) -> None:
    join(world, "a", AVA)
    world.connections.charge(world.connections.find("a"), CAPACITY + 80)
    error = say(world, "a", action="ping")["error"]
    assert (error["code"], error["retryAfterSeconds"]) == ("rate_limited", 3)
    world.clock.advance(3)
    assert say(world, "a", action="ping")["ok"]


def test_many_small_requests_cost_as_much_as_they_are_declared_to(world: World) -> None:
    chances = (number * 0.618_034 % 1 for number in count())
    connections = Connections(world.table, now=world.clock, chance=lambda: next(chances))
    connections.connect("a", AVA)
    for _ in range(200):
        connections.charge(connections.find("a"), 10)
    assert connections.find("a").allowance.left == pytest.approx(CAPACITY - 2_000, abs=LUMP)


def test_requests_that_are_answered_at_the_same_time_are_all_charged(world: World) -> None:
    join(world, "a", AVA)
    both_read = world.connections.find("a")
    for _ in range(3):
        world.connections.charge(both_read, 500)
    assert world.connections.find("a").allowance.left == CAPACITY - 1_500


def test_a_request_that_fails_is_charged_too(world: World) -> None:
    join(world, "a", AVA)
    world.connections._chance = lambda: 0.0
    assert not say(world, "a", action="auth", ticket="guess")["ok"]
    assert world.connections.find("a").allowance.left == CAPACITY - LUMP


def test_what_costs_little_is_not_written_down(world: World) -> None:
    join(world, "a", AVA)
    before = world.items("C#")
    for _ in range(50):
        assert say(world, "a", action="ping")["ok"]
        assert say(world, "a", action="sync", positions=world.log.positions(AVA.rooms))["ok"]
    assert world.items("C#") == before


def test_syncing_again_uses_the_rooms_of_the_directory_as_it_is_now(world: World) -> None:
    join(world, "a", AVA)
    put(world, AVA, team_ids=("south",))
    reply = say(world, "a", action="sync")
    assert "team:south" in reply["rooms"]
    assert world.connections.members("team:north") == []


def test_a_user_who_was_removed_is_told_and_closed_when_they_sync(world: World) -> None:
    join(world, "a", AVA)
    world.directory.remove_user("harbor", "ava")
    reply = say(world, "a", action="sync")
    assert reply["error"]["code"] == "session_expired"
    assert "a" not in world.gateway.open
    assert world.items("M#") == []


def test_moving_someone_to_another_team_closes_their_sockets_at_once(world: World) -> None:
    join(world, "a", AVA)
    join(world, "b", BEN)
    moved = User(user_id="ava", email=AVA.email, name=AVA.name, role="agent", team_ids=("south",))
    world.administration.put_user(ADMIN, moved)
    assert world.gateway.open == {"b"}
    assert [member.connection_id for member in world.connections.members("team:north")] == ["b"]
    world.administration.remove_user(ADMIN, "ben")
    assert world.gateway.open == set()


@pytest.mark.parametrize("act", ["move", "remove"])
def test_an_administrators_call_that_failed_half_way_is_finished_by_repeating_it(world: World, act: str) -> None:
    join(world, "a", AVA)
    moved = User(user_id="ava", email=AVA.email, name=AVA.name, role="agent", team_ids=("south",))

    def administer() -> None:
        if act == "move":
            world.administration.put_user(ADMIN, moved)
        else:
            world.administration.remove_user(ADMIN, "ava")

    forget = world.connections.forget

    def broken(*_arguments: Any, **_named: Any) -> None:
        raise RuntimeError("the table does not answer")

    world.connections.forget = broken
    with pytest.raises(RuntimeError):
        administer()
    world.connections.forget = forget
    assert world.gateway.open == {"a"}
    administer()
    assert world.gateway.open == set()


def test_a_ticket_from_before_a_change_of_teams_does_not_bring_the_team_back(world: World) -> None:
    old_ticket, _ = world.connections.issue_ticket(AVA)
    put(world, AVA, team_ids=("south",))
    join(world, "a", AVA)
    assert say(world, "a", action="auth", ticket=old_ticket)["ok"]
    assert world.connections.members("team:north") == []
    assert [member.connection_id for member in world.connections.members("team:south")] == ["a"]
    assert sorted(say(world, "a", action="ping")["rooms"]) == ["broker:harbor", "team:south", "user:ava"]


def test_an_auth_that_finds_other_rooms_ends_the_session_as_its_reply_could_not_tell_of_them(world: World) -> None:
    join(world, "a", AVA)
    put(world, AVA, team_ids=("south",))  # by an administrator's call that failed before it closed her sockets
    ticket, _ = world.connections.issue_ticket(AVA)
    assert say(world, "a", action="auth", ticket=ticket)["error"]["code"] == "session_expired"
    assert "a" not in world.gateway.open
    assert world.items("M#") == []


def test_whoever_is_moved_to_and_fro_while_syncing_ends_where_the_directory_says(world: World) -> None:
    join(world, "a", AVA)
    put(world, AVA, team_ids=("south",))
    principal = world.directory.bearer

    def moved_back_meanwhile(user_id: str, expires_at: int, **claims: Any) -> Principal:
        found = principal(user_id, expires_at, **claims)
        world.directory.bearer = principal
        back = User(user_id="ava", email=AVA.email, name=AVA.name, role="agent", team_ids=("north",))
        world.administration.put_user(ADMIN, back)  # finds the socket in team north, and closes nothing
        return found

    world.directory.bearer = moved_back_meanwhile
    reply = say(world, "a", action="sync")
    assert sorted(reply["rooms"]) == ["broker:harbor", "team:north", "user:ava"]
    assert world.connections.members("team:south") == []
    assert [member.connection_id for member in world.connections.members("team:north")] == ["a"]


def test_a_ping_before_the_first_sync_tells_of_no_room(world: World) -> None:
    open_socket(world, "a", AVA)
    assert say(world, "a", action="ping")["rooms"] == {}


def test_leaving_a_room_that_fails_half_way_is_finished_by_the_next_sync(world: World) -> None:
    join(world, "a", AVA)
    put(world, AVA, team_ids=("south",))
    transact = world.table.transact

    def broken(writes: Any) -> None:
        raise RuntimeError("the function was stopped")

    world.table.transact = broken
    assert say(world, "a", action="sync")["error"]["code"] == "internal"
    world.table.transact = transact
    assert say(world, "a", action="sync")["ok"]
    assert world.connections.members("team:north") == []
    assert [member.connection_id for member in world.connections.members("team:south")] == ["a"]


def test_a_sync_does_not_undo_an_auth_that_came_in_between(world: World) -> None:
    open_socket(world, "a", AVA)
    before = world.connections.find("a")
    world.connections.extend("a", Principal(**{**AVA.__dict__, "expires_at": AVA.expires_at + 3600}))
    with pytest.raises(errors.Busy):
        world.connections.join(before, AVA)
    assert world.connections.find("a").principal.expires_at == AVA.expires_at + 3600


def test_renaming_someone_leaves_their_sockets_open(world: World) -> None:
    join(world, "a", AVA)
    renamed = User(user_id="ava", email=AVA.email, name="Ava B.", role="agent", team_ids=("north",))
    world.administration.put_user(ADMIN, renamed)
    assert world.gateway.open == {"a"}


# sync


def test_a_first_sync_says_reset_because_it_has_nothing_to_resume(world: World) -> None:
    create(world, 3)
    reply = join(world, "a", AVA)
    assert reply["rooms"]["team:north"] == {"epoch": "epoch-0001", "seq": 3, "reset": True}
    assert world.gateway.commits("a") == []


def test_a_resuming_client_gets_every_missed_commit_in_order_before_the_reply(world: World) -> None:
    create(world, 5)
    open_socket(world, "a", AVA)
    positions = {"team:north": {"epoch": "epoch-0001", "seq": 2}}
    reply = say(world, "a", action="sync", positions=positions)
    assert seqs(world.gateway.commits("a")) == [3, 4, 5]
    assert "reply" in world.gateway.frames("a")[-1]
    assert reply["rooms"]["team:north"] == {"epoch": "epoch-0001", "seq": 5, "reset": False}
    assert reply["more"] is False


def test_a_long_absence_is_replayed_over_several_syncs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "SYNC_COMMITS", 4)
    create(world, 5)
    create(world, 5, visibility="broker")
    open_socket(world, "a", AVA)
    reached = {room: {**head.wire(), "seq": 0} for room, head in world.log.heads(AVA.rooms).items()}
    rounds = 0
    while True:
        reply = say(world, "a", action="sync", positions=reached)
        rounds += 1
        reached = {room: {"epoch": at["epoch"], "seq": at["seq"]} for room, at in reply["rooms"].items()}
        assert not any(at["reset"] for at in reply["rooms"].values())
        if not reply["more"]:
            break
    by_room = {room: [c["seq"] for c in world.gateway.commits("a") if c["room"] == room] for room in reached}
    assert by_room == {"user:ava": [], "team:north": [1, 2, 3, 4, 5], "broker:harbor": [1, 2, 3, 4, 5]}
    assert rounds == 3


def test_a_sync_stops_at_a_number_of_bytes_not_of_characters(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    create(world, 1, notes="\N{HOUSE BUILDING}" * 1_000)  # four bytes each
    create(world, 1, visibility="broker")
    monkeypatch.setattr(sync, "SYNC_BYTES", 3_000)
    open_socket(world, "a", AVA)
    start = {room: {**head.wire(), "seq": 0} for room, head in world.log.heads(AVA.rooms).items()}
    reply = say(world, "a", action="sync", positions=start)
    assert [commit["room"] for commit in world.gateway.commits("a")] == ["team:north"]
    assert (reply["rooms"]["broker:harbor"]["seq"], reply["more"]) == (0, True)


def test_a_sync_whose_frames_do_not_get_through_calls_nothing_reached(world: World) -> None:
    create(world, 3)
    open_socket(world, "a", AVA)
    post, refusals = world.gateway.post, iter([Outcome.FAILED])
    world.gateway.post = lambda deliveries: [{"a": refusal}] if (refusal := next(refusals, None)) else post(deliveries)
    asked = {"team:north": {"epoch": "epoch-0001", "seq": 1}}
    reply = say(world, "a", action="sync", positions=asked)
    assert (reply["rooms"]["team:north"]["seq"], reply["more"]) == (1, True)
    reply = say(world, "a", action="sync", positions=asked)
    assert (reply["rooms"]["team:north"]["seq"], reply["more"]) == (3, False)
    assert seqs(world.gateway.commits("a")) == [2, 3]


def test_syncing_again_writes_nothing_when_the_rooms_are_the_same(world: World) -> None:
    join(world, "a", AVA)
    before = world.items("C#") + world.items("M#")
    world.clock.advance(1)

    def refuse(writes: Any) -> None:
        raise AssertionError(f"nothing had to be written: {writes}")

    world.table.transact = refuse
    assert say(world, "a", action="sync")["ok"]
    assert world.items("C#") + world.items("M#") == before


def test_positions_of_rooms_that_are_not_ones_own_are_ignored(world: World) -> None:
    create(world, 2, who=MIA)
    open_socket(world, "a", AVA)
    head = world.log.heads(["team:south"])["team:south"]
    reply = say(world, "a", action="sync", positions={"team:south": {"epoch": head.epoch, "seq": 0}})
    assert "team:south" not in reply["rooms"]
    assert world.gateway.commits("a") == []


def test_a_commit_between_joining_and_replaying_is_not_lost(world: World) -> None:
    create(world, 1)
    open_socket(world, "a", AVA)
    heads = world.log.heads

    def slow_heads(rooms):
        found = heads(rooms)
        world.log.heads = heads
        create(world, 1)  # after the head was read: it must find the member
        world.deliver(stream(world)[-1:])
        return found

    world.log.heads = slow_heads
    say(world, "a", action="sync", positions={"team:north": {"epoch": "epoch-0001", "seq": 0}})
    assert sorted(seqs(world.gateway.commits("a"))) == [1, 2]


# ping, auth and bad input


def test_a_ping_tells_where_every_room_is(world: World) -> None:
    join(world, "a", AVA)
    create(world, 2)
    reply = say(world, "a", action="ping")
    assert (reply["ok"], reply["rooms"]["team:north"]["seq"]) == (True, 2)


def test_a_new_ticket_prolongs_the_connection_and_its_memberships(world: World) -> None:
    join(world, "a", AVA)
    longer = Principal(**{**AVA.__dict__, "expires_at": AVA.expires_at + 3600})
    ticket, _ = world.connections.issue_ticket(longer)
    assert say(world, "a", action="auth", ticket=ticket)["sessionExpiresAt"] == "2026-03-02T14:00:00.000Z"
    world.clock.advance(5400)
    assert say(world, "a", action="ping")["ok"]
    create(world, 1)
    world.deliver(stream(world))
    assert seqs(world.gateway.commits("a")) == [1]


def test_a_socket_that_has_not_joined_yet_can_be_prolonged_too(world: World) -> None:
    open_socket(world, "a", AVA)
    ticket, _ = world.connections.issue_ticket(AVA)
    assert say(world, "a", action="auth", ticket=ticket)["ok"]
    assert world.items("M#") == []


def test_someone_elses_ticket_does_not_prolong_and_is_not_used_up(world: World) -> None:
    join(world, "a", AVA)
    ticket, _ = world.connections.issue_ticket(BEN)
    assert say(world, "a", action="auth", ticket=ticket)["error"]["code"] == "ticket_invalid"
    assert world.connections.redeem(ticket) == BEN


def test_an_older_ticket_does_not_shorten_the_session(world: World) -> None:
    join(world, "a", AVA)
    ends = clock.to_wire(clock.from_seconds(AVA.expires_at))
    older, _ = world.connections.issue_ticket(replace(AVA, expires_at=AVA.expires_at - 1_000))
    assert say(world, "a", action="auth", ticket=older)["sessionExpiresAt"] == ends
    assert world.connections.find("a").principal.expires_at == AVA.expires_at


def test_an_expired_session_is_answered_once_and_closed(world: World) -> None:
    join(world, "a", AVA)
    world.clock.advance(3600)
    reply = say(world, "a", action="ping")
    assert (reply["ok"], reply["error"]["code"]) == (False, "session_expired")
    assert "a" not in world.gateway.open


@pytest.mark.parametrize(
    ("frame", "reply", "code"),
    [
        ("nonsense", None, "bad_frame"),
        ("[1]", None, "bad_frame"),
        ('{"action": "ping", "id": "7", "id": "8"}', None, "bad_frame"),
        ('\ufeff{"action": "ping", "id": "7"}', None, "bad_frame"),
        *(
            (
                json.dumps({"id": "7", "action": "sync", "positions": {"team:north": {"epoch": "e", "seq": seq}}}),
                "7",
                "invalid_message",
            )
            for seq in ("1", True, 1.0, None)
        ),
        ("[" * 5_000, None, "bad_frame"),
        ('{"id": "\\ud800", "action": "ping"}', None, "invalid_message"),
        ('{"id": "7"}', "7", "unknown_action"),
        ('{"id": "7", "action": "explode"}', "7", "unknown_action"),
        ('{"id": "7", "action": ["sync"]}', "7", "unknown_action"),
        ('{"action": "ping"}', None, "invalid_message"),
        ('{"id": 7, "action": "ping"}', None, "invalid_message"),
        ('{"id": "7", "action": "ping", "extra": 1}', "7", "invalid_message"),
        ('{"id": "7", "action": "auth"}', "7", "invalid_message"),
        ('{"id": "7", "action": "auth", "ticket": "guess"}', "7", "ticket_invalid"),
        (
            '{"id": "7", "action": "sync", "positions": {"team:north": {"epoch": "e", "seq": -1}}}',
            "7",
            "invalid_message",
        ),
        ('{"id": "7", "action": "ping", "pad": "' + "x" * 33_000 + '"}', None, "frame_too_large"),
    ],
)
def test_a_bad_frame_gets_one_reply_and_changes_nothing(world: World, frame: str, reply: str | None, code: str) -> None:
    join(world, "a", AVA)
    before = world.items("M#")
    world.messages.receive("a", frame)
    assert len(world.gateway.replies("a")) == 2
    answer = world.gateway.replies("a")[-1]
    assert (answer["reply"], answer["ok"], answer["error"]["code"]) == (reply, False, code)
    assert world.items("M#") == before
    assert "a" in world.gateway.open


def test_an_unexpected_failure_is_answered_without_its_cause(world: World) -> None:
    join(world, "a", AVA)
    world.client.delete_table(TableName="openhouse")
    reply = say(world, "a", action="ping")
    assert reply["error"] == {"code": "internal", "message": "try again; the cause has been logged", "retryable": True}


def test_who_is_removed_hears_nothing_of_what_is_committed_next_and_their_sockets_are_closed(world: World) -> None:
    for id_, who in (("a", AVA), ("a2", AVA), ("b", BEN)):
        join(world, id_, who)
    root = principal("root", role="admin")
    world.gateway.posted.clear()
    world.administration.remove_user(root, "ava")
    create(world, who=BEN)
    world.deliver(stream(world))
    assert world.gateway.commits("b") != []
    assert (world.gateway.commits("a"), world.gateway.commits("a2")) == ([], [])
    assert world.gateway.open == {"b"}


@pytest.mark.parametrize(
    "message",
    [
        {"action": "presence", "active": True},
        {"action": "sync"},
        {"action": "lock", "noun": "escrow", "recordId": "x"},
        {"action": "unlock", "noun": "escrow", "recordId": "x", "token": 1},
        {"action": "view", "noun": "escrow", "recordId": "x"},
    ],
    ids=lambda message: message["action"],
)
def test_a_socket_of_somebody_who_was_removed_before_it_joined_says_nothing(world: World, message: Any) -> None:
    """No member row told that it was there, so nobody has closed it."""
    open_socket(world, "a", AVA)
    world.administration.remove_user(principal("root", role="admin"), "ava")
    reply = say(world, "a", **message)
    assert reply["error"]["code"] in ("session_expired", "not_found")
    assert world.items("V#") == []


def test_a_ticket_that_a_page_asked_for_opens_a_socket_for_that_page_alone(world: World) -> None:
    page = "https://app.example"
    ticket, _ = world.connections.issue_ticket(AVA, origin=page)
    for other in (None, "", "null", "https://evil.test", "https://app.example.evil.test", "http://app.example"):
        with pytest.raises(TicketInvalid):
            world.connections.redeem(ticket, origin=other)
    assert world.connections.redeem(ticket, origin=page) == AVA
    with pytest.raises(TicketInvalid):
        world.connections.redeem(ticket, origin=page)


def test_a_ticket_that_no_page_asked_for_opens_one_as_before(world: World) -> None:
    for origin in (None, "https://app.example"):
        ticket, _ = world.connections.issue_ticket(AVA)
        assert world.connections.redeem(ticket, origin=origin) == AVA


def test_the_ticket_of_a_browsers_request_remembers_its_page(world: World) -> None:
    status, told, _ = call(world, "POST", "/realtime/tickets", headers={"Origin": "https://app.example"})
    assert status == 201
    with pytest.raises(TicketInvalid):
        world.connections.redeem(told["ticket"], origin="https://evil.test")
    assert world.connections.redeem(told["ticket"], origin="https://app.example") == AVA
