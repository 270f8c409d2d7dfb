"""From a write to the sockets of large and small rooms through the deployed stack, and what is posted again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from local.redrive import main as redrive
from local.stack import RunningStack
from tests.e2e.conftest import Caller, RawSocket

Opener = Callable[[Caller], RawSocket]


def heard(socket: RawSocket, id_: str, times: int) -> list[dict[str, Any]]:
    """The commits that created a record, once it has come so often."""

    def of_the_record() -> list[dict[str, Any]]:
        return [
            commit
            for commit in socket.commits
            if any(event["data"].get("escrowId") == id_ for event in commit["events"])
        ]

    while len(of_the_record()) < times:
        socket.read()
    return of_the_record()


def failures_url(stack: RunningStack) -> str:
    return stack.deployment.queues.failed_batches_url


def client(stack: RunningStack, service: Any) -> Any:
    return stack.cloud.session.client(service, endpoint_url=stack.cloud.endpoint)


def test_a_brokerages_room_hears_of_a_commit_through_its_workers(
    ava: Caller, mia: Caller, dana: Caller, joined: Opener
) -> None:
    sockets = [joined(who) for who in (ava, ava, mia, dana)]
    made = ava.create(visibility="broker")
    for socket in sockets:
        (commit,) = heard(socket, made["id"], 1)
        assert commit["room"] == "broker:harbor"


def test_a_commit_that_was_set_aside_reaches_its_room_again_by_redrive(
    stack: RunningStack, ava: Caller, joined: Opener
) -> None:
    socket = joined(ava)
    made = ava.create()
    (commit,) = heard(socket, made["id"], 1)
    note = json.dumps({"room": commit["room"], "seq": commit["seq"], "why": "a test"})
    client(stack, "sqs").send_message(QueueUrl=failures_url(stack), MessageBody=note)
    assert redrive(["--emulator", stack.emulator.url]) == 0
    assert heard(socket, made["id"], 2) == [commit, commit]


def test_a_batch_that_lambda_gave_up_is_found_in_the_stream_and_posted_again(
    stack: RunningStack, ava: Caller, joined: Opener, capsys: Any
) -> None:
    socket = joined(ava)
    made = ava.create(visibility="broker")
    (commit,) = heard(socket, made["id"], 1)
    batch = place_in_the_stream(client(stack, "dynamodbstreams"), stack.deployment.table_name, commit)
    client(stack, "sqs").send_message(
        QueueUrl=failures_url(stack), MessageBody=json.dumps({"DDBStreamBatchInfo": batch})
    )
    assert redrive(["--emulator", stack.emulator.url]) == 0
    assert "Redriven: 1 batches (1 commits of 1 rooms), 0 shards." in capsys.readouterr().out
    assert heard(socket, made["id"], 2) == [commit, commit]


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
