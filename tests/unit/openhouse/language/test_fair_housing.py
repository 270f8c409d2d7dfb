from __future__ import annotations

import json
from importlib import resources

import pytest

from openhouse.language.fair_housing import concerns

LISTED = json.loads((resources.files("openhouse.language") / "fair_housing.json").read_text())
TERMS = [(term, entry["about"]) for entry in LISTED["terms"] for term in entry["terms"]]


@pytest.mark.parametrize(("term", "about"), TERMS, ids=[term for term, _ in TERMS])
def test_every_term_of_the_list_is_found_in_a_sentence_with_its_source(term: str, about: str):
    found = concerns(f"A home for {term.upper()}, today.")
    assert about in {each.about for each in found}
    assert all(each.source in LISTED["sources"].values() for each in found)


@pytest.mark.parametrize(
    "text",
    [
        "White cabinets and black granite", "A great view and walk-in closets", "Two bedroom, cozy, family room",
        "Quiet streets", "Master bedroom", "Fourth-floor walk-up", "Italian marble", "Blackstone Ave", "Whitened oak",
    ],
)  # fmt: skip
def test_what_hud_calls_descriptions_of_property_is_none(text: str):
    assert concerns(text) == []


def test_a_concern_says_where_it_stands():
    text = "Ideal for families, no kids."
    assert [(text[each.start : each.end], each.term) for each in concerns(text)] == [
        ("Ideal for families", "ideal for families"),
        ("kids", "kids"),
    ]
