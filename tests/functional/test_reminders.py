"""People are reminded of an appointment once, whatever becomes of it and however schedules and queues behave.

What stands for EventBridge Scheduler is as late as the real one may be, invokes some schedules twice, and takes none
whose time has passed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from cli.reminders import schedule_brokerage
from openhouse.core import clock
from openhouse.core.principal import Principal
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.crm.modules.clients import CLIENTS
from openhouse.delivery.schedules import AwsSchedules
from openhouse.rooms.timers import Timer, Unschedulable
from openhouse.storage.keys import Item, record_key
from openhouse.storage.writes import PRESENT, Put
from openhouse.wiring import APPOINTMENT_CONSUMERS
from tests.fakes import AVA, BEN, DANA, NOON, principal
from tests.functional.conftest import World
from tests.functional.logs import events
from tests.functional.sockets import found, put
from tests.functional.test_http import call

LEAH = principal("leah", "north", role="lead")
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


def at(seconds: float) -> str:
    return clock.to_wire(NOON + timedelta(seconds=seconds))


class Stream:
    """Of the table of records, to the function that follows appointments."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[tuple[str, str], Item] = {}
        (self._consumer,) = APPOINTMENT_CONSUMERS
        self.batches: list[list[Any]] = []

    def changes(self) -> list[Any]:
        """What has become of records since the last time, by the keys of their items."""
        items = {(item["pk"]["S"], item["sk"]["S"]): item for item in self._world.items("R#")}
        changed = [key for key in items | self._known if items.get(key) != self._known.get(key)]
        records = [self._record(key, self._known.get(key), items.get(key)) for key in changed]
        self._known = items
        return records

    def follow(self) -> None:
        self.batches.append(self.changes())
        self.process(self.batches[-1])

    def process(self, records: list[Any]) -> None:
        """As Lambda's filter lets them through."""
        own = [record for record in records if self.takes(record)]
        assert self._consumer.handler(self._world.appointment_schedules)(own) == []

    def takes(self, record: Any) -> bool:
        return self._consumer.prefix.covers(record)

    @staticmethod
    def _record(key: tuple[str, str], old: Item | None, new: Item | None) -> Any:
        kind = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
        images = {name: image for name, image in (("OldImage", old), ("NewImage", new)) if image}
        keys = {"pk": {"S": key[0]}, "sk": {"S": key[1]}}
        return {"eventName": kind, "dynamodb": {"Keys": keys, "SequenceNumber": "1", **images}}


@pytest.fixture
def world() -> World:
    return brokerage(World.in_memory())


@pytest.fixture
def stream(world: World) -> Stream:
    return Stream(world)


def brokerage(world: World) -> World:
    found(world)
    for who in (DANA, LEAH):
        put(world, who)
    world.schedules.late, world.schedules.times = 30, 2
    return world


def book(world: World, stream: Stream, begins: float, who: Principal = AVA, **fields: Any) -> str:
    fields = {"startsAt": at(begins), "endsAt": at(begins + HOUR), "teamId": "north", **fields}
    id_ = world.records.create(APPOINTMENTS, who, {"title": "Showing", "location": "12 Harbor Way", **fields})["id"]
    stream.follow()
    return str(id_)


def change(world: World, stream: Stream, id_: str, who: Principal = AVA, **fields: Any) -> None:
    world.records.patch(APPOINTMENTS, who, id_, fields)
    stream.follow()


def move(world: World, stream: Stream, id_: str, begins: float) -> None:
    change(world, stream, id_, startsAt=at(begins), endsAt=at(begins + HOUR))


def reminders(world: World, user_id: str) -> list[tuple[str, str]]:
    """The time and the title of each that somebody has got."""
    told = [
        event["data"]["notification"] for event in events(world, f"user:{user_id}") if "notification" in event["type"]
    ]
    return [(each["updatedAt"], each["title"]) for each in told if each["kind"] == "reminder"]


