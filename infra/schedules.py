"""The group of schedules that wait for months, and the role in whose name EventBridge Scheduler sends them on."""

from __future__ import annotations

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import permissions


class ScheduleGroup(Construct):
    """Its schedules are made by a function and go with the group: `openhouse reminders` makes them anew."""

    def __init__(self, scope: Construct, id_: str, *, target: sqs.IQueue) -> None:
        super().__init__(scope, id_)
        self.group = scheduler.CfnScheduleGroup(self, "Group")
        self.role = iam.Role(self, "Role", assumed_by=self.scheduler)
        self.role.add_to_policy(permissions.on_queue(target, "SendMessage"))

    @property
    def scheduler(self) -> iam.ServicePrincipal:
        """Who takes a role for schedules of this group: else whoever may make some in any account could use it."""
        return iam.ServicePrincipal(
            "scheduler.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID, "aws:SourceArn": self.group.attr_arn}},
        )

    @property
    def name(self) -> str:
        return str(self.group.ref)

    @property
    def permitted(self) -> permissions.Schedules:
        return permissions.Schedules(self.group, self.role)
