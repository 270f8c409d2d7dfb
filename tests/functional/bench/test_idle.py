"""What an idle socket costs is computed from what a ping is counted to read."""

from __future__ import annotations

import boto3
import pytest

from bench.idle import NOW, Design, dollars
from bench.meter import Meter
from tests.fakes import AVA
from tests.functional.brokerage import staff
from tests.functional.conftest import World
from tests.functional.sockets import join, say


def test_a_ping_reads_what_its_price_is_computed_from(world: World) -> None:
    staff(world)
    join(world, "a", AVA)
    meter = Meter(world.client.meta.events, boto3.Session().client("dynamodb"))
    with meter.of("socket"):
        reply = say(world, "a", action="ping")
    lines = meter.take()
    assert set(reply["rooms"]) == set(AVA.rooms)
    assert (sum(line.read_units for line in lines), sum(line.write_units for line in lines)) == (NOW.read_units, 0)


def test_eight_times_the_silence_is_an_eighth_of_the_messages() -> None:
    often, seldom = (
        dollars(Design(ping_seconds=seconds, read_units=4, logged=1_000, traced=True)) for seconds in (30, 240)
    )
    assert often["messages"] == pytest.approx(172.80)
    for what in ("messages", "functions", "reads", "logs"):
        assert often[what] == pytest.approx(8 * seldom[what])
    assert often["open sockets"] == seldom["open sockets"]


def test_of_traces_lambda_takes_the_first_of_each_second_and_every_twentieth_of_the_others() -> None:
    traces = dollars(Design(ping_seconds=20, read_units=1, logged=0, traced=True))["traces"]
    assert traces == pytest.approx((1 + 0.05 * 49) * 2_592_000 * 5 / 1_000_000)
    assert dollars(Design(ping_seconds=20, read_units=1, logged=0, traced=False))["traces"] == 0