def test_its_owner_and_who_attends_are_reminded_a_quarter_of_an_hour_before(world: World, stream: Stream):
    id_ = book(world, stream, 3 * DAY, attendeeIds={"ben": True})
    world.wait(3 * DAY - 15 * MINUTE - 1)
    assert reminders(world, "ava") == []
    world.wait(10)
    for user_id in ("ava", "ben"):
        assert reminders(world, user_id) == [(at(3 * DAY - 15 * MINUTE), "Showing")]
    world.wait(DAY)
    assert len(reminders(world, "ava")) == len(reminders(world, "ben")) == 1
    (item,) = call(world, "GET", "/notifications", who=BEN)[1]["items"]
    assert item["about"] == {"noun": "appointment", "id": id_}
    assert item["text"] == "12 Harbor Way"
    assert reminders(world, "mia") == []


@pytest.mark.parametrize("late", [0, 1, 58, 70])
def test_the_schedulers_lateness_is_not_the_reminders(world: World, stream: Stream, late: int):
    world.schedules.late = late
    book(world, stream, DAY)
    world.wait(DAY)
    assert reminders(world, "ava") == [(at(DAY - 15 * MINUTE + max(0, late - MINUTE)), "Showing")]


def test_one_that_is_moved_is_reminded_of_at_its_new_time_alone(world: World, stream: Stream):
    id_ = book(world, stream, DAY)
    move(world, stream, id_, 2 * DAY)
    world.wait(3 * DAY)
    assert reminders(world, "ava") == [(at(2 * DAY - 15 * MINUTE), "Showing")]


def test_one_that_is_moved_to_an_earlier_time_is_reminded_of_then(world: World, stream: Stream):
    id_ = book(world, stream, 2 * DAY)
    move(world, stream, id_, DAY)
    world.wait(3 * DAY)
    assert reminders(world, "ava") == [(at(DAY - 15 * MINUTE), "Showing")]


def test_one_that_is_moved_after_its_reminder_is_reminded_of_again(world: World, stream: Stream):
    id_ = book(world, stream, HOUR)
    world.wait(50 * MINUTE)
    move(world, stream, id_, 3 * HOUR)
    world.wait(DAY)
    assert [when for when, _ in reminders(world, "ava")] == [at(45 * MINUTE), at(3 * HOUR - 15 * MINUTE)]


def test_one_that_is_moved_away_and_back_is_reminded_of_once(world: World, stream: Stream):
    id_ = book(world, stream, DAY)
    for begins in (2 * DAY, DAY, 3 * DAY, DAY):
        move(world, stream, id_, begins)
    world.wait(DAY - 10 * MINUTE)
    move(world, stream, id_, 2 * DAY)
    move(world, stream, id_, DAY)
    world.wait(3 * DAY)
    assert reminders(world, "ava") == [(at(DAY - 15 * MINUTE), "Showing")]


@pytest.mark.parametrize(
    "fields",
    [{"status": "cancelled"}, {"status": "completed"}, {"status": "no_show"}, {"archived": True}],
    ids=["cancelled", "completed", "no_show", "archived"],
)
def test_nobody_is_reminded_of_what_does_not_take_place(world: World, stream: Stream, fields: dict[str, Any]):
    id_ = book(world, stream, DAY)
    change(world, stream, id_, **fields)
    world.wait(2 * DAY)
    assert reminders(world, "ava") == []


def test_one_that_is_cancelled_and_planned_again_is_reminded_of(world: World, stream: Stream):
    id_ = book(world, stream, DAY)
    change(world, stream, id_, status="cancelled")
    change(world, stream, id_, status="scheduled")
    change(world, stream, id_, status="confirmed")
    world.wait(2 * DAY)
    assert len(reminders(world, "ava")) == 1


def test_one_that_is_deleted_is_not_and_one_that_is_recovered_is(world: World, stream: Stream):
    id_ = book(world, stream, DAY)
    world.records.delete(APPOINTMENTS, AVA, id_)
    stream.follow()
    world.wait(HOUR)
    world.records.recover(APPOINTMENTS, AVA, id_)
    stream.follow()
    world.wait(2 * DAY)
    assert len(reminders(world, "ava")) == 1


@pytest.mark.parametrize("backwards", [False, True])
def test_one_that_changes_room_keeps_its_reminder_in_whichever_order_that_is_told(
    world: World, stream: Stream, backwards: bool
):
    id_ = book(world, stream, DAY)
    world.records.patch(APPOINTMENTS, AVA, id_, {"visibility": "broker"})
    records = stream.changes()
    assert sorted(record["eventName"] for record in records) == ["INSERT", "REMOVE"]
    for record in sorted(records, key=lambda each: each["eventName"], reverse=backwards):
        stream.process([record])
    world.wait(2 * DAY)
    assert len(reminders(world, "ava")) == 1


