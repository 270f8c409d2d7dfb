"""The AWS calls of one change, counted on the functions' real code over moto, and the units they would cost.

Units are computed from the items' sizes by DynamoDB's published rules (`units.py`): neither moto nor MiniStack reports
consumed capacity by size.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import boto3
import jwt
from boto3.dynamodb.types import TypeDeserializer
from moto import mock_aws

from bench import units
from openhouse import caller, wiring
from openhouse.directory import Directory, Team, User
from openhouse.fanout import LogEntry
from openhouse.observability import logger
from openhouse.rooms import team_room
from openhouse.settings import AuthorizerSettings, CrmSettings, FanoutSettings
from openhouse.table import entry_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from openhouse.rooms import Principal

TABLE = "openhouse"
SECRET = "a secret of the benchmark, which is long enough"
ISSUER, AUDIENCE = "https://issuer.example", "bench"
ROOM = team_room("north")


@dataclass(frozen=True)
class Line:
    """All calls of one operation by one function."""

    function: str
    operation: str
    calls: int
    read_units: float
    write_units: float

    def wire(self) -> dict[str, Any]:
        return {
            "function": self.function,
            "operation": self.operation,
            "calls": self.calls,
            "readUnits": self.read_units,
            "writeUnits": self.write_units,
        }


class Meter:
    """Counts every call of the clients made from `session`. `spy` is a client that it does not count."""

    def __init__(self, session: boto3.Session, spy: DynamoDBClient) -> None:
        self._spy = spy
        self._function = ""
        self._calls: Counter[tuple[str, str]] = Counter()
        self._reads: Counter[tuple[str, str]] = Counter()
        self._writes: Counter[tuple[str, str]] = Counter()
        session.events.register("before-parameter-build.*.*", self._before)
        session.events.register("after-call.dynamodb.*", self._after)

    @contextmanager
    def of(self, function: str) -> Iterator[None]:
        """Everything called in the block is called by this function; outside of any, nothing is counted."""
        self._function = function
        try:
            yield
        finally:
            self._function = ""

    def take(self) -> list[Line]:
        """What was counted since the last time."""
        lines = [
            Line(*where, calls=count, read_units=self._reads[where] / 10, write_units=self._writes[where] / 10)
            for where, count in self._calls.items()
        ]
        for counter in (self._calls, self._reads, self._writes):
            counter.clear()
        return lines

    def _before(self, params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        if self._function:
            where = context["where"] = self._function, model.name
            context["asked"] = params
            context["before"] = [self._size(key) for key in _written(model.name, params)]
            self._calls[where] += 1

    def _after(self, parsed: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        if where := context.get("where"):
            # Tenths of units, as a Counter holds whole numbers.
            self._reads[where] += round(10 * _read(where[1], context["asked"], parsed))
            self._writes[where] += round(10 * self._written(where[1], context))

    def _written(self, operation: str, context: Mapping[str, Any]) -> float:
        after = [self._size(key) for key in _written(operation, context["asked"])]
        factor = units.TRANSACTIONAL if operation == "TransactWriteItems" else 1
        return factor * sum(map(units.write_units, context["before"], after))

    def _size(self, key: Mapping[str, Any]) -> int:
        item = self._spy.get_item(TableName=TABLE, Key={"pk": key["pk"], "sk": key["sk"]}).get("Item", {})
        return units.size(item)


def _written(operation: str, params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The items (or their keys) that a call writes."""
    match operation:
        case "TransactWriteItems":
            writes = [write for item in params["TransactItems"] for write in item.values()]
            return [write.get("Item") or write["Key"] for write in writes]
        case "PutItem" | "UpdateItem" | "DeleteItem":
            return [params.get("Item") or params["Key"]]
        case "BatchWriteItem":
            requests = [request for requests in params["RequestItems"].values() for request in requests]
            return [
                request["PutRequest"]["Item"] if "PutRequest" in request else request["DeleteRequest"]["Key"]
                for request in requests
            ]
        case _:
            return []


def _read(operation: str, asked: Mapping[str, Any], parsed: Mapping[str, Any]) -> float:
    match operation:
        case "GetItem":
            return units.read_units(units.size(parsed.get("Item", {})), consistent=asked.get("ConsistentRead", False))
        case "Query":
            looked_at = sum(map(units.size, parsed["Items"]))
            return units.read_units(looked_at, consistent=asked.get("ConsistentRead", False))
        case "BatchGetItem":
            ((table, wanted),) = asked["RequestItems"].items()
            found = [units.size(item) for item in parsed["Responses"].get(table, [])]
            missing = [0] * (len(wanted["Keys"]) - len(found))
            consistent = wanted.get("ConsistentRead", False)
            return sum(units.read_units(size, consistent=consistent) for size in [*found, *missing])
        case _:
            return 0.0


