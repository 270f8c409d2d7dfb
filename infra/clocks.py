"""What is done every minute or hour, whether anything has happened or not."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra import permissions
from infra.schedules import ScheduleGroup

_A_MINUTE = Duration.minutes(1)
_SOON = Duration.minutes(15)  # of an hour


class Clocks(Construct):
    """EventBridge Scheduler calls functions, in the name of one role that may call these alone.

    A call that fails is not repeated: the next one does what it left, and alarms count how many have failed. It takes
    two settings: Scheduler hands a call over to Lambda's own queue, which would try it three times.
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """

    def __init__(self, scope: Construct, id_: str, *, schedules: ScheduleGroup) -> None:
        super().__init__(scope, id_)
        self._group = schedules.name
        self._role = iam.Role(self, "Role", assumed_by=schedules.scheduler)

    def every_minute(self, id_: str, function: lambda_.IFunction, *, runs: bool = True) -> None:
        self._tick(id_, function, "rate(1 minute)", of_use_for=_A_MINUTE, runs=runs)

    def every_hour(self, id_: str, function: lambda_.IFunction) -> None:
        self._tick(id_, function, "rate(1 hour)", of_use_for=_SOON)

    def at_each_hour(self, id_: str, function: lambda_.IFunction) -> None:
        """The same when a new hour begins."""
        self._tick(id_, function, "cron(0 * * * ? *)", of_use_for=_SOON)

    def _tick(
        self, id_: str, function: lambda_.IFunction, when: str, *, of_use_for: Duration, runs: bool = True
    ) -> None:
        """`of_use_for`: a call that could not begin by then is given up."""
        function.configure_async_invoke(retry_attempts=0, max_event_age=of_use_for)
        policy = iam.Policy(self, f"{id_}Policy", roles=[self._role], statements=[permissions.on_function(function)])
        schedule = scheduler.CfnSchedule(
            self,
            id_,
            group_name=self._group,
            schedule_expression=when,
            state="ENABLED" if runs else "DISABLED",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=function.function_arn,
                role_arn=self._role.role_arn,
                input="{}",
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=of_use_for.to_seconds(), maximum_retry_attempts=0
                ),
            ),
        )
        schedule.node.add_dependency(policy)
