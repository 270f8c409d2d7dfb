"""What the installation says to everybody: it reaches each brokerage once, without looking through the table."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from cli.broadcast import AT_ONCE, announcements_of
from cli.reminders import schedule_brokerage
from openhouse.collaboration.system import Announced
from openhouse.core.principal import Principal
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.identity.directory import User
from openhouse.storage.keys import installed_key
from tests.fakes import AVA, NOON, STRANGER, principal
from tests.functional.conftest import World
from tests.functional.logs import events
from tests.functional.sockets import found
from tests.functional.test_http import call

BOSS = principal("boss", role="admin", brokerage_id="other")
HOUR, DAY = 3600, 24 * 3600
FROM, UNTIL = NOON + timedelta(hours=2), NOON + timedelta(hours=3)
ROOMS = ("broker:asleep", "broker:harbor", "broker:other")  # one in which nobody ever was


@pytest.fixture
def world() -> World:
    world = World.in_memory()
    found(world)
    world.directory.found("other", "Other", User(user_id="boss", email="b@x", name="Boss", role="admin"))
    world.directory.found("asleep", "Asleep", User(user_id="bob", email="bob@x", name="Bob", role="admin"))
    for who in (AVA, BOSS):
        system(world, who)
    return world


def system(world: World, who: Principal = AVA) -> list[Any]:
    """The list that they see."""
    status, page, _ = call(world, "GET", "/system", who=who)
    assert status == 200
    assert page["positions"].keys() == {f"broker:{who.brokerage_id}"}
    return list(page["items"])


def ignore(_done: Announced) -> None:
    pass


def said(world: World, room: str) -> list[tuple[str, Any]]:
    return [(event["type"], event["data"].get("system", {}).get("text")) for event in events(world, room)]


def test_a_broadcast_is_one_commit_of_every_brokerage(world: World):
    seen: list[tuple[int, int]] = []
    done = announcements_of(world).broadcast("b-1", "Welcome!", "success", lambda so_far: seen.append((so_far.told, 3)))
    assert (done, seen) == (Announced(3, 3), [(1, 3), (2, 3), (3, 3)])
    for room in ROOMS:
        (event,) = events(world, room)
        assert event["type"] == "system:broadcast"
        assert event["data"] == {
            "systemId": "b-1",
            "version": 1,
            "updatedBy": "openhouse:operator",
            "system": {
                "id": "b-1",
                "version": 1,
                "room": room,
                "kind": "broadcast",
                "text": "Welcome!",
                "level": "success",
                "updatedAt": "2026-03-02T12:00:00.000Z",
                "updatedBy": "openhouse:operator",
            },
        }
    assert [item["text"] for item in system(world)] == ["Welcome!"]


def test_all_are_found_by_one_query_and_each_stands_for_itself(world: World):
    asked: list[str] = []
    query = world.table.query

    def noted(pk: str, *arguments: Any, **options: Any) -> Any:
        asked.append(pk)
        return query(pk, *arguments, **options)

    world.table.query = noted
    announcements_of(world).broadcast("b-1", "Welcome!", "info", ignore)
    assert asked == ["Y#"]


def test_more_brokerages_than_threads_are_told_by_the_command(world: World):
    rooms = [f"broker:b-{number}" for number in range(3 * AT_ONCE)]
    world.log.positions(rooms)
    with ThreadPoolExecutor(AT_ONCE) as threads, ThreadPoolExecutor(1) as command:
        announcements = announcements_of(world, threads.map)
        done = command.submit(announcements.broadcast, "b-1", "Welcome!", "info", ignore)
        try:
            assert done.result(timeout=30) == Announced(len(rooms) + 3, len(rooms) + 3)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)  # whoever waits for another thread is let go
    assert all(len(events(world, room)) == 1 for room in (*rooms, *ROOMS))


def test_repeated_it_tells_nobody_twice_and_those_who_were_not_told(world: World):
    change, failures = world.live_states.changed, ["broker:other"]

    def interrupted(entity: Any, room: str, *arguments: Any, **options: Any) -> bool:
        if room in failures:
            raise KeyboardInterrupt
        return bool(change(entity, room, *arguments, **options))

    world.live_states.changed = interrupted
    with pytest.raises(KeyboardInterrupt):
        announcements_of(world).broadcast("b-1", "Welcome!", "info", ignore)
    failures.clear()
    assert announcements_of(world).broadcast("b-1", "Welcome!", "info", ignore).told == 1
    assert announcements_of(world).broadcast("b-1", "Welcome!", "info", ignore).told == 0
    assert [len(events(world, room)) for room in ROOMS] == [1, 1, 1]
    assert announcements_of(world).broadcast("b-2", "Welcome!", "info", ignore).told == 3


def test_a_broadcast_is_there_for_a_day_for_whoever_comes(world: World):
    announcements_of(world).broadcast("b-1", "Welcome!", "info", ignore)
    world.clock.advance(DAY - 1)
    assert len(system(world)) == 1
    world.clock.advance(1)
    assert system(world) == []


def test_maintenance_is_announced_changed_and_over(world: World):
    announcements_of(world).maintain("Moving.", FROM, UNTIL, ignore)
    announcements_of(world).maintain("Moving.", FROM, UNTIL, ignore)
    (item,) = system(world)
    assert {name: item[name] for name in ("id", "kind", "startsAt", "endsAt")} == {
        "id": "maintenance",
        "kind": "maintenance",
        "startsAt": "2026-03-02T14:00:00.000Z",
        "endsAt": "2026-03-02T15:00:00.000Z",
    }
    announcements_of(world).maintain("Later.", FROM + timedelta(hours=9), UNTIL + timedelta(hours=9), ignore)
    announcements_of(world).end_maintenance(ignore)
    assert announcements_of(world).end_maintenance(ignore).told == 0
    assert system(world) == []
    assert said(world, "broker:harbor") == [
        ("system:maintenance", "Moving."),
        ("system:maintenance", "Later."),
        ("system:maintenance", None),
    ]
    assert events(world, "broker:harbor")[-1]["data"] == {
        "systemId": "maintenance",
        "version": 3,
        "updatedBy": "openhouse:operator",
        "room": "broker:harbor",
    }


def test_maintenance_that_nobody_ended_is_forgotten_a_day_after_it_was_to_end(world: World):
    announcements_of(world).maintain("Moving.", FROM, UNTIL, ignore)
    world.clock.at = UNTIL + timedelta(days=1, seconds=-1)
    assert len(system(world)) == 1
    world.clock.advance(1)
    assert system(world) == []
    announcements_of(world).maintain("Moving.", FROM + timedelta(days=9), UNTIL + timedelta(days=9), ignore)
    assert [item["version"] for item in system(world)] == [2]


def test_a_brokerage_that_nobody_founded_is_listed_before_its_log_can_be_read(world: World):
    write = world.table.write
    key = installed_key("unheard-of")
    before: list[Any] = []

    def watched(each: Any) -> None:
        if each.key == {"pk": "L#broker:unheard-of", "sk": "HEAD"}:
            before.append(world.table.get(key))
        write(each)

    world.table.write = watched  # type: ignore[assignment]
    world.log.positions(["broker:unheard-of", "team:west", "user:bob"])
    assert [item["room"] for item in before if item] == ["broker:unheard-of"]
    assert sorted(world.log.brokerage_rooms()) == [*ROOMS, "broker:unheard-of"]


def test_schedules_are_made_anew_for_what_is_to_come(world: World):
    for title, begins in (("Past", -HOUR), ("Soon", 5 * 60), ("Tomorrow", DAY)):
        times = {
            name: (NOON + timedelta(seconds=begins + extra)).isoformat()
            for name, extra in (("startsAt", 0), ("endsAt", 60))
        }
        world.records.create(APPOINTMENTS, AVA, {"title": title, **times})
    for _ in range(2):
        assert schedule_brokerage(world, world.appointment_schedules, "harbor", lambda _: None) == 2
    assert len(world.schedules.waiting) == 1
    world.wait(2 * DAY)
    told = [event["data"]["notification"]["title"] for event in events(world, "user:ava")]
    assert told == ["Soon", "Tomorrow"]


def test_nobody_outside_sees_what_was_said_to_others(world: World):
    announcements_of(world).broadcast("b-1", "Welcome!", "info", ignore)
    assert {item["room"] for item in system(world)} == {"broker:harbor"}
    assert {item["room"] for item in system(world, STRANGER)} == {"broker:other"}
