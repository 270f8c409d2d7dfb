"""The real services over moto's DynamoDB, with a clock that moves when told and sockets in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from local.schema import create_table
from openhouse.api.crm_routes import crm_routes
from openhouse.api.directory_routes import directory_routes
from openhouse.api.messages import Messages
from openhouse.crm.bulk import Bulk
from openhouse.crm.commit_builder import CommitBuilder
from openhouse.crm.lists import Lists
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.crm.records import Records
from openhouse.crm.references import References
from openhouse.crm.stats import Stats
from openhouse.delivery.dispatcher import Dispatcher
from openhouse.delivery.fanout import FanOut, LogEntry, ShardWorker
from openhouse.delivery.rate_limiter import Lane, RateLimiter
from openhouse.identity.administration import Administration
from openhouse.identity.directory import Directory
from openhouse.rooms.connections import Connections
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.idempotency import IdempotencyStore
from openhouse.storage.table import Table
from tests.fakes import FakeClock, FakeGateway, FakeQueues, counting
from tests.functional.quick_moto import copy_tables_once

RATES = dict.fromkeys(Lane, 1_000.0)
SESSION = boto3.Session()  # one for all tests: a new one takes 50 ms to read the description of DynamoDB


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    copy_tables_once(monkeypatch)
    with mock_aws():
        client = SESSION.client("dynamodb", region_name="us-east-1")
        client.meta.events.register("before-parameter-build.dynamodb.Query", _refuse_reversed_bounds)
        create_table(client, "openhouse")
        yield client


def _refuse_reversed_bounds(params: Any, **_: Any) -> None:
    """As DynamoDB does, and moto does not."""
    values = params["ExpressionAttributeValues"]
    if "BETWEEN" in params["KeyConditionExpression"] and values[":low"]["S"] > values[":high"]["S"]:
        message = "The BETWEEN operator requires upper bound to be greater than or equal to lower bound"
        raise ClientError({"Error": {"Code": "ValidationException", "Message": message}}, "Query")


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
    stats: Stats
    bulk: Bulk
    connections: Connections
    directory: Directory
    administration: Administration
    messages: Messages
    fanout: FanOut
    worker: ShardWorker
    queues: FakeQueues
    budget: RateLimiter
    modules: tuple[Module, ...] = MODULES

    def __post_init__(self) -> None:
        self.crm = crm_routes(self.modules, self.records, self.lists, self.stats, self.bulk)
        self.people = directory_routes(self.directory, self.administration, self.connections, "wss://sockets/live")

    def deliver(self, batch: Sequence[LogEntry]) -> list[str]:
        """Fans a stream batch out, to the members of large rooms too. The positions that failed."""
        failed = self.fanout.deliver(batch)
        assert self.worker.deliver(self.queues.take()) == []
        return failed

    def items(self, prefix: str = "") -> list[dict[str, Any]]:
        """Everything that the table holds under keys with this prefix, as DynamoDB writes it."""
        pages = self.client.get_paginator("scan").paginate(TableName="openhouse")
        return [item for page in pages for item in page["Items"] if item["pk"]["S"].startswith(prefix)]


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
    connections = Connections(table, brokerage_shards=4, now=clock, new_ticket=counting("ticket"))
    directory = Directory(table)
    requests, stats = IdempotencyStore(table), Stats(table, log)
    ledger = CommitBuilder(table, References(table, directory), stats)
    new_id = counting("id")
    queues = FakeQueues()
    budget = RateLimiter(table, RATES, now=clock, sleep=clock.advance)
    courier = Dispatcher(connections, gateway, budget, now=clock, monotonic=lambda: clock().timestamp())
    records = Records(table, log, requests, ledger, new_id=new_id)
    return World(
        client=dynamodb,
        clock=clock,
        gateway=gateway,
        table=table,
        log=log,
        records=records,
        lists=Lists(table, log),
        stats=stats,
        bulk=Bulk(records, log, requests, ledger, new_id=new_id),
        connections=connections,
        directory=directory,
        administration=Administration(directory, connections, gateway),
        messages=Messages(connections, directory, log, gateway, trust_claims=False),
        fanout=FanOut(connections, courier, queues),
        worker=ShardWorker(connections, log, courier, queues),
        queues=queues,
        budget=budget,
    )
