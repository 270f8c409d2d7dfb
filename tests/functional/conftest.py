"""The real services over moto's DynamoDB, with a clock that moves when told and sockets in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws

from openhouse.administration import Administration
from openhouse.connections import Connections
from openhouse.crm_api import crm_api
from openhouse.directory import Directory
from openhouse.directory_api import directory_api
from openhouse.fanout import FanOut
from openhouse.lists import Lists
from openhouse.messages import Messages
from openhouse.modules import MODULES
from openhouse.records import Records
from openhouse.requests import Requests
from openhouse.room_log import RoomLog
from openhouse.table import Table
from tests.fakes import FakeClock, FakeGateway, counting


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(
            TableName="openhouse",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
        yield client


@dataclass
class World:
    """Everything, wired as in `openhouse.wiring`, but for time, ids, randomness and sockets."""

    client: Any
    clock: FakeClock
    gateway: FakeGateway
    table: Table
    log: RoomLog
    records: Records
    lists: Lists
    connections: Connections
    directory: Directory
    administration: Administration
    messages: Messages
    fanout: FanOut

    def __post_init__(self) -> None:
        self.crm = crm_api(MODULES, self.records, self.lists)
        self.people = directory_api(self.directory, self.administration, self.connections, "wss://sockets/live")

    def items(self, prefix: str = "") -> list[dict[str, Any]]:
        """Everything that the table holds under keys with this prefix, as DynamoDB writes it."""
        return [item for item in self.client.scan(TableName="openhouse")["Items"] if item["pk"]["S"].startswith(prefix)]


@pytest.fixture
def world(dynamodb: Any) -> World:
    clock, gateway = FakeClock(), FakeGateway()
    table = Table(dynamodb, "openhouse")
    log = RoomLog(
        table,
        now=clock,
        new_id=counting("commit"),
        new_epoch=counting("epoch"),
        jitter=lambda: 0.0,
        sleep=lambda _seconds: None,
    )
    connections = Connections(table, broker_shards=4, now=clock, new_ticket=counting("ticket"))
    directory = Directory(table)
    return World(
        client=dynamodb,
        clock=clock,
        gateway=gateway,
        table=table,
        log=log,
        records=Records(table, log, Requests(table), new_id=counting("id")),
        lists=Lists(table, log),
        connections=connections,
        directory=directory,
        administration=Administration(directory, connections, gateway),
        messages=Messages(connections, directory, log, gateway, trust_claims=False),
        fanout=FanOut(connections, gateway, now=clock),
    )
