"""What the patterns of the embedded engine keep apart."""

from __future__ import annotations

import pytest

from openhouse.language.engine import Mention
from openhouse.language.labels import LABELS, Label
from openhouse.language.rules import addresses
from openhouse.language.rules.engine import RulesEngine
from openhouse.language.rules.regions import about_the_deal
from tests.unit.openhouse.language.asking import ASKER


def pointed(text: str, label: Label) -> list[str]:
    return [text[each.start : each.end] for each in RulesEngine().mentions(ASKER, text, LABELS) if each.label == label]


def test_a_signature_is_no_part_of_the_deal_and_what_follows_it_is():
    text = "Hello\n\nBest regards,\nJane Roe\n12 Elm St, Davis, CA 95616\n\nBuyer: Ana Ruiz"
    assert about_the_deal(text).split() == ["Hello", "Buyer:", "Ana", "Ruiz"]
    assert len(about_the_deal(text)) == len(text)


def test_thanks_before_the_facts_hide_none():
    assert "Price" in about_the_deal("Thanks!\nPrice: $1,000")
    assert about_the_deal("Yours is the best offer.") == "Yours is the best offer."


def test_headers_of_mails_are_no_part_of_the_deal():
    text = "From: Ana Ruiz <ana@x.test>\nDate: Mon, Nov 23, 2026\nSubject: Offer\nTo: Team\n\nBuyer: Bo Li"
    assert about_the_deal(text).split() == ["Subject:", "Offer", "Buyer:", "Bo", "Li"]


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("Meet at our office, 1 Oak St, Davis, CA 95616. Property: 2 Elm St, Davis, CA 95616", "2 Elm St"),
        ("Listing 410 Cherry St, Vacaville CA 95688. Comp: 418 Cherry St sold for more", "410 Cherry St"),
        ("Premises: 3900 N Desert Rose Dr NW Unit 4, Tucson, AZ 85718", "3900 N Desert Rose Dr NW Unit 4"),
        ("Property: 1842 Vista Del Mar, Carlsbad, CA 92008", "1842 Vista Del Mar"),
        ("Property address: 77 Rural Route Box 9, Davis, CA 95616", "77 Rural Route Box 9"),
        ("Loan 5500012345 of $540,000 on 11/25/26", None),
    ],
)
def test_the_address_of_the_property_is_told_from_others(text: str, street: str | None):
    assert pointed(text, "street") == ([street] if street else [])


def test_a_line_of_no_usual_form_is_read_by_the_library():
    text = "Property: 1200 Avenida Norte San Jose California 95112"
    found: dict[str, str] = {each.label: text[each.start : each.end] for each in addresses.find(text)}
    assert found["zip"] == "95112"
    assert found["street"].startswith("1200 Avenida")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Buyer: April Close. Price $1,000", "April Close"),
        ("BUYER JOHN TRAN SELLER MAE WOODS", "JOHN TRAN"),
        ("the buyer, Juan de la Cruz, agrees", "Juan de la Cruz"),
        ('from Natalie Brooks and Simon Brooks ("Buyer").', "Natalie Brooks and Simon Brooks"),
        ("Buyer: Summit Ridge Capital, Inc.", "Summit Ridge Capital, Inc."),
        ("Buyer Name: Monique Baptiste", "Monique Baptiste"),
        ("Buyer shall deliver the deposit", None),
        ("Buyer's agent: Omar Haddad", None),
        ("buyer and seller agree", None),
        ("Buyer: Robert'); DROP TABLE clients;--", None),
    ],
)
def test_a_party_is_who_is_named_and_nobody_else(text: str, name: str | None):
    assert pointed(text, "buyer") == ([name] if name else [])


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("Escrow: listed at $515,000, she got it for $498,500.", ["$498,500"]),
        (
            "Escrow. First offered $1,390,000. Countered at $1,425,000. The purchase price is $1,420,000.",
            ["$1,420,000"],
        ),
        ("Escrow. Price: $1,000,000. Purchase price: $1,100,000.", ["$1,100,000"]),
        ("Escrow. Purchase price $1,000,000. Purchase price $2,000,000.", ["$1,000,000", "$2,000,000"]),
        ("Escrow. The offer of $700,000 was rejected.", []),
        ("Escrow. If it appraises at $600,000 we talk.", []),
        ("Escrow. 10% down payment $50,000, loan $450,000.", []),
        ("Escrow for Ana, 385k", ["385k"]),
    ],
)
def test_the_price_is_the_one_that_was_agreed(text: str, price: list[str]):
    assert pointed(text, "purchase_price") == price


def test_a_date_that_was_replaced_does_not_count():
    text = "The inspection moved from December 3 to December 7 at 1 pm"
    assert pointed(text, "inspection") == ["December 7 at 1 pm"]


def test_mentions_are_in_their_order_and_told_once():
    text = "Escrow for 1 Elm St, Davis, CA 95616, buyer Ana Ruiz, closing May 3, 2027"
    found = RulesEngine().mentions(ASKER, text, LABELS)
    assert found == sorted(set(found))
    assert Mention(0, 6, "transaction") in found
