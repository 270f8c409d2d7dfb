"""The daily brief: told in everybody's morning, once, to those who want it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from openhouse.core.principal import Principal
from openhouse.storage.keys import morning_range
from openhouse.tasks.mornings import SECONDS, BriefsLeft, Mornings, Told
from tests.fakes import AVA, BEN, DANA, MIA
from tests.functional.conftest import World
from tests.functional.sockets import found, put
from tests.functional.test_duplicates import make
from tests.functional.test_http import call

PACIFIC, EASTERN, INDIA = "America/Los_Angeles", "America/New_York", "Asia/Kolkata"


@pytest.fixture
def world() -> World:
    world = World.in_memory()
    found(world)
    put(world, DANA)
    world.clock.at = at(15)  # 7:00 in California, 10:00 in New York
    return world


def at(hour: int, minute: int = 0) -> datetime:
    """On a Monday, in UTC."""
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


def lives_in(world: World, zone: str, who: Principal = AVA) -> Any:
    status, preferences, _ = call(world, "PATCH", "/preferences", {"timeZone": zone}, who=who)
    assert (status, preferences["timeZone"]) == (200, zone)
    return preferences


def showing(world: World, who: Principal = AVA, title: str = "Showing", **more: Any) -> Any:
    times = {"startsAt": "2026-03-02T22:00:00Z", "endsAt": "2026-03-02T23:00:00Z"}
    return make(world, "appointments", who=who, title=title, **times, **more)


def briefs(world: World, who: Principal = AVA) -> list[Any]:
    items = call(world, "GET", "/notifications", who=who)[1]["items"]
    return [item for item in items if item["kind"] == "daily_brief"]


def test_who_has_something_to_do_is_told_when_it_is_seven_where_they_are(world: World) -> None:
    lives_in(world, PACIFIC)
    showing(world)
    world.clock.at = at(14, 59)
    assert world.mornings.tell() == Told()
    world.clock.at = at(15)
    assert world.mornings.tell() == Told(told=1)
    (brief,) = briefs(world)
    assert (brief["level"], brief["title"]) == ("info", "Your Monday: 1 appointment")
    assert "2:00 PM: Showing" in brief["text"]


def test_asked_again_nobody_is_told_twice_and_an_hour_that_failed_is_made_up_for(world: World) -> None:
    lives_in(world, PACIFIC)
    showing(world)
    world.clock.at = at(16, 30)
    assert world.mornings.tell() == Told(told=1)
    for moment in (at(16, 30), at(16, 59)):
        world.clock.at = moment
        assert world.mornings.tell() == Told(others=1)
    world.clock.at = at(17)
    assert world.mornings.tell() == Told()
    assert len(briefs(world)) == 1


def test_every_day_has_a_brief_of_its_own(world: World) -> None:
    lives_in(world, PACIFIC)
    make(world, "leads", lastName="Hart", phone="+14155550123")
    for days in range(3):
        assert world.mornings.tell() == Told(told=1), days
        world.clock.advance(86_400)
    assert len(briefs(world)) == 3


def test_a_zone_of_half_hours_has_its_morning_too(world: World) -> None:
    lives_in(world, INDIA)
    make(world, "leads", lastName="Hart", phone="+14155550123")
    told = []
    for hour in range(24):
        world.clock.at = at(hour)
        told += [hour] * world.mornings.tell().told
    assert told == [2]  # 7:30


def test_who_has_nothing_to_do_hears_nothing(world: World) -> None:
    lives_in(world, PACIFIC)
    assert world.mornings.tell() == Told(others=1)
    assert briefs(world) == []


def test_who_has_switched_it_off_hears_nothing_and_nothing_is_read_for_them(world: World) -> None:
    lives_in(world, PACIFIC)
    showing(world)
    call(world, "PATCH", "/preferences", {"kinds": {"daily_brief": {"inApp": False}}})
    tools: Any = Unlucky(world, "ava")
    mornings = Mornings(tools, world.preferences, world.notifications, now=world.clock)
    assert mornings.tell() == Told(others=1)
    call(world, "PATCH", "/preferences", {"kinds": {"daily_brief": {"inApp": True}}})
    assert world.mornings.tell() == Told(told=1)


def test_who_moves_is_asked_for_in_one_place_only(world: World) -> None:
    lives_in(world, PACIFIC)
    assert lives_in(world, EASTERN)["kinds"]["daily_brief"]["inApp"] is True
    showing(world)
    assert world.mornings.tell() == Told()
    assert [*world.table.query(*morning_range(PACIFIC))] == []
    assert call(world, "GET", "/preferences")[1]["timeZone"] == EASTERN
    call(world, "PATCH", "/preferences", {"kinds": {"mentioned": {"browser": True}}})
    assert call(world, "GET", "/preferences")[1]["timeZone"] == EASTERN


def test_who_has_not_said_where_they_are_is_not_told(world: World) -> None:
    showing(world)
    assert world.mornings.tell() == Told()
    assert "timeZone" not in call(world, "GET", "/preferences")[1]


def test_a_zone_that_does_not_exist_is_refused(world: World) -> None:
    assert call(world, "PATCH", "/preferences", {"timeZone": "Mars/Olympus"})[0] == 422


def test_a_brief_has_ones_own_records_and_what_one_attends(world: World) -> None:
    lives_in(world, PACIFIC)
    lives_in(world, PACIFIC, BEN)
    showing(world, DANA, "Signing", teamId="north", attendeeIds={"ava": True})
    showing(world, DANA, "Elsewhere", teamId="north")
    make(world, "escrows", propertyAddress="1 Main St", closeOfEscrowDate="2026-03-04")
    make(world, "escrows", propertyAddress="2 Main St", closeOfEscrowDate="2026-03-09")
    make(world, "escrows", who=MIA, propertyAddress="3 Main St", closeOfEscrowDate="2026-03-04")
    make(world, "leads", lastName="Hart", phone="+14155550123")
    touched = make(world, "leads", lastName="Okafor", phone="+14155550124")
    world.clock.advance(1)
    call(world, "PATCH", f"/leads/{touched['id']}", {"notes": "called"})
    assert world.mornings.tell() == Told(told=1, others=1)
    (brief,) = briefs(world)
    assert brief["title"] == "Your Monday: 1 appointment, 1 key date, 1 untouched lead"
    assert "Signing" in brief["text"]
    assert "Elsewhere" not in brief["text"]
    assert briefs(world, BEN) == []


def test_more_than_a_page_is_read(world: World) -> None:
    lives_in(world, PACIFIC)
    for number in range(205):
        make(world, "leads", lastName=f"Hart {number}", phone="+14155550123")
    assert world.mornings.tell() == Told(told=1)
    assert briefs(world)[0]["title"] == "Your Monday: 205 untouched leads"


def test_who_was_removed_is_forgotten(world: World) -> None:
    lives_in(world, PACIFIC)
    world.directory.remove_user("harbor", "ava")
    assert world.mornings.tell() == Told(others=1)
    assert [*world.table.query(*morning_range(PACIFIC))] == []


class Unlucky:
    """All that mornings are made with, but a directory that cannot be asked about somebody, once."""

    def __init__(self, world: World, user_id: str) -> None:
        self._world = world
        self._failing = [user_id]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)

    @property
    def directory(self) -> Any:
        return self

    def principal(self, user_id: str, expires_at: int) -> Principal:
        if user_id in self._failing:
            self._failing.remove(user_id)
            raise OSError("a table that cannot be reached")
        return self._world.directory.principal(user_id, expires_at)


def test_one_persons_trouble_keeps_nobody_else_from_their_brief(world: World) -> None:
    for who in (AVA, BEN):
        lives_in(world, PACIFIC, who)
        showing(world, who, visibility="private")
    tools: Any = Unlucky(world, "ava")
    mornings = Mornings(tools, world.preferences, world.notifications, now=world.clock)
    with pytest.raises(BriefsLeft, match="1 briefs are left, 1 were told"):
        mornings.tell()
    assert mornings.tell() == Told(told=1, others=1)
    assert [len(briefs(world, who)) for who in (AVA, BEN)] == [1, 1]


def test_what_is_left_when_time_is_up_is_done_in_the_next_hour(world: World) -> None:
    lives_in(world, PACIFIC)
    showing(world)
    ticks = iter([0.0, SECONDS + 1])
    late = Mornings(world, world.preferences, world.notifications, now=world.clock, monotonic=lambda: next(ticks))
    with pytest.raises(BriefsLeft, match="1 briefs are left, 0 were told"):
        late.tell()
    world.clock.at = at(16)
    assert world.mornings.tell() == Told(told=1)


def test_of_whoever_was_told_nothing_is_read_again(world: World) -> None:
    lives_in(world, PACIFIC)
    showing(world)
    assert world.mornings.tell() == Told(told=1)
    tools: Any = Unlucky(world, "ava")
    again = Mornings(tools, world.preferences, world.notifications, now=world.clock)
    assert again.tell() == Told(others=1)