# What is measured ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counted:
    patch: Sequence[Line]  # one change of one record, from the request to its last viewer
    refetch: Sequence[Line]  # one viewer fetching the list once
    viewers: int

    def wire(self) -> dict[str, Any]:
        return {
            "viewers": self.viewers,
            "patch": [line.wire() for line in self.patch],
            "refetch": [line.wire() for line in self.refetch],
        }


def count(records: Sequence[Mapping[str, Any]], changes: Sequence[Mapping[str, Any]], *, viewers: int) -> Counted:
    """`records` are created in one team's room; then `changes` are made to one of them, and the last is counted."""
    with patch.dict(os.environ, {"AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "us-east-1"}), mock_aws():
        os.environ.pop("AWS_ENDPOINT_URL", None)
        spy = boto3.Session().client("dynamodb")
        secret = _deploy(spy)
        logger.setLevel("ERROR")  # each delivery is logged
        boto3.setup_default_session()  # the functions take their clients from it
        assert boto3.DEFAULT_SESSION is not None
        meter = Meter(boto3.DEFAULT_SESSION, spy)
        stack = _Stack(secret, meter, viewers)
        created = [stack.call("POST", "/escrows", record) for record in records]
        query = {"limit": str(len(records))}
        stack.call("GET", "/escrows", query=query)  # opens the logs of all rooms
        for change in changes:
            meter.take()
            stack.call("PATCH", f"/escrows/{created[0]['id']}", change)
            stack.deliver(spy)
        patching = meter.take()
        stack.call("GET", "/escrows", query=query)
        boto3.DEFAULT_SESSION = None
        return Counted(patching, meter.take(), viewers)


class _Stack:
    """The functions, wired as they are deployed, and a team whose members have open sockets."""

    def __init__(self, secret_arn: str, meter: Meter, viewers: int) -> None:
        self._meter = meter
        authorizer = AuthorizerSettings(
            table_name=TABLE,
            token_issuer=ISSUER,
            token_audience=AUDIENCE,
            token_algorithms=("HS256",),
            hs256_secret_arn=secret_arn,
        )
        sockets = FanoutSettings(table_name=TABLE, websocket_api_id="bench", websocket_stage="live")
        self._sessions = wiring.sessions(authorizer)
        self._crm = wiring.crm(CrmSettings(table_name=TABLE))
        self._fanout = wiring.fanout(sockets)
        table = wiring.table(authorizer)
        directory = Directory(table)
        directory.found("harbor", "Harbor", User(user_id="admin", email="a@b.c", name="Alex", role="admin"))
        directory.put_team("harbor", Team(team_id="north", name="North"))
        directory.put_user(
            "harbor", User(user_id="ava", email="ava@b.c", name="Ava", role="agent", team_ids=("north",))
        )
        connections = wiring.connect(sockets)  # type: ignore[arg-type]  # all socket functions have the same settings
        principal = self._authorize()
        for number in range(viewers):
            connections.connect(f"socket-{number}", principal)
            connections.join(connections.find(f"socket-{number}"), principal)

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """A request through both functions that answer it."""
        principal = self._authorize()
        http = {"method": method, "path": path}
        event = {
            "version": "2.0",
            "rawPath": path,
            "headers": {"content-type": "application/json"},
            "queryStringParameters": query,
            "requestContext": {
                "http": http,
                "stage": "$default",
                "authorizer": {"lambda": caller.context(principal)},
            },
            "body": None if body is None else json.dumps(body),
            "isBase64Encoded": False,
        }
        with self._meter.of("crm"):
            answer = self._crm.handle(event, None)
        if answer["statusCode"] >= 400:
            raise RuntimeError(answer["body"])
        content: dict[str, Any] = json.loads(answer["body"])
        return content

    def deliver(self, spy: DynamoDBClient) -> None:
        """Fans out the last commit of the room, as the stream hands it over."""
        deserialize = TypeDeserializer().deserialize
        head = spy.get_item(TableName=TABLE, Key={"pk": {"S": f"L#{ROOM}"}, "sk": {"S": "HEAD"}})["Item"]
        seq = int(deserialize(head["seq"]))
        key = {name: {"S": value} for name, value in entry_key(ROOM, seq).items()}
        commit = str(deserialize(spy.get_item(TableName=TABLE, Key=key)["Item"]["commit"]))
        with self._meter.of("fanout"):
            failed = self._fanout.deliver([LogEntry(ROOM, seq, commit, "1")])
        if failed:
            raise RuntimeError("the commit was not delivered")

    def _authorize(self) -> Principal:
        ends = datetime.now(UTC) + timedelta(hours=1)
        token = jwt.encode({"sub": "ava", "iss": ISSUER, "aud": AUDIENCE, "exp": ends}, SECRET, "HS256")
        with self._meter.of("authorizer"):
            return self._sessions.by_token(f"Bearer {token}")


def _deploy(client: DynamoDBClient) -> str:
    """The table, and the secret that tokens are signed with, whose ARN is returned."""
    client.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
    arn: str = boto3.client("secretsmanager").create_secret(Name="bench", SecretString=SECRET)["ARN"]
    return arn