def test_schedules_are_left_alone_and_remind_nobody_of_what_is_not_so_any_more(world: World, stream: Stream):
    gone, moved, cancelled = (book(world, stream, DAY) for _ in range(3))
    world.records.delete(APPOINTMENTS, AVA, gone)
    move(world, stream, moved, 2 * DAY)
    change(world, stream, cancelled, status="cancelled")
    assert len(world.schedules.waiting) == 4
    world.wait(DAY)
    assert reminders(world, "ava") == []
    world.wait(2 * DAY)
    assert len(reminders(world, "ava")) == 1


def test_a_time_before_all_others_keeps_nobody_from_being_reminded(world: World, stream: Stream):
    ancient = {"startsAt": "0001-01-01T00:05:00Z", "endsAt": "0001-01-01T00:06:00Z"}
    for begins in (DAY, 2 * DAY):
        world.records.create(APPOINTMENTS, AVA, {"title": "First of all", "teamId": "north", **ancient})
        book(world, stream, begins)
    assert schedule_brokerage(world, world.appointment_schedules, "harbor", lambda _: None) == 2
    world.wait(3 * DAY)
    assert [title for _, title in reminders(world, "ava")] == ["Showing", "Showing"]


def test_what_the_scheduler_never_takes_is_skipped_and_the_rest_comes_again(world: World, stream: Stream):
    put, troubles = world.schedules.put, {"Never": Unschedulable("for a test"), "Later": OSError("for a test")}

    def troubled(name: str, timer: Timer, when: datetime) -> None:
        if trouble := troubles.get(titles[timer.about["id"]]):
            raise trouble
        put(name, timer, when)

    world.schedules.put = troubled  # type: ignore[assignment]
    titles = {}
    for number, title in enumerate(("Never", "First", "Later", "Never", "Later", "Last")):
        times = {"startsAt": at(DAY + number * HOUR), "endsAt": at(2 * DAY), "teamId": "north"}
        titles[world.records.create(APPOINTMENTS, AVA, {"title": title, **times})["id"]] = title
    records = sorted(stream.changes(), key=lambda record: record["dynamodb"]["Keys"]["sk"]["S"])
    for number, record in enumerate(own := [each for each in records if stream.takes(each)]):
        record["dynamodb"]["SequenceNumber"] = f"{number}"
    own[0]["dynamodb"]["NewImage"]["starts_at"] = {"S": "never"}
    follow = APPOINTMENT_CONSUMERS[0].handler(world.appointment_schedules)
    assert follow(own) == ["2"]
    del troubles["Later"]
    assert follow(own[2:]) == []
    assert schedule_brokerage(world, world.appointment_schedules, "harbor", lambda _: None) == 4
    world.wait(2 * DAY)
    assert [title for _, title in reminders(world, "ava")] == ["First", "Later", "Later", "Last"]


def test_the_clock_is_read_for_each_appointment_as_the_scheduler_may_take_its_time(world: World, stream: Stream):
    put = world.schedules.put

    def slow(name: str, timer: Timer, when: datetime) -> None:
        put(name, timer, when)
        world.clock.advance(30)

    world.schedules.put = slow  # type: ignore[assignment]
    for _ in range(6):
        times = {"startsAt": at(18 * MINUTE), "endsAt": at(HOUR), "teamId": "north"}
        world.records.create(APPOINTMENTS, AVA, {"title": "Showing", **times})
    stream.follow()
    assert (len(world.schedules.waiting), len(world.timers.waiting)) == (2, 4)
    world.wait(HOUR)
    assert len(reminders(world, "ava")) == 6


def test_one_that_is_made_less_than_a_quarter_of_an_hour_ahead_is_not_read_before_it_is_told(
    world: World, stream: Stream
):
    for begins in (16 * MINUTE, 20 * MINUTE):
        book(world, stream, begins)
    world.wait(5 * MINUTE)
    assert call(world, "POST", "/notifications/read", who=AVA)[0] == 204
    book(world, stream, 10 * MINUTE, title="Soon")
    for batch in stream.batches:
        stream.process(batch)
    world.wait(1)
    (soon, *others) = call(world, "GET", "/notifications")[1]["items"]
    assert (soon["title"], soon["read"], [each["read"] for each in others]) == ("Soon", False, [True, True])


