"""What the kinds of fields accept, the one form in which they store it, and what they say of the rest."""

from __future__ import annotations

import json
import re
import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhouse.core.errors import Invalid
from openhouse.core.wire import Moment, Wire, parse
from openhouse.crm import fields


class Sample(Wire):
    country: fields.Country = "US"
    phone: fields.Phone | None = None
    email: fields.Email | None = None
    state: fields.State | None = None
    zip: fields.PostalCode | None = None
    cents: fields.Cents | None = None
    percent: fields.Percent | None = None
    quarters: fields.Quarters | None = None
    latitude: fields.Latitude | None = None
    longitude: fields.Longitude | None = None
    day: fields.Day | None = None
    moment: Moment | None = None
    required: fields.RequiredText | None = None
    short: fields.ShortText | None = None
    long: fields.LongText | None = None
    url: fields.Url | None = None
    zone: fields.TimeZone | None = None
    tags: fields.TagSet | None = None
    phones: fields.FewItems[fields.LabelledPhone] | None = None


def stored(field: str, sent: Any) -> Any:
    return parse(Sample, {field: sent}).model_dump(mode="json", by_alias=True)[field]


def message(field: str, sent: Any) -> str:
    with pytest.raises(Invalid) as refused:
        parse(Sample, {field: sent})
    (error,) = refused.value.extra["errors"]
    assert error["field"] == field
    return str(error["message"])


@pytest.mark.parametrize("mark", [1, 1.0, "true", False])
def test_what_marks_the_members_of_a_set_is_true_and_nothing_else(mark: Any) -> None:
    with pytest.raises(Invalid, match=r"tags\.vip: must be true"):
        parse(Sample, {"tags": {"vip": mark}})


