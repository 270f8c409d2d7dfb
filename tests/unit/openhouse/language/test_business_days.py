from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from openhouse.language.business_days import counted, holidays, is_business_day

DAYS = some.dates(date(2020, 1, 1), date(2040, 1, 1))

# As the Office of Personnel Management publishes them: https://www.opm.gov/policy-data-oversight/pay-leave/federal-holidays
PUBLISHED = {
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_holidays_are_those_that_are_published(year: int):
    assert sorted(f"{day:%m-%d}" for day in holidays(year)) == PUBLISHED[year].split()


def test_a_term_over_thanksgiving_leaves_it_out():
    assert counted(date(2026, 11, 24), 3, business=True) == date(2026, 11, 30)
    assert counted(date(2026, 11, 24), 3, business=False) == date(2026, 11, 27)


def test_a_term_before_a_day_counts_back():
    assert counted(date(2027, 1, 22), -5, business=False) == date(2027, 1, 17)
    assert counted(date(2026, 12, 28), -1, business=True) == date(2026, 12, 24)


@given(DAYS, some.integers(1, 60))
def test_a_term_in_business_days_ends_on_one_and_has_as_many_on_its_way(start: date, days: int):
    end = counted(start, days, business=True)
    between = [date.fromordinal(each) for each in range(start.toordinal() + 1, end.toordinal() + 1)]
    assert is_business_day(end)
    assert sum(map(is_business_day, between)) == days
