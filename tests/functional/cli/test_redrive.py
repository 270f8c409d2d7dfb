"""What the fan-out gave up on, posted again from the log: over moto's table, stream and queues."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from cli.redrive import Redrive
from deployed.endpoints import DeliveryQueues
from deployed.terminal import CommandFailed
from openhouse.delivery.queues import ShardTask, SqsQueues
from openhouse.storage.keys import entry_key
from tests.fakes import AVA, BEN, MIA, counting
from tests.functional.conftest import World
from tests.functional.sockets import create, found, join, seqs


@pytest.fixture(autouse=True)
def brokerage(world: World) -> None:
    found(world)


@pytest.fixture
def sqs(world: World) -> Any:
    return boto3.client("sqs", region_name="us-east-1")


@pytest.fixture
def queues(sqs: Any) -> DeliveryQueues:
    def made(name: str) -> str:
        fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
        return str(sqs.create_queue(QueueName=name, Attributes=fifo)["QueueUrl"])

    return DeliveryQueues(
        shards_url=made("shards.fifo"),
        failed_batches_url=made("failed-batches"),
        failed_shards_url=made("failed-shards.fifo"),
        brokerage_shards=4,
    )


@pytest.fixture
def streams(world: World) -> Any:
    return boto3.client("dynamodbstreams", region_name="us-east-1")


@pytest.fixture
def redrive(world: World, sqs: Any, streams: Any, queues: DeliveryQueues) -> Redrive:
    return Redrive(sqs, streams, world.log, queues, new_cause=counting("cause"), wait_seconds=0)


def waiting(sqs: Any, url: str) -> list[str]:
    found: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in messages]
    return found


def hidden(sqs: Any, url: str) -> int:
    """Messages that were received and not deleted: they come again."""
    name = "ApproximateNumberOfMessagesNotVisible"
    return int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])


def records(streams: Any) -> tuple[dict[str, Any], list[Any]]:
    """The stream's shard as Lambda names it, and what is in it."""
    (stream,) = streams.list_streams(TableName="openhouse")["Streams"]
    (shard,) = streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]["Shards"]
    where = {"StreamArn": stream["StreamArn"], "ShardId": shard["ShardId"]}
    start = streams.get_shard_iterator(**where, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    return where, streams.get_records(ShardIterator=start)["Records"]


def failed_batch(streams: Any, first: int, last: int) -> str:
    """What Lambda writes when it gives up on the log entries from the one to the other, counted from 0."""
    where, found = records(streams)
    entries = [record for record in found if record["dynamodb"]["Keys"]["sk"]["S"].startswith("C#")]
    batch = {
        "shardId": where["ShardId"],
        "streamArn": where["StreamArn"],
        "startSequenceNumber": entries[first]["dynamodb"]["SequenceNumber"],
        "endSequenceNumber": entries[last]["dynamodb"]["SequenceNumber"],
        "batchSize": last - first + 1,
    }
    return json.dumps({"requestContext": {"condition": "RetryAttemptsExhausted"}, "DDBStreamBatchInfo": batch})


def test_a_batch_that_lambda_gave_up_reaches_its_members_from_the_log(
    world: World, sqs: Any, streams: Any, queues: DeliveryQueues, redrive: Redrive
) -> None:
    for connection_id, who in {"a": AVA, "b": BEN, "m": MIA}.items():
        join(world, connection_id, who)
    create(world, 3)
    create(world, 2, visibility="broker")
    create(world, 1, who=MIA)
    sqs.send_message(QueueUrl=queues.failed_batches_url, MessageBody=failed_batch(streams, 1, 3))

    report = redrive.run()
    assert str(report) == "Redriven: 1 batches (3 commits of 2 rooms), 0 shards."
    assert waiting(sqs, queues.failed_batches_url) == []

    tasks = [ShardTask.read(body) for body in waiting(sqs, queues.shards_url)]
    assert world.worker.deliver(tasks) == []
    reached = [(commit["room"], commit["seq"]) for commit in world.gateway.commits("a")]
    assert sorted(reached) == [("broker:harbor", 1), ("team:north", 2), ("team:north", 3)]
    assert [commit["room"] for commit in world.gateway.commits("m")] == ["broker:harbor"]


def test_a_shard_that_was_set_aside_is_done_again_though_the_queue_has_seen_it_before(
    world: World, sqs: Any, queues: DeliveryQueues, redrive: Redrive
) -> None:
    task = ShardTask("broker:harbor", 3, 5, 9)
    failed = SqsQueues(sqs, shards_url=queues.failed_shards_url, failures_url="")
    for round_ in range(2):
        failed.send([task], cause=str(round_))
        assert str(redrive.run()) == "Redriven: 0 batches (0 commits of 0 rooms), 1 shards."
    assert waiting(sqs, queues.shards_url) == [task.text()] * 2


def test_an_entry_that_was_poisoned_is_posted_once_it_has_been_put_right(
    world: World, sqs: Any, queues: DeliveryQueues, redrive: Redrive
) -> None:
    join(world, "a", AVA)
    create(world, 1)
    key = {name: {"S": value} for name, value in entry_key("team:north", 1).items()}
    sound = world.client.get_item(TableName="openhouse", Key=key)["Item"]
    fanout = SqsQueues(sqs, shards_url="", failures_url=queues.failed_batches_url)

    world.client.put_item(TableName="openhouse", Item={**sound, "commit": {"S": "?"}})
    fanout.dead_letter("team:north", 1, "the log entry holds no commit")
    assert str(redrive.run()).splitlines()[1].startswith("1 log entries hold no commit")

    world.client.put_item(TableName="openhouse", Item=sound)
    fanout.dead_letter("team:north", 1, "the log entry holds no commit")
    redrive.run()
    assert world.worker.deliver([ShardTask.read(body) for body in waiting(sqs, queues.shards_url)]) == []
    assert seqs(world.gateway.commits("a")) == [1]


def test_what_the_stream_has_forgotten_is_said_and_not_kept_for_ever(
    world: World, sqs: Any, streams: Any, queues: DeliveryQueues, redrive: Redrive
) -> None:
    create(world, 1)
    body = json.loads(failed_batch(streams, 0, 0))
    body["DDBStreamBatchInfo"]["streamArn"] = "arn:aws:dynamodb:us-east-1:123456789012:table/gone/stream/2026"

    def trimmed(**_: Any) -> Any:
        raise streams.exceptions.TrimmedDataAccessException(
            {"Error": {"Code": "T", "Message": "m"}}, "GetShardIterator"
        )

    streams.get_shard_iterator = trimmed
    sqs.send_message(QueueUrl=queues.failed_batches_url, MessageBody=json.dumps(body))
    assert str(redrive.run()).splitlines()[1].startswith("1 batches are older than the stream's 24 h")
    assert waiting(sqs, queues.failed_batches_url) == []
    assert waiting(sqs, queues.shards_url) == []


def test_an_interrupted_redrive_can_be_run_again(
    world: World, sqs: Any, queues: DeliveryQueues, redrive: Redrive
) -> None:
    create(world, 1)
    fanout = SqsQueues(sqs, shards_url="", failures_url=queues.failed_batches_url)
    fanout.dead_letter("team:north", 1, "?")
    send = sqs.send_message_batch

    def broken(**_: Any) -> Any:
        raise KeyboardInterrupt

    sqs.send_message_batch = broken
    with pytest.raises(KeyboardInterrupt):
        redrive.run()
    sqs.send_message_batch = send
    assert hidden(sqs, queues.failed_batches_url) == 1


def test_an_empty_page_of_the_stream_is_not_its_end(
    world: World, sqs: Any, streams: Any, queues: DeliveryQueues, redrive: Redrive
) -> None:
    create(world, 2)
    sqs.send_message(QueueUrl=queues.failed_batches_url, MessageBody=failed_batch(streams, 0, 1))
    get_records, empty = streams.get_records, iter([True, False, True])

    def sparse(ShardIterator: str) -> Any:  # noqa: N803 - boto3's name
        if next(empty, False):
            return {"Records": [], "NextShardIterator": ShardIterator}
        return get_records(ShardIterator=ShardIterator)

    streams.get_records = sparse
    assert str(redrive.run()) == "Redriven: 1 batches (2 commits of 1 rooms), 0 shards."


def test_a_batch_whose_end_is_not_found_is_kept(
    world: World, sqs: Any, streams: Any, queues: DeliveryQueues, redrive: Redrive
) -> None:
    create(world, 1)
    sqs.send_message(QueueUrl=queues.failed_batches_url, MessageBody=failed_batch(streams, 0, 0))
    streams.get_records = lambda ShardIterator: {"Records": [], "NextShardIterator": ShardIterator}  # noqa: N803
    with pytest.raises(CommandFailed, match="Its message is kept"):
        redrive.run()
    assert hidden(sqs, queues.failed_batches_url) == 1


def test_a_message_that_holds_no_task_is_told_and_stops_nothing(
    world: World, sqs: Any, queues: DeliveryQueues, redrive: Redrive
) -> None:
    sqs.send_message(QueueUrl=queues.failed_shards_url, MessageBody="?", MessageGroupId="g", MessageDeduplicationId="d")
    failed = SqsQueues(sqs, shards_url=queues.failed_shards_url, failures_url="")
    failed.send([ShardTask("broker:harbor", 3, 5, 9)], cause="1")
    assert str(redrive.run()).splitlines() == [
        "Redriven: 0 batches (0 commits of 0 rooms), 1 shards.",
        "1 messages hold nothing that could be posted.",
    ]
