from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from openhouse.language.daily_brief import MOST_LINES, daily_brief

NOW = datetime(2026, 11, 30, 15, tzinfo=UTC)  # a Monday, 7 o'clock in Los Angeles
ZONE = "America/Los_Angeles"


def appointment(title: str, starts: str, ends: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "startsAt": starts, "endsAt": ends, "status": "scheduled", **more}


def escrow(address: str, **more: Any) -> dict[str, Any]:
    return {"propertyAddress": address, "status": "opened", **more}


def lead(**more: Any) -> dict[str, Any]:
    return {"status": "new", "createdAt": "2026-11-27T15:00:00Z", "updatedAt": "2026-11-27T15:00:00Z", **more}


def brief(**records: Any) -> Any:
    return daily_brief(now=NOW, time_zone=ZONE, **{"appointments": [], "escrows": [], "leads": [], **records})


def test_it_tells_appointments_key_dates_and_leads():
    found = brief(
        appointments=[
            appointment("Signing", "2026-11-30T22:00:00Z", "2026-11-30T23:00:00Z", location="200 S Main St"),
            appointment("Fair", "2026-11-30T08:00:00Z", "2026-12-01T08:00:00Z", allDay=True),
        ],
        escrows=[escrow("12 Harbor Way", closeOfEscrowDate="2026-12-03", contingencyRemovalDate="2026-12-01")],
        leads=[lead(firstName="Sam", lastName="Ortiz", phone="+19165550144")],
    )
    assert found.level == "info"
    assert found.title == "Your Monday: 2 appointments, 2 key dates, 1 untouched lead"
    assert found.text == (
        "Today\n- all day: Fair\n- 2:00 PM: Signing, 200 S Main St\n\n"
        "Key dates\n- tomorrow: contingency removal, 12 Harbor Way\n- Thursday: close of escrow, 12 Harbor Way\n\n"
        "New leads that nobody has contacted\n- Sam Ortiz, +19165550144\nThe first has waited for 3 days."
    )


def test_there_is_none_when_there_is_nothing_to_say():
    assert brief() is None


@pytest.mark.parametrize(
    "records",
    [
        {"appointments": [appointment("Late", "2026-12-01T08:00:00Z", "2026-12-01T09:00:00Z")]},
        {"appointments": [appointment("Over", "2026-11-29T08:00:00Z", "2026-11-30T08:00:00Z", allDay=True)]},
        {"appointments": [appointment("No", "2026-11-30T20:00:00Z", "2026-11-30T21:00:00Z") | {"status": "cancelled"}]},
        {"appointments": [appointment("Gone", "2026-11-30T20:00:00Z", "2026-11-30T21:00:00Z", archived=True)]},
        {"escrows": [escrow("1 Far St", closeOfEscrowDate="2026-12-04")]},
        {"escrows": [{**escrow("1 Done St", closeOfEscrowDate="2026-12-01"), "status": "closed"}]},
        {"escrows": [escrow("1 Old St", contingencyRemovalDate="2026-11-01")]},
        {"leads": [{**lead(email="a@x.test"), "status": "contacted"}]},
        {"leads": [lead(email="a@x.test", archived=True)]},
        {"leads": [{**lead(email="a@x.test"), "updatedAt": "2026-11-28T15:00:00Z"}]},
    ],
    ids=["tomorrow", "yesterday", "cancelled", "archived", "in four days", "closed", "removal long ago", "contacted",
         "archived lead", "touched"],
)  # fmt: skip
def test_what_is_not_for_today_is_left_out(records: dict[str, Any]):
    assert brief(**records) is None


def test_what_is_due_or_late_is_a_warning():
    late = brief(escrows=[escrow("12 Harbor Way", closeOfEscrowDate="2026-11-28")])
    assert (late.level, late.text) == ("warning", "Key dates\n- 2 days late: close of escrow, 12 Harbor Way")
    assert brief(escrows=[escrow("1 A St", closeOfEscrowDate="2026-11-30")]).level == "warning"


def test_the_day_is_that_of_the_person():
    night = appointment("Call", "2026-12-01T02:00:00Z", "2026-12-01T03:00:00Z")
    assert "6:00 PM: Call" in brief(appointments=[night]).text
    away: Any = daily_brief(now=NOW, time_zone="Asia/Tokyo", appointments=[night], escrows=[], leads=[])
    assert (away.title, away.text) == ("Your Tuesday: 1 appointment", "Today\n- 11:00 AM: Call")


def test_steps_of_a_timeline_are_key_dates_until_they_are_done():
    steps = {
        "a": {"at": "2026-12-01T17:00:00Z", "title": "Inspection"},
        "b": {"at": "2026-12-01T17:00:00Z", "title": "Done", "done": True},
    }
    assert brief(escrows=[escrow("1 A St", timeline=steps)]).text == "Key dates\n- tomorrow: Inspection, 1 A St"


def test_many_lines_are_counted_and_the_text_fits_a_notification():
    found = brief(leads=[lead(firstName="Sam" * 30, email=f"a{n}@x.test") for n in range(200)])
    assert f"and {200 - MOST_LINES} more" in found.text
    assert len(found.text) <= 2_000
    assert len(found.title) <= 300


def test_what_people_typed_cannot_break_its_lines():
    found = brief(appointments=[appointment("A\u202eB\u2028C", "2026-11-30T20:00:00Z", "2026-11-30T21:00:00Z")])
    assert found.text == "Today\n- 12:00 PM: A B C"
