"""Both tables in files of DynamoDB's own making, over moto."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from cli.export import Export
from deployed.terminal import CommandFailed
from tests.fakes import NOON
from tests.functional.conftest import TABLES, World


def export(world: World, bucket: str) -> Any:
    for name in TABLES:
        world.client.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
    return Export(world.client, sleep=lambda _seconds: None).run([*TABLES], bucket, "o", NOON, lambda _news: None)


def test_an_export_is_of_both_tables_at_one_second(world: World) -> None:
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="exports")
    asked: list[Any] = []
    world.client.meta.events.register(
        "before-parameter-build.dynamodb.ExportTableToPointInTime", lambda params, **_: asked.append(dict(params))
    )
    assert [each.table for each in export(world, "exports")] == [*TABLES]
    assert [(each["ExportTime"], each["S3Bucket"]) for each in asked] == [(NOON, "exports")] * 2
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="elsewhere")
    for bucket in ("exports", "elsewhere"):
        export(world, bucket)
    first, again, elsewhere = [{each["ClientToken"] for each in asked[place : place + 2]} for place in (0, 2, 4)]
    assert len(first) == 2
    assert first == again  # which waits for what was begun
    assert not first & elsewhere


def test_an_export_that_fails_is_told_in_the_words_of_aws(world: World) -> None:
    with pytest.raises(CommandFailed, match=r"The export of openhouse failed: .*bucket"):
        export(world, "there-is-none")
