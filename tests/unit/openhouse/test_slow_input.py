"""Texts that are long on purpose: each is looked at in a time that grows with it. What does not end, pytest ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from openhouse.core.text import one_line, quoted, trimmed
from openhouse.crm.module import Module
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.importing import addresses, cells, days, people, vocabularies
from openhouse.importing.header_words import alternatives, header_of, layout_key
from openhouse.importing.headers import notice_in
from openhouse.importing.labels import is_usual_name, looks_of
from openhouse.importing.numbers import taken_apart
from openhouse.importing.proposal import propose
from openhouse.importing.reader import Reader
from openhouse.importing.values import emails_of, phones_of
from openhouse.language.labels import LABELS
from openhouse.language.people import names
from openhouse.language.rules.engine import RulesEngine
from openhouse.language.source import Source
from openhouse.language.written_amounts import cents
from tests.unit.openhouse.language.asking import ASKER

LONGEST = 40_000  # characters of a text that is read; a cell of a file may have a million
REPEATED = [" ", "1", "\t", "-", "a ", "1 ", "and ", "$1,", "(", "\n", "1/", "a@b "]
FOR_CELLS = [" ", "\n ", "a ", "#a  ", "; ", ", ", "a@b.", " & ", "1/", "("]


def long_texts(repeated: str, length: int = LONGEST) -> list[str]:
    middle = (repeated * length)[:length]
    return [f"{begins}{middle}{ends}" for begins, ends in (("", "x!"), ("1", "x!"), ("a", "1x!"))]


@pytest.mark.parametrize("repeated", REPEATED, ids=ascii)
def test_a_cell_or_amount_of_any_length_is_looked_at_once(repeated: str) -> None:
    for text in long_texts(repeated):
        assert taken_apart(text) is None
        assert cents(text) is None
        assert looks_of(text) is not None


@pytest.mark.timeout(30)  # where each space is looked at once for each other one, it is minutes
@pytest.mark.parametrize(
    "read",
    [
        trimmed,
        lambda text: quoted(text, 100),
        cells.one_line,
        cells.is_nothing,
        cells.is_nobody,
        cells.perhaps_several,
        cells.tags,
        cells.lines,
        addresses.split_address,
        addresses.split_place,
        lambda text: addresses.with_zeros(text, "CA"),
        lambda text: addresses.with_unit("1 Harbor Way", text),
        days.taken_apart,
        lambda text: days.order_of([text]),
        people.split_name,
        vocabularies.plain,
        header_of,
        alternatives,
        is_usual_name,
        lambda text: layout_key([text]),
        lambda text: notice_in([text], 3),
    ],
)
def test_whatever_a_cell_may_be_is_found_out_in_a_time_that_grows_with_it(read: Callable[[str], Any]) -> None:
    for repeated in FOR_CELLS:
        for text in long_texts(repeated, LONGEST // 2):
            read(text)


@pytest.mark.timeout(30)
def test_tags_with_any_number_of_spaces_between_them_are_read_as_soon_as_others() -> None:
    assert cells.tags("#vip  #past,  #a-b#c") == {"vip": True, "past": True, "a-b": True, "c": True}
    assert cells.tags("#a  " * 40 + "!") == {("#a  " * 40 + "!"): True}


@pytest.mark.parametrize("text", ["\u2009a b\u202e\n", "\x1c \x85a\u3000", "\ufeffa\u00ad"])
def test_what_cannot_be_seen_at_the_ends_is_taken_away(text: str) -> None:
    assert one_line(text) == text.strip("\u2009\u202e\n\x1c \x85\u3000\ufeff\u00ad")


def test_of_a_cell_with_very_many_numbers_or_addresses_none_is_judged() -> None:
    for read in (phones_of, emails_of):
        with pytest.raises(cells.UnreadableCell, match="more than 100"):
            read("a@;" * 200_000)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("module", [CLIENTS, LISTINGS], ids=lambda module: str(module.noun))
@pytest.mark.parametrize("repeated", [" ", "#a  ", "a ", ";a@b", "1 Main St ", "and "], ids=ascii)
def test_a_table_of_such_cells_is_understood_and_each_row_read_or_left_out(repeated: str, module: Module) -> None:
    columns = ("Name", "Email", "Phone", "Tags", "Address", "City", "Birthday", "Price", "Status", "Notes", "Zones")
    text = "a" + (repeated * LONGEST)[:LONGEST] + "!"
    rows = [tuple(f"{text}{number}" for number, _ in enumerate(columns))] * 3
    read = Reader.of(propose(columns, rows, module).decide(), module, this_year=2026).read(rows[0])
    assert read.rejected or read.warnings or read.document


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "repeated", ["-", "--original ", "> ", "$1 ", "mls # ", "Buyer: A ", "A & ", "3 days after ", "1 Main St ", "("]
)
def test_a_text_that_repeats_itself_is_read_by_the_rules_in_a_time_that_grows_with_it(repeated: str) -> None:
    shown = Source((repeated * LONGEST)[:LONGEST]).shown
    assert RulesEngine().mentions(ASKER, shown, LABELS) is not None


@pytest.mark.parametrize("repeated", [" ", "\t", "\u00a0", "; ", ", "], ids=ascii)
def test_a_name_after_any_number_of_spaces_and_signs_is_found(repeated: str) -> None:
    text = (repeated * LONGEST)[: LONGEST - 10]
    assert [name.last for name in names(f"{text}Zoe Hart")] == ["Hart"]
