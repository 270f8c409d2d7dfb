"""Cursors: a place in an order, as a text that nobody else can have made by chance."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhouse.core.errors import BadParameter
from openhouse.crm.cursors import Cursor, Order

PLACE = "2026-03-02T12:00:00.000Z#0195569a-7c00-7000-8000-000000000001"


def encoded(document: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


@given(order=st.sampled_from(Order), place=st.text(st.characters(codec="ascii"), max_size=100))
def test_a_cursor_is_read_as_it_was_written(order: Order, place: str) -> None:
    text = Cursor(order, place).text()
    assert Cursor.read(text, order) == Cursor(order, place)
    assert text.isascii()
    assert not set(text) & set("+/=&?# ")


@pytest.mark.parametrize("order", Order)
def test_a_cursor_of_another_order_is_refused_and_says_which_is_its_own(order: Order) -> None:
    text = Cursor(order, PLACE).text()
    for other in set(Order) - {order}:
        with pytest.raises(BadParameter, match=f"the cursor goes on with sort={order}$"):
            Cursor.read(text, other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "é",
        "x" * 10_000,
        encoded({}),
        encoded(None),
        encoded([]),
        encoded([[[[[[]]]]]]),
        encoded({"after": 1}),
        encoded({"sort": "newest"}),
        encoded({"sort": "newest", "after": 1}),
        encoded({"sort": "newest", "after": None}),
        encoded({"sort": "newest", "after": "é"}),
        encoded({"sort": "newest", "after": "\ud800"}),
        encoded({"sort": "name", "after": "\ud800"}),
        encoded({"sort": ["newest"], "after": "x"}),
        encoded({"sort": "oldest", "after": "x"}),
        encoded({"sort": "newest", "after": "x", "more": 1}),
        encoded({"sort": "newest", "after": "x" * 500}),
        Cursor(Order.NEWEST, PLACE).text()[:-2],
        Cursor(Order.NEWEST, PLACE).text() + "=",
        Cursor(Order.NEWEST, PLACE).text() + "AAAA",
        "!" + Cursor(Order.NEWEST, PLACE).text(),
    ],
)
def test_what_is_not_one_of_ours_is_refused(text: str) -> None:
    with pytest.raises(BadParameter, match="not one of ours"):
        Cursor.read(text, Order.NEWEST)


texts = st.one_of(
    st.text(max_size=400), st.binary(max_size=200).map(lambda raw: base64.urlsafe_b64encode(raw).decode())
)


@given(texts)
def test_no_text_makes_reading_fail_otherwise(text: str) -> None:
    with suppress(BadParameter):
        assert Cursor.read(text, Order.NEWEST).text() == text
