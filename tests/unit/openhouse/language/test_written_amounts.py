from __future__ import annotations

import pytest

from openhouse.language import written_amounts as amounts

CENTS = {
    "$540,000": 54_000_000, "385k": 38_500_000, "$1.25M": 125_000_000, "$548,000.00": 54_800_000, "612000": 61_200_000,
    "$2 million": 200_000_000, "$1.2 mm": 120_000_000, "$120": 12_000,
}  # fmt: skip


@pytest.mark.parametrize("text", CENTS)
def test_money_is_read_in_cents(text: str):
    assert amounts.cents(text) == CENTS[text]


@pytest.mark.parametrize("text", ["$0", "free", "5 apples", "$540,000 and $600,000", "", "1,2,3"])
def test_what_is_no_single_amount_is_none(text: str):
    assert amounts.cents(text) is None


def test_percentages_counts_and_areas_are_read():
    assert amounts.percent("20% down") == 20
    assert amounts.percent("2.5 percent") == 2.5
    assert amounts.percent("120%") is None
    assert amounts.count("Two parking spaces") == 2
    assert amounts.count("1,836 sf") == 1836
    assert amounts.quarters("2.5 baths") == 2.5
    assert amounts.quarters("2 1/2 ba") == 2.5
    assert amounts.quarters("2.3 baths") is None
    assert amounts.square_feet("2.5 acres") == 108_900
    assert amounts.square_feet("8,712 sq ft") == 8_712
