"""Cold starts: what the import and the first call of each function take, in CPU and in code that is loaded.

Each turn is a process of its own that has nothing but the function and its layers, as on Lambda, with bytecode; it
calls AWS over TLS. The processor's time is what counts: Lambda's own, to find a machine and fetch the layers, is AWS's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from ast import literal_eval
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import boto3
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from moto import mock_aws

from bench.aws_over_tls import aws_over_tls
from bench.certificate import write_certificate
from bench.command import Benchmark, Result, exit_with
from bench.events import http_event
from bench.report import paragraph, table
from deployed import ROOT
from deployed.terminal import CommandFailed, Steps
from infra.layers import build_dependencies, build_function, build_openhouse
from local.schema import create_tables
from openhouse.core.room_names import shard_of
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.delivery.queues import ShardTask
from openhouse.identity import authorizer_context
from openhouse.identity.directory import Team, User
from openhouse.services import Services
from openhouse.settings import SocketSettings
from openhouse.storage.keys import entry_key
from openhouse.storage.table import Table

TURNS = 9
TABLE, RECORDS, ROOM = "openhouse", "openhouse-records", "team:north"
ISSUER, AUDIENCE = "https://cognito-idp.us-east-1.amazonaws.com/pool", "bench"
REST_MS, OTHER_MS = 450.0, 250.0  # the goals, of CPU
REST = ("crm", "files", "directory")
IN_TIME = "2100-01-01T00:00:00Z"  # of a commit: the fast lane leaves to the stream what it gets late
_A_CLIENT = "import boto3; boto3.client('dynamodb')"


@dataclass(frozen=True)
class Start:
    """A function and the event that is its first. `goal` in milliseconds."""

    function: str
    call: str
    event: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.function}: {self.call}"

    @property
    def goal(self) -> float:
        return REST_MS if self.function in REST else OTHER_MS


def measure(quick: bool, steps: Steps) -> Result:
    turns = 1 if quick else TURNS
    with tempfile.TemporaryDirectory() as directory, _world(Path(directory)) as (every, environment):
        starts = every[::3] if quick else every
        took: dict[str, list[list[float]]] = {start.name: [] for start in starts}
        usual: list[float] = []
        loaded: dict[str, Any] = {}
        with steps.step("cold starts") as tell:
            for turn in range(turns):
                usual.append(_usual())
                for start in starts:
                    tell(f"turn {turn + 1}, {start.name}")
                    answer = cold_start(start.function, [start.event], environment)
                    took[start.name].append(answer["took"])
                    loaded[start.name] = answer
    rows = [
        {
            "name": start.name,
            "goal": start.goal,
            "importMs": 1000 * min(took[start.name], key=sum)[0],
            "callMs": 1000 * min(took[start.name], key=sum)[1],
            "totalMs": 1000 * min(map(sum, took[start.name])),
            "medianMs": 1000 * median(map(sum, took[start.name])),
            "modules": len(loaded[start.name]["modules"]) + len(loaded[start.name]["later"]),
            "bytes": loaded[start.name]["bytes"] + loaded[start.name]["laterBytes"],
        }
        for start in starts
    ]
    return {"turns": turns, "rows": rows, "usualMs": 1000 * min(usual)}


def cold_start(function: str, events: list[dict[str, Any]], environment: Mapping[str, str]) -> dict[str, Any]:
    """`took`, `modules`, `bytes` and so on, of a process that starts as Lambda's do."""
    layers = [build_openhouse("local").folder / "python", build_dependencies("local").folder / "python"]
    read, write = os.pipe()
    task = {"path": [str(build_function(function, "local").folder), *map(str, layers)], "module": "handler"}
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", (ROOT / "bench" / "cold_start.py").read_text()],
            input=repr({**task, "events": events, "answer": write}),
            pass_fds=[write],
            env=dict(environment),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    if done.returncode or not text:
        raise CommandFailed(f"{function} does not start: {done.stderr[-2000:]}")
    found: dict[str, Any] = literal_eval(text)
    return found


def _usual() -> float:
    program = f"import time; began = time.process_time(); {_A_CLIENT}; print(time.process_time() - began)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return float(done.stdout)


