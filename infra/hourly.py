"""What is done every hour or minute, whether anything has happened or not."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct


def every_hour(scope: Construct, id_: str, function: lambda_.IFunction) -> None:
    """A call that fails is not repeated: the next one does what it left."""
    _rule(scope, id_, function, events.Schedule.rate(Duration.hours(1)))


def every_minute(scope: Construct, id_: str, function: lambda_.IFunction, *, enabled: bool) -> None:
    _rule(scope, id_, function, events.Schedule.rate(Duration.minutes(1)), enabled=enabled)


def at_each_hour(scope: Construct, id_: str, function: lambda_.IFunction) -> None:
    """The same when a new hour begins."""
    _rule(scope, id_, function, events.Schedule.cron(minute="0"))


def _rule(
    scope: Construct, id_: str, function: lambda_.IFunction, schedule: events.Schedule, *, enabled: bool = True
) -> None:
    target = targets.LambdaFunction(function, retry_attempts=0)
    events.Rule(scope, id_, schedule=schedule, enabled=enabled, targets=[target])
