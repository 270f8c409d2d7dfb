"""What people see while something that the product depends on is down, that nothing is lost, and that it comes back.

docs/operations.md has a table of all of it ("When something is down"), whose rows name the tests.
"""

from __future__ import annotations

import re
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from deployed import ROOT
from openhouse import wiring
from openhouse.api.sockets import SocketApi
from openhouse.core.errors import Busy, SignInBusy
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.delivery.fanout import FanOut
from openhouse.delivery.queues import SqsQueues
from openhouse.delivery.timer_queue import SqsTimers
from openhouse.identity.authorizer_context import socket_context
from openhouse.identity.logins import Logins
from openhouse.settings import AuthorizerSettings
from tests.fakes import AVA, BEN
from tests.functional.conftest import World
from tests.functional.failing_aws import (
    ANSWER_OF_AWS,
    OF_COGNITO,
    OF_DYNAMODB,
    OF_S3,
    UNREACHABLE,
    Fault,
    failing,
    losing_answers,
)
from tests.functional.sockets import found, join, open_socket, say, stream
from tests.functional.test_http import call
from tests.functional.uploading import PDF, begin, send, wish

HOUSE = {"propertyAddress": "1 Main St", "visibility": "team"}
KEY = {"idempotency-key": "k"}
PUTTING_OFF = OF_DYNAMODB[:3]  # of what else DynamoDB does, the log has the cause


def name(fault: Fault) -> str:
    return fault.code or "unreachable"


@pytest.fixture(autouse=True)
def brokerage(world: World) -> None:
    found(world)


def check_asks_again(answer: tuple[int, Any, dict[str, str]], *, expected: int | None = None) -> None:
    """A server's error in a plain sentence, of which every client knows that the same request may succeed later."""
    status, problem, headers = answer
    assert status in ((500, 503) if expected is None else (expected,)), problem
    assert problem["retryable"] is True
    assert headers["retry-after"] == "1"
    assert "try again" in problem["detail"]
    text = str(problem)
    assert not [word for word in ("arn:", "aws", "DynamoDB", ANSWER_OF_AWS, "Exception") if word in text]


# The table --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", OF_DYNAMODB, ids=name)
def test_a_table_that_fails_is_said_in_a_sentence_and_leaves_nothing_half_written(world: World, fault: Fault) -> None:
    path = f"/escrows/{call(world, 'POST', '/escrows', HOUSE)[1]['id']}"
    before = world.items()
    with failing(world.client, fault) as failed:
        for method, where, body in (
            ("GET", "/escrows", None),
            ("GET", path, None),
            ("POST", "/escrows", HOUSE),
            ("PATCH", path, {"notes": "x"}),
            ("DELETE", path, None),
        ):
            answer = call(world, method, where, body, headers=KEY if method == "POST" else None)
            check_asks_again(answer, expected=503 if fault in PUTTING_OFF else 500)
    assert failed
    assert world.items() == before
    assert call(world, "POST", "/escrows", HOUSE, headers=KEY)[0] == 201


@pytest.mark.parametrize("fault", [OF_DYNAMODB[0], UNREACHABLE], ids=name)
def test_a_table_that_takes_no_writes_is_read_all_the_same(world: World, fault: Fault) -> None:
    path = f"/escrows/{call(world, 'POST', '/escrows', HOUSE)[1]['id']}"
    assert call(world, "GET", "/escrows")[0] == 200  # by somebody who has been here before
    with failing(world.client, fault, "TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem"):
        assert call(world, "GET", "/escrows")[0] == 200
        assert call(world, "GET", path)[0] == 200
        check_asks_again(call(world, "PATCH", path, {"notes": "x"}))
    assert call(world, "PATCH", path, {"notes": "x"})[1]["version"] == 2


def test_a_write_whose_answer_is_lost_is_done_once_however_often_it_is_asked_for(world: World) -> None:
    with losing_answers(world.client, "TransactWriteItems") as lost:
        check_asks_again(call(world, "POST", "/escrows", HOUSE, headers=KEY))
    assert lost
    status, made, _ = call(world, "POST", "/escrows", HOUSE, headers=KEY)
    assert (status, made["version"]) == (201, 1)
    assert [item["id"] for item in call(world, "GET", "/escrows")[1]["items"]] == [made["id"]]
    assert len(stream(world)) == 1


@pytest.mark.parametrize("fault", [OF_DYNAMODB[0], OF_DYNAMODB[3], UNREACHABLE], ids=name)
def test_over_a_socket_each_message_is_answered_that_it_may_be_asked_again(world: World, fault: Fault) -> None:
    join(world, "ava-1", AVA)
    call(world, "POST", "/escrows", HOUSE, who=BEN)
    with failing(world.client, fault):
        for message in ({"action": "ping"}, {"action": "sync", "positions": {}}):
            reply = say(world, "ava-1", **message)
            assert (reply["ok"], reply["error"]["retryable"]) == (False, True)
    assert world.gateway.open == {"ava-1"}
    assert say(world, "ava-1", action="ping")["ok"]


def test_whoever_connects_meanwhile_is_not_let_in_and_may_come_again_with_another_ticket(world: World) -> None:
    request = {"connectionId": "ava-1", "eventType": "CONNECT", "authorizer": socket_context(AVA)}
    with failing(world.client, OF_DYNAMODB[0]), pytest.raises(Busy):  # API Gateway refuses the handshake
        SocketApi(world, world.messages).handle({"requestContext": request})
    assert world.items("C#") == []
    open_socket(world, "ava-2", AVA)
    assert say(world, "ava-2", action="sync")["ok"]


