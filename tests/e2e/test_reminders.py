"""Over the deployed stack: a reminder by way of the emulator's Scheduler, and what is said to everybody meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from cli.broadcast import announce_maintenance, broadcast, end_maintenance
from cli.reminders import remake_schedules
from deployed.endpoints import stack_outputs
from deployed.terminal import Steps
from local.seed import BROKER_ID
from local.stack import RunningStack
from openhouse.collaboration.reminders import LEAD, SCHEDULER_PRECISION, SOON
from tests.e2e.conftest import PATIENCE, Caller, RawSocket, until

HOUR = timedelta(hours=1)

# How long a schedule has to be made, and to be seen. On a busy machine the first may have passed by then.
HASTE = (timedelta(seconds=10), timedelta(seconds=40))


def book(caller: Caller, begins: datetime, **fields: Any) -> str:
    times = {"startsAt": begins.isoformat(), "endsAt": (begins + HOUR).isoformat()}
    answer = caller("POST", "/appointments", {"title": "Showing", **times, **fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def schedules(stack: RunningStack, id_: str) -> list[str]:
    """The times of an appointment's schedules."""
    group = stack_outputs(stack.cloud.cloudformation())["ScheduleGroup"]
    client = stack.cloud.session.client("scheduler", endpoint_url=stack.cloud.endpoint)
    names = [each["Name"] for each in client.list_schedules(GroupName=group)["Schedules"]]
    own = [name for name in names if name.startswith(f"{id_}.")]
    return sorted(client.get_schedule(GroupName=group, Name=name)["ScheduleExpression"] for name in own)


def at(begins: datetime) -> str:
    return f"at({begins - LEAD - SCHEDULER_PRECISION:%Y-%m-%dT%H:%M:%S})"


def scheduled_soon(stack: RunningStack, caller: Caller, **fields: Any) -> tuple[str, datetime]:
    """An appointment whose schedule is about to be invoked, and when it begins."""
    for haste in HASTE:
        begins = datetime.now(UTC) + LEAD + SOON + haste
        id_ = book(caller, begins, **fields)
        while datetime.now(UTC) < begins - LEAD - SCHEDULER_PRECISION:
            if schedules(stack, id_) == [at(begins)]:
                return id_, begins
        caller("DELETE", f"/appointments/{id_}")
    raise AssertionError("no schedule was made in time")


def hears(socket: RawSocket, type_: str, timeout: float = PATIENCE) -> Any:
    """The next event of a type."""
    while True:
        found = [event for commit in socket.commits for event in commit["events"] if event["type"] == type_]
        if found:
            return found[-1]["data"]
        socket.read(timeout)


def reminders(caller: Caller) -> list[str]:
    """The ids of the appointments that they were reminded of."""
    items = caller("GET", "/notifications").json()["items"]
    return [item["about"]["id"] for item in items if item["kind"] == "reminder"]


def texts(caller: Caller) -> set[str]:
    """What those who run it say at the moment."""
    return {item["text"] for item in caller("GET", "/system").json()["items"]}


def test_one_reminder_comes_by_the_scheduler_and_everybody_hears_what_the_operator_says(
    stack: RunningStack, ava: Caller, ben: Caller, zed: Caller, joined: Callable[[Caller], RawSocket]
) -> None:
    known = {who.user_id: reminders(who) for who in (ava, ben)}  # of another try of this test
    later = datetime.now(UTC) + timedelta(days=3)
    moved = book(ava, later)
    until(lambda: schedules(stack, moved) == [at(later)])
    ava(
        "PATCH",
        f"/appointments/{moved}",
        {"startsAt": (later + HOUR).isoformat(), "endsAt": (later + 2 * HOUR).isoformat()},
    )
    until(lambda: schedules(stack, moved) == [at(later), at(later + HOUR)])
    assert remake_schedules(stack.cloud, BROKER_ID, Steps()) >= 1
    assert schedules(stack, moved) == [at(later), at(later + HOUR)]

    reminded, soon = scheduled_soon(stack, ava, attendeeIds={ben.user_id: True})
    neighbours = [joined(ben), joined(zed)]
    before, key = texts(zed), uuid4().hex
    welcome, moving = f"Welcome to {key}!", f"{key} is moving."
    for _ in range(2):
        broadcast(stack.cloud, welcome, "success", key, Steps())
    announce_maintenance(stack.cloud, moving, later, later + HOUR, Steps())
    for socket in neighbours:
        assert hears(socket, "system:broadcast")["system"]["text"] == welcome
        assert hears(socket, "system:maintenance")["system"]["text"] == moving
    assert texts(zed) - before == {welcome, moving}
    end_maintenance(stack.cloud, Steps())

    told = hears(neighbours[0], "notification:info", PATIENCE + SOON.total_seconds())["notification"]
    assert (told["kind"], told["about"]["id"]) == ("reminder", reminded)
    late = datetime.fromisoformat(told["updatedAt"]) - (soon - LEAD)
    assert timedelta(seconds=-2) < late < HOUR
    until(lambda: schedules(stack, reminded) == [])
    for who in (ava, ben):
        assert [id_ for id_ in reminders(who) if id_ not in known[who.user_id]] == [reminded]
