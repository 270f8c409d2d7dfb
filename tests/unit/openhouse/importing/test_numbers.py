from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.importing.cells import UnreadableCell
from openhouse.importing.numbers import MIXED, decimal_sign_of, number_of, square_feet
from tests.unit.openhouse.importing.tables import read, values, warned


def prices(*texts: str) -> list[int | None]:
    return values("purchasePriceCents", "Price", texts)


@pytest.mark.parametrize(
    ("text", "dollars"),
    [
        ("59222", "59222"),
        ("0.29", "0.29"),
        ("1.1", "1.1"),
        ("$1,234,567.89", "1234567.89"),
        ("1e3", "1000"),
        ("$1.2M", "1200000"),
        ("1.25 million", "1250000"),
        ("540k", "540000"),
        ("USD 540,000", "540000"),
        ("540000 dollars", "540000"),
        ("1.049.000,00", "1049000"),
        ("540,00", "540"),
        ("1'234.50", "1234.50"),
        ("1\u202f049\u202f000,00", "1049000"),
        ("12,34,567", "1234567"),
        ("540000.0", "540000"),
    ],
)
def test_money_is_read_exactly_as_it_is_written(text, dollars):
    assert prices(text) == [int(Decimal(dollars) * 100)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("(1,200)", "must be at least 0"),
        ("-5", "must be at least 0"),
        ("12.345.67", "signs do not divide"),
        ("1,2,3", "signs do not divide"),
        ("TBD", "not a number"),
        ("$400K+", "not a number"),
        ("$500,000 - $575,000", "not a number"),
        ("€ 540.000,00", "in EUR"),
        ("2.5%", "not an amount in dollars"),
        ("0.125", "whole cents"),
        ("1e999999999", "not a number"),
        ("NaN5", "not a number"),
    ],
)
def test_what_is_no_amount_is_left_out_with_the_reason(text, why):
    found = warned("Purchase Price", [text, "$1", "$2", "3"])
    assert why in found[0]
    assert found[1:] == ["", "", ""]


def test_a_decimal_comma_is_told_from_one_of_thousands_by_its_whole_column():
    assert prices("540,000", "1,049,000.50") == [54_000_000, 104_900_050]
    assert prices("540.000", "1.049.000,50") == [54_000_000, 104_900_050]
    assert prices("540,00", "2,5") == [54_000, 250]
    assert values("bathrooms", "Baths", ["2,5", "3"], LISTINGS) == [2.5, 3.0]


def test_another_column_shows_how_numbers_are_written_where_one_does_not():
    rows = [["1 A St", "540.000", "2,5"], ["2 A St", "1.200", "3,25"]]
    found = read(["Address", "Price", "Commission %"], rows, ESCROWS)
    assert [one.document["purchasePriceCents"] for one in found] == [54_000_000, 120_000]


def test_what_either_sign_could_mean_is_left_out_and_not_guessed():
    assert prices("540.000", "1.200") == [None, None], "of Europe, or with three decimals"
    assert prices("540,00", "1,200", "12.50", "750000") == [54_000, None, 1_250, 75_000_000]
    assert "thousands or decimals" in warned("Price", ["540,00", "1,200", "12.50"])[1]


def test_one_cell_written_otherwise_does_not_change_a_column_and_is_warned_of():
    texts = ["1,234.56"] * 30 + ["540,00", "540,000"]
    assert prices(*texts)[-2:] == [None, 54_000_000]


def test_cents_are_taken_as_they_are_only_from_a_column_that_says_cents():
    assert values("purchasePriceCents", "purchase_price_cents", ["100"]) == [100]
    assert values("purchasePriceCents", "purchase_price", ["100"]) == [10_000]


def test_a_price_for_an_area_is_no_area():
    [found] = read(
        ["Address", "City", "State", "Zip", "$/SqFt", "Sq Ft"],
        [["1 A St", "Davis", "CA", "95616", "338.91", "2,210"]],
        LISTINGS,
    )
    assert found.document["squareFeet"] == 2_210


@pytest.mark.parametrize(
    ("header", "text", "expected"),
    [
        ("Lot Size (Acres)", "0.18", 7_841),
        ("Acres", "1.25", 54_450),
        ("Lot Size", "0.25 acres", 10_890),
        ("Lot Size", "10,890 sqft", 10_890),
        ("Lot Size (m²)", "650", 6_997),
        ("Lot Size", "0.5 ha", 53_820),
        ("Lot Size", "7405.2", 7_405),
        ("Lot Size", "0.18", None),
        ("Lot Size", "5", None),
        ("Lot Size", "0", None),
    ],
)
def test_areas_become_square_feet_and_are_left_out_where_the_unit_is_not_known(header, text, expected):
    assert values("lotSizeSqft", header, [text], LISTINGS) == [expected]


def test_an_area_that_is_too_small_among_square_feet_is_left_out():
    assert values("lotSizeSqft", "Lot Size", ["7405", "6000", "5", "0.25"], LISTINGS) == [7_405, 6_000, None, None]


