"""Who is there, from what sockets tell to what a brokerage's room is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from openhouse.api.sockets import SocketApi
from openhouse.collaboration.chain import NEVER, Chain
from openhouse.collaboration.sightings import Sighting
from openhouse.core import clock
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.identity import authorizer_context
from openhouse.storage.keys import chain_key, connection_key
from openhouse.storage.writes import PRESENT, Update
from tests.fakes import AVA, BEN, DANA, MIA, principal
from tests.functional.attendance import ROOM, Devices, listed, statuses, told
from tests.functional.conftest import World
from tests.functional.logs import commits, texts
from tests.functional.sockets import found, join, put, say, stream
from tests.functional.test_http import call

ROOT = principal("root", role="admin")
CHAIN = chain_key("presence", "harbor")


@pytest.fixture
def world() -> World:
    made = World.in_memory()
    found(made)
    return made


@pytest.fixture
def devices(world: World) -> Devices:
    return Devices(world)


def test_the_first_connection_is_told_at_once_to_the_brokerage_and_to_nobody_else(
    world: World, devices: Devices
) -> None:
    devices.come("a", AVA)
    world.wait(0)
    (commit,) = commits(world, ROOM)
    (event,) = commit["events"]
    assert event["type"] == "user:presence:online"
    assert event["data"]["presence"] == {
        "id": "ava",
        "version": 1,
        "room": ROOM,
        "updatedAt": "2026-03-02T12:00:00.000Z",
        "updatedBy": "ava",
        "status": "online",
        "since": "2026-03-02T12:00:00.000Z",
    }
    assert commit["by"] == "openhouse:presence"
    assert listed(world)["ava"] == event["data"]["presence"]
    assert [commits(world, room) for room in AVA.rooms if room != ROOM] == [[], []]


def test_who_is_in_the_brokerages_room_hears_of_it(world: World, devices: Devices) -> None:
    devices.come("b", BEN)
    world.wait(0)
    devices.come("a", AVA)
    devices.pass_(3)
    world.deliver(stream(world))
    heard = [event["data"]["presenceId"] for commit in world.gateway.commits("b") for event in commit["events"]]
    assert heard == ["ben", "ava"]


@pytest.mark.parametrize("noticed", [True, False])
def test_a_blip_shows_nothing(world: World, devices: Devices, noticed: bool) -> None:
    """Whether API Gateway notices that the socket is lost, or not."""
    devices.come("a1", AVA)
    devices.pass_(60)
    before = listed(world)
    if noticed:
        devices.close("a1")
    else:
        devices.fall_silent("a1")
    devices.pass_(14)
    devices.come("a2", AVA)
    devices.pass_(120)
    assert told(world) == [("online", "ava")]
    assert listed(world) == before


def test_whoever_closes_the_last_socket_is_offline_after_15_seconds(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    devices.pass_(60)
    devices.close("a")
    devices.pass_(14.5)
    assert statuses(world) == {"ava": "online"}
    devices.pass_(3.5)
    assert listed(world)["ava"] == {
        "id": "ava",
        "version": 2,
        "room": ROOM,
        "updatedAt": "2026-03-02T12:01:15.000Z",
        "updatedBy": "ava",
        "status": "offline",
        "since": "2026-03-02T12:01:00.000Z",
        "lastSeen": "2026-03-02T12:01:00.000Z",
    }


@pytest.mark.parametrize("since_last_beat", [0, 12, 24.9])
def test_whoever_loses_power_is_offline_within_45_seconds(
    world: World, devices: Devices, since_last_beat: float
) -> None:
    """Though API Gateway never tells of an end."""
    devices.come("b", BEN)
    devices.pass_(7)
    devices.come("a", AVA)
    devices.pass_(50 + since_last_beat)
    devices.fall_silent("a")
    devices.pass_(40 - since_last_beat - 0.1)
    assert statuses(world)["ava"] == "online"
    devices.pass_(since_last_beat + 5)
    assert statuses(world) == {"ava": "offline", "ben": "online"}
    assert listed(world)["ava"]["lastSeen"] == "2026-03-02T12:00:57.000Z"


def test_several_devices_are_one_person(world: World, devices: Devices) -> None:
    devices.come("phone", AVA)
    devices.come("laptop", AVA)
    devices.pass_(30)
    devices.beat("laptop", active=False)
    devices.pass_(30)
    devices.close("laptop")
    devices.pass_(60)
    assert told(world) == [("online", "ava")]
    devices.fall_silent("phone")
    devices.pass_(45)
    assert told(world) == [("online", "ava"), ("offline", "ava")]


def test_away_is_whoever_uses_none_of_their_devices(world: World, devices: Devices) -> None:
    devices.come("phone", AVA)
    devices.come("laptop", AVA)
    devices.pass_(30)
    devices.beat("phone", active=False)
    devices.pass_(30)
    assert statuses(world) == {"ava": "online"}
    devices.beat("laptop", active=False)
    devices.pass_(3)
    assert (listed(world)["ava"]["status"], listed(world)["ava"]["since"]) == ("away", "2026-03-02T12:01:00.000Z")
    devices.beat("phone", active=True)
    devices.pass_(3)
    assert (listed(world)["ava"]["status"], listed(world)["ava"]["since"]) == ("online", "2026-03-02T12:01:03.000Z")
    assert "lastSeen" not in listed(world)["ava"]
    devices.close("phone")
    devices.pass_(20)
    assert (listed(world)["ava"]["status"], listed(world)["ava"]["since"]) == ("away", "2026-03-02T12:01:06.000Z")


def test_a_new_socket_of_somebody_who_is_away_can_say_so_before_it_joins(world: World, devices: Devices) -> None:
    devices.come("a1", AVA)
    devices.beat("a1", active=False)
    devices.pass_(10)
    world.gateway.open.add("a2")
    world.connections.connect("a2", AVA)
    devices.beat("a2", active=False)
    assert say(world, "a2", action="sync")["ok"]
    devices.close("a1")
    devices.pass_(60)
    assert [status for status, _ in told(world)] == ["away"]  # it said so before anybody was told


def test_a_beat_is_one_small_write(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    devices.pass_(60)
    written: list[tuple[Any, Any]] = []
    world.table.told = lambda old, new: written.append((old, new))  # type: ignore[attr-defined]
    timers = len(world.timers.waiting)
    assert devices.beat("a") == {"reply": "1", "ok": True}
    ((old, new),) = written
    assert {name for name in new if new[name] != old[name]} <= {"seen_at", "ttl"}
    assert len(str(new)) < 300
    assert len(world.timers.waiting) == timers


def test_a_beat_that_comes_late_or_twice_revives_nobody(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    devices.pass_(30)
    devices.close("a")
    for _ in range(2):
        world.attendance.beat("a", AVA, active=True)
    devices.pass_(20)
    assert statuses(world) == {"ava": "offline"}


def test_an_end_that_is_told_late_or_twice_counts_once(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    devices.pass_(10)
    devices.fall_silent("a")
    for _ in range(2):
        world.sightings.gone("harbor", "ava", "a")
        world.attendance.left("a", AVA)
        devices.pass_(7)
    devices.pass_(3)
    assert listed(world)["ava"]["lastSeen"] == "2026-03-02T12:00:10.000Z"
    world.sightings.gone("harbor", "ava", "a")
    assert world.items("V#") == []


def test_an_end_of_which_nobody_knows_a_beginning_leaves_nothing_behind(world: World) -> None:
    context = authorizer_context.socket_context(AVA)
    request = {"eventType": "DISCONNECT", "connectionId": "a", "authorizer": context}
    SocketApi(world, world.messages).handle({"requestContext": request})
    assert world.items("V#") + world.items("Q#") == []
    assert world.timers.waiting == []


def test_a_socket_that_a_post_found_gone_is_noted_though_its_end_is_told_later(world: World, devices: Devices) -> None:
    devices.come("b", BEN)
    devices.come("a", AVA)
    devices.pass_(3)
    world.gateway.open.discard("a")
    world.deliver(stream(world))
    assert world.table.get(connection_key("a")) is None
    devices.close("a")
    devices.pass_(40)
    assert statuses(world) == {"ava": "offline", "ben": "online"}


def test_api_gateway_knows_whose_a_socket_was_that_is_forgotten_already(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    devices.pass_(3)
    devices.fall_silent("a")
    world.connections.forget("a")
    context = authorizer_context.socket_context(AVA)
    request = {"eventType": "DISCONNECT", "connectionId": "a", "authorizer": context}
    SocketApi(world, world.messages).handle({"requestContext": request})
    devices.pass_(18)
    assert statuses(world) == {"ava": "offline"}


def test_somebody_of_whom_nothing_was_heard_for_a_while_comes_back_with_their_next_beat(
    world: World, devices: Devices
) -> None:
    """Their machine slept: the socket is the same."""
    devices.come("a", AVA)
    devices.pass_(30)
    devices.fall_silent("a")
    devices.pass_(60)
    assert statuses(world) == {"ava": "offline"}
    devices.beat("a")
    devices.pass_(1)
    assert told(world) == [("online", "ava"), ("offline", "ava"), ("online", "ava")]


def test_a_brokerage_with_nobody_there_has_no_timers(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    devices.pass_(100)
    devices.close("a")
    devices.pass_(120)
    assert world.timers.waiting == []
    assert world.items("V#") == []
    link = world.table.get(CHAIN)
    assert link is not None
    assert link["due"] == NEVER


def test_changes_within_a_moment_are_one_commit(world: World, devices: Devices) -> None:
    put(world, DANA, role="broker")
    devices.come("a", AVA)
    devices.pass_(5)
    for connection, who in (("b", BEN), ("m", MIA), ("d", DANA)):
        devices.come(connection, who)
        world.wait(0.5)
    devices.pass_(2)
    assert [len(commit["events"]) for commit in commits(world, ROOM)] == [1, 1, 2]  # Ben, who was first, at once
    for connection in ("b", "m", "d"):
        devices.close(connection)
    devices.pass_(20)
    assert [len(commit["events"]) for commit in commits(world, ROOM)] == [1, 1, 2, 3]


def test_somebodys_end_waits_for_others_to_be_told_of_for_3_seconds_at_most(world: World, devices: Devices) -> None:
    devices.come("b", BEN)
    devices.come("a", AVA)
    devices.pass_(30)
    later = clock.milliseconds(world.clock()) + 3_600_000
    world.table.write(Update(CHAIN, {"not_before": later}, PRESENT))
    devices.come("m", MIA)
    devices.close("a")
    devices.pass_(18.5)
    assert listed(world)["ava"]["lastSeen"] == "2026-03-02T12:00:30.000Z"
    assert statuses(world)["mia"] == "online"  # in the same commit


def test_more_than_fits_into_a_commit_is_told_in_several(world: World) -> None:
    for number in range(250):
        who = principal(f"u{number:03d}")
        put(world, who)
        world.attendance.joined(f"c{number}", who)
    world.wait(5)
    sizes = [len(commit["events"]) for commit in commits(world, ROOM)]
    assert sizes == [98, 98, 54]
    assert all(len(text) < 32 * 1024 for text in texts(world, ROOM))


# Timers ---------------------------------------------------------------------------------------------------------------


def test_a_timer_that_comes_twice_or_late_changes_nothing(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    seen = [*world.timers.waiting]
    devices.pass_(30)
    seen += world.timers.waiting
    devices.pass_(120)
    waiting = [*world.timers.waiting]
    for timer in [*seen, *seen]:
        world.presence.run(timer)
    assert world.timers.waiting == waiting
    assert told(world) == [("online", "ava")]


def test_a_timer_that_comes_early_only_looks(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    devices.pass_(1)
    devices.close("a")
    for _ in range(3):
        timers, world.timers.waiting = [*world.timers.waiting], []
        for timer in timers:
            world.presence.run(timer)
    assert told(world) == [("online", "ava")]
    devices.pass_(16)
    assert told(world) == [("online", "ava"), ("offline", "ava")]


def test_one_chain_of_timers_is_enough_however_many_come(world: World, devices: Devices) -> None:
    for number in range(20):
        devices.come(f"{number}", (AVA, BEN, MIA)[number % 3])
        devices.pass_(0.3)
    devices.pass_(120)
    assert len({timer.text() for timer in world.timers.waiting}) == 1
    assert len(world.timers.waiting) == 1


def test_a_chain_that_is_broken_begins_again_with_the_next_beat(world: World, devices: Devices) -> None:
    devices.come("b", BEN)
    devices.come("a", AVA)
    devices.pass_(30)
    devices.fall_silent("a")
    world.timers.waiting.clear()  # the queue has lost it
    devices.pass_(100)
    assert statuses(world) == {"ava": "offline", "ben": "online"}
    assert len(world.timers.waiting) == 1


def test_a_chain_that_is_broken_begins_again_with_whoever_comes(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    devices.pass_(30)
    devices.fall_silent("a")
    world.timers.waiting.clear()
    devices.pass_(3600 - 60)
    assert statuses(world) == {"ava": "online"}  # nobody is there to see it
    devices.come("b", BEN)
    devices.pass_(1)
    assert statuses(world) == {"ava": "offline", "ben": "online"}


def test_a_chain_whose_item_is_lost_begins_again(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    devices.pass_(30)
    world.table.drop(CHAIN)  # type: ignore[attr-defined]
    devices.close("a")
    devices.pass_(20)
    assert statuses(world) == {"ava": "offline"}


def test_a_queue_that_takes_no_timer_keeps_nobody_out(world: World, devices: Devices) -> None:
    class Closed:
        def set(self, _timers: Any) -> None:
            raise OSError("SQS did not take 1 of 1 timers")

    timers = world.timers
    world.timers = Closed()  # type: ignore[assignment]
    assert join(world, "a", AVA)["ok"]
    assert devices.beat("a")["error"]["code"] == "internal"
    world.timers = timers
    devices.pass_(30)
    assert statuses(world) == {"ava": "online"}


# Races ----------------------------------------------------------------------------------------------------------------


def other_first(service: Any, name: str, other: Callable[[], object]) -> None:
    """The next time that the service does this, the other goes first."""
    real = getattr(service, name)

    def raced(*arguments: Any, **options: Any) -> Any:
        setattr(service, name, real)
        other()
        return real(*arguments, **options)

    setattr(service, name, raced)


def test_two_reconcilers_at_once_tell_everything_once(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    devices.come("b", BEN)
    (timer,) = world.timers.waiting
    world.timers.waiting = []
    for name in ("of", "drop"):
        other_first(world.sightings, name, lambda: world.presence.run(timer))
        world.presence.run(timer)
    devices.pass_(60)
    assert sorted(told(world)) == [("online", "ava"), ("online", "ben")]
    assert len(world.timers.waiting) == 1


def test_whoever_comes_while_a_run_looks_is_told_soon(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    devices.pass_(30)
    (timer,) = world.timers.waiting
    world.clock.at = timer.due
    chain: Chain = world.presence._chain
    other_first(chain, "finish", lambda: devices.come("b", BEN))
    world.timers.waiting = []
    world.presence.run(timer)
    devices.pass_(3)
    assert statuses(world) == {"ava": "online", "ben": "online"}
    devices.pass_(60)
    assert len(world.timers.waiting) == 1


def test_a_run_that_dies_is_made_up_for_by_the_timer_that_comes_again(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    devices.pass_(5)
    devices.fall_silent("a")
    (timer,) = world.timers.waiting
    world.timers.waiting = []
    world.clock.advance(50)

    def die() -> None:
        raise RuntimeError("for a test")

    other_first(world.presence._chain, "finish", die)
    with pytest.raises(RuntimeError):
        world.presence.run(timer)
    world.presence.run(timer)
    assert told(world) == [("online", "ava"), ("offline", "ava")]
    assert world.items("V#") == []


def test_a_beat_that_overtakes_the_end_of_its_sighting_is_told_soon(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    devices.pass_(5)
    devices.fall_silent("a")
    other_first(world.sightings, "drop", lambda: devices.beat("a"))
    devices.pass_(60)
    assert told(world) == [("online", "ava"), ("offline", "ava"), ("online", "ava")]


# People who are removed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["online", "offline"])
def test_nothing_is_told_of_somebody_who_is_removed(world: World, devices: Devices, before: str) -> None:
    put(world, ROOT, role="admin")
    devices.come("b", BEN)
    devices.come("a", AVA)
    devices.pass_(3)
    if before == "offline":
        devices.close("a")
        devices.pass_(20)
    assert statuses(world)["ava"] == before
    world.administration.remove_user(ROOT, "ava")
    if before == "online":
        devices.fall_silent("a")
    assert statuses(world) == {"ben": "online"}
    assert told(world)[-1] == ("offline", "ava")
    count = len(told(world))
    devices.come("m", MIA)
    devices.pass_(120)
    assert (statuses(world), told(world)[count:]) == ({"ben": "online", "mia": "online"}, [("online", "mia")])


def test_somebody_who_is_added_again_is_seen_again(world: World, devices: Devices) -> None:
    put(world, ROOT, role="admin")
    devices.come("a1", AVA)
    devices.pass_(3)
    world.administration.remove_user(ROOT, "ava")
    devices.fall_silent("a1")
    devices.pass_(60)
    put(world, AVA)
    devices.come("a2", AVA)
    devices.pass_(3)
    assert listed(world, BEN)["ava"]["version"] == 3


# Others who want to know ----------------------------------------------------------------------------------------------


def listening(world: World, listener: Callable[[str, list[Sighting]], None]) -> None:
    world.gone_listeners = (listener,)  # type: ignore[assignment]


def test_others_are_told_of_each_connection_that_is_gone(world: World, devices: Devices) -> None:
    gone: list[tuple[str, str, str]] = []
    listening(world, lambda brokerage, lapsed: gone.extend((brokerage, s.user_id, s.connection_id) for s in lapsed))
    devices.come("phone", AVA)
    devices.come("laptop", AVA)
    devices.pass_(10)
    devices.close("phone")
    devices.pass_(14)
    assert gone == []
    devices.pass_(4)
    assert gone == [("harbor", "ava", "phone")]
    devices.fall_silent("laptop")
    devices.pass_(45)
    assert gone == [("harbor", "ava", "phone"), ("harbor", "ava", "laptop")]


def test_a_listener_that_fails_hears_of_them_again_and_stops_nobody(world: World, devices: Devices) -> None:
    heard: list[int] = []

    def listener(_brokerage: str, lapsed: list[Sighting]) -> None:
        heard.append(len(lapsed))
        if len(heard) == 1:
            raise RuntimeError("for a test")

    listening(world, listener)
    devices.come("a", AVA)
    devices.pass_(10)
    devices.close("a")
    devices.pass_(17)
    assert statuses(world) == {"ava": "offline"}
    assert heard == [1]
    devices.pass_(10)
    assert heard == [1, 1]
    assert world.items("V#") == []


# The list, and DynamoDB itself ----------------------------------------------------------------------------------------


def test_a_list_reads_the_brokerages_room_alone(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    world.wait(0)
    asked: list[str] = []
    query = world.table.query

    def noted(pk: str, *rest: Any, **options: Any) -> Any:
        asked.append(pk)
        return query(pk, *rest, **options)

    world.table.query = noted
    put(world, DANA, role="broker")
    assert listed(world, DANA).keys() == {"ava"}
    assert [pk for pk in asked if pk.startswith("E#")] == [f"E#{ROOM}"]


def test_another_brokerage_sees_nobody(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    world.wait(0)
    stranger = principal("zed", "west", brokerage_id="other")
    assert call(world, "GET", "/presence", who=stranger)[1]["items"] == []


def test_all_of_it_works_over_dynamodb(dynamodb: Any) -> None:
    world = World(dynamodb)
    found(world)
    devices = Devices(world)
    devices.come("a", AVA)
    devices.come("b", BEN)
    devices.pass_(30)
    devices.beat("a", active=False)
    devices.pass_(5)
    assert statuses(world) == {"ava": "away", "ben": "online"}
    devices.close("b")
    devices.fall_silent("a")
    devices.pass_(60)
    assert statuses(world) == {"ava": "offline", "ben": "offline"}
    assert (world.items("V#"), world.timers.waiting) == ([], [])
    put(world, ROOT, role="admin")
    assert call(world, "DELETE", "/directory/users/ben", who=ROOT)[0] == 204
    assert statuses(world) == {"ava": "offline"}


# Silent beats, and views that are beats -------------------------------------------------------------------------------


def test_a_silent_beat_counts_and_is_answered_only_if_it_is_refused(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    devices.fall_silent("a")
    world.wait(0)
    for _ in range(4):
        world.wait(25)
        answered = len(world.gateway.replies("a"))
        say(world, "a", action="presence", active=True, silent=True)
        assert len(world.gateway.replies("a")) == answered
    assert statuses(world) == {"ava": "online"}
    refused = say(world, "a", id="9", action="presence", active="perhaps", silent=True)
    assert (refused["reply"], refused["error"]["code"]) == ("9", "invalid_message")


def test_who_says_what_they_look_at_has_beaten_too(world: World, devices: Devices) -> None:
    record = world.records.create(ESCROWS, AVA, {"propertyAddress": "1 Main St"})
    looks = {"action": "view", "noun": "escrow", "recordId": record["id"]}
    devices.come("a", AVA)
    devices.fall_silent("a")
    for _ in range(4):
        world.wait(25)
        assert say(world, "a", **looks, active=True)["ok"]
    assert statuses(world) == {"ava": "online"}
    assert say(world, "a", **looks, active=False)["ok"]
    world.wait(5)
    assert statuses(world) == {"ava": "away"}
    for _ in range(2):
        world.wait(25)
        assert say(world, "a", **looks)["ok"]  # as one who does not say so
    assert statuses(world) == {"ava": "offline"}


def test_a_beat_that_is_read_a_moment_late_ends_no_session(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as right after the socket was opened, or its token prolonged."""
    join(world, "a", AVA)
    get = world.table.get
    monkeypatch.setattr(world.table, "get", lambda key, *, consistent=True: get(key) if consistent else None)
    assert say(world, "a", action="presence", active=True)["ok"]

    def before(key: Any, *, consistent: bool = True) -> Any:
        item = get(key)
        return item if consistent or item is None or "expires_at" not in item else {**item, "expires_at": 0}

    monkeypatch.setattr(world.table, "get", before)
    assert say(world, "a", action="presence", active=True)["ok"]


def test_a_beat_begins_a_broken_chain_anew_however_late_it_was_read(world: World, devices: Devices) -> None:
    devices.come("a", AVA)
    world.wait(0)
    world.timers.waiting.clear()  # lost
    world.clock.advance(60)
    say(world, "a", action="presence", active=True)
    assert world.timers.waiting
