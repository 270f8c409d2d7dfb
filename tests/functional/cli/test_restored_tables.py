"""New tables of what DynamoDB has kept: as many as are wanted, waited for, and made like those of the stack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cli.restoring.tables import Backups, Moment, Pair, Restorer
from deployed.terminal import CommandFailed
from openhouse.storage.table import Table
from tests.fakes import NOON
from tests.functional.cli.restoring import NEW, OLD, quietly
from tests.functional.conftest import World
from tests.functional.failing_aws import Fault, failing
from tests.functional.sockets import create, found

NORTH = "team:north"


@pytest.fixture(autouse=True)
def brokerage(world: World) -> None:
    found(world)


def test_restored_tables_get_the_settings_that_restoring_leaves_out(
    world: World, restored: Callable[[], World]
) -> None:
    client = world.client
    client.update_table(TableName=OLD.main, DeletionProtectionEnabled=True)
    arn = client.describe_table(TableName=OLD.main)["Table"]["TableArn"]
    of_the_stack = {"Key": "aws:cloudformation:stack-name", "Value": "Openhouse-Data"}
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "cost", "Value": "crm"}, of_the_stack])
    restored()
    for name in NEW:
        bare = client.describe_table(TableName=name)["Table"]
        assert "StreamSpecification" not in bare
        assert not bare["DeletionProtectionEnabled"]
        assert client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED"

    restorer = Restorer(client, sleep=lambda _seconds: None)
    streams = restorer.equip(OLD, NEW)
    assert restorer.equip(OLD, NEW) == streams
    views = ("NEW_IMAGE", "NEW_AND_OLD_IMAGES")
    for name, stream, view in zip(NEW, streams, views, strict=True):
        table = client.describe_table(TableName=name)["Table"]
        assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": view}
        assert table["LatestStreamArn"] == stream
        ends = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        assert ends == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
        backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert client.describe_table(TableName=NEW.main)["Table"]["DeletionProtectionEnabled"]
    assert not client.describe_table(TableName=NEW.records)["Table"]["DeletionProtectionEnabled"]
    new_arn = client.describe_table(TableName=NEW.main)["Table"]["TableArn"]
    tags = client.list_tags_of_resource(ResourceArn=new_arn)["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"cost": "crm"}


def test_what_is_made_of_tables_that_are_gone_is_protected_as_those_were_on_aws(
    world: World, restored: Callable[[], World]
) -> None:
    restored()
    for name in OLD:
        world.client.delete_table(TableName=name)
    Restorer(world.client, sleep=lambda _seconds: None).equip(OLD, NEW)
    tables = [world.client.describe_table(TableName=name)["Table"] for name in NEW]
    assert [table["DeletionProtectionEnabled"] for table in tables] == [True, True]


@contextmanager
def being(client: Any, *statuses: str) -> Iterator[None]:
    """What is told of a table, each time that somebody asks; it stays at the last one."""
    left = list(statuses)

    def tell(parsed: dict[str, Any], **_: Any) -> None:
        parsed["Table"]["TableStatus"] = left.pop(0) if len(left) > 1 else left[0]

    client.meta.events.register("after-call.dynamodb.DescribeTable", tell, unique_id="being")
    try:
        yield
    finally:
        client.meta.events.unregister("after-call.dynamodb.DescribeTable", unique_id="being")


def test_tables_are_waited_for_and_one_that_does_not_come_is_said(world: World) -> None:
    pauses: list[float] = []
    told: list[str] = []
    restorer = Restorer(world.client, sleep=pauses.append)
    with being(world.client, "CREATING", "CREATING", "ACTIVE"):
        restorer.restore(OLD, NEW, Moment(NOON), told.append)
    assert (len(pauses), told) == (2, [f"{NEW.main} is being restored"] * 2)
    restorer.restore(OLD, NEW, Moment(NOON), told.append)  # interrupted, and begun again
    with being(world.client, "INACCESSIBLE_ENCRYPTION_CREDENTIALS"), pytest.raises(CommandFailed, match="INACCESSIBLE"):
        restorer.restore(OLD, NEW, Moment(NOON), told.append)


def test_recovery_of_a_new_table_is_waited_for(world: World, restored: Callable[[], World]) -> None:
    restored()
    pauses: list[float] = []
    unavailable = Fault("ContinuousBackupsUnavailableException")
    with failing(world.client, unavailable, "UpdateContinuousBackups") as failed:

        def sleep(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 3:
                world.client.meta.events.unregister("before-call.dynamodb", unique_id="failing")

        Restorer(world.client, sleep=sleep).equip(OLD, NEW)
    assert len(failed) == len(pauses) == 3
    with (
        failing(world.client, unavailable, "UpdateContinuousBackups"),
        pytest.raises(CommandFailed, match="run this again in a while"),
    ):
        Restorer(world.client, sleep=lambda _seconds: None).equip(OLD, NEW)


def test_tables_are_restored_from_backups_too(world: World) -> None:
    create(world, visibility="team")
    arns = [
        world.client.create_backup(TableName=name, BackupName="before")["BackupDetails"]["BackupArn"] for name in OLD
    ]
    create(world, visibility="team")
    Restorer(world.client, sleep=lambda _seconds: None).restore(OLD, NEW, Backups(Pair(*arns)), quietly)
    assert World(world.client, Table(world.client, *NEW)).log.heads([NORTH])[NORTH].seq == 1
