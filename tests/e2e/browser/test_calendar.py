"""The calendar: dragging, days when the clocks change, what lasts for days, moving without a mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser.conftest import Visitor
from tests.e2e.conftest import Caller, until

LOS_ANGELES = "America/Los_Angeles"

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def appointment(ava: Caller) -> Iterator[Make]:
    """`appointment(starts_at)`: one of Ava's, with a title of its own. It goes with the test: days are shared."""
    made: list[dict[str, Any]] = []

    def make(starts_at: str, *, hours: float = 1) -> dict[str, Any]:
        body = {
            "title": f"Showing {uuid4().hex[:8]}",
            "startsAt": starts_at,
            "endsAt": (datetime.fromisoformat(starts_at) + timedelta(hours=hours)).isoformat().replace("+00:00", "Z"),
        }
        response = ava("POST", "/appointments", body)
        assert response.status_code == 201, response.text
        made.append(response.json())
        return made[-1]

    yield make
    for each in made:
        assert ava("DELETE", f"/appointments/{each['id']}").status_code == 204


def starts(caller: Caller, made: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(caller("GET", f"/appointments/{made['id']}").json()["startsAt"]).astimezone(UTC)


def on_grid(page: Page, made: dict[str, Any]) -> Locator:
    return page.get_by_role("region", name="Calendar").locator(f"a[href='/appointments/{made['id']}']").first


def drag(page: Page, what: Locator, x: float, y: float) -> None:
    """By so many pixels, in steps, as a hand does."""
    expect(what).to_be_visible()
    what.scroll_into_view_if_needed()
    box = what.bounding_box()
    assert box
    left, top = box["x"] + box["width"] / 2, box["y"] + 8
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + x / 2, top + y / 2, steps=4)
    page.mouse.move(left + x, top + y, steps=4)
    page.mouse.up()


@pytest.fixture
def agent(visitors: Callable[..., Visitor]) -> Visitor:
    return visitors(timezone_id=LOS_ANGELES, viewport={"width": 1280, "height": 900})


def test_dragging_by_an_hour_reschedules_and_can_be_undone(agent: Visitor, ava: Caller, appointment: Make) -> None:
    made = appointment("2027-02-03T18:00:00Z")  # 10 in the morning there
    page = agent.sign_in("Ava", "/appointments?view=week&day=2027-02-03", title="Appointments")
    event = on_grid(page, made)
    expect(event).to_contain_text("10:00")
    box = event.bounding_box()
    assert box
    drag(page, event, 0, box["height"] + 1)  # it is an hour high
    expect(page.get_by_text(f"{made['title']}: Feb 3, 2027, 11:00 AM \N{EN DASH} 12:00 PM PST.")).to_be_visible()
    assert starts(ava, made) == datetime(2027, 2, 3, 19, tzinfo=UTC)
    page.get_by_role("button", name="Undo").click()
    until(lambda: starts(ava, made) == datetime(2027, 2, 3, 18, tzinfo=UTC))
    expect(on_grid(page, made)).to_contain_text("10:00")


@pytest.mark.parametrize(
    ("day", "hour", "after", "hour_after"),
    [("2027-03-12", 18, "2027-03-15", 17), ("2027-11-05", 17, "2027-11-08", 18)],
    ids=["march", "november"],
)
def test_over_a_change_of_the_clocks_an_appointment_keeps_its_hour(
    agent: Visitor, ava: Caller, appointment: Make, day: str, hour: int, after: str, hour_after: int
) -> None:
    made = appointment(f"{day}T{hour}:00:00Z")
    page = agent.sign_in("Ava", f"/appointments?view=month&day={day}", title="Appointments")
    event = on_grid(page, made)
    expect(event).to_contain_text("10")
    event.scroll_into_view_if_needed()
    region = page.get_by_role("region", name="Calendar")
    there, here = region.locator(f"[data-date='{after}']").bounding_box(), event.bounding_box()
    assert there
    assert here
    drag(page, event, there["x"] + 40 - here["x"] - here["width"] / 2, there["y"] + 40 - here["y"] - 8)
    until(lambda: starts(ava, made) == datetime.fromisoformat(f"{after}T{hour_after}:00:00+00:00"))
    expect(page.get_by_text("10:00 AM \N{EN DASH} 11:00 AM")).to_be_visible()


def test_what_lasts_three_days_shows_on_its_middle_day_and_overlaps_are_told(
    agent: Visitor, ava: Caller, appointment: Make
) -> None:
    fair = appointment("2027-04-06T17:00:00Z", hours=56)
    within = appointment("2027-04-07T17:00:00Z")
    page = agent.sign_in("Ava", "/appointments?view=day&day=2027-04-07", title="Appointments")
    expect(on_grid(page, fair)).to_be_visible()
    expect(page.get_by_text("2 appointments here overlap another of the same person.")).to_be_visible()
    page.get_by_role("button", name="Agenda").click()
    middle = page.get_by_role("list", name="Wednesday, April 7")
    expect(middle.get_by_role("link", name=fair["title"])).to_be_visible()
    expect(middle).to_contain_text(f"Overlaps {fair['title']}")
    middle.get_by_role("link", name=within["title"]).click()
    expect(page.get_by_role("alert")).to_contain_text(f"Overlaps {fair['title']}")


def test_on_a_phone_one_moves_by_typing_in_the_zone_of_ones_own_choice(
    visitors: Callable[..., Visitor], ava: Caller, appointment: Make
) -> None:
    made = appointment("2027-05-05T17:00:00Z")
    phone = visitors(timezone_id=LOS_ANGELES, viewport={"width": 360, "height": 740})
    page = phone.sign_in("Ava", "/settings", title="Settings")
    page.get_by_role("combobox", name="Zone").fill("America/New York")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    phone.go(page, "/appointments?day=2027-05-05", title="Appointments")
    expect(page.get_by_text("1:00 PM \N{EN DASH} 2:00 PM EDT")).to_be_visible()
    page.get_by_role("button", name=f"Move {made['title']}").click()
    page.get_by_label("Starts on").fill("2027-05-06")
    page.get_by_label("Ends on").fill("2027-05-06")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Thursday, May 6").get_by_role("link", name=made["title"])).to_be_visible()
    assert starts(ava, made) == datetime(2027, 5, 6, 17, tzinfo=UTC)
