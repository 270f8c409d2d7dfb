"""The functions' own code, wired as it is deployed, over moto and the stand-in of API Gateway, with a meter on it."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from unittest.mock import patch

import boto3
import jwt
from boto3.dynamodb.types import TypeDeserializer
from moto import mock_aws
from moto.dynamodb import models
from moto.dynamodb.models.table import Table

from bench.api_gateway import ApiGateway
from bench.backend import quiet
from bench.events import http_event
from local.schema import create_tables
from openhouse import adapters, aws, wiring
from openhouse.core.room_names import shard_of
from openhouse.delivery.queues import SHARDS_AT_A_TIME, tasks
from openhouse.identity.directory import Directory, Team, User
from openhouse.rooms.connections import Connections
from openhouse.settings import (
    AuthorizerSettings,
    CrmSettings,
    FanoutSettings,
    PostingSettings,
    ShardSettings,
    SocketSettings,
)
from openhouse.storage.keys import entry_key, member_key

if TYPE_CHECKING:
    from botocore.hooks import BaseEventHooks
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient

    from openhouse.core.principal import Principal
    from openhouse.delivery.aws_gateway import AwsGateway

TABLE, RECORDS = "openhouse", "openhouse-records"
SECRET = "a secret of the benchmark, which is long enough"
ISSUER, AUDIENCE = "https://issuer.example", "bench"
UNLIMITED = 10_000_000  # posts a second: what is measured is not how long they wait


@dataclass(frozen=True)
class Spies:
    """Clients that are not counted."""

    table: DynamoDBClient
    queue: SQSClient


class Observes(Protocol):
    def of(self, function: str) -> AbstractContextManager[None]:
        """What is called in the block is called by this function."""


Observer = TypeVar("Observer", bound=Observes)


@contextmanager
def functions(
    api: ApiGateway, observe: Callable[[BaseEventHooks, DynamoDBClient], Observer], *, fast_lane: bool = False
) -> Iterator[Functions[Observer]]:
    """`observe`: makes what is told of each call, from the events of the functions' clients and a client apart.

    `fast_lane`: writers invoke its function, which nothing here runs: `hasten` does.
    """
    with (
        patch.dict(os.environ, {"AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "us-east-1"}),
        patch.object(models, "copy", SimpleNamespace(deepcopy=_but_no_table)),
        mock_aws(),
        quiet(),
        _gateways_closed(),
    ):
        os.environ.pop("AWS_ENDPOINT_URL", None)
        apart = boto3.Session()
        spies = Spies(apart.client("dynamodb"), apart.client("sqs"))
        aws.session.cache_clear()  # the functions take their clients from it
        observer = observe(aws.session().get_component("event_emitter"), spies.table)
        try:
            yield Functions(api, spies, observer, fast_lane=fast_lane)
        finally:
            aws.session.cache_clear()


@contextmanager
def _gateways_closed() -> Iterator[None]:
    """A function keeps its connections for as long as its process lives, which this one outlives."""
    made: list[AwsGateway] = []
    make = adapters.gateway

    def remembered(settings: SocketSettings) -> AwsGateway:
        made.append(make(settings))
        return made[-1]

    with patch.object(adapters, "gateway", remembered):
        try:
            yield
        finally:
            for gateway in made:
                gateway.shutdown()


def _but_no_table(value: Any) -> Any:
    """For its rollback, moto copies a whole table for each item of a transaction. Nothing here is rolled back."""
    return value if isinstance(value, Table) else copy.deepcopy(value)


class Functions(Generic[Observer]):
    """All functions of a write and its way to the sockets, and a brokerage with one agent."""

    def __init__(self, api: ApiGateway, spies: Spies, observer: Observer, *, fast_lane: bool) -> None:
        self.observer = observer
        self._spies = spies
        create_tables(spies.table, TABLE, RECORDS)
        secret = boto3.Session().client("secretsmanager").create_secret(Name="bench", SecretString=SECRET)["ARN"]
        attributes: Any = {"FifoQueue": "true"}
        self._queue = spies.queue.create_queue(QueueName="shards.fifo", Attributes=attributes)["QueueUrl"]
        authorizer = AuthorizerSettings(
            table_name=TABLE,
            token_issuer=ISSUER,
            token_audience=AUDIENCE,
            token_algorithms=("HS256",),
            hs256_secret_arn=secret,
        )
        sockets: dict[str, Any] = {
            "aws_endpoint_url": api.base,
            "table_name": TABLE,
            "websocket_api_id": "bench",
            "websocket_stage": "live",
            "posts_per_second": UNLIMITED,
        }
        large = {**sockets, "shards_url": self._queue}
        self._sessions = wiring.sessions(authorizer)
        self._crm = wiring.crm(
            CrmSettings(
                table_name=TABLE,
                records_table_name=RECORDS,
                timers_url="-",
                tasks_machine_arn="-",
                authorizer_is_cached=True,
                fast_lane_function="fast-lane" if fast_lane else "",
            )
        )
        self._stream = wiring.fanout(FanoutSettings(**large, failures_url="-"))
        self._stream_beside = wiring.fanout(FanoutSettings(**large, failures_url="-", fast_lane=True))
        self._fast_lane = wiring.fast_lane(PostingSettings(**sockets))
        self._worker = wiring.fanout_worker(ShardSettings(**large))
        table = adapters.table(authorizer)
        directory = Directory(table)
        directory.found("harbor", "Harbor", User(user_id="admin", email="a@b.c", name="Alex", role="admin"))
        directory.put_team("harbor", Team(team_id="north", name="North"))
        directory.put_user(
            "harbor", User(user_id="ava", email="ava@b.c", name="Ava", role="agent", team_ids=("north",))
        )
        self._principal = principal = self.authorize()
        connections = Connections(table)
        connections.connect("socket-0", principal)
        connections.join(connections.find("socket-0"), principal)

    def watch(self, room: str, viewers: int) -> None:
        """So many sockets are in the room from now on; all but the first have only what concerns it."""
        first = member_key(room, shard_of(room, "socket-0", SocketSettings.brokerage_shards), "socket-0")
        key: Any = {name: {"S": value} for name, value in first.items()}
        row = self._spies.table.get_item(TableName=TABLE, Key=key)["Item"]
        ids = [f"socket-{number}" for number in range(1, viewers)]
        for start in range(0, len(ids), 25):
            rows: Any = [
                {**row, **{name: {"S": value} for name, value in member_key(room, shard, id_).items()}}
                for id_ in ids[start : start + 25]
                for shard in [shard_of(room, id_, SocketSettings.brokerage_shards)]
            ]
            self._spies.table.batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": row}} for row in rows]})

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> str:
        """The body of the answer to a request. API Gateway knows whose the token is."""
        event = http_event(self._principal, method, path, body, query)
        with self.observer.of("crm"):
            answer = self._crm.handle(event, None)
        if answer["statusCode"] >= 400:
            raise RuntimeError(answer["body"])
        return str(answer["body"])

    def hasten(self, payload: bytes) -> None:
        """What Lambda does with the invocation of a writer."""
        with self.observer.of("fast_lane"):
            self._fast_lane.process(json.loads(payload))

    def deliver(self, room: str, *, beside_fast_lane: bool = False) -> int:
        """Fans out the last commit of the room, as the stream hands it over. Returns the messages to workers."""
        deserialize = TypeDeserializer().deserialize
        head = self._spies.table.get_item(TableName=TABLE, Key={"pk": {"S": f"L#{room}"}, "sk": {"S": "HEAD"}})["Item"]
        seq = int(deserialize(head["seq"]))
        key: Any = {name: {"S": value} for name, value in entry_key(room, seq).items()}
        image = self._spies.table.get_item(TableName=TABLE, Key=key)["Item"]
        change = {"Keys": key, "NewImage": image, "SequenceNumber": f"{room}-{seq}"}
        record = {"eventName": "INSERT", "dynamodb": change}
        with self.observer.of("fanout beside it" if beside_fast_lane else "fanout"):
            failed = (self._stream_beside if beside_fast_lane else self._stream).process([record])
        if failed:
            raise RuntimeError("the commit was not delivered")
        messages = 0
        while batch := self._receive():
            messages += len(batch)
            with self.observer.of("worker"):
                undone = self._worker.deliver([task for task in tasks(batch).values() if task])
            if undone:
                raise RuntimeError("the workers did not deliver the commit")
        return messages

    def _receive(self) -> list[dict[str, Any]]:
        """What Lambda hands to a worker at once."""
        answer = self._spies.queue.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=SHARDS_AT_A_TIME)
        taken = answer.get("Messages", [])
        for message in taken:
            self._spies.queue.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        return [{"messageId": message["MessageId"], "body": message["Body"]} for message in taken]

    def authorize(self) -> Principal:
        """What the authorizer says of the agent's token."""
        ends = datetime.now(UTC) + timedelta(hours=1)
        token = jwt.encode({"sub": "ava", "iss": ISSUER, "aud": AUDIENCE, "exp": ends}, SECRET, "HS256")
        with self.observer.of("authorizer"):
            return self._sessions.by_claims(self._sessions.claims(f"Bearer {token}"))
