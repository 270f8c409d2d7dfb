from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.importing.addresses import split_address, split_place, with_unit, with_zeros
from openhouse.importing.people import split_name
from tests.unit.openhouse.importing.tables import read, values


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana Ruiz", {"firstName": "Ana", "lastName": "Ruiz"}),
        ("Ruiz, Ana", {"firstName": "Ana", "lastName": "Ruiz"}),
        ("Dr. José Luis Núñez Jr.", {"firstName": "José Luis", "lastName": "Núñez Jr."}),
        ("Maria de la Cruz", {"firstName": "Maria", "lastName": "de la Cruz"}),
        ("De la Cruz, Maria Elena", {"firstName": "Maria Elena", "lastName": "De la Cruz"}),
        ("Luz & Hector Peña", {"firstName": "Luz & Hector", "lastName": "Peña"}),
        ("Bob (Robert) Smith", {"firstName": "Bob (Robert)", "lastName": "Smith"}),
        ("Cher", {"firstName": "Cher"}),
        ("Dean Smith", {"firstName": "Dean", "lastName": "Smith"}),
        ("Mr. and Mrs. John Smith", {"firstName": "John", "lastName": "Smith"}),
        ("John Peña, Mary Peña", {"company": "John Peña, Mary Peña"}),
        ("Ann Lee & Bo Chen", {"company": "Ann Lee & Bo Chen"}),
        ("Kern Title Company", {"company": "Kern Title Company"}),
        ("Núñez & Sons, Inc.", {"company": "Núñez & Sons, Inc."}),
        ("The Lind Trust", {"company": "The Lind Trust"}),
    ],
)
def test_a_name_in_one_cell_is_a_person_a_couple_or_a_company(name, expected):
    assert split_name(name) == expected


WORDS = st.one_of(
    st.text("abcdefgéñ'-", min_size=1, max_size=8),
    st.text('ab(),."/', min_size=1, max_size=6),
    st.sampled_from(["Dean", "van", "de", "Jr.", "PhD", "née", "y", "la", "Smith,"]),
)


@given(st.lists(WORDS, min_size=1, max_size=6).map(" ".join))
def test_no_word_of_a_name_is_lost(name):
    found = split_name(name)
    letters = sorted(character for character in name if character.isalnum())
    assert sorted(character for part in found.values() for character in part if character.isalnum()) == letters


def test_a_company_that_another_system_cut_in_two_is_one_again():
    [found] = read(["First Name", "Last Name"], [["Kern Valley Holdings", "LLC"]], CLIENTS)
    assert found.document == {"company": "Kern Valley Holdings LLC"}


def test_a_buyer_in_two_columns_is_one_field():
    columns = ["Address", "Buyer First Name", "Buyer Last Name", "Seller Last Name"]
    [found] = read(columns, [["1 A St", "Ana", "Ruiz", "Lane"]], ESCROWS)
    assert found.document == {"propertyAddress": "1 A St", "buyerName": "Ana Ruiz", "sellerName": "Lane"}


def test_first_and_last_name_count_before_the_whole_one():
    [found] = read(["Name", "First Name", "Last Name"], [["A. Ruiz (do not call)", "Ana", "Ruiz"]], CLIENTS)
    assert found.document == {"firstName": "Ana", "lastName": "Ruiz"}


def test_whoever_has_only_a_number_a_company_or_one_name_is_kept():
    columns = ["First Name", "Last Name", "Company", "Phone", "Email"]
    rows = [
        ["", "", "", "(661) 555-0170", ""],
        ["", "", "Acme Realty", "", ""],
        ["Lola", "", "", "", ""],
        ["", "", "", "", "a@x.com"],
        ["", "", "", "", ""],
    ]
    *found, nobody = read(columns, rows, CLIENTS)
    assert [one.document for one in found] == [
        {"lastName": "(661) 555-0170", "phone": "+16615550170"},
        {"company": "Acme Realty"},
        {"firstName": "Lola"},
        {"lastName": "a@x.com", "email": "a@x.com"},
    ]
    assert found[0].warnings == (("Last Name", "lastName", "there is no name, so it is (661) 555-0170"),)
    assert nobody.rejected == "lastName: a client needs a first name, a last name or a company"


