"""New tables of what DynamoDB has kept of the old ones, made like those of the stack.

A restored table has the old one's keys and local indexes, and nothing else: no stream, no TTL, no point-in-time
recovery, no protection against deletion, no tags (AWS's Developer Guide, "Restore a table in DynamoDB").
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from botocore.exceptions import ClientError

from deployed.terminal import CommandFailed, Tell
from openhouse.storage.keys import TableRole

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

View = Literal["NEW_IMAGE", "NEW_AND_OLD_IMAGES"]

VIEWS: Mapping[TableRole, View] = {TableRole.MAIN: "NEW_IMAGE", TableRole.RECORDS: "NEW_AND_OLD_IMAGES"}
PAUSE_SECONDS = 5.0
MOST_PAUSES = 60


class Pair(NamedTuple):
    """One of each: names of tables, or ARNs of backups or streams."""

    main: str
    records: str

    def of(self, role: TableRole) -> str:
        return self.main if role is TableRole.MAIN else self.records


@dataclass(frozen=True)
class Moment:
    """Both tables as they were then, to the second: by point-in-time recovery."""

    at: datetime


@dataclass(frozen=True)
class Backups:
    """Their ARNs; also those that DynamoDB itself keeps for 35 days of a table that was deleted."""

    arns: Pair


class Restorer:
    """Every step may be repeated, so that a command that was interrupted can be run again."""

    def __init__(self, client: DynamoDBClient, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def restore(self, old: Pair, new: Pair, of: Moment | Backups, tell: Tell) -> None:
        """Begins both at once, and waits: minutes to hours, by their sizes. Raises CommandFailed."""
        for role in TableRole:
            with suppress(self._client.exceptions.TableAlreadyExistsException):
                self._begin(old.of(role), new.of(role), of, role)
        for role in TableRole:
            self._wait(new.of(role), tell)

    def equip(self, old: Pair, new: Pair) -> Pair:
        """Gives the new tables all that the stack's have. Returns the ARNs of their streams."""
        arns = [self._equip(old.of(role), new.of(role), VIEWS[role]) for role in TableRole]
        return Pair(*arns)

    def _begin(self, old: str, new: str, of: Moment | Backups, role: TableRole) -> None:
        match of:
            case Moment(at):
                self._client.restore_table_to_point_in_time(
                    SourceTableName=old, TargetTableName=new, RestoreDateTime=at, BillingModeOverride="PAY_PER_REQUEST"
                )
            case Backups(arns):
                self._client.restore_table_from_backup(
                    BackupArn=arns.of(role), TargetTableName=new, BillingModeOverride="PAY_PER_REQUEST"
                )

    def _wait(self, name: str, tell: Tell) -> None:
        while True:
            table = self._client.describe_table(TableName=name)["Table"]
            if table["TableStatus"] == "ACTIVE":
                return
            if table["TableStatus"] != "CREATING":
                raise CommandFailed(f"The table {name} is {table['TableStatus']}, where it should be restored.")
            tell(f"{name} is being restored")
            self._sleep(PAUSE_SECONDS)

    def _equip(self, old: str, new: str, view: View) -> str:
        client, table = self._client, self._client.describe_table(TableName=new)["Table"]
        if not table.get("StreamSpecification", {}).get("StreamEnabled"):
            client.update_table(TableName=new, StreamSpecification={"StreamEnabled": True, "StreamViewType": view})
            self._wait_until_active(new)
        if client.describe_time_to_live(TableName=new)["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED":
            client.update_time_to_live(TableName=new, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
        self._recover_points_in_time(new)
        if self._is_protected(old) and not table.get("DeletionProtectionEnabled"):
            client.update_table(TableName=new, DeletionProtectionEnabled=True)
            self._wait_until_active(new)
        if tags := self._tags(old):
            client.tag_resource(ResourceArn=table["TableArn"], Tags=tags)
        return str(client.describe_table(TableName=new)["Table"]["LatestStreamArn"])

    def _recover_points_in_time(self, name: str) -> None:
        """A table that is new has to wait until DynamoDB can back it up at all."""
        for _ in range(MOST_PAUSES):
            try:
                self._client.update_continuous_backups(
                    TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
                )
            except self._client.exceptions.ContinuousBackupsUnavailableException:
                self._sleep(PAUSE_SECONDS)
            else:
                return
        raise CommandFailed(f"Point-in-time recovery of {name} cannot be switched on yet: run this again in a while.")

    def _wait_until_active(self, name: str) -> None:
        """A table takes one change after the other."""
        while self._client.describe_table(TableName=name)["Table"]["TableStatus"] != "ACTIVE":
            self._sleep(PAUSE_SECONDS)

    def _is_protected(self, old: str) -> bool:
        """One that is gone was, on AWS."""
        table = self._described(old)
        return table is None or bool(table.get("DeletionProtectionEnabled"))

    def _tags(self, old: str) -> list[Any]:
        """But for AWS's own, by which CloudFormation knows what it made: nobody else may set them."""
        if (table := self._described(old)) is None:
            return []
        pages = self._client.get_paginator("list_tags_of_resource").paginate(ResourceArn=table["TableArn"])
        return [tag for page in pages for tag in page["Tags"] if not tag["Key"].startswith("aws:")]

    def _described(self, name: str) -> Any:
        try:
            return self._client.describe_table(TableName=name)["Table"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            return None
