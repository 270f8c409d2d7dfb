"""What is done every hour, whether anything has happened or not."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct


def every_hour(scope: Construct, id_: str, function: lambda_.IFunction) -> None:
    """A call that fails is not repeated: the next one does what it left."""
    events.Rule(
        scope,
        id_,
        schedule=events.Schedule.rate(Duration.hours(1)),
        targets=[targets.LambdaFunction(function, retry_attempts=0)],
    )