@contextmanager
def _world(directory: Path) -> Iterator[tuple[list[Start], dict[str, str]]]:
    """A brokerage with one agent, one record and one socket, the first events, and the environment of functions."""
    certificate = write_certificate(directory / "server.pem")
    layer = build_dependencies("local").folder / "python"
    trusted = directory / "trusted.pem"
    trusted.write_text((layer / "botocore" / "cacert.pem").read_text("utf-8") + certificate.read_text())
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    keys = {"keys": [{**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": "1", "use": "sig", "alg": "RS256"}]}
    with mock_aws():
        os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
        client = boto3.Session().client("dynamodb")
        create_tables(client, TABLE, RECORDS)
        attributes: Any = {"FifoQueue": "true"}
        queue = boto3.Session().client("sqs").create_queue(QueueName="shards.fifo", Attributes=attributes)["QueueUrl"]
        with aws_over_tls(certificate, keys) as address:
            yield (
                _starts(client, Services(Table(client, TABLE, RECORDS)), key),
                {
                    **_environment(queue),
                    "AWS_ENDPOINT_URL": address,
                    "AWS_CA_BUNDLE": str(trusted),
                },
            )


def _environment(queue: str) -> dict[str, str]:
    return {
        "TABLE_NAME": TABLE,
        "RECORDS_TABLE_NAME": RECORDS,
        "WEBSOCKET_API_ID": "bench",
        "WEBSOCKET_STAGE": "live",
        "SHARDS_URL": queue,
        "FAILURES_URL": queue,
        "TIMERS_URL": queue,
        "FILES_BUCKET": "files",
        "TOKEN_ISSUER": ISSUER,
        "TOKEN_AUDIENCE": AUDIENCE,
        "JWKS_URL": f"{ISSUER}/.well-known/jwks.json",
        "POWERTOOLS_SERVICE_NAME": "bench",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
    }


def _starts(client: Any, services: Services, key: rsa.RSAPrivateKey) -> list[Start]:
    services.directory.found("harbor", "Harbor", User(user_id="admin", email="a@b.c", name="Alex", role="admin"))
    services.directory.put_team("harbor", Team(team_id="north", name="North"))
    ava = User(user_id="ava", email="ava@b.c", name="Ava", role="agent", team_ids=("north",))
    services.directory.put_user("harbor", ava)
    expiry = datetime.now(UTC) + timedelta(hours=1)
    principal = services.directory.principal("ava", int(expiry.timestamp()))
    escrow = services.records.create(ESCROWS, principal, {"propertyAddress": "12 Ash Lane"})
    services.connections.connect("socket-0", principal)
    services.connections.join(services.connections.find("socket-0"), principal)
    claims = {"sub": "ava", "iss": ISSUER, "aud": AUDIENCE, "exp": expiry, "token_use": "id"}
    token = jwt.encode(claims, key, "RS256", {"kid": "1"})
    ticket, _ = services.connections.issue_ticket(principal)
    image = client.get_item(TableName=TABLE, Key={name: {"S": text} for name, text in entry_key(ROOM, 1).items()})[
        "Item"
    ]
    change = {"Keys": {name: image[name] for name in ("pk", "sk")}, "NewImage": image, "SequenceNumber": "1"}
    shard = shard_of(ROOM, "socket-0", SocketSettings.brokerage_shards) or 0
    message = {"messageId": "1", "receiptHandle": "1", "body": ShardTask(ROOM, shard, 1, 1).text()}

    def socket(kind: str, **event: Any) -> dict[str, Any]:
        context = authorizer_context.socket_context(principal)
        return {"requestContext": {"eventType": kind, "connectionId": "socket-0", "authorizer": context}, **event}

    return [
        Start("authorizer", "a token", {"version": "2.0", "headers": {"authorization": f"Bearer {token}"}}),
        Start("authorizer", "a ticket", {"methodArn": "*", "queryStringParameters": {"ticket": ticket}}),
        Start(
            "crm",
            "PATCH",
            http_event(principal, "PATCH", f"/escrows/{escrow['id']}", {"purchasePriceCents": 75_000_000}),
        ),
        Start("files", "an address", http_event(principal, "POST", "/files", _deed(escrow["id"]))),
        Start("directory", "a ticket", http_event(principal, "POST", "/realtime/tickets")),
        Start("socket", "connect", socket("CONNECT")),
        Start("socket", "sync", socket("MESSAGE", body='{"action": "sync", "id": "1"}')),
        Start("fanout", "a commit", {"Records": [{"eventName": "INSERT", "dynamodb": change}]}),
        Start("fanout_worker", "a shard", {"Records": [message]}),
        Start("fast_lane", "a commit", {"commits": [{**json.loads(image["commit"]["S"]), "at": IN_TIME}]}),
    ]


def _deed(escrow_id: str) -> dict[str, Any]:
    of = {"noun": ESCROWS.noun, "id": escrow_id, "field": "files"}
    return {"name": "Deed.pdf", "type": "application/pdf", "size": 182_044, "for": of}


def report(result: Mapping[str, Any]) -> str:
    rows = [
        [
            row["name"],
            f"{row['importMs']:,.0f}",
            f"{row['callMs']:,.0f}",
            f"{row['totalMs']:,.0f}",
            f"{row['medianMs']:,.0f}",
            f"{row['totalMs'] / result['usualMs']:.2f}",
            f"{row['modules']:,}",
            f"{row['bytes'] / 1e6:.1f}",
            f"{row['goal']:.0f}: {'met' if row['totalMs'] < row['goal'] else 'missed'}",
        ]
        for row in result["rows"]
    ]
    about = paragraph(
        "Milliseconds of CPU that a function takes before it has answered its first event, over TLS, with bytecode; "
        f"the best of {result['turns']} turns, as whatever else a machine does can only add to it, and their median. "
        f"To import boto3 and to make one client of it took {result['usualMs']:,.0f} ms here."
    )
    titles = ["", "import", "first call", "together", "median", "x boto3", "modules", "MB of code", "goal, ms"]
    return f"{about}\n\n{table(titles, rows)}"


BENCHMARK = Benchmark("starts", "Measure the import and the first call of each function.", measure, report)

if __name__ == "__main__":
    exit_with(BENCHMARK.run)
