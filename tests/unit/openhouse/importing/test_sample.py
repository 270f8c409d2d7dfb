from __future__ import annotations

from openhouse.crm.modules.escrows import ESCROWS
from openhouse.importing.proposal import propose
from openhouse.importing.sample import Sample

COLUMNS = ["Address", "Closing Date", "Price", "Status"]


def rows(*last):
    yield from ([f"{number} A St", "03/02/2026", "1,234", "Closed"] for number in range(20_000))
    yield from last


def test_of_a_long_table_some_thousand_rows_are_kept_however_many_there_are():
    assert len(Sample.of(COLUMNS, rows()).rows) == 5_000


def test_one_row_far_down_decides_how_days_and_numbers_of_all_are_read():
    proposal = propose(COLUMNS, rows(["1 B St", "25/02/2026", "1.049.000,50", "Closed"]), ESCROWS)
    assert proposal.columns[1].reading["order"] == "dmy"
    assert proposal.columns[2].reading["decimalSign"] == ","


def test_a_word_far_down_is_shown_for_a_decision_too():
    proposal = propose(COLUMNS, rows(["1 B St", "03/02/2026", "1,234", "Haunted"]), ESCROWS)
    assert proposal.columns[3].unknown_words == ("Haunted",)


def test_what_is_new_in_each_row_fills_no_memory():
    many = ([f"{number} A St", "03/02/2026", "1,234", f"word {number}"] for number in range(20_000))
    assert len(Sample.of(COLUMNS, many).rows) <= 6_000


def test_rows_are_as_long_as_the_header():
    assert Sample.of(["a", "b"], [["1"], ["1", "2", "3"]]).rows == (("1", ""), ("1", "2"))
