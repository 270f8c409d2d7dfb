from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.importing.cells import UnreadableCell
from openhouse.importing.days import time_of
from openhouse.importing.proposal import propose
from tests.unit.openhouse.importing.tables import read, values, warned


def days(*texts: str) -> list[str | None]:
    return values("closeOfEscrowDate", "Closing Date", texts)


@pytest.mark.parametrize(
    "text",
    [
        "2008-05-03",
        "2008/05/03",
        "20080503",
        "5/3/2008",
        "05/03/08",
        "5-3-2008",
        "Sat May 03 00:00:00 EDT 2008",
        "Sat May  3 23:59:59 2008",
        "May 3, 2008",
        "May 3rd, 2008",
        "3 May 2008",
        "03-May-08",
        "Saturday, May 3, 2008",
        "May-3-2008",
        "2008-05-03T23:59:59Z",
        "2008-05-03 00:00:00",
        "5/3/2008 4:15 PM",
        "39571",
    ],
)
def test_days_are_read_in_the_usual_forms_and_no_time_zone_moves_them(text):
    assert days(text) == ["2008-05-03"]


def test_one_day_that_can_be_only_one_decides_for_its_whole_column():
    assert days("03/02/2026", "25/02/2026") == ["2026-02-03", "2026-02-25"]
    assert days("03/02/2026", "02/25/2026") == ["2026-03-02", "2026-02-25"]


def test_another_column_of_days_shows_the_order_where_one_does_not():
    found = read(["Address", "Opened Date", "Closing Date"], [["1 A St", "25/01/2026", "03/02/2026"]], ESCROWS)
    assert found[0].document["closeOfEscrowDate"] == "2026-02-03"


def test_days_divided_by_dots_begin_with_the_day():
    assert days("3.2.2026", "4.2.2026") == ["2026-02-03", "2026-02-04"]


def test_an_order_that_nothing_shows_is_the_american_one_and_said_to_be_assumed():
    assert days("03/02/2026") == ["2026-03-02"]
    [_, column] = propose(["Address", "Closing Date"], [["1 A St", "03/02/2026"]], ESCROWS).columns
    assert column.remark == "read as month/day/year: no value shows which comes first"
    [_, column] = propose(["Address", "Closing Date"], [["1 A St", "02/02/2026"]], ESCROWS).columns
    assert column.remark == "", "it is the same either way"


def test_in_a_column_of_both_orders_what_could_be_either_is_left_out():
    assert days("25/02/2026", "02/25/2026", "03/02/2026", "04/04/2026") == [
        "2026-02-25",
        "2026-02-25",
        None,
        "2026-04-04",
    ]
    assert "change places" in warned("Closing Date", ["25/02/2026", "02/25/2026", "03/02/2026"])[2]


def test_one_cell_of_the_other_order_does_not_change_a_column_and_is_warned_of():
    assert days(*["02/25/2026"] * 30, "25/02/2026", "03/02/2026")[-2:] == [None, "2026-03-02"]


@pytest.mark.parametrize("text", ["31/02/2026", "2026-02-30", "soon", "12", "May", "1/2", "13/13/2026", "0001-01-01x"])
def test_what_is_no_day_is_left_out_with_a_warning(text):
    found = warned("Closing Date", [text, "2026-01-02", "2026-01-03"])
    assert "is not a day that exists" in found[0]


@pytest.mark.parametrize("text", ["", "N/A", "0/0/00", "0000-00-00", "-", "nan"])
def test_no_day_at_all_is_nothing_to_warn_of(text):
    assert warned("Closing Date", [text]) == [""]


def test_two_digits_are_never_a_year_far_ahead():
    assert days("1/5/68", "1/5/36", "1/5/37") == ["1968-01-05", "2036-01-05", "1937-01-05"]


@given(
    st.lists(st.dates(date(1950, 1, 1), date(2035, 12, 31)), min_size=1, max_size=6),
    st.sampled_from(["%m/%d/%Y", "%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%m/%d/%y", "%d %b %Y", "%B %d, %Y"]),
)
def test_no_day_is_another_one_without_a_warning_or_a_remark(several, form):
    texts = [day.strftime(form) for day in several]
    rows = [["1 A St", text] for text in texts]
    [_, column] = propose(["Address", "Closing Date"], rows, ESCROWS).columns
    for day, one in zip(several, read(["Address", "Closing Date"], rows, ESCROWS), strict=True):
        got = one.document.get("closeOfEscrowDate")
        assert got == day.isoformat() or one.warnings or column.remark


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2:30 PM", time(14, 30)),
        ("14:30", time(14, 30)),
        ("12am", time(0)),
        ("12:05 p.m.", time(12, 5)),
        ("9a", time(9)),
    ],
)
def test_times_are_read_in_the_usual_forms(text, expected):
    assert time_of(text) == expected


@pytest.mark.parametrize("text", ["25:00", "13 PM", "9", "noon", "0 AM"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(UnreadableCell):
        time_of(text)


CALENDAR = ["Subject", "Start Date", "Start Time", "End Date", "End Time", "All day event"]


def test_a_day_and_a_time_make_a_moment_where_the_clock_hangs():
    [found] = read(CALENDAR, [["Showing", "3/25/2026", "2:30 PM", "3/25/2026", "3:30 PM", "False"]], APPOINTMENTS)
    assert (found.document["startsAt"], found.document["endsAt"]) == (
        "2026-03-25T21:30:00.000Z",
        "2026-03-25T22:30:00.000Z",
    )


def test_an_appointment_of_whole_days_ends_with_its_last_one():
    [found] = read(CALENDAR, [["Inspection", "3/25/2026", "", "3/26/2026", "", "True"]], APPOINTMENTS)
    assert (found.document["startsAt"], found.document["endsAt"]) == (
        "2026-03-25T07:00:00.000Z",
        "2026-03-27T07:00:00.000Z",
    )


def test_a_moment_in_one_cell_keeps_its_own_zone():
    rows = [["A", "2026-03-25T14:30:00Z", "2026-03-25 16:00:00-07:00"], ["B", "3/25/2026 2:30 PM", "3/25/2026 3:00 PM"]]
    found = read(["Title", "Start", "End"], rows, APPOINTMENTS)
    assert [one.document["startsAt"] for one in found] == ["2026-03-25T14:30:00.000Z", "2026-03-25T21:30:00.000Z"]
    assert found[0].document["endsAt"] == "2026-03-25T23:00:00.000Z"


def test_a_time_that_clocks_jump_over_is_no_time():
    [found] = read(CALENDAR, [["Call", "3/8/2026", "2:30 AM", "3/8/2026", "4:00 AM", "no"]], APPOINTMENTS)
    assert found.rejected is not None
    assert "clocks are put forward" in found.rejected
