"""What the kinds of fields accept, the one form in which they store it, and what they say of the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhouse.core.errors import Invalid
from openhouse.core.wire import Moment, Wire, parse
from openhouse.crm import fields


class Sample(Wire):
    phone: fields.Phone | None = None
    email: fields.Email | None = None
    state: fields.State | None = None
    zip: fields.Zip | None = None
    cents: fields.Cents | None = None
    percent: fields.Percent | None = None
    halves: fields.Halves | None = None
    latitude: fields.Latitude | None = None
    longitude: fields.Longitude | None = None
    day: fields.Day | None = None
    moment: Moment | None = None
    required: fields.RequiredText | None = None
    url: fields.Url | None = None
    tags: fields.Tags | None = None


def stored(field: str, sent: Any) -> Any:
    return parse(Sample, {field: sent}).model_dump(mode="json", by_alias=True)[field]


def message(field: str, sent: Any) -> str:
    with pytest.raises(Invalid) as refused:
        parse(Sample, {field: sent})
    (error,) = refused.value.extra["errors"]
    assert error["field"] == field
    return str(error["message"])


ACCEPTED: list[tuple[str, Any, Any]] = [
    ("phone", "(415) 555-0123", "+14155550123"),
    ("phone", "415.555.0123", "+14155550123"),
    ("phone", " 4155550123 ", "+14155550123"),
    ("phone", "+44 20 7946 0958", "+442079460958"),
    ("phone", "+39 06 698 83145", "+390669883145"),
    ("phone", "tel:+1-415-555-0123", "+14155550123"),
    ("phone", "1-800-FLOWERS", "+18003569377"),
    ("phone", "٤١٥٥٥٥٠١٢٣", "+14155550123"),
    ("phone", "415 555 0123 x12", "+14155550123;ext=12"),
    ("phone", "(415) 555-0123 ext. 007", "+14155550123;ext=007"),
    ("email", "Zoe@Example.COM", "Zoe@example.com"),
    ("email", "zoë@exämple.de", "zoë@exämple.de"),
    ("email", "zoe@xn--exmple-cua.de", "zoe@exämple.de"),
    ("email", "zoë@example.com", "zoë@example.com"),
    ("email", "ava@demo.test", "ava@demo.test"),
    ("state", "CA", "CA"),
    ("state", "ca", "CA"),
    ("state", " California ", "CA"),
    ("state", "new york", "NY"),
    ("state", "Puerto Rico", "PR"),
    ("state", "District of Columbia", "DC"),
    ("zip", "95814", "95814"),
    ("zip", "00501", "00501"),
    ("zip", "95814-1234", "95814-1234"),
    ("zip", "95814 1234", "95814-1234"),
    ("zip", " 95814\n", "95814"),
    ("cents", 0, 0),
    ("cents", 10**13, 10**13),
    ("percent", 0, 0),
    ("percent", 3, 3),
    ("percent", 2.5, 2.5),
    ("percent", 2.125, 2.125),
    ("percent", 100, 100),
    ("percent", -0.0, 0),
    ("halves", 0, 0),
    ("halves", 2, 2),
    ("halves", 2.5, 2.5),
    ("halves", 2.50, 2.5),
    ("latitude", 90, 90),
    ("latitude", 38.631913, 38.631913),
    ("latitude", 0.00000001, 0.00000001),
    ("longitude", -180, -180),
    ("longitude", -121.434879, -121.434879),
    ("day", "2026-03-02", "2026-03-02"),
    ("day", "1900-01-01", "1900-01-01"),
    ("day", "2199-12-31", "2199-12-31"),
    ("day", "2028-02-29", "2028-02-29"),
    ("moment", "2026-03-02T12:00:00Z", "2026-03-02T12:00:00.000Z"),
    ("moment", "2026-03-02t12:00z", "2026-03-02T12:00:00.000Z"),
    ("moment", "2026-03-02 14:00:00.123456789+02:00", "2026-03-02T12:00:00.123Z"),
    ("required", "  1 Main St ", "1 Main St"),
    ("url", "https://example.com/a.jpg", "https://example.com/a.jpg"),
    ("tags", ["first home"], ["first home"]),
]

PHONE = "must be a phone number, such as (415) 555-0123 or +44 20 7946 0958"
STATE = "must be a state, such as CA or California"
ZIP = "must be a ZIP code, such as 95814 or 95814-1234"
DAY = "must be a day from 1900 to 2199, such as 2026-03-02"
TIME = "must be a time with its zone, such as 2026-03-02T12:00:00Z"
PLACES = "Decimal input should have no more than"

REFUSED: list[tuple[str, Any, str]] = [
    ("phone", "hello", PHONE),
    ("phone", "4155550123 or 4155550124", PHONE),
    ("phone", "911", "is a phone number that nobody can have"),
    ("phone", "+1 415 555", "is a phone number that nobody can have"),
    ("phone", "", "at least 1 character"),
    ("phone", "4" * 301, "at most 300 characters"),
    ("phone", 4155550123, "valid string"),
    ("email", "zoe", "must be an e-mail address: "),
    ("email", "zoe@home", "must be an e-mail address: The part after the @-sign is not valid. It should have a period"),
    ("email", "zoe@example..com", "must be an e-mail address: An email address cannot have two periods in a row"),
    ("email", "Zoe <zoe@example.com>", "must be an e-mail address: A display name"),
    ("email", " zoe@example.com", "must be an e-mail address: "),
    ("email", "zoe@[127.0.0.1]", "must be an e-mail address: "),
    ("email", "", "at least 1 character"),
    ("state", "Bavaria", STATE),
    ("state", "C", STATE),
    ("state", "Québec", STATE),
    ("state", "", "at least 1 character"),
    ("zip", "9581", ZIP),
    ("zip", "958141234", ZIP),
    ("zip", "95814-", ZIP),
    ("zip", "K1A 0B1", ZIP),
    ("zip", "٩٥٨١٤", ZIP),
    ("zip", 95814, "valid string"),
    ("cents", -1, "greater than or equal to 0"),
    ("cents", 10**13 + 1, "less than or equal to 10000000000000"),
    ("cents", 1.0, "valid integer"),
    ("cents", "1", "valid integer"),
    ("cents", True, "valid integer"),
    ("percent", "2.5", "must be a number"),
    ("percent", True, "must be a number"),
    ("percent", [2.5], "must be a number"),
    ("percent", 101, "less than or equal to 100"),
    ("percent", -0.5, "greater than or equal to 0"),
    ("percent", 2.1251, f"{PLACES} 3"),
    ("percent", 0.1 + 0.2, f"{PLACES} 3"),
    ("percent", 10**400, "less than or equal to 100"),
    ("percent", float("inf"), "finite"),
    ("percent", float("nan"), "finite"),
    ("halves", 2.25, "multiple of"),
    ("halves", -0.5, "greater than or equal to 0"),
    ("latitude", 90.1, "less than or equal to 90"),
    ("latitude", 0.000000001, f"{PLACES} 8"),
    ("longitude", -180.5, "greater than or equal to -180"),
    ("day", "2026-3-2", DAY),
    ("day", "yesterday", DAY),
    ("day", "20260302", DAY),
    ("day", "86400", DAY),
    ("day", "2026-03-02T00:00:00Z", DAY),
    ("day", "٢٠٢٦-٠٣-٠٢", DAY),
    ("day", "1899-12-31", DAY),
    ("day", "2200-01-01", DAY),
    ("day", "2026-02-30", "day is out of range for month"),
    ("day", 20260302, "valid date"),
    ("moment", "2026-03-02T12:00:00", "timezone"),
    ("moment", "2026-03-02", TIME),
    ("moment", "20260302", TIME),
    ("moment", "1772409600", TIME),
    ("moment", 1772409600, "valid datetime"),
    ("moment", "2026-03-02T24:00:00Z", "hour must be in 0..23"),
    ("moment", "0001-01-01T00:00:00+14:00", "is not a time in UTC"),
    ("required", "   ", "at least 1 character"),
    ("url", "javascript:alert(1)", "match pattern"),
]


@pytest.mark.parametrize(("field", "sent", "kept"), ACCEPTED)
def test_what_is_accepted_is_stored_in_one_form(field: str, sent: Any, kept: Any) -> None:
    assert stored(field, sent) == kept


@pytest.mark.parametrize(("field", "kept"), [(field, kept) for field, _, kept in ACCEPTED])
def test_what_is_stored_is_accepted_again_as_it_is(field: str, kept: Any) -> None:
    assert stored(field, kept) == kept
    assert Sample.model_validate({field: kept}).model_dump(mode="json")[field] == kept  # as the table's items are read


@pytest.mark.parametrize(("field", "sent", "why"), REFUSED)
def test_what_is_refused_is_named_with_a_reason(field: str, sent: Any, why: str) -> None:
    assert why in message(field, sent)


@given(
    st.sampled_from(["phone", "email", "state", "zip", "day", "moment"]),
    st.text("+-() .;=@_:extTZ0123456789CaliforniaNYäéß٤ﬁ", max_size=30),
)
def test_normalising_twice_is_normalising_once(field: str, sent: str) -> None:
    try:
        once = stored(field, sent)
    except Invalid:
        return
    assert stored(field, once) == once


@given(
    st.from_regex(
        r"(\+?1?[ (.-]?)[2-9][0-9]{2}[ ).-]*[2-9][0-9]{2}[ .-]?[0-9]{4}( ?(x|ext\.?) ?[0-9]{1,6})?", fullmatch=True
    )
)
def test_normalising_a_phone_number_twice_is_normalising_it_once(sent: str) -> None:
    try:
        once = stored("phone", sent)
    except Invalid:
        return
    assert stored("phone", once) == once


@given(st.emails())
def test_normalising_an_address_twice_is_normalising_it_once(sent: str) -> None:
    try:
        once = stored("email", sent)
    except Invalid:
        return
    assert stored("email", once) == once


@pytest.mark.parametrize(
    ("field", "least", "most", "places"),
    [("percent", 0, 100, 3), ("halves", 0, 100, None), ("latitude", -90, 90, 8), ("longitude", -180, 180, 8)],
)
@given(data=st.data())
def test_a_number_is_kept_exactly_as_it_is_written(
    field: str, least: int, most: int, places: int | None, data: st.DataObject
) -> None:
    if places is None:
        number = data.draw(st.integers(least * 2, most * 2)) / 2
    else:
        number = float(data.draw(st.decimals(least, most, places=places)))
    kept = stored(field, number)
    assert kept == number
    assert json.dumps(stored(field, kept)) == json.dumps(kept)
