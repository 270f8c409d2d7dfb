"""Tasks over texts and the morning over DynamoDB, with the grants of the functions that they are done by."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.functions import MORNINGS
from openhouse.tasks.mornings import Told
from tests.fakes import BEN, DANA
from tests.functional.conftest import World
from tests.functional.sockets import found, put
from tests.functional.test_duplicates import get, make
from tests.functional.test_mornings import PACIFIC, at, briefs, lives_in, showing
from tests.functional.texts.support import (
    AGREEMENT,
    ZONE,
    by_noun,
    confirmed,
    planned,
    proposed,
    undone,
)
from tests.permissions import uses
from tests.permissions.granted import granted


@pytest.fixture
def world(dynamodb: Any) -> World:
    world = World(dynamodb)
    found(world)
    put(world, DANA)
    world.clock.at = at(15)
    return world


def test_records_are_made_dated_described_and_taken_back(world: World) -> None:
    make(world, firstName="Ana", lastName="Ruiz")
    world.follow()
    task = proposed(world)
    (client,) = [each for each in task["proposal"]["records"] if each["ref"] == "client-1"]
    assert len(client["alike"]) == 1
    made = confirmed(world, task)
    ids = by_noun(made)
    dated = confirmed(
        world,
        planned(world, "escrow_timeline", escrow=ids["escrow"], text=AGREEMENT, timeZone=ZONE),
        {"appointments": True},
    )
    assert dated["result"]["appointments"] == 2
    described = confirmed(world, planned(world, "describe_listing", listing=ids["listing"]))
    assert get(world, {"id": ids["listing"]}, "listings")["description"]
    assert undone(world, described)["result"] == {"removed": 0, "restored": 1, "left": 0}
    assert undone(world, dated)["result"] == {"removed": 2, "restored": 1, "left": 0}
    assert undone(world, made)["result"] == {"removed": 2, "restored": 0, "left": 2}  # both have changed since
    assert get(world, {"id": ids["client"]}) is None


def test_somebodys_day_is_read(world: World) -> None:
    begun = planned(world, "daily_brief", timeZone=PACIFIC)
    assert begun["result"] == {}
    showing(world)
    make(world, "leads", lastName="Hart", phone="+14155550123")
    assert planned(world, "daily_brief", timeZone=PACIFIC)["result"]["title"] == (
        "Your Monday: 1 appointment, 1 untouched lead"
    )


def test_mornings_use_what_they_are_granted_and_nothing_else(world: World) -> None:
    before = set(uses.USED)
    uses.USED.clear()
    try:
        for who in (DANA, BEN):
            lives_in(world, PACIFIC, who)
        showing(world, DANA, teamId="north")
        world.directory.remove_user("harbor", "ben")
        assert world.mornings.tell() == Told(told=1, others=1)
        assert len(briefs(world, DANA)) == 1
        used = {(action, resource) for function, action, resource in uses.USED if function == MORNINGS.name}
    finally:
        uses.USED.update(before)
    assert used == {tuple(each) for each in granted(MORNINGS)} - {("lambda:InvokeFunction", "fast_lane")}