@pytest.mark.parametrize("text", ["N/A", "nan", "null", "-", "none", "NULL", "n/a", "—"])
def test_nothing_is_no_name(text):
    [found] = read(["First Name", "Last Name"], [[text, "Hart"]], CLIENTS)
    assert found.document == {"lastName": "Hart"}


def test_people_who_are_called_like_nothing_keep_their_names():
    found = read(["First Name", "Last Name"], [["Nan", "Na"], ["Bo", "Null"]], CLIENTS)
    assert [one.document for one in found] == [
        {"firstName": "Nan", "lastName": "Na"},
        {"firstName": "Bo", "lastName": "Null"},
    ]


@pytest.mark.parametrize(
    ("text", "street", "city", "state", "zip_code"),
    [
        ("123 Main St, Bakersfield, CA 93301", "123 Main St", "Bakersfield", "CA", "93301"),
        ("123 Main St\nBakersfield, CA 93301\nUS", "123 Main St", "Bakersfield", "CA", "93301"),
        ("123 Main St Bakersfield CA 93301", "123 Main St", "Bakersfield", "CA", "93301"),
        ("123 Main St; Davis, CA 95616", "123 Main St", "Davis", "CA", "95616"),
        ("123 Main St, Davis, Yolo County, CA 95616", "123 Main St", "Davis", "CA", "95616"),
        ("123 Main St West, Sacramento CA 95691", "123 Main St West", "Sacramento", "CA", "95691"),
        ("123 Main St West Sacramento CA 95691", "123 Main St", "West Sacramento", "CA", "95691"),
        ("1 A St, Unit 4, Boston, MA, 2108", "1 A St, Unit 4", "Boston", "MA", "02108"),
        ("1 Harbor Way #5 San Francisco California 94105-1234", "1 Harbor Way #5", "San Francisco", "CA", "94105-1234"),
    ],
)
def test_an_address_in_one_cell_is_taken_apart(text, street, city, state, zip_code):
    expected = {"street": street, "city": city, "state": state, "zip": zip_code}
    assert split_address(text) == expected
    [found] = read(["Property Address"], [[text]], LISTINGS)
    assert found.document == {"address": street, "city": city, "state": state, "zip": zip_code}


@pytest.mark.parametrize(
    "text",
    ["123 Main St", "PO Box 12", "Hwy 99 and Main", "behind the church", "", "CA", "31 Court St Court House WA 98101"],
)
def test_what_is_not_surely_a_whole_address_stays_as_it_is(text):
    assert split_address(text) == {}


def test_a_place_in_one_cell_is_taken_apart():
    assert split_place("West Sacramento, CA 95691") == {"city": "West Sacramento", "state": "CA", "zip": "95691"}
    assert split_place("Boston MA 2108") == {"city": "Boston", "state": "MA", "zip": "02108"}
    assert split_place("Davis") == {}
    [found] = read(["Address", "City, State Zip"], [["1 A St", "Davis, CA 95616"]], ESCROWS)
    assert found.document == {"propertyAddress": "1 A St", "city": "Davis", "state": "CA", "zip": "95616"}
    [found] = read(["Address", "City"], [["1 A St", "Davis, CA 95616"]], ESCROWS)
    assert found.document == {"propertyAddress": "1 A St", "city": "Davis", "state": "CA", "zip": "95616"}


def test_a_street_and_its_unit_are_one_line_and_a_unit_is_not_named_twice():
    assert with_unit("77 Beacon St", "4B") == "77 Beacon St #4B"
    assert with_unit("2210 17th St", "Apt 4") == "2210 17th St Apt 4"
    assert with_unit("2210 17th Street #4", "4") == "2210 17th Street #4"
    columns = ["Street Number", "Street Dir Prefix", "Street Name", "Street Suffix", "Unit Number"]
    [found] = read(columns, [["15", "N", "Quartz Hill", "Rd", "B"]], ESCROWS)
    assert found.document == {"propertyAddress": "15 N Quartz Hill Rd #B"}
    [found] = read(["St#", "Address"], [["123", "Main St"]], ESCROWS)
    assert found.document == {"propertyAddress": "123 Main St"}