@pytest.mark.parametrize("fault", OF_DYNAMODB, ids=name)
def test_commits_that_the_fan_out_cannot_deliver_come_again(world: World, fault: Fault) -> None:
    join(world, "ben-1", BEN)
    call(world, "POST", "/escrows", HOUSE)
    batch = stream(world)
    with failing(world.client, fault):
        assert world.fanout.deliver(batch) == [entry.position for entry in batch]
    assert world.gateway.commits("ben-1") == []
    assert world.deliver(batch) == []
    assert len(world.gateway.commits("ben-1")) == 1


# Sign-in ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", OF_COGNITO, ids=name)
def test_without_cognito_nobody_is_invited_and_that_is_said(world: World, fault: Fault) -> None:
    client = boto3.client("cognito-idp", region_name="us-east-1")
    pool = client.create_user_pool(PoolName="p")["UserPool"]["Id"]
    logins = Logins(client, pool)
    with failing(client, fault):
        for ask in (lambda: logins.invite("z@x", "Zoe"), lambda: logins.find("z@x"), lambda: logins.delete("z")):
            with pytest.raises(SignInBusy, match="try again"):
                ask()
    assert logins.invite("zoe@demo.test", "Zoe") is not None


def test_a_secret_that_cannot_be_read_stops_the_authorizer_and_refuses_nobody(world: World) -> None:
    """API Gateway would keep a refusal for minutes; a function that does not start is asked again with each request."""
    settings = AuthorizerSettings(
        table_name="openhouse",
        token_issuer="https://issuer",
        token_audience="crm",
        token_algorithms=("HS256",),
        hs256_secret_arn="arn:aws:secretsmanager:us-east-1:111122223333:secret:crm-AbCdEf",
    )
    with pytest.raises(ClientError, match="ResourceNotFound"):
        wiring.sessions(settings)
    boto3.client("secretsmanager", region_name="us-east-1").create_secret(Name="crm", SecretString="x" * 32)


# Queues -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [Fault("RequestThrottled", 403), Fault("OverLimit", 403), UNREACHABLE], ids=name)
def test_without_the_queue_of_timers_people_come_write_and_are_seen_later(world: World, fault: Fault) -> None:
    client = boto3.client("sqs", region_name="us-east-1")
    world.timers = SqsTimers(client, client.create_queue(QueueName="timers")["QueueUrl"], now=world.clock)  # type: ignore[assignment]
    with failing(client, fault):
        assert join(world, "ava-1", AVA)["ok"]
        assert say(world, "ava-1", action="ping")["ok"]
        assert call(world, "POST", "/escrows", HOUSE)[0] == 201
        path = f"/escrows/{call(world, 'GET', '/escrows')[1]['items'][0]['id']}"
        check_asks_again(call(world, "POST", f"{path}/lock", {}))
        assert call(world, "PATCH", path, {"notes": "without a lock"})[0] == 200
        beat = say(world, "ava-1", action="presence", active=True)
        assert beat["ok"] or beat["error"]["retryable"]
    assert call(world, "POST", f"{path}/lock", {})[0] == 200


@pytest.mark.parametrize("fault", [Fault("RequestThrottled", 403), Fault("OverLimit", 403), UNREACHABLE], ids=name)
def test_without_the_queue_of_shards_commits_of_large_rooms_come_again(world: World, fault: Fault) -> None:
    client = boto3.client("sqs", region_name="us-east-1")
    url = client.create_queue(QueueName="shards.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    join(world, "ben-1", BEN)
    queues = SqsQueues(client, shards_url=url, failures_url=url)
    fanout = FanOut(world.connections, world.dispatcher, queues, small=0)
    call(world, "POST", "/escrows", {**HOUSE, "visibility": "broker"})
    batch = [entry for entry in stream(world) if entry.room == "broker:harbor"]
    with failing(client, fault):
        assert fanout.deliver(batch) == [entry.position for entry in batch]
    assert fanout.deliver(batch) == []
    assert client.receive_message(QueueUrl=url)["Messages"]


# Files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", OF_S3, ids=name)
def test_a_file_that_has_come_while_s3_fails_is_finished_by_asking_again(world: World, fault: Fault) -> None:
    escrow = world.records.create(ESCROWS, AVA, HOUSE)
    id_ = begin(world, wish({"noun": "escrow", "id": escrow["id"], "field": "files"}))
    send(world, id_, PDF)
    s3 = world.bucket._client
    before = call(world, "GET", f"/escrows/{escrow['id']}")[1]
    with failing(s3, fault):
        check_asks_again(call(world, "POST", f"/files/{id_}/done"), expected=503)
        assert call(world, "GET", f"/escrows/{escrow['id']}")[1] == before
        assert call(world, "PATCH", f"/escrows/{escrow['id']}", {"notes": "x"})[0] == 200
    assert call(world, "POST", f"/files/{id_}/done")[0] == 200


def test_the_table_in_the_document_names_tests_that_there_are() -> None:
    text = (ROOT / "docs" / "operations.md").read_text().partition("## When something is down")[2].partition("\n## ")[0]
    rows = [line for line in text.splitlines() if line.startswith("| ") and "`" in line]
    assert len(rows) >= 15
    for row in rows:
        cited = re.findall(r"\[[^]]*\]\(\.\./(tests|web)/([\w/.-]+)\)", row.rsplit("|", 2)[1])
        assert cited, row
        for folder, path in cited:
            assert (ROOT / folder / path).exists(), path
