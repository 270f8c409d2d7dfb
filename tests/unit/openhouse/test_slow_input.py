"""Texts that are long on purpose: each is looked at in a time that grows with it. What does not end, pytest ends."""

from __future__ import annotations

import pytest

from openhouse.importing.labels import looks_of
from openhouse.importing.numbers import taken_apart
from openhouse.language.people import names
from openhouse.language.written_amounts import cents

LONGEST = 40_000  # characters of a text that is read; a cell of a file may have a million
REPEATED = [" ", "1", "\t", "-", "a ", "1 ", "and ", "$1,", "(", "\n", "1/", "a@b "]


@pytest.mark.parametrize("repeated", REPEATED, ids=ascii)
def test_a_cell_or_amount_of_any_length_is_looked_at_once(repeated: str) -> None:
    for begins, ends in (("", "x!"), ("1", "x!"), ("a", "1x!")):
        text = begins + (repeated * LONGEST)[:LONGEST] + ends
        assert taken_apart(text) is None
        assert cents(text) is None
        assert looks_of(text) is not None


@pytest.mark.parametrize("repeated", [" ", "\t", "\u00a0", "; ", ", "], ids=ascii)
def test_a_name_after_any_number_of_spaces_and_signs_is_found(repeated: str) -> None:
    text = (repeated * LONGEST)[: LONGEST - 10]
    assert [name.last for name in names(f"{text}Zoe Hart")] == ["Hart"]
