"""How texts are compared when somebody searches."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhouse.core.folding import LONGEST_WORD, folded, is_found, searched_words, words


def finds(asked: str, text: str) -> bool:
    return is_found(words(asked), searched_words(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ángela  Núñez", "angela nunez"),
        ("STRASSE Straße", "strasse strasse"),
        ("\u0130stanbul", "istanbul"),
        ("Łódź Sørensen Þór Œuvre", "lodz sorensen thor oeuvre"),
        ("ΟΔΟΣ οδός", "οδοσ οδοσ"),
        ("O\u2019Brien & D'Angelo, Inc.", "obrien dangelo inc"),
        ("ESC-2026-001", "esc 2026 001"),
        ("fi\ufb03 ½ m²", "fiffi 1 2 m2"),
        ("\uff21\uff42\u200bc", "ab c"),
    ],
)
def test_a_text_is_its_words_without_case_accents_and_punctuation(text: str, expected: str):
    assert folded(text) == expected


@given(st.text(max_size=40))
def test_it_is_the_same_whether_accents_are_composed_and_however_often_it_is_folded(text: str):
    assert words(unicodedata.normalize("NFC", text)) == words(unicodedata.normalize("NFD", text))
    assert words(folded(text)) == words(text)


@given(st.text(st.characters(codec="ascii"), max_size=60))
def test_a_plain_text_has_the_same_words_beside_one_that_is_not(text: str):
    assert words(f"{text} é") == [*words(text), "e"]


@given(st.text(max_size=40))
def test_every_text_is_found_by_itself_in_any_case_and_order(text: str):
    assert finds(text, text)
    assert finds(" ".join(reversed(words(text))), text)


@pytest.mark.parametrize(
    "asked",
    ["(661) 555-0142", "661 555", "0142", "5550142", "1-661-555-0142", "+16615550142", "661.5550142", "12 661"],
)
def test_a_number_is_found_by_any_of_its_groups(asked: str):
    assert finds(asked, "+16615550142;ext=12")


@pytest.mark.parametrize("asked", ["020 7946 0958", "+44 (0)20 7946 0958", "7946", "442079460958", "02079460958"])
def test_a_number_of_another_country_is_found_however_it_is_grouped(asked: str):
    assert finds(asked, "+442079460958")


@pytest.mark.parametrize("asked", ["550142", "142", "662", "61555"])
def test_a_number_is_not_found_by_what_begins_within_a_group(asked: str):
    assert not finds(asked, "+16615550142")


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("12 harbor street", "12 Harbor St"),
        ("12 harbor st", "12 Harbor Street"),
        ("mill rd", "1 Mill Road"),
        ("mill road", "1 Mill Rd."),
        ("saint louis", "St. Louis"),
        ("st louis", "Saint Louis"),
        ("nw 5th", "Northwest 5th Avenue"),
    ],
)
def test_what_is_written_in_two_ways_is_found_by_either(asked: str, text: str):
    assert finds(asked, text)


def test_a_long_word_is_cut_on_both_sides():
    assert words("x" * 100) == ["x" * LONGEST_WORD]
    assert finds("x" * 60, "x" * 100)
