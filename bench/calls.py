"""The AWS calls of one change, counted on the functions' real code over moto, and the units they would cost."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import boto3
import jwt
from boto3.dynamodb.types import TypeDeserializer
from moto import mock_aws

from bench.meter import Line, Meter
from local.schema import create_table
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
        meter = Meter(boto3.DEFAULT_SESSION.events, spy, TABLE)
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
    create_table(client, TABLE)
    arn: str = boto3.client("secretsmanager").create_secret(Name="bench", SecretString=SECRET)["ARN"]
    return arn
