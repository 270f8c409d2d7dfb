from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from openhouse.core.errors import ModelOutputMalformed
from openhouse.language.descriptions import describe_listing, facts_of
from openhouse.language.rules.engine import RulesEngine
from openhouse.language.wording import faults
from tests.unit.openhouse.language.asking import ASKER

FACTS = {
    "address": "27 Orchard Ln", "city": "Davis", "state": "CA", "zip": "95616", "listPriceCents": 69_990_000,
    "bedrooms": 3, "bathrooms": 2.5, "squareFeet": 1836, "lotSizeSqft": 87_120, "propertyType": "residential",
    "listingType": "sale", "hoaFeeCents": 12_000, "hoaFrequency": "monthly", "parkingSpaces": 2, "yearBuilt": 1987,
}  # fmt: skip

SAID = [
    "This house is for sale at 27 Orchard Ln in Davis, CA 95616.",
    "It has 3 bedrooms, 2.5 bathrooms and 1,836 square feet of living area.",
    "The three-bedroom home was built in 1987.",
    "The 2 acre lot includes 2 parking spaces.",
    "The lot measures 87,120 square feet.",
    "HOA dues are $120 per month, and the list price is $699,900.",
]
NOT_SAID = {
    "It has 4 bedrooms.": "4 bedrooms",
    "It has 3 bathrooms.": "3 bathrooms",
    "There are two bedrooms.": "2 bedrooms",
    "It was built in 1988.": "1988",
    "The list price is $120.": "$120",
    "HOA dues are $699,900.": "$699,900",
    "The lot measures 1,836 square feet.": "1,836",
    "The living area is 87,120 square feet.": "87,120",
    "It is 5 minutes from Davis.": "5",
    "It is close to Sacramento.": "Sacramento",
    "It has a pool.": "pool",
    "It has granite countertops.": "granite",
    "It has a renovated kitchen.": "renovated",
    "This condo is for sale.": "condo",
    "This house is for rent.": "rent",
    "It has no bathrooms.": "no",
    "It has a 3 acre lot.": "3 acre",
    "Perfect for families.": "familial status",
    "It is in a Christian area.": "religion",
    "It is an exclusive home.": "catch words",
}


@pytest.mark.parametrize("sentence", SAID)
def test_what_the_record_says_may_be_said(sentence: str):
    assert faults(sentence, FACTS) == []


@pytest.mark.parametrize("sentence", NOT_SAID)
def test_what_the_record_does_not_say_is_refused_with_its_word(sentence: str):
    assert NOT_SAID[sentence] in " ".join(faults(sentence, FACTS))


def test_a_street_may_be_called_what_no_description_may_say():
    facts = {**FACTS, "address": "12 Christian Church Rd"}
    assert faults("This house is located at 12 Christian Church Rd.", facts) == []


@pytest.mark.parametrize("field", [*FACTS])
def test_without_a_fact_nothing_is_said_of_it(field: str):
    facts = {name: value for name, value in FACTS.items() if name != field}
    assert any(faults(sentence, facts) for sentence in SAID)


LISTINGS = some.fixed_dictionaries(
    {},
    optional={
        "address": some.sampled_from(["27 Orchard Ln", "0 Ridge Rd", "5 Single Oak Way"]),
        "city": some.sampled_from(["Davis", "La Crescenta"]),
        "state": some.sampled_from(["CA", "IN", "OR"]),
        "listPriceCents": some.integers(0, 10**10),
        "bedrooms": some.integers(0, 20),
        "bathrooms": some.sampled_from([0, 0.5, 1, 1.75, 2.5, 12]),
        "squareFeet": some.integers(0, 10**6),
        "lotSizeSqft": some.integers(0, 10**7),
        "propertyType": some.sampled_from(
            ["residential", "condo", "townhouse", "manufactured", "multi_family", "land", "farm", "commercial"]
        ),
        "listingType": some.sampled_from(["sale", "rent"]),
        "hoaFeeCents": some.integers(0, 10**6),
        "hoaFrequency": some.sampled_from(["none", "monthly", "quarterly", "annually"]),
        "parkingSpaces": some.integers(0, 10),
        "yearBuilt": some.integers(1600, 2199),
    },
)


@given(LISTINGS)
@settings(max_examples=300, deadline=None)
def test_the_embedded_engine_says_nothing_but_what_any_record_says(listing: dict[str, Any]):
    facts = facts_of(listing)
    for sentence in RulesEngine().sentences(ASKER, facts):
        assert faults(sentence, facts) == [], sentence


def test_notes_and_former_descriptions_are_no_facts():
    assert facts_of({"notes": "desperate", "description": "pool", "bedrooms": 2}) == {"bedrooms": 2}


def test_a_model_that_writes_nothing_that_can_be_used_is_an_error():
    class Dreaming(RulesEngine):
        def sentences(self, _asker: Any, _facts: Any) -> Sequence[str]:
            return ["Enjoy the ocean view."]

    with pytest.raises(ModelOutputMalformed):
        describe_listing(Dreaming(), ASKER, FACTS)