def test_repeats_of_the_stream_change_nothing(world: World, stream: Stream):
    id_ = book(world, stream, DAY)
    move(world, stream, id_, 2 * DAY)
    move(world, stream, id_, DAY)
    waiting = dict(world.schedules.waiting)
    for first in range(len(stream.batches)):
        stream.process([record for batch in stream.batches[first:] for record in batch])
        assert world.schedules.waiting == waiting
    world.wait(3 * DAY)
    for batch in stream.batches:
        stream.process(batch)
    world.wait(DAY)
    assert reminders(world, "ava") == [(at(DAY - 15 * MINUTE), "Showing")]


def test_a_change_that_is_not_about_its_time_asks_the_scheduler_nothing(world: World, stream: Stream):
    id_ = book(world, stream, DAY)
    calls = world.schedules.calls
    change(world, stream, id_, location="Elsewhere", attendeeIds={"ben": True})
    world.records.create(CLIENTS, AVA, {"lastName": "Hart", "teamId": "north"})
    stream.follow()
    assert world.schedules.calls == calls
    world.wait(2 * DAY)
    assert len(reminders(world, "ben")) == 1


@pytest.mark.parametrize("begins", [5 * MINUTE, 15 * MINUTE, 17 * MINUTE], ids=["5:00", "15:00", "17:00"])
def test_what_begins_soon_does_without_the_scheduler(world: World, stream: Stream, begins: int):
    book(world, stream, begins)
    assert world.schedules.calls == 0
    world.wait(begins)
    assert reminders(world, "ava") == [(at(max(0, begins - 15 * MINUTE)), "Showing")]


def test_the_scheduler_has_a_minute_left_to_be_asked(world: World, stream: Stream):
    book(world, stream, 17 * MINUTE + 1)
    ((_, when),) = world.schedules.waiting.values()
    assert when == NOON + timedelta(seconds=MINUTE + 1)


def test_nobody_is_reminded_of_what_has_begun(world: World, stream: Stream):
    book(world, stream, -1)
    assert (world.schedules.calls, world.timers.waiting) == (0, [])
    book(world, stream, HOUR)
    (timer, _), *_ = world.schedules.waiting.values()
    world.schedules.waiting.clear()
    world.clock.advance(HOUR)
    world.due_timers.run(timer)
    assert reminders(world, "ava") == []


def test_what_lasts_all_day_begins_at_midnight_and_needs_no_reminder(world: World, stream: Stream):
    day: dict[str, Any] = {
        "startsAt": "2026-03-05T00:00:00Z",
        "endsAt": "2026-03-06T00:00:00Z",
        "timeZone": "UTC",
        "allDay": True,
    }
    book(world, stream, 0, **day)
    assert world.schedules.calls == 0


def test_only_those_are_reminded_who_may_read_it(world: World, stream: Stream):
    book(world, stream, HOUR, attendeeIds={"mia": True, "dana": True, "root": True})
    book(world, stream, HOUR, visibility="private", title="Dentist", attendeeIds={"ben": True})
    book(world, stream, HOUR, visibility="broker", title="Meeting", attendeeIds={"mia": True})
    world.wait(HOUR)
    heard = {
        user: sorted(title for _, title in reminders(world, user)) for user in ("ava", "ben", "mia", "dana", "root")
    }
    assert heard == {
        "ava": ["Dentist", "Meeting", "Showing"],
        "ben": [],
        "mia": ["Meeting"],
        "dana": ["Showing"],
        "root": [],
    }


def test_one_is_reminded_of_what_no_title_may_be_any_more(world: World, stream: Stream):
    id_ = book(world, stream, HOUR)
    item = world.table.get(record_key("team:north", "appointment", id_))
    assert item is not None
    world.table.write(Put({**item, "title": "\u202e", "location": "12 \u202eHarbor\x07Way"}, PRESENT))
    world.wait(HOUR)
    assert [title for _, title in reminders(world, "ava")] == ["Appointment"]
    assert call(world, "GET", "/notifications")[1]["items"][0]["text"] == "12  Harbor Way"


