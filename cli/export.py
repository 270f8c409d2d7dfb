"""`openhouse export`: everything that the two tables held at one moment, as files in a bucket of the operator's.

DynamoDB itself writes them (`ExportTableToPointInTime`): without reading from the tables, in its own JSON, compressed,
with a manifest and checksums.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from deployed.cloud import Cloud
from deployed.endpoints import Deployment
from deployed.terminal import CommandFailed, Interrupted, Steps, Tell

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PAUSE_SECONDS = 10.0


@dataclass(frozen=True)
class Exported:
    """Of one table. `manifest`: its key in the bucket."""

    table: str
    manifest: str
    items: int


class Export:
    def __init__(self, client: DynamoDBClient, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def run(self, tables: list[str], bucket: str, prefix: str, at: datetime, tell: Tell) -> list[Exported]:
        """Both as they were at that second. Asked for once more, waits for what was begun. Raises CommandFailed."""
        begun = [self._begin(table, bucket, prefix, at) for table in tables]
        return [self._wait(table, arn, prefix, tell) for table, arn in zip(tables, begun, strict=True)]

    def _begin(self, table: str, bucket: str, prefix: str, at: datetime) -> str:
        arn = self._client.describe_table(TableName=table)["Table"]["TableArn"]
        answer = self._client.export_table_to_point_in_time(
            TableArn=arn,
            ExportTime=at,
            S3Bucket=bucket,
            S3Prefix=prefix,
            ExportFormat="DYNAMODB_JSON",
            ClientToken=sha256(f"{table} {bucket} {prefix} {at.isoformat()}".encode()).hexdigest(),
        )
        return str(answer["ExportDescription"]["ExportArn"])

    def _wait(self, table: str, arn: str, prefix: str, tell: Tell) -> Exported:
        while True:
            found: Any = self._client.describe_export(ExportArn=arn)["ExportDescription"]
            if found["ExportStatus"] == "COMPLETED":
                return Exported(table, found.get("ExportManifest", prefix), int(found.get("ItemCount", 0)))
            if found["ExportStatus"] == "FAILED":
                raise CommandFailed(f"The export of {table} failed: {found.get('FailureMessage', 'AWS says no more')}.")
            tell(f"{table} is being exported")
            self._sleep(PAUSE_SECONDS)


def export(cloud: Cloud, bucket: str, prefix: str, at: datetime, steps: Steps) -> list[Exported]:
    """Raises CommandFailed, and what boto3 raises."""
    with steps.step("addresses"):
        deployment = Deployment.read(cloud.cloudformation(), cloud.emulator_url)
    tables = [deployment.table_name, deployment.records_table_name]
    try:
        with steps.step("export") as tell:
            client = cloud.session.client("dynamodb", endpoint_url=cloud.endpoint)
            return Export(client).run(tables, bucket, prefix, at, tell)
    except KeyboardInterrupt:
        raise Interrupted("Stopped waiting. DynamoDB goes on; the same command waits for it again.") from None
