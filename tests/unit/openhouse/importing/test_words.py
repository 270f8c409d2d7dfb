from __future__ import annotations

import pytest

from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.importing.mapping import Choice
from openhouse.importing.proposal import propose
from openhouse.importing.targets import Kind, targets_of
from openhouse.importing.vocabularies import WORDS, meaning
from tests.unit.openhouse.importing.tables import read


@pytest.mark.parametrize(
    ("module", "field", "word", "expected"),
    [
        (LISTINGS, "status", "Active Under Contract", "pending"),
        (LISTINGS, "status", "ActiveUnderContract", "pending"),
        (LISTINGS, "status", "FOR_SALE", "active"),
        (LISTINGS, "status", "Closed", "sold"),
        (LISTINGS, "status", "ComingSoon", "coming_soon"),
        (LISTINGS, "propertyType", "Single Family", "residential"),
        (LISTINGS, "propertyType", "Multi-Family (2-4 Unit)", "multi_family"),
        (LISTINGS, "propertyType", "Condo/Co-op", "condo"),
        (LEADS, "source", "Facebook Ads", "social"),
        (LEADS, "source", "Zillow - Premier", "zillow"),
        (LEADS, "status", "Trash", "lost"),
        (CLIENTS, "status", "Trash", "lost"),
        (CLIENTS, "status", "Past Client", "closed"),
        (CLIENTS, "clientType", "Buyer & Seller", "both"),
        (ESCROWS, "status", "Canceled/App", "cancelled"),
        (ESCROWS, "status", "Under Contract", "pending"),
        (CLIENTS, "country", "United States of America", "US"),
    ],
)
def test_words_of_other_systems_mean_ours(module, field, word, expected):
    assert meaning(word, targets_of(module)[field], module) == expected


@pytest.mark.parametrize(
    ("module", "field", "word"),
    [
        (LEADS, "status", "Nurture"),
        (LEADS, "status", "Hot"),
        (LEADS, "status", "Closed"),
        (CLIENTS, "status", "Sphere"),
        (LISTINGS, "status", "A"),
        (LISTINGS, "propertyType", "Apartment"),
        (LEADS, "source", "Referral from Facebook"),
        (LEADS, "source", "Realtor.com"),
        (ESCROWS, "status", "Archived"),
    ],
)
def test_words_without_an_agreed_meaning_mean_nothing(module, field, word):
    assert meaning(word, targets_of(module)[field], module) is None


@pytest.mark.parametrize("word", ["converted", "Converted", "CONVERTED", "Closed Won"])
def test_nothing_becomes_converted(word):
    [found] = read(["Email", "Status"], [["a@x.com", word]], LEADS)
    assert "status" not in found.document
    assert found.warnings
    assert "converted" not in targets_of(LEADS)["status"].choices


def test_every_listed_meaning_is_a_choice_of_its_field():
    choices = {
        key: set(target.choices)
        for module in MODULES
        for target in targets_of(module).values()
        if target.kind is Kind.WORDS
        for key in (target.name, f"{module.path}.{target.name}")
    }
    for field, words in WORDS.items():
        assert words.keys() <= choices[field], field


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.path)
def test_our_own_words_mean_themselves(module: Module) -> None:
    for target in targets_of(module).values():
        for choice in target.choices:
            assert meaning(choice.upper().replace("_", " "), target, module) == choice


def test_an_unknown_word_is_shown_and_its_field_left_out_until_somebody_decides():
    rows = [["a@x.com", "Nurture"], ["b@x.com", "New"], ["c@x.com", "Sphere"]]
    proposal = propose(["Email", "Stage"], rows, LEADS)
    assert proposal.columns[1].unknown_words == ("Nurture", "Sphere")
    assert [one.document.get("status") for one in read(["Email", "Stage"], rows, LEADS)] == [None, "new", None]
    decided = {1: Choice("status", words={"Nurture": "contacted", "Sphere": None})}
    found = read(["Email", "Stage"], rows, LEADS, decided)
    assert [one.document.get("status") for one in found] == ["contacted", "new", None]
    assert [one.warnings for one in found] == [(), (), ()], "leaving a word out was somebody's decision"


def test_none_is_a_frequency_where_it_is_one_and_nothing_elsewhere():
    columns = ["Address", "City", "State", "Zip", "HOA Frequency", "Property Type"]
    [found] = read(columns, [["1 A St", "Davis", "CA", "95616", "None", "None"]], LISTINGS)
    assert found.document["hoaFrequency"] == "none"
    assert "propertyType" not in found.document
    assert found.warnings == ()


def test_a_fee_says_how_often_it_is_paid():
    columns = ["Address", "City", "State", "Zip", "HOA Dues"]
    place = ["1 A St", "Davis", "CA", "95616"]
    found = read(columns, [[*place, "$285/mo"], [*place, "$1,200/yr"], [*place, "300"]], LISTINGS)
    assert [one.document.get("hoaFrequency") for one in found] == ["monthly", "annually", None]


def test_tags_are_several_however_they_are_listed():
    rows = [["A", "VIP, Past Client"], ["B", "cash;multi-family"], ["C", "#first #second"], ["D", "x ::: * myContacts"]]
    found = read(["Last Name", "Tags"], rows, CLIENTS)
    assert [list(one.document["tags"]) for one in found] == [
        ["VIP", "Past Client"],
        ["cash", "multi-family"],
        ["first", "second"],
        ["x"],
    ]


def test_a_tag_that_is_too_long_leaves_only_itself_out():
    for long in ("x" * 60, "a.b." * 14):
        [found] = read(["Last Name", "Tags"], [["A", f"VIP, {long}"]], CLIENTS)
        assert found.document["tags"] == {"VIP": True}
        assert found.warnings[0][1:] == ("tags", f"{long!r} must have at most 50 characters")


def test_of_two_columns_of_types_the_more_exact_word_counts():
    columns = ["Address", "City", "State", "Zip", "Class", "Type"]
    place = ["1 A St", "Davis", "CA", "95616"]
    rows = [[*place, "RESIDENTIAL", "Townhouse"], [*place, "Land", ""], [*place, "Residential", "Ranch"]]
    found = read(columns, rows, LISTINGS)
    assert [one.document["propertyType"] for one in found] == ["townhouse", "land", "residential"]


def test_a_price_is_what_was_paid_in_the_rows_that_are_sold():
    columns = ["Address", "City", "State", "Zip", "Price", "Status", "Sold Date"]
    place = ["1 A St", "Davis", "CA", "95616"]
    asked, paid = read(columns, [[*place, "5", "Active", "2011-01-01"], [*place, "6", "Sold", "2026-01-01"]], LISTINGS)
    assert (asked.document["listPriceCents"], paid.document["soldPriceCents"]) == (500, 600)
    [sold] = read([*columns[:5], "Sale Date"], [[*place, "7", "2026-01-01"]], LISTINGS)
    assert sold.document["soldPriceCents"] == 700