def test_who_switched_reminders_off_hears_of_none(world: World, stream: Stream):
    call(world, "PATCH", "/preferences", {"kinds": {"reminder": {"inApp": False}}}, who=BEN)
    book(world, stream, HOUR, attendeeIds={"ben": True})
    world.wait(HOUR)
    assert (len(reminders(world, "ava")), reminders(world, "ben")) == (1, [])


def test_a_reminder_that_failed_half_way_comes_again_to_those_who_have_not_got_it(world: World, stream: Stream):
    book(world, stream, HOUR, attendeeIds={"ben": True})
    (timer, _), *_ = world.schedules.waiting.values()
    world.schedules.waiting.clear()
    world.clock.advance(46 * MINUTE)
    tell, message = world.notifications.tell, {"messageId": "m-1", "body": timer.text()}

    def broken(user_id: str, *arguments: Any, **options: Any) -> bool:
        if user_id == "ben":
            raise OSError("for a test")
        return bool(tell(user_id, *arguments, **options))

    world.notifications.tell = broken
    assert world.due_timers.process([message]) == ["m-1"]
    world.notifications.tell = tell
    assert world.due_timers.process([message]) == []
    assert len(reminders(world, "ava")) == len(reminders(world, "ben")) == 1


def test_it_is_done_within_what_the_functions_are_granted(dynamodb: Any):
    world = brokerage(World(dynamodb))
    stream = Stream(world)
    book(world, stream, HOUR, attendeeIds={"ben": True})
    book(world, stream, 5 * MINUTE, visibility="private")
    world.wait(HOUR)
    assert (len(reminders(world, "ava")), len(reminders(world, "ben"))) == (2, 1)


GROUP, ROLE = "Openhouse-Reminders", "arn:aws:iam::123456789012:role/scheduler"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:timers"


def test_a_schedule_at_aws_is_made_once_invokes_the_queue_once_and_goes(dynamodb: Any):
    client = boto3.client("scheduler", region_name="us-east-1")
    client.create_schedule_group(Name=GROUP)
    schedules = AwsSchedules(client, group=GROUP, role=ROLE, queue=QUEUE)
    due = datetime.fromisoformat("2099-03-02T14:45:00Z")
    timer = Timer("reminder", due, {"id": "a-1"})
    for _ in range(2):
        schedules.put("a-1", timer, due - timedelta(minutes=1))
    made = client.get_schedule(GroupName=GROUP, Name="a-1")
    assert made["ScheduleExpression"] == "at(2099-03-02T14:44:00)"
    assert made["ScheduleExpressionTimezone"] == "UTC"
    assert made["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert made["ActionAfterCompletion"] == "DELETE"
    assert Timer.read(made["Target"]["Input"]) == timer
    assert (made["Target"]["Arn"], made["Target"]["RoleArn"]) == (QUEUE, ROLE)


@pytest.mark.parametrize(
    ("code", "raised"), [("ThrottlingException", ClientError), ("ValidationException", Unschedulable)]
)
def test_what_the_scheduler_does_not_take_is_told_from_what_it_never_takes(code: str, raised: type[Exception]):
    class Refusing:
        exceptions = boto3.client("scheduler", region_name="us-east-1").exceptions

        def create_schedule(self, **_: Any) -> Any:
            raise self.exceptions.from_code(code)({"Error": {"Code": code}}, "CreateSchedule")

    with pytest.raises(raised):
        AwsSchedules(Refusing(), group=GROUP, role=ROLE, queue=QUEUE).put("a", Timer("reminder", NOON, {}), NOON)


def test_the_function_calls_the_scheduler_within_its_grants(dynamodb: Any):
    world = brokerage(World(dynamodb))
    client = boto3.client("scheduler", region_name="us-east-1")
    client.create_schedule_group(Name=GROUP)
    aws: Any = AwsSchedules(client, group=GROUP, role=ROLE, queue=QUEUE)
    world.schedules = aws
    world.clock.at = datetime.fromisoformat("2099-03-02T12:00:00Z")
    stream = Stream(world)
    who = AVA
    fields = {"title": "Showing", "startsAt": "2099-03-03T12:00:00Z", "endsAt": "2099-03-03T13:00:00Z"}
    id_ = world.records.create(APPOINTMENTS, who, fields)["id"]
    stream.follow()
    (made,) = client.list_schedules(GroupName=GROUP)["Schedules"]
    assert made["Name"].startswith(f"{id_}.")
