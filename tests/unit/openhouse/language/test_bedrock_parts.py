"""What of the engine at Bedrock needs no server: schemas, places of quotes, limits of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from openhouse.language.bedrock import answers
from openhouse.language.bedrock.allowance import Prices, Spending, budget_spent
from openhouse.language.grounding import is_whole
from openhouse.language.labels import DATES, LABELS, MEANINGS, TITLES

DAY = date(2026, 11, 29)
LIMIT = Spending(1_000, 10_000)


def test_a_schema_allows_the_labels_that_were_asked_for_alone():
    schema = answers.mentions_schema(["city", "buyer"])
    label = schema["properties"]["mentions"]["items"]["properties"]["label"]
    assert label == {"type": "string", "enum": ["buyer", "city"]}


def test_every_label_can_be_told_and_every_date_has_a_title():
    assert MEANINGS.keys() <= {*LABELS}
    assert TITLES.keys() == {*DATES}
    assert len(LABELS) == len({*LABELS})


@pytest.mark.parametrize(
    ("quote", "whole"),
    [("$540,000", True), ("$540", False), ("540,000", True), ("40,000", False), ("Ana", True), ("An", False),
     ("1.5", True), ("5", False), ("", False)],
)  # fmt: skip
def test_a_quote_that_cuts_a_word_or_a_number_is_none(quote: str, whole: bool):
    text = "Ana pays $540,000 or 1.5%"
    start = text.index(quote)
    assert is_whole(text, start, start + len(quote)) is whole


def place(text: str, quote: str, before: str) -> Any:
    document = {"mentions": [{"label": "city", "quote": quote, "before": before}]}
    return [(each.start, each.end) for each in answers.mentions(document, text, ["city"])]


def test_a_quote_is_found_whatever_stands_between_its_words_and_nothing_else_is():
    assert place("Long\n  Beach", "Long Beach", "") == [(0, 12)]
    assert place("Long Beach, Long Beach", "Long Beach", "Beach,") == [(12, 22)]
    assert place("Long Beach", "Longbeach", "") == []
    assert place("a.b", "a?b", "") == []
    assert place("x" * 500, "x" * 500, "") == []


def test_a_label_that_was_not_asked_for_is_left_out():
    document = {
        "mentions": [
            {"label": "city", "quote": "Davis", "before": ""},
            {"label": "sity", "quote": "Davis", "before": ""},
        ]
    }
    assert answers.mentions(document, "Davis", ["buyer"]) == []


def test_a_spent_day_says_when_the_next_one_begins():
    error = budget_spent(datetime(2026, 11, 29, 23, 59, tzinfo=UTC), DAY)
    assert error.extra == {"retryAfterSeconds": 60}
    assert error.retryable


def test_a_million_tokens_cost_their_price_in_cents():
    assert Prices(300, 1_500).of(1_000_000, 0) == Spending(1_000_000, 300 * 1_000_000)
    assert Prices(300, 1_500).of(0, 2_000_000).microcents == 3_000 * 1_000_000
