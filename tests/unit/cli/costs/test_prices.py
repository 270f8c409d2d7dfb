"""The table of prices: what it says of each, and how an amount becomes dollars."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cli.costs.prices import FILE, Price, Prices
from deployed.terminal import CommandFailed

PRICES = Prices.read()


def price(*tiers: tuple[float | None, float], per: float = 1.0, free: float = 0.0) -> Price:
    return Price(unit="things", per=per, tiers=tiers, source="https://example.com", seen="2026-11", free=free)


def test_each_price_says_its_unit_where_it_was_read_and_when():
    for table in (PRICES.aws, PRICES.appsync, PRICES.ably):
        for name, each in table.items():
            assert len(each.unit) > 10, name
            assert re.match(r"https://[\w.]+/", each.source), name
            assert re.match(r"20\d\d\b", each.seen), name
            assert each.tiers[-1][0] is None, name
            assert all(dollars >= 0 for _, dollars in each.tiers), name
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", PRICES.as_of)


def test_an_amount_costs_what_each_of_its_tiers_asks_for():
    messages = price((1_000, 2.0), (3_000, 1.0), (None, 0.5), per=10)
    assert messages.dollars(0) == 0
    assert messages.dollars(500) == 100
    assert messages.dollars(1_000) == 200
    assert messages.dollars(2_000) == 200 + 100
    assert messages.dollars(5_000) == 200 + 200 + 100


def test_what_is_free_counts_only_where_somebody_asks_for_it():
    calls = price((None, 1.0), free=100)
    assert calls.dollars(150) == 150
    assert calls.dollars(150, free_tier=True) == 50
    assert calls.dollars(50, free_tier=True) == 0


def test_plans_become_larger_and_dearer():
    for plans in (PRICES.ably_plans, PRICES.pusher_plans):
        assert [plan.dollars for plan in plans] == sorted(plan.dollars for plan in plans)
        assert [plan.connections for plan in plans] == sorted(plan.connections for plan in plans)


def test_a_plan_takes_what_is_below_all_of_its_limits():
    startup = next(plan for plan in PRICES.pusher_plans if plan.name == "Startup")
    used = {"connections": 500.0, "messages_a_day": 1e6, "messages_a_month": 1e12, "channels": 1e6}
    assert startup.takes(**used)
    assert not startup.takes(**used | {"connections": 501.0})
    assert not startup.takes(**used | {"messages_a_day": 1e6 + 1})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "is no table of prices"),
        ("[]", "is no table of prices"),
        ("{}", "is no table of prices (KeyError('ably'))"),
    ],
)
def test_a_file_that_is_no_table_of_prices_is_told_in_a_sentence(tmp_path: Path, text: str, sentence: str):
    file = tmp_path / "prices.json"
    file.write_text(text)
    with pytest.raises(CommandFailed, match=re.escape(sentence)):
        Prices.read(file)


def test_a_file_that_is_not_there_is_told_in_a_sentence(tmp_path: Path):
    with pytest.raises(CommandFailed, match="cannot be read: No such file"):
        Prices.read(tmp_path / "none.json")


def test_another_table_may_be_of_another_region(tmp_path: Path):
    document = json.loads(FILE.read_text())
    document["region"] = "eu-central-1"
    document["aws"]["write units"]["tiers"] = [[None, 0.7625]]
    file = tmp_path / "frankfurt.json"
    file.write_text(json.dumps(document))
    found = Prices.read(file)
    assert found.region == "eu-central-1"
    assert found.aws["write units"].dollars(1_000_000) == pytest.approx(0.7625)
