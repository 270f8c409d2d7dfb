from __future__ import annotations

from datetime import date, time

import pytest

from openhouse.language.written_dates import Term, WrittenDay, term, written_day
from tests.unit.openhouse.language.asking import TODAY

DAYS = {
    "August 3": WrittenDay(date(2027, 8, 3), assumed_year=True),
    "Nov 20": WrittenDay(date(2026, 11, 20), assumed_year=True),
    "December 4th, 2026": WrittenDay(date(2026, 12, 4)),
    "the 16th of November, 2026": WrittenDay(date(2026, 11, 16)),
    "15 January 2027": WrittenDay(date(2027, 1, 15)),
    "1/15/2027": WrittenDay(date(2027, 1, 15)),
    "1/22/27": WrittenDay(date(2027, 1, 22)),
    "25/02/2027": WrittenDay(date(2027, 2, 25)),
    "2027-02-26": WrittenDay(date(2027, 2, 26)),
    "tomorrow 1pm": WrittenDay(date(2026, 11, 30), at=time(13)),
    "December 5 at 2:30 p.m.": WrittenDay(date(2026, 12, 5), assumed_year=True, at=time(14, 30)),
    "9:30 AM on December 14, 2026": WrittenDay(date(2026, 12, 14), at=time(9, 30)),
    "12/24/2026, 12 am": WrittenDay(date(2026, 12, 24), at=time(0)),
}


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_read_as_people_write_it(text: str):
    assert written_day(text, TODAY) == DAYS[text]


@pytest.mark.parametrize(
    "text", ["February 30, 2027", "13/13/2027", "soon", "May I", "13/32", "May 3 or May 4, 2027", "N/A"]
)
def test_what_is_no_single_day_is_none(text: str):
    assert written_day(text, TODAY) is None


def test_a_day_without_a_year_that_has_been_is_meant_in_the_past_where_that_can_be():
    assert written_day("October 30", TODAY, "around") == WrittenDay(date(2026, 10, 30), assumed_year=True)
    assert written_day("October 30", TODAY, "ahead") == WrittenDay(date(2027, 10, 30), assumed_year=True)


def test_the_29th_of_february_without_a_year_is_in_a_leap_year_or_none():
    assert written_day("February 29", date(2027, 12, 1)) == WrittenDay(date(2028, 2, 29), assumed_year=True)
    assert written_day("February 29", TODAY) == WrittenDay(date(2028, 2, 29), assumed_year=True)


TERMS = {
    "17 days after acceptance": Term(17, False, "acceptance"),
    "within 3 business days of mutual acceptance": Term(3, True, "acceptance"),
    "17 (or 10) Days after Acceptance": Term(10, False, "acceptance"),
    "3 (or ___) business days after Acceptance": Term(3, True, "acceptance"),
    "5 days prior to close of escrow": Term(-5, False, "close_of_escrow"),
    "thirty days from acceptance": Term(30, False, "acceptance"),
    "10 calendar days following the opening of escrow": Term(10, False, "opened"),
}


@pytest.mark.parametrize("text", TERMS)
def test_a_term_is_read_with_what_it_counts_from(text: str):
    assert term(text) == TERMS[text]


@pytest.mark.parametrize("text", ["17 days", "after acceptance", "3 days after the party", "December 4, 2026"])
def test_what_counts_from_nothing_is_no_term(text: str):
    assert term(text) is None
