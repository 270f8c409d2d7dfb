"""The real services over moto's DynamoDB, or over a table in memory, with a clock that moves when told and sockets in
memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

from local.schema import create_tables
from openhouse.api.messages import Messages
from openhouse.api.operations.entities import operations_of
from openhouse.api.operations.files import FILE_OPERATIONS
from openhouse.api.operations.metrics import METRICS_OPERATIONS
from openhouse.api.operations.notifications import NOTIFICATION_OPERATIONS
from openhouse.api.operations.people import PEOPLE_OPERATIONS
from openhouse.api.operations.search import search_operations
from openhouse.api.operations.tasks import TASK_OPERATIONS
from openhouse.api.operations.views import VIEW_OPERATIONS
from openhouse.api.rest import RestApi
from openhouse.collaboration.reminders import AppointmentSchedules
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.delivery.fanout import LogEntry
from openhouse.delivery.timer_queue import DueTimers
from openhouse.entities import LIVE_STATES
from openhouse.services import Runtime, Services
from openhouse.storage.bucket import Bucket
from openhouse.storage.marshalling import marshal, unmarshal
from openhouse.storage.table import Table
from openhouse.wiring import TIMER_HANDLERS
from tests.fakes import FakeClock, FakeGateway, FakeQueues, FakeSchedules, FakeTimers, FakeWorkflows, counting
from tests.functional.quick_moto import PLAIN, quicken
from tests.memory_bucket import MemoryBucket
from tests.memory_table import MemoryTable
from tests.permissions.recorder import (
    RecordedGateway,
    RecordedQueues,
    RecordedTimers,
    RecordedWorkflows,
    watch_clients,
)

TABLES = ("openhouse", "openhouse-records")
RESTORED = ("restored-table", "restored-records")  # in their place
BUCKET = "openhouse-files"
NAMES = {**dict(zip(TABLES, ("table", "records"), strict=True)), "shards.fifo": "shards", "timers": "timers"}
watch_clients({**NAMES, **dict(zip(RESTORED, ("table", "records"), strict=True)), BUCKET: "objects"})
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
    quicken(monkeypatch)
    with mock_aws():
        client = SESSION.client("dynamodb", region_name="us-east-1", config=PLAIN)
        client.meta.events.register("before-parameter-build.dynamodb.Query", _refuse_reversed_bounds)
        create_tables(client, *TABLES)
        yield client


def _refuse_reversed_bounds(params: Any, **_: Any) -> None:
    """As DynamoDB does, and moto does not."""
    values = params["ExpressionAttributeValues"]
    if "BETWEEN" in params["KeyConditionExpression"] and values[":low"]["S"] > values[":high"]["S"]:
        message = "The BETWEEN operator requires upper bound to be greater than or equal to lower bound"
        raise ClientError({"Error": {"Code": "ValidationException", "Message": message}}, "Query")


class World(Services):
    """Everything, with a clock, ids, sockets and queues of the test's own. `options`: of `Services`."""

    def __init__(self, client: Any, table: Table | None = None, **options: Any) -> None:
        self.client = client
        self.clock = FakeClock()
        self.modules: tuple[Module, ...] = MODULES
        runtime = Runtime(
            now=self.clock,
            monotonic=lambda: self.clock().timestamp(),
            sleep=self.clock.advance,
            jitter=lambda: 1.0,
            chance=lambda: 0.99,
            new_record_id=counting("id"),
            new_commit_id=counting("commit"),
            new_audit_id=counting("audit"),
            new_epoch=counting("epoch"),
            new_ticket=counting("ticket"),
        )
        super().__init__(
            table or Table(client, *TABLES),
            brokerage_shards=4,
            socket_url="wss://sockets/live",
            runtime=runtime,
            **options,
        )

    @classmethod
    def in_memory(cls, **options: Any) -> World:
        """Without DynamoDB, for many examples: `test_memory_table.py` holds the table in memory to the real one."""
        return cls(None, MemoryTable(), **options)

    @cached_property
    def gateway(self) -> FakeGateway:
        return RecordedGateway()

    @cached_property
    def queues(self) -> FakeQueues:
        return RecordedQueues()

    @cached_property
    def timers(self) -> FakeTimers:
        return RecordedTimers()

    @cached_property
    def workflows(self) -> FakeWorkflows:
        return RecordedWorkflows()

    @cached_property
    def schedules(self) -> FakeSchedules:
        return FakeSchedules(self.clock)

    @cached_property
    def appointment_schedules(self) -> AppointmentSchedules:
        return AppointmentSchedules(lambda: self.schedules, lambda: self.timers, now=self.clock)

    @cached_property
    def due_timers(self) -> DueTimers:
        handlers = {kind: handler(self) for kind, handler in TIMER_HANDLERS.items()}
        return DueTimers(handlers, lambda: self.timers, now=self.clock)

    @cached_property
    def crm(self) -> RestApi:
        operations = [operation for each in (*self.modules, *LIVE_STATES) for operation in operations_of(each)]
        beside = (*search_operations(self.modules), *VIEW_OPERATIONS, *NOTIFICATION_OPERATIONS, *TASK_OPERATIONS)
        return RestApi([*operations, *beside], self)

    @cached_property
    def people(self) -> RestApi:
        return RestApi((*PEOPLE_OPERATIONS, *METRICS_OPERATIONS), self)

    @cached_property
    def of_files(self) -> RestApi:
        return RestApi(FILE_OPERATIONS, self)

    @cached_property
    def bucket(self) -> Bucket:
        """Beside moto's tables that of moto, with versions; it looks at no policy of an address."""
        if self.client is None:
            return MemoryBucket()
        made = SESSION.client("s3", region_name="us-east-1", config=Config(signature_version="s3v4"))
        made.create_bucket(Bucket=BUCKET)
        made.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        return Bucket(made, BUCKET)

    @cached_property
    def messages(self) -> Messages:
        return Messages(self)

    def deliver(self, batch: Sequence[LogEntry]) -> list[str]:
        """Fans a stream batch out, to the members of large rooms too. The positions that failed."""
        failed = self.fanout.deliver(batch)
        assert self.worker.deliver(self.queues.take()) == []
        return failed

    def wait(self, seconds: float) -> None:
        """Lets time pass; what was to be done in it is done, each at its time."""
        until = self.clock.at + timedelta(seconds=seconds)
        while moments := [at for at in (self.timers.next, self.schedules.next) if at and at <= until]:
            self.clock.at = max(self.clock.at, min(moments))
            for timer in (*self.timers.take(min(moments)), *self.schedules.take(min(moments))):
                self.due_timers.run(timer)
        self.clock.at = max(self.clock.at, until)

    def follow(self) -> None:
        """The search index has all records as they are now."""
        rows: dict[Any, int | None] = {}
        for item in self.items("R#"):
            self.word_index.note(rows, None, unmarshal(item))
        self.word_index.write(rows)

    def items(self, prefix: str = "") -> list[dict[str, Any]]:
        """Everything that the table holds under keys with this prefix, as DynamoDB writes it."""
        if isinstance(self.table, MemoryTable):
            return [marshal(item) for item in self.table.items(prefix)]
        scan = self.client.get_paginator("scan").paginate
        pages = [page for name in TABLES for page in scan(TableName=name)]
        return [item for page in pages for item in page["Items"] if item["pk"]["S"].startswith(prefix)]


@pytest.fixture
def world(dynamodb: Any) -> World:
    return World(dynamodb)