@pytest.mark.parametrize(
    ("text", "state", "expected"),
    [
        ("2108", "MA", "02108"),
        ("2108", "Massachusetts", "02108"),
        ("21081234", "MA", "02108-1234"),
        ("95814.0", "CA", "95814"),
        ("2108", "CA", "2108"),
        ("501", "NY", "00501"),
        ("2108", "", "2108"),
    ],
)
def test_zip_codes_get_their_zero_back_where_the_state_proves_it(text, state, expected):
    assert with_zeros(text, state) == expected


def test_a_zip_code_that_nothing_proves_is_left_out():
    [found] = read(["Address", "Zip"], [["1 A St", "2108"]], ESCROWS)
    assert found.document == {"propertyAddress": "1 A St"}
    assert found.warnings[0][:2] == ("Zip", "zip")


def test_states_are_read_in_words_and_addresses_abroad_are_not_taken_for_ours():
    columns = ["Last Name", "Country", "State", "Zip"]
    here, canada, abroad = read(
        columns,
        [["A", "USA", "California", "95616"], ["B", "Canada", "Ontario", "K1A 0B1"], ["C", "Germany", "", "10115"]],
        CLIENTS,
    )
    assert (here.document["state"], here.document["country"]) == ("CA", "US")
    assert (canada.document["state"], canada.document["zip"]) == ("ON", "K1A 0B1")
    assert abroad.document == {"lastName": "C"}
    assert ("Zip", "zip", "is left out, as we keep no addresses in Germany") in abroad.warnings


def test_several_numbers_and_addresses_keep_their_labels_and_the_main_one_is_first():
    columns = [
        "Last Name",
        "Home Phone",
        "Mobile Phone",
        "Work Phone",
        "Email 1",
        "Email 1 - Type",
        "Email 2",
        "Email 2 - Type",
    ]
    row = ["Hart", "415-555-0123", "(415) 555-0124", "415.555.0123", "z@x.com", "home", "w@x.com", "work"]
    [found] = read(columns, [row], CLIENTS)
    assert found.document == {
        "lastName": "Hart",
        "phone": "+14155550124",
        "phones": {"1": {"label": "Home", "value": "+14155550123"}},
        "email": "z@x.com",
        "emails": {"1": {"label": "work", "value": "w@x.com"}},
    }


def test_one_cell_may_hold_several():
    rows = [["Hart", "a@x.com ::: b@x.com"], ["Lee", "a@y.com; b@y.com"], ["Cho", "Ana <c@x.com>"]]
    found = read(["Last Name", "E-mail"], rows, CLIENTS)
    assert [one.document["email"] for one in found] == ["a@x.com", "a@y.com", "c@x.com"]
    assert found[0].document["emails"] == {"1": {"value": "b@x.com"}}


@pytest.mark.parametrize("text", ["555", "4.15555E9", "call me", "415-555-01234"])
def test_a_bad_number_leaves_its_field_out_and_the_row_in(text):
    rows = [["Hart", text], ["Lee", "415-555-0123"], ["Cho", "415-555-0124"]]
    found = read(["Last Name", "Phone"], rows, CLIENTS)[0]
    assert found.document == {"lastName": "Hart"}
    assert found.warnings == (("Phone", "phone", f"{text!r} is not a valid phone number"),)


def test_a_row_that_needs_the_bad_value_is_rejected_with_its_reason():
    rows = [["not an address", "Ana"], ["a@x.com", "Bo"], ["b@x.com", "Cy"]]
    found = read(["Email", "First Name"], rows, LEADS)[0]
    assert found.document == {}
    assert found.rejected == (
        "email: a lead needs an e-mail address or a phone number ('not an address' is not a valid e-mail address)"
    )


def test_what_a_source_gives_to_everyone_is_nobodys():
    rows = [[f"P{number}", "info@source.com", f"415-555-01{number}"] for number in range(10, 16)]
    rows.append(["Ana", "ana@x.com", "415-555-0199"])
    found = read(["First Name", "Email", "Phone"], rows, LEADS)
    assert [one.document.get("email") for one in found] == [None] * 6 + ["ana@x.com"]
    assert values("email", "Email", ["noemail@x.com", "none@none.com", "z@x.com"], CLIENTS) == [None, None, "z@x.com"]


def test_two_of_a_family_may_share_an_address():
    assert values("email", "Email", ["z@x.com", "z@x.com", "y@x.com"], CLIENTS) == ["z@x.com", "z@x.com", "y@x.com"]