ACCEPTED: list[tuple[str, Any, Any]] = [
    ("phone", "(415) 555-0123", "+14155550123"),
    ("phone", "415.555.0123", "+14155550123"),
    ("phone", " 4155550123 ", "+14155550123"),
    ("phone", "+44 20 7946 0958", "+442079460958"),
    ("phone", "+44 (0)20 7946 0958", "+442079460958"),
    ("phone", "011 44 20 7946 0958", "+442079460958"),
    ("phone", "+39 06 698 83145", "+390669883145"),
    ("phone", "tel:+1-415-555-0123", "+14155550123"),
    ("phone", "tel:415-555-0123", "+14155550123"),
    ("phone", "Cell: 415 555 0123", "+14155550123"),
    ("phone", "(415) 555-0123 (cell)", "+14155550123"),
    ("phone", "(415) 555-0123 (Ana's office)", "+14155550123"),
    ("phone", "415-555-0123 home", "+14155550123"),
    ("phone", "415\u2013555\u20130123", "+14155550123"),
    ("phone", "٤١٥٥٥٥٠١٢٣", "+14155550123"),
    ("phone", "415 555 0123 x12", "+14155550123;ext=12"),
    ("phone", "(415) 555-0123 ext. 007", "+14155550123;ext=007"),
    ("phone", "(415) 555-0123, extension 7 (work)", "+14155550123;ext=7"),
    ("email", "Zoe@Example.COM", "Zoe@example.com"),
    ("email", " zoe@example.com\n", "zoe@example.com"),
    ("email", "Zoe Hart <zoe@example.com>", "zoe@example.com"),
    ("email", "zoë@exämple.de", "zoë@exämple.de"),
    ("email", "zoe@xn--exmple-cua.de", "zoe@exämple.de"),
    ("email", "ava@demo.test", "ava@demo.test"),
    ("state", "CA", "CA"),
    ("state", "ca", "CA"),
    ("state", " California ", "CA"),
    ("state", "Calif.", "CA"),
    ("state", "D.C.", "DC"),
    ("state", "Washington, D.C.", "DC"),
    ("state", "U.S. Virgin Islands", "VI"),
    ("state", "Armed Forces Pacific", "AP"),
    ("state", "W. Va.", "WV"),
    ("state", "N. Dak.", "ND"),
    ("state", "new  york", "NY"),
    ("state", "Puerto Rico", "PR"),
    ("state", "District of Columbia", "DC"),
    ("zip", "95814", "95814"),
    ("zip", "00501", "00501"),
    ("zip", "95814-1234", "95814-1234"),
    ("zip", "95814 1234", "95814-1234"),
    ("zip", "958141234", "95814-1234"),
    ("zip", "95814-", "95814"),
    ("zip", " 95814\n", "95814"),
    ("cents", 0, 0),
    ("cents", 3.0, 3),
    ("cents", 10**13, 10**13),
    ("percent", 0, 0),
    ("percent", 3, 3),
    ("percent", 2.5, 2.5),
    ("percent", 2.125, 2.125),
    ("percent", 2.1251, 2.125),
    ("percent", 0.1 + 0.2, 0.3),
    ("percent", 99.9999, 100),
    ("percent", 100, 100),
    ("percent", -0.0, 0),
    ("quarters", 0, 0),
    ("quarters", 2, 2),
    ("quarters", 1.75, 1.75),
    ("quarters", 2.25, 2.25),
    ("quarters", 2.50, 2.5),
    ("latitude", 90, 90),
    ("latitude", 38.631913, 38.631913),
    ("latitude", 38.6319134999, 38.631913),
    ("latitude", -0.0000001, 0),
    ("longitude", -180, -180),
    ("longitude", -121.434879, -121.434879),
    ("day", "2026-03-02", "2026-03-02"),
    ("day", " 2026-03-02 ", "2026-03-02"),
    ("day", "1900-01-01", "1900-01-01"),
    ("day", "2199-12-31", "2199-12-31"),
    ("day", "2028-02-29", "2028-02-29"),
    ("moment", "2026-03-02T12:00:00Z", "2026-03-02T12:00:00.000Z"),
    ("moment", "2026-03-02t12:00z", "2026-03-02T12:00:00.000Z"),
    ("moment", " 2026-03-02T12:00:00+0000", "2026-03-02T12:00:00.000Z"),
    ("moment", "2026-03-02T12:00:00-0800", "2026-03-02T20:00:00.000Z"),
    ("moment", "2026-03-02T12:00:00-08", "2026-03-02T20:00:00.000Z"),
    ("moment", "2026-03-02 14:00:00.123456789+02:00", "2026-03-02T12:00:00.123Z"),
    ("required", "  1 Main St ", "1 Main St"),
    ("short", " Davis ", "Davis"),
    ("short", "\u200b\u202aDavis\u202c\ufeff", "Davis"),
    ("short", "👩\u200d👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩\u200d👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
    ("short", "\u200b", ""),
    ("long", " one\n\ttwo\r\n", " one\n\ttwo\r\n"),
    ("phone", "\u202a+1 (415) 555-0123\u202c", "+14155550123"),
    ("email", "\u200bzoe@example.com", "zoe@example.com"),
    ("zip", "95814\u200b", "95814"),
    ("state", "\ufeffCA", "CA"),
    ("url", "https://example.com/a.jpg", "https://example.com/a.jpg"),
    ("url", " http://example.com:8080?a=ü&b=(1)#c\n", "http://example.com:8080?a=ü&b=(1)#c"),
    ("zone", "America/Los_Angeles", "America/Los_Angeles"),
    ("zone", " america/los angeles", "America/Los_Angeles"),
    ("zone", "utc", "UTC"),
    ("tags", {"first home": True}, {"first home": True}),
    ("tags", {" vip ": True}, {"vip": True}),
    ("tags", {"VIP": True, "vip": True, "Größe": True, "GRÖSSE": True}, {"VIP": True, "Größe": True}),
    (
        "phones",
        {"work": {"value": "415 555 0123", "position": "V"}},
        {"work": {"value": "+14155550123", "position": "V", "label": None}},
    ),
]

PHONE = "is not a valid phone number, such as (415) 555-0123 or +44 20 7946 0958"
EMAIL = "is not a valid e-mail address, such as zoe@example.com. "
STATE = "is not a valid state, such as CA or California"
ZIP = "is not a valid ZIP code, such as 95814 or 95814-1234"
DAY = "must be a day from 1900 to 2199, such as 2026-03-02"
TIME = "must be a time with its zone, such as 2026-03-02T12:00:00Z"
ZONE = "is not a time zone of the IANA database, such as America/Los_Angeles"

REFUSED: list[tuple[str, Any, str]] = [
    ("phone", "hello", PHONE),
    ("phone", "4.15555012E9", PHONE),
    ("phone", "+4155550123.0", PHONE),
    ("phone", "4155550123.0", PHONE),
    ("phone", "1-800-FLOWERS", PHONE),
    ("phone", "O415 555 0123", PHONE),
    ("phone", "415 555 0123 and 4", PHONE),
    ("phone", "4155550123 or 4155550124", PHONE),
    ("phone", "415 555 0123 / 415 555 0124", PHONE),
    ("phone", "(415) 555-0123 (until 5)", PHONE),
    ("phone", "911", PHONE),
    ("phone", "+1 415 555", PHONE),
    ("phone", "+1+4155550123", PHONE),
    ("phone", "", "must have at least 1 character"),
    ("phone", "4" * 301, "must have at most 300 characters"),
    ("phone", 4155550123, "must be a text"),
    ("email", "zoe", EMAIL),
    ("email", "zoe@home", f"{EMAIL}The part after the @-sign is not valid. It should have a period"),
    ("email", "zoe@example..com", f"{EMAIL}An email address cannot have two periods in a row"),
    ("email", "zoe@example.com, ana@example.com", EMAIL),
    ("email", "zoe@[127.0.0.1]", EMAIL),
    ("email", "", "must have at least 1 character"),
    ("state", "Bavaria", STATE),
    ("state", "C", STATE),
    ("state", "Dak.", STATE),
    ("state", "Québec", STATE),
    ("state", "", "must have at least 1 character"),
    ("zip", "9581", ZIP),
    ("zip", "95814-12", ZIP),
    ("zip", "9581412345", ZIP),
    ("zip", "K1A 0B1", ZIP),
    ("zip", "٩٥٨١٤", ZIP),
    ("zip", "95814.0", ZIP),
    ("zip", 95814, "must be a text"),
    ("cents", -1, "must be at least 0"),
    ("cents", 10**13 + 1, "must be at most 10000000000000"),
    ("cents", 1.5, "must be a whole number"),
    ("cents", "1", "must be a whole number"),
    ("cents", True, "must be a whole number"),
    ("percent", "2.5", "must be a number"),
    ("percent", True, "must be a number"),
    ("percent", [2.5], "must be a number"),
    ("percent", 101, "must be at most 100"),
    ("percent", 100.0001, "must be at most 100"),
    ("percent", -0.5, "must be at least 0"),
    ("percent", 10**400, "must be at most 100"),
    ("percent", float("inf"), "must be a number"),
    ("percent", float("nan"), "must be a number"),
    ("quarters", 2.3, "must be in quarters, such as 1.75"),
    ("quarters", -0.25, "must be at least 0"),
    ("latitude", 90.1, "must be at most 90"),
    ("longitude", -180.5, "must be at least -180"),
    ("day", "2026-3-2", DAY),
    ("day", "yesterday", DAY),
    ("day", "20260302", DAY),
    ("day", "86400", DAY),
    ("day", "2026-03-02T00:00:00Z", DAY),
    ("day", "٢٠٢٦-٠٣-٠٢", DAY),
    ("day", "1899-12-31", DAY),
    ("day", "2200-01-01", DAY),
    ("day", "2026-02-30", "is not a day that exists"),
    ("day", 20260302, "must be a day"),
    ("moment", "2026-03-02T12:00:00", "must be a time with its zone"),
    ("moment", "2026-03-02", TIME),
    ("moment", "20260302", TIME),
    ("moment", "1772409600", TIME),
    ("moment", 1772409600, "must be a time with its zone"),
    ("moment", "2026-03-02T24:00:00Z", "is not a time that exists"),
    ("moment", "0001-01-01T00:00:00+14:00", "is not a time in UTC"),
    ("required", "   ", "must have at least 1 character"),
    *(
        ("url", address, "is not a web address, such as https://example.com/photo.jpg")
        for address in (
            "javascript:alert(1)",
            "javascript://x.test/%0aalert(1)",
            "data:text/html,<script>alert(1)</script>",
            "ftp://x.test/a.jpg",
            "//x.test/a.jpg",
            "http://",
            "https:///a.jpg",
            "https://?a",
            'https://x.test/"onload=',
            "https://x.test/'a",
            "https://x.test/a\nb",
            "https://x.test/a b",
            "https://x.test/<b>",
            "https://x.test/\u0000",
        )
    ),
    *(("required", blank, "must not be empty") for blank in ("\u200b", "\u202e\u2060", "\ufeff ", "\u3164")),
    *(
        ("required", f"a{one}b", "must be one line without control characters")
        for one in "\u0000\n\r\u001b\u0085\u2028"
    ),
    ("short", "abc\u202edef", "must not contain characters that change the direction of text"),
    ("long", "a\u0000", "must not contain control characters"),
    ("long", "\u001b[31m", "must not contain control characters"),
    ("zone", "Pacific", ZONE),
    ("zone", "../../etc/passwd", ZONE),
    ("tags", ["vip"], "must be an object"),
    ("tags", {f"tag {number}": True for number in range(51)}, "at most 50 items"),
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


@pytest.mark.parametrize("field", ["tags.vip", "phones.a b.[key]", "phones.w.position", "phones.w.value"])
def test_what_is_wrong_within_a_map_is_named_by_its_entry(field: str) -> None:
    document = {
        "tags": {"vip": False},
        "phones": {"a b": {"value": "415 555 0123"}, "w": {"position": "a-b", "value": "no number"}},
    }
    with pytest.raises(Invalid) as refused:
        parse(Sample, document)
    assert field in [error["field"] for error in refused.value.extra["errors"]]


@pytest.mark.parametrize(
    ("field", "sent", "kept"),
    [
        ("state", "Ontario", "ON"),
        ("state", "Québec", "QC"),
        ("state", "quebec", "QC"),
        ("state", "B.C.", "BC"),
        ("state", "Ont.", "ON"),
        ("zip", "K1A 0B1", "K1A 0B1"),
        ("zip", "k1a0b1", "K1A 0B1"),
        ("zip", "K1A-0B1", "K1A 0B1"),
    ],
)
def test_a_canadian_address_has_a_province_and_a_postal_code(field: str, sent: str, kept: str) -> None:
    for text in (sent, kept):
        assert parse(Sample, {field: text, "country": "CA"}).model_dump()[field] == kept
    with pytest.raises(Invalid):
        parse(Sample, {field: sent})


@pytest.mark.parametrize(
    ("field", "sent", "why"),
    [
        ("state", "CA", "is not a valid province, such as ON or Ontario"),
        ("zip", "95814", "is not a valid postal code, such as K1A 0B1"),
        ("zip", "Z1A 0B1", "is not a valid postal code, such as K1A 0B1"),
    ],
)
def test_an_american_one_is_none_in_canada(field: str, sent: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(Sample, {field: sent, "country": "CA"})
    assert refused.value.extra["errors"] == [{"field": field, "message": why}]


def test_what_is_stored_is_judged_anew_only_when_it_or_its_country_changes() -> None:
    known = {"country": "US", "state": "XX", "phones": {"w": {"value": "+15550000000"}}}
    assert parse(Sample, known, stored=known).state == "XX"
    for changed in ({"country": "CA"}, {"state": "YY"}, {"phones": {"w": {"value": "+15550000001"}}}):
        with pytest.raises(Invalid):
            parse(Sample, {**known, **changed}, stored=known)


@given(
    st.sampled_from(["phone", "email", "state", "zip", "day", "moment", "zone"]),
    st.text("+-() .;=@_:/<>extTZ0123456789CaliforniaNYäéß٤ﬁ", max_size=30),
)
def test_normalising_twice_is_normalising_once(field: str, sent: str) -> None:
    try:
        once = stored(field, sent)
    except Invalid:
        return
    assert stored(field, once) == once


BEFORE = st.sampled_from(["", " ", "tel:", "Cell: ", "+", "1 ", "+1", "011 1 ", "+44 ", "(0)", "5", "E"])
BETWEEN = st.sampled_from(["", "", " ", "-", ".", "/", "(", ")", ") ", "E", "e", ",", "x", " or ", "5"])
AFTER = {"": "", " ": "", " (cell)": "", " home": "", " x12": "12", ";ext=7": "7", " #3": "3", "E9": None, ".0": None}


@given(BEFORE, st.lists(BETWEEN, min_size=9, max_size=9), st.sampled_from(sorted(AFTER)))
def test_a_phone_number_is_stored_with_its_own_digits_or_refused(before: str, between: list[str], after: str) -> None:
    sent = before + "".join(map("".join, zip("415555012", between, strict=True))) + "3" + after
    try:
        kept = stored("phone", sent)
    except Invalid:
        return
    extension = AFTER[after]
    written = re.sub(r"\D", "", sent.removesuffix(after))
    number = re.sub(r"\D", "", kept.partition(";")[0])
    assert extension is not None
    assert kept.partition(";ext=")[2] == extension or "x" in between
    assert written.endswith(number.removeprefix("1")) or "x" in between
    assert len(written) <= len("0111") + len(number)


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


@given(st.emails(), st.sampled_from(["{}", " {} ", "Ana <{}>"]))
def test_normalising_an_address_twice_is_normalising_it_once(address: str, form: str) -> None:
    try:
        once = stored("email", form.format(address))
    except Invalid:
        return
    assert stored("email", once) == once
    assert once.rpartition("@")[0] == unicodedata.normalize("NFC", address.rpartition("@")[0])


@given(st.from_regex(r"[0-9]{5}[ -]?([0-9]{4})?", fullmatch=True))
def test_the_digits_of_a_zip_code_are_kept(sent: str) -> None:
    assert stored("zip", sent).replace("-", "") == sent.replace("-", "").replace(" ", "").strip()


@pytest.mark.parametrize(
    ("field", "least", "most", "places"),
    [("percent", 0, 100, 3), ("quarters", 0, 100, None), ("latitude", -90, 90, 6), ("longitude", -180, 180, 6)],
)
@given(data=st.data())
def test_a_number_is_kept_exactly_as_far_as_it_is_told(
    field: str, least: int, most: int, places: int | None, data: st.DataObject
) -> None:
    if places is None:
        number = data.draw(st.integers(least * 4, most * 4)) / 4
    else:
        number = float(data.draw(st.decimals(least, most, places=places)))
    kept = stored(field, number)
    assert kept == number
    assert json.dumps(stored(field, kept)) == json.dumps(kept)


@pytest.mark.parametrize(("field", "most", "places"), [("percent", 100, 3), ("latitude", 90, 6), ("longitude", 180, 6)])
@given(data=st.data())
def test_rounding_moves_a_number_by_half_of_its_last_place_at_most(
    field: str, most: int, places: int, data: st.DataObject
) -> None:
    number = data.draw(st.floats(0, most))
    kept = stored(field, number)
    assert abs(Decimal(repr(kept)) - Decimal(repr(number))) <= Decimal(5).scaleb(-places - 1)
    assert stored(field, kept) == kept
