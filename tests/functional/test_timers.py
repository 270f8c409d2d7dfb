"""What is set to be looked at later: by way of moto's SQS, and by the function that is handed it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import boto3
import pytest

from openhouse.core import clock
from openhouse.delivery.timer_queue import LONGEST_DELAY, DueTimers, SqsTimers, delay
from openhouse.rooms.timers import Timer
from tests.fakes import NOON, FakeClock, FakeTimers

TIMER = Timer("presence", NOON + timedelta(seconds=15), {"room": "broker:harbor"})


def message(timer: Timer, id_: str = "m-1") -> dict[str, str]:
    return {"messageId": id_, "body": timer.text()}


class Handled:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.timers = FakeTimers()
        self.seen: list[Timer] = []
        self.due = DueTimers({"presence": self.seen.append}, lambda: self.timers, now=self.clock)


@pytest.fixture
def handled() -> Handled:
    return Handled()


def test_a_timer_waits_in_the_queue_for_its_delay(dynamodb: Any):
    sqs = boto3.client("sqs", region_name="us-east-1")
    url = sqs.create_queue(QueueName="timers")["QueueUrl"]
    timers = SqsTimers(sqs, url, now=clock.utc_now)
    timers.set([Timer("presence", clock.utc_now(), {"number": number}) for number in range(12)])
    timers.set([Timer("presence", clock.utc_now() + timedelta(seconds=60), {})])
    found: list[Timer] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [Timer.read(each["Body"]) for each in messages]
    assert sorted(timer.about["number"] for timer in found) == [*range(12)]
    waiting = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert waiting["ApproximateNumberOfMessagesDelayed"] == "1"


def test_a_delay_is_whole_seconds_never_too_few_and_at_most_a_quarter_of_an_hour():
    assert delay(NOON + timedelta(seconds=14.2), NOON) == 15
    assert delay(NOON - timedelta(hours=1), NOON) == 0
    assert delay(NOON + timedelta(hours=1), NOON) == LONGEST_DELAY


def test_what_the_queue_does_not_take_is_told():
    class Refusing:
        def send_message_batch(self, **_: Any) -> Any:
            return {"Failed": [{"Id": "0", "Code": "InternalError", "Message": "later", "SenderFault": False}]}

    refusing: Any = Refusing()
    with pytest.raises(OSError, match="did not take 1 of 1 messages: later"):
        SqsTimers(refusing, "url").set([TIMER])


def test_one_that_is_due_is_handed_over_as_it_was_set(handled: Handled):
    handled.clock.advance(15)
    assert handled.due.process([message(TIMER)]) == []
    assert handled.seen == [TIMER]


def test_one_that_comes_late_or_twice_is_handed_over_too(handled: Handled):
    handled.clock.advance(3600)
    assert handled.due.process([message(TIMER), message(TIMER, "m-2")]) == []
    assert handled.seen == [TIMER, TIMER]


def test_one_that_comes_early_is_set_again(handled: Handled):
    assert handled.due.process([message(TIMER)]) == []
    assert (handled.seen, handled.timers.waiting) == ([], [TIMER])


def test_one_that_fails_or_cannot_be_read_comes_again_and_stops_no_other(handled: Handled):
    handled.clock.advance(15)
    unknown = Timer("unknown", TIMER.due, {})
    nonsense = [{"messageId": str(number), "body": body} for number, body in enumerate(("", "[]", "{}", '{"kind":1}'))]
    assert handled.due.process([message(unknown, "u"), *nonsense, message(TIMER)]) == ["u", "0", "1", "2", "3"]
    assert handled.seen == [TIMER]
