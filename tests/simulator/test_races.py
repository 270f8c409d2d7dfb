"""Histories that once failed, by hand: the moment in which someone else must act, and what must come of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from openhouse.storage.keys import Item, connection_key
from tests.simulator.administrators import ADMIN
from tests.simulator.brokerages import PEOPLE
from tests.simulator.checks import Checks
from tests.simulator.choices import Choices
from tests.simulator.device import Device
from tests.simulator.log import nobody
from tests.simulator.sockets import Socket
from tests.simulator.view import rooms_of
from tests.simulator.world import DEAL, World

AVA, BEN, *_ = PEOPLE["harbor"]


@pytest.fixture
def world():
    world = World(Choices(given=[]), lambda _words: None)
    world.functions.calm = True
    return world


def connected(world: World, user_id: str, socket_id: str = "socket") -> tuple[Device, Socket]:
    device = Device(user_id, user_id, DEAL.noun, nobody, capacity=8)
    device.ever = {"team:north", "team:south", *rooms_of(world, user_id)}
    socket = Socket(socket_id, device)
    principal = world.directory.principal(user_id, int(world.clock.now.timestamp()) + 3600)
    ticket, _ = world.connections.issue_ticket(principal)
    world.connections.connect(socket.id, world.connections.redeem(ticket))
    world.sockets.all[socket.id] = socket
    device.connected(socket)
    return device, socket


def before(world: World, step: str, count: int, do: Callable[[], object]) -> None:
    """Before that step comes for the count-th time, once."""
    left = [count]

    def hook(this: str) -> None:
        left[0] -= this == step
        if left[0] == 0 and this == step:
            world.table.before = lambda _step: None
            do()

    world.table.before = hook


def test_who_is_moved_back_while_a_sync_moves_them_away_is_where_the_directory_says(world):
    device, socket = connected(world, "ben")
    world.administration.put_user(ADMIN, replace(BEN, team_ids=("south",)))
    before(world, "transact", 2, lambda: world.administration.put_user(ADMIN, BEN))
    device.send_sync()
    world.messages.receive(socket.id, socket.up.pop())
    row = world.table.peek(connection_key(socket.id))
    assert not socket.open or (row is not None and tuple(row["rooms"]) == rooms_of(world, "ben"))


def test_who_is_given_a_team_by_a_call_that_breaks_off_hears_of_it_when_it_is_repeated(world):
    device, socket = connected(world, "ava")
    device.send_sync()
    world.messages.receive(socket.id, socket.up.pop())
    more = replace(AVA, team_ids=("north", "south"))
    world.directory.put_user("harbor", more)  # and then the function died
    ticket, _ = world.connections.issue_ticket(
        world.directory.principal("ava", int(world.clock.now.timestamp()) + 7200)
    )
    device.send_auth(ticket)
    world.messages.receive(socket.id, socket.up.pop())
    world.administration.put_user(ADMIN, more)
    assert not socket.open


def test_a_list_from_a_moment_in_another_room_leaves_nothing_of_that_room_behind(world):
    device, socket = connected(world, "ben")
    record = world.records.create(DEAL, world.directory.principal("ava", 0), {"city": "Davis"})
    world.administration.put_user(ADMIN, replace(BEN, team_ids=()))
    device, socket = connected(world, "ben")
    device.send_sync()
    world.messages.receive(socket.id, socket.up.pop())
    device.receive(socket.down.pop())
    (request,) = device.requests
    rooms = ("user:ben", "team:north", "broker:harbor")  # for as long as the list took to read
    request.answer = {"items": [record], "positions": world.log.positions(rooms)}
    device.take(request)
    assert device.cache.all(DEAL.noun) == {}


def watching(world: World, user_id: str, socket_id: str = "socket") -> tuple[Device, Socket]:
    """Somebody who has everything."""
    device, socket = connected(world, user_id, socket_id)
    device.send_sync()
    world.messages.receive(socket.id, socket.up.pop())
    device.receive(socket.down.pop())
    (request,) = device.requests
    request.answer = {"items": [], "positions": world.log.positions(rooms_of(world, user_id))}
    device.take(request)
    return device, socket


def comes_back(world: World, device: Device) -> tuple[Device, Socket]:
    """On another socket, which is in no room yet."""
    device.disconnected()
    socket = Socket("another", device)
    principal = world.directory.principal(device.user_id, int(world.clock.now.timestamp()) + 3600)
    ticket, _ = world.connections.issue_ticket(principal)
    world.connections.connect(socket.id, world.connections.redeem(ticket))
    world.sockets.all[socket.id] = socket
    device.connected(socket)
    return device, socket


def open_both_lanes(world: World) -> None:
    world.lane.open = True
    checks = Checks(world)  # which feeds the stream

    def told(old: Item | None, new: Item | None) -> None:
        if new is not None and new["pk"].startswith("L#"):
            checks.told(old, new)

    world.table.told = told


def fan_out(world: World) -> None:
    assert world.stream.waiting
    for shard in world.stream.waiting:
        world.stream.invoke(shard)


def cities(device: Device) -> list[str]:
    return [record["city"] for record in device.cache.all(DEAL.noun).values()]


def test_who_joins_when_the_fast_lane_has_looked_hears_of_the_commit_by_their_sync(world):
    open_both_lanes(world)
    watching(world, "ava")
    ben, socket = watching(world, "ben", "late")
    world.connections.forget("late")  # API Gateway has closed it
    ben, socket = comes_back(world, ben)
    world.records.create(DEAL, world.directory.principal("ava", 0), {"city": "Davis"})

    def join() -> None:
        ben.send_sync()
        text = socket.up.pop()
        world.functions.invoke("messages", lambda: world.messages.receive(socket.id, text))

    before(world, "write", 1, join)  # the members are read, and the mark is to be written
    world.lane.invoke()
    fan_out(world)
    while socket.down:
        ben.receive(socket.down.pop(0))
    assert cities(ben) == ["Davis"]
    assert not [posted for posted, _ in world.sockets.posts if posted == socket.id]  # it came by his sync alone


def test_a_commit_that_overtakes_another_by_the_fast_lane_waits_for_the_stream_without_a_sync(world):
    open_both_lanes(world)
    device, socket = watching(world, "ava")
    for city in ("Davis", "Chico"):
        world.records.create(DEAL, world.directory.principal("ava", 0), {"city": city})
    del world.lane.waiting[0]
    world.lane.invoke()
    device.receive(socket.down.pop(0))
    assert cities(device) == []
    fan_out(world)
    device.receive(socket.down.pop(0))
    assert cities(device) == ["Davis", "Chico"]
    assert socket.down == []
    assert not device.feed.behind


def test_a_frame_that_overtakes_another_waits_for_it(world):
    device, socket = connected(world, "ava")
    device.send_sync()
    world.messages.receive(socket.id, socket.up.pop())
    device.receive(socket.down.pop())
    (request,) = device.requests
    request.answer = {"items": [], "positions": world.log.positions(rooms_of(world, "ava"))}
    device.take(request)
    for city in ("Davis", "Chico"):
        world.records.create(DEAL, world.directory.principal("ava", 0), {"city": city})
    texts = [json.dumps({"commits": [json.loads(text)]}) for text in world.log.commits("team:north", 1, 2)]
    device.receive(texts[1])
    assert device.cache.all(DEAL.noun) == {}
    device.receive(texts[0])
    assert [record["city"] for record in device.cache.all(DEAL.noun).values()] == ["Davis", "Chico"]
