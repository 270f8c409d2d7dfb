"""Timers that EventBridge Scheduler holds, for years if need be, and then sends to the queue of timers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from openhouse.rooms.timers import Timer, Unschedulable

# Of sending to the queue. A reminder is of no use any more when the appointment has begun.
_TRIES = 20
_TRIED_FOR_SECONDS = 900


class AwsSchedules:
    """One-time schedules of one group. `role`: in whose name Scheduler sends to the queue."""

    def __init__(self, client: Any, *, group: str, role: str, queue: str) -> None:
        """`client`: of boto3 or botocore; `role` and `queue`: their ARNs."""
        self._client = client
        self._group = group
        self._role = role
        self._queue = queue

    def put(self, name: str, timer: Timer, at: datetime) -> None:
        try:
            self._client.create_schedule(
                Name=name,
                GroupName=self._group,
                ScheduleExpression=f"at({at.astimezone(UTC):%Y-%m-%dT%H:%M:%S})",
                ScheduleExpressionTimezone="UTC",
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={
                    "Arn": self._queue,
                    "RoleArn": self._role,
                    "Input": timer.text(),
                    "RetryPolicy": {"MaximumRetryAttempts": _TRIES, "MaximumEventAgeInSeconds": _TRIED_FOR_SECONDS},
                },
            )
        except self._client.exceptions.ConflictException:
            return  # it is there, and its name says all that it says
        except self._client.exceptions.ValidationException as error:
            raise Unschedulable(str(error)) from error
