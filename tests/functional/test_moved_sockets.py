"""Sockets of whoever has moved are closed by what the table's stream tells, whatever became of who moved them."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse import wiring
from openhouse.core.errors import Busy
from openhouse.delivery.stream import TableStream
from openhouse.identity.directory import Team, User
from tests.fakes import AVA, BEN, MIA, principal
from tests.functional.conftest import World
from tests.functional.sockets import create, found, join, open_socket, put, say, stream_records
from tests.functional.test_sockets import ADMIN

DANA = principal("dana", "north", "south", role="broker")


@pytest.fixture(autouse=True)
def brokerage(world: World) -> None:
    found(world)


def tell(world: World, prefix: str) -> list[str]:
    """Hands the fan-out the items that begin so, and returns what it wants to have again."""
    stream = TableStream((consumer.prefix, consumer.handler(world)) for consumer in wiring.STREAM_CONSUMERS)
    return stream.process(stream_records(world.items(prefix)))


def test_who_is_removed_hears_nothing_though_the_function_that_removed_them_died_before_it_closed_their_sockets(
    world: World,
) -> None:
    join(world, "a", AVA)
    join(world, "b", BEN)
    world.directory.remove_user("harbor", "ava")
    assert world.gateway.open == {"a", "b"}

    assert tell(world, "D#user:ava") == []
    assert world.gateway.open == {"b"}
    create(world, 1, BEN)
    assert tell(world, "L#") == []
    assert world.gateway.commits("a") == []
    assert len(world.gateway.commits("b")) == 1


def test_who_has_moved_to_another_team_comes_back_into_its_room_and_is_told_of_twice_without_harm(world: World) -> None:
    join(world, "a", AVA)
    put(world, AVA, team_ids=("south",))
    tell(world, "D#user:ava")
    assert world.gateway.open == set()

    join(world, "a2", AVA)
    tell(world, "D#user:ava")
    assert world.gateway.open == {"a2"}
    assert sorted(say(world, "a2", action="ping")["rooms"]) == ["broker:harbor", "team:south", "user:ava"]


def test_a_team_that_was_added_makes_brokers_come_back_into_its_room_and_nobody_else(world: World) -> None:
    put(world, DANA)
    join(world, "d", DANA)
    join(world, "m", MIA)
    world.directory.create_team("harbor", Team(team_id="east", name="East"), by=ADMIN.user_id)
    tell(world, "D#team:")
    assert world.gateway.open == {"m"}
    join(world, "d2", DANA)
    assert "team:east" in say(world, "d2", action="ping")["rooms"]


def test_a_socket_that_joins_while_its_person_moves_once_more_stays_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = User(user_id="ava", email=AVA.email, name=AVA.name, role="agent", team_ids=("south",))
    join(world, "a", AVA)
    open_socket(world, "a2", AVA)
    of_user = world.connections.of_user

    def overtaken(user_id: str) -> list[str]:
        monkeypatch.setattr(world.connections, "of_user", of_user)
        world.administration.put_user(ADMIN, moved)
        assert say(world, "a2", action="sync")["ok"]
        return of_user(user_id)

    monkeypatch.setattr(world.connections, "of_user", overtaken)
    tell(world, "D#user:ava")
    assert world.gateway.open == {"a2"}


def test_what_cannot_be_closed_keeps_no_commit_of_the_stream_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(world, "a", AVA)
    join(world, "b", BEN)
    put(world, AVA, team_ids=("south",))

    def broken(*_arguments: Any, **_named: Any) -> None:
        raise Busy("the table does not answer")

    monkeypatch.setattr(world.connections, "forget", broken)
    assert tell(world, "D#") == []
