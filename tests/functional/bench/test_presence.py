"""What presence costs is computed from what a beat is counted to read and write, and from commits that are counted."""

from __future__ import annotations

import boto3

from bench import presence
from bench.idle import BEATS
from bench.meter import Meter
from deployed.terminal import Steps
from openhouse.api.actions.presence import PRESENCE
from openhouse.rooms.allowance import LUMP
from tests.fakes import AVA
from tests.functional.brokerage import staff
from tests.functional.conftest import World
from tests.functional.sockets import join, say


def test_a_beat_costs_what_its_price_is_computed_from(world: World) -> None:
    staff(world)
    join(world, "a", AVA)
    meter = Meter(world.client.meta.events, boto3.Session().client("dynamodb"))
    with meter.of("socket"):
        assert say(world, "a", action="presence", active=True)["ok"]
    lines = meter.take()
    assert sum(line.read_units for line in lines) == BEATS.read_units
    of_the_allowance = PRESENCE.cost / LUMP  # written down that seldom
    assert sum(line.write_units for line in lines) == BEATS.write_units - of_the_allowance


def test_those_who_open_the_app_in_a_minute_are_told_in_few_commits() -> None:
    spent = presence.an_opening(0, 100)
    assert spent.changes == 100
    assert 20 <= spent.commits <= 30  # one each 2 s, or 3 s when all are there
    assert spent.posts <= 100 * spent.commits


def test_a_blip_of_30_seconds_is_told_of_everyone_once_and_their_return_once() -> None:
    for noticed in (False, True):
        spent = presence.a_train(30, 10, noticed=noticed, blips=3)
        assert 2 * 2 * 10 <= spent.changes <= 3 * 2 * 10  # of the first blip some had just beaten before
        assert spent.commits <= 3 * 4


def test_it_is_told_as_tables() -> None:
    text = presence.report(presence.measure(True, Steps()))
    assert "20 people of one brokerage for 8 hours" in text
    assert "5 of 20 lose the network for 30 s, 10 times, unnoticed" in text
