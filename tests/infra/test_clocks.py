"""What is done every minute or hour: by one kind of clock, once each time, whether it succeeds or not."""

from __future__ import annotations

import pytest

from openhouse.function_spec import Trigger
from openhouse.functions import FUNCTIONS
from tests.infra.assembly import Assembly
from tests.infra.test_functions import construct

EVERY = {
    "TaskWatch": ("rate(1 minute)", 60),
    "Canary": ("rate(1 minute)", 60),
    "FileEnds": ("rate(1 hour)", 900),
    "Mornings": ("cron(0 * * * ? *)", 900),
}


def test_each_function_of_a_clock_is_called_by_one_schedule_of_the_deployments_own_group(aws: Assembly):
    timed = (Trigger.MINUTE, Trigger.CANARY, Trigger.HOURLY, Trigger.MORNING)
    assert {construct(spec.name) for spec in FUNCTIONS if spec.trigger in timed} == EVERY.keys()
    found = aws.of_type("AWS::Scheduler::Schedule")

    assert {path.removeprefix("Clocks/") for path in found} == EVERY.keys()
    assert not aws.of_type("AWS::Events::Rule")
    for path, schedule in found.items():
        name = path.removeprefix("Clocks/")
        assert schedule.properties["ScheduleExpression"] == EVERY[name][0]
        assert schedule.properties["GroupName"] == "{Schedules/Group}"
        assert schedule.properties["State"] == "ENABLED"
        assert schedule.properties["Target"]["Arn"] == f"{{{name}.Arn}}"
        assert schedule.properties["Target"]["RoleArn"] == "{Clocks/Role.Arn}"


def test_a_canary_that_is_switched_off_is_not_called(elsewhere: Assembly):
    found = elsewhere.of_type("AWS::Scheduler::Schedule")

    assert {path for path, each in found.items() if each.properties["State"] == "DISABLED"} == {"Clocks/Canary"}


@pytest.mark.parametrize("name", EVERY)
def test_a_call_that_fails_is_repeated_neither_by_scheduler_nor_by_lambda(aws: Assembly, name: str):
    """Lambda tries what it was handed three times, unless told otherwise: alarms count failed hours."""
    seconds = EVERY[name][1]
    retry = aws.of_type("AWS::Scheduler::Schedule")[f"Clocks/{name}"].properties["Target"]["RetryPolicy"]
    (of_lambda,) = (
        each.properties
        for each in aws.of_type("AWS::Lambda::EventInvokeConfig").values()
        if each.properties["FunctionName"] == f"{{{name}}}"
    )

    assert retry == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": seconds}
    assert of_lambda["MaximumRetryAttempts"] == 0
    assert of_lambda["MaximumEventAgeInSeconds"] == seconds