def test_full_baths_alone_are_not_all_of_them():
    columns = ["Address", "City", "State", "Zip", "Total Baths", "Full Baths"]
    [found] = read(columns, [["1 A St", "Davis", "CA", "95616", "2.5", "2"]], LISTINGS)
    assert found.document["bathrooms"] == 2.5


def test_a_column_beside_them_may_say_in_what_areas_are():
    columns = ["Address", "City", "State", "Zip", "lotAreaValue", "lotAreaUnit"]
    place = ["1 A St", "Davis", "CA", "95616"]
    found = read(columns, [[*place, "7405.2", "sqft"], [*place, "0.08", "acres"], [*place, "3", "rai"]], LISTINGS)
    assert [one.document.get("lotSizeSqft") for one in found] == [7_405, 3_485, None]
    assert "no unit that we know" in found[2].warnings[0][2]


def test_a_number_with_another_unit_is_not_of_the_field():
    assert values("bedrooms", "Beds", ["3 bd", "4", "2.5"], LISTINGS) == [3, 4, None]
    assert values("squareFeet", "Sq Ft", ["1,480 sq ft", "900", "$500"], LISTINGS) == [1_480, 900, None]


def test_whether_a_commission_is_a_percentage_or_a_fraction_is_proven_by_total_and_price():
    columns = ["Address", "Price", "Commission %", "Total Commission"]
    fractions = read(columns, [["1 A St", "400000", "0.025", "10000"], ["2 A St", "615000", "0.03", "18450"]], ESCROWS)
    assert [one.document["commissionPercent"] for one in fractions] == [2.5, 3.0]
    percents = read(columns, [["1 A St", "400000", "0.5", "2000"], ["2 A St", "615000", "0.25", "1537.50"]], ESCROWS)
    assert [one.document["commissionPercent"] for one in percents] == [0.5, 0.25]


def test_a_fraction_that_nothing_proves_is_asked_about():
    assert values("commissionPercent", "Commission Rate", ["0.025", "0.03"]) == [None, None]
    assert "percentage or a fraction" in warned("Commission Rate", ["0.025"])[0]
    assert values("commissionPercent", "Commission Rate", ["2.5", "3"]) == [2.5, 3.0]
    assert values("commissionPercent", "Commission Rate", ["2.5%", "0.5%"]) == [2.5, 0.5]
    assert values("commissionPercent", "Commission Rate", ["2.5", "3", "0.03"])[2] is None, "a fraction among percents"


def test_a_down_payment_is_the_rest_of_the_loan():
    columns = ["Address", "Price", "Loan Amount", "Down Payment"]
    found = read(columns, [["1 A St", "500000", "400000", "0.2"]], ESCROWS)
    assert found[0].document["downPaymentPercent"] == 20.0


def test_amounts_beside_those_of_another_currency_are_not_dollars():
    found = prices("1.049.000,00 €", "540.000,50 €", "300000")
    assert found == [None, None, None]
    assert prices("$5", "6", "€7") == [500, 600, None]


def test_a_budget_of_several_amounts_is_no_budget():
    assert values("budgetCents", "Budget", ["$500K", "600-700k", "1.2m"], LEADS) == [50_000_000, None, 120_000_000]


def test_unknown_units_are_no_areas():
    with pytest.raises(UnreadableCell):
        square_feet(Decimal(1), "rai")


SIGNS = [(",", "."), (".", ","), (" ", ","), ("\u00a0", ","), ("'", "."), ("", "."), ("", ",")]
AMOUNTS = st.integers(min_value=0, max_value=10**11)


def written(cents: int, thousands: str, decimal: str, *, with_cents: bool) -> str:
    whole = f"{cents // 100:,}".replace(",", thousands)
    return f"{whole}{decimal}{cents % 100:02d}" if with_cents else whole


@given(st.lists(AMOUNTS, min_size=1, max_size=8), st.sampled_from(SIGNS), st.booleans())
def test_money_of_any_country_is_read_back_exactly_or_warned_about(amounts, signs, with_cents):
    texts = [written(amount, *signs, with_cents=with_cents) for amount in amounts]
    found = read(["Address", "Price"], [["1 A St", text] for text in texts], ESCROWS)
    for amount, one in zip(amounts, found, strict=True):
        expected = amount if with_cents else amount // 100 * 100
        got = one.document.get("purchasePriceCents")
        assert got == expected or (got is None and one.warnings)


@given(st.text(alphabet="0123456789.,' $€()-+kKmM%/ ", max_size=14), st.sampled_from([".", ",", "", MIXED]))
def test_whatever_looks_like_a_number_is_read_in_one_way_or_refused(text, sign):
    try:
        value, _ = number_of(text, sign, whole=True)
    except UnreadableCell:
        return
    digits = [character for character in text if character.isdigit()]
    assert value.is_finite()
    assert digits, "a number has digits"
    assert str(abs(value).normalize()).replace(".", "").strip("0").startswith("".join(digits).strip("0")[:1])


@given(st.lists(st.sampled_from(["1,234", "540,00", "1.5", "1.049.000", "7"]), max_size=30))
def test_what_a_column_shows_does_not_depend_on_the_order_of_its_rows(texts):
    assert decimal_sign_of(texts) == decimal_sign_of(texts[::-1])
