"""From a write to the sockets of large and small rooms through the deployed stack, and what is posted again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from cli.redrive import redrive
from deployed.terminal import Steps
from local.stack import RunningStack
from openhouse.storage.keys import entry_key, mark_key, member_key
from openhouse.storage.table import Table
from openhouse.storage.writes import ABSENT, Put
from tests.e2e.conftest import PATIENCE, Caller, RawSocket, on_aws, until

Opener = Callable[[Caller], RawSocket]


@pytest.fixture(autouse=True)
def nothing_is_set_aside(stack: RunningStack) -> None:
    client(stack, "sqs").purge_queue(QueueUrl=failures_url(stack))


def heard(socket: RawSocket, id_: str, times: int) -> list[dict[str, Any]]:
    """The commits that created a record, as they came, once one has come so often."""

    def of_the_record() -> list[dict[str, Any]]:
        return [
            commit
            for commit in socket.arrived
            if any(event["data"].get("escrowId") == id_ for event in commit["events"])
        ]

    while len(of_the_record()) < times:
        socket.read()
    return of_the_record()


def settled(socket: RawSocket, id_: str) -> int:
    """How often the commit that created a record has come, when both lanes are done with it."""
    socket.until_silent()
    return len(heard(socket, id_, 1))


def failures_url(stack: RunningStack) -> str:
    return stack.deployment.queues.failed_batches_url


def client(stack: RunningStack, service: Any) -> Any:
    return stack.cloud.session.client(service, endpoint_url=stack.cloud.endpoint)


@on_aws
def test_a_brokerages_room_hears_of_a_commit_through_its_workers(
    ava: Caller, mia: Caller, dana: Caller, joined: Opener
) -> None:
    sockets = [joined(who) for who in (ava, ava, mia, dana)]
    made = ava.create(visibility="broker")
    for socket in sockets:
        commit, *_ = heard(socket, made["id"], 1)
        assert commit["room"] == "broker:harbor"


def test_a_commit_takes_the_fast_lane_which_marks_what_has_reached_everyone(
    stack: RunningStack, ava: Caller, ben: Caller, joined: Opener
) -> None:
    sockets = [joined(ava), joined(ben)]
    made = ava.create()
    commits = [heard(socket, made["id"], 1)[0] for socket in sockets]
    assert commits[0] == commits[1]
    table = Table(client(stack, "dynamodb"), stack.deployment.table_name)
    key = mark_key(*(commits[0][name] for name in ("room", "epoch", "seq")))
    until(lambda: table.get(key) is not None)


def test_a_commit_that_was_set_aside_reaches_its_room_again_by_redrive(
    stack: RunningStack, ava: Caller, joined: Opener
) -> None:
    socket = joined(ava)
    made = ava.create()
    (commit, *_), before = heard(socket, made["id"], 1), settled(socket, made["id"])
    note = json.dumps({"room": commit["room"], "seq": commit["seq"], "why": "a test"})
    client(stack, "sqs").send_message(QueueUrl=failures_url(stack), MessageBody=note)
    redrive(stack.cloud, Steps())
    assert heard(socket, made["id"], before + 1) == [commit] * (before + 1)


def test_a_batch_that_lambda_gave_up_is_found_in_the_stream_and_posted_again(
    stack: RunningStack, ava: Caller, joined: Opener
) -> None:
    socket = joined(ava)
    made = ava.create(visibility="broker")
    (commit, *_), before = heard(socket, made["id"], 1), settled(socket, made["id"])
    batch = place_in_the_stream(client(stack, "dynamodbstreams"), stack.deployment.table_name, commit)
    client(stack, "sqs").send_message(
        QueueUrl=failures_url(stack), MessageBody=json.dumps({"DDBStreamBatchInfo": batch})
    )
    assert str(redrive(stack.cloud, Steps())) == "Redriven: 1 batches (1 commits of 1 rooms), 0 shards."
    assert heard(socket, made["id"], before + 1) == [commit] * (before + 1)


def test_a_poisoned_log_entry_is_set_aside_and_its_room_goes_on(
    stack: RunningStack, ava: Caller, joined: Opener
) -> None:
    socket = joined(ava)
    beyond = 10**12 - 1 - uuid4().int % 10**9  # no log of these tests gets there
    item = {**entry_key("team:north", beyond), "room": "team:north", "seq": beyond, "commit": "not JSON", "ttl": 0}
    Table(client(stack, "dynamodb"), stack.deployment.table_name).write(Put(item, ABSENT))
    note = wait_for_message(client(stack, "sqs"), failures_url(stack))
    assert (note["room"], note["seq"]) == ("team:north", beyond)
    assert heard(socket, ava.create()["id"], 1)


@on_aws
def test_a_member_whose_socket_is_gone_loses_its_row_and_keeps_nobody_waiting(
    stack: RunningStack, ava: Caller, joined: Opener
) -> None:
    socket = joined(ava)
    table = Table(client(stack, "dynamodb"), stack.deployment.table_name)
    key, ends = member_key("team:north", 0, "ghost="), int(time.time()) + 3_600
    table.write(Put({**key, "user_id": "ghost", "expires_at": ends, "ttl": ends, "since": 0}, ABSENT))
    assert heard(socket, ava.create()["id"], 1)
    until(lambda: table.get(key) is None)


def wait_for_message(sqs: Any, url: str) -> Any:
    """The content of the next one, which is taken."""
    deadline, messages = time.monotonic() + PATIENCE, list[Any]()
    while not messages:
        assert time.monotonic() < deadline
        messages = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=15).get("Messages", [])
    (message,) = messages
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return json.loads(message["Body"])


def place_in_the_stream(streams: Any, table: str, commit: dict[str, Any]) -> dict[str, Any]:
    """Where a commit's log entry is, in Lambda's words."""
    (stream,) = streams.list_streams(TableName=table)["Streams"]
    where = {"StreamArn": stream["StreamArn"]}
    for shard in streams.describe_stream(**where)["StreamDescription"]["Shards"]:
        iterator = streams.get_shard_iterator(**where, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
        page = streams.get_records(ShardIterator=iterator["ShardIterator"])
        while page["Records"]:
            for record in page["Records"]:
                image = record["dynamodb"].get("NewImage", {})
                if image.get("commit", {}).get("S") == json.dumps(commit, ensure_ascii=False, separators=(",", ":")):
                    number = record["dynamodb"]["SequenceNumber"]
                    return {
                        "streamArn": stream["StreamArn"],
                        "shardId": shard["ShardId"],
                        "startSequenceNumber": number,
                        "endSequenceNumber": number,
                        "batchSize": 1,
                    }
            if "NextShardIterator" not in page:
                break
            page = streams.get_records(ShardIterator=page["NextShardIterator"])
    raise AssertionError("the commit is not in the stream")
