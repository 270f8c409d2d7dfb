"""AWS's values: that each says where it is from, and that samples are as they say."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from local.aws_like import measures
from local.aws_like.measures import Basis, Chance, Delay, Limit

EVERY = {name: value for name, value in vars(measures).items() if isinstance(value, Delay | Limit | Chance)}
DELAYS = {name: value for name, value in EVERY.items() if isinstance(value, Delay)}


@pytest.mark.parametrize("name", EVERY)
def test_every_value_has_a_source_and_a_date(name: str):
    assert len(EVERY[name].source) > 10
    assert EVERY[name].as_of[:2] == "20"


@pytest.mark.parametrize("name", DELAYS)
def test_samples_of_a_delay_have_its_percentiles(name: str):
    delay = DELAYS[name]
    randomness = random.Random(7)
    samples = sorted(1000 * delay.sample(randomness) for _ in range(20_000))
    for percentile, stated in ((0.5, delay.p50), (0.95, delay.p95), (0.99, delay.p99)):
        assert samples[int(percentile * len(samples))] == pytest.approx(stated, rel=0.15)
    assert samples[-1] <= 2 * delay.p99


@pytest.mark.parametrize("name", DELAYS)
def test_percentiles_of_a_delay_rise(name: str):
    delay = DELAYS[name]
    assert all(low < high for low, high in pairwise((0, delay.p50, delay.p95, delay.p99)))


def test_the_same_seed_gives_the_same_delays():
    delay = Delay(p50=1, p95=2, p99=4, basis=Basis.ASSUMED, source="a test", as_of="2026")
    first, second = random.Random(3), random.Random(3)
    assert [delay.sample(first) for _ in range(5)] == [delay.sample(second) for _ in range(5)]
