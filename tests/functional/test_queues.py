"""The queues behind the fan-out, over moto's SQS."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from openhouse.delivery.queues import AGAIN, ShardTask, SqsQueues, tasks

TASKS = [ShardTask("broker:Zoë " + "x" * 120, shard, 1, 3) for shard in range(16)]


@pytest.fixture
def sqs(dynamodb: Any) -> Any:
    return boto3.client("sqs", region_name="us-east-1")


@pytest.fixture
def urls(sqs: Any) -> dict[str, str]:
    fifo = {"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
    return {
        "shards_url": sqs.create_queue(QueueName="shards.fifo", Attributes=fifo)["QueueUrl"],
        "failures_url": sqs.create_queue(QueueName="failures")["QueueUrl"],
    }


def received(sqs: Any, url: str) -> list[Any]:
    found: list[Any] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"]).get("Messages"):
        found += messages
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def test_every_shard_is_a_group_of_its_own_and_a_repeat_of_a_cause_is_dropped(sqs: Any, urls: dict[str, str]) -> None:
    queues = SqsQueues(sqs, **urls)
    queues.send(TASKS, cause="49")
    queues.send(TASKS, cause="49")
    messages = received(sqs, urls["shards_url"])
    assert {ShardTask.read(message["Body"]) for message in messages} == set(TASKS)
    assert len({message["Attributes"]["MessageGroupId"] for message in messages}) == len(messages) == 16


def test_the_same_task_for_another_cause_is_another_one(sqs: Any, urls: dict[str, str]) -> None:
    queues = SqsQueues(sqs, **urls)
    queues.send(TASKS[:1], cause="49")
    queues.send(TASKS[:1], cause="50")
    (first, second) = received(sqs, urls["shards_url"])
    assert first["Body"] == second["Body"]
    assert first["Attributes"]["MessageGroupId"] == second["Attributes"]["MessageGroupId"]


def test_a_task_that_sqs_does_not_take_fails_the_room(sqs: Any, urls: dict[str, str]) -> None:
    class Refusing:
        def send_message_batch(self, **_: Any) -> Any:
            return {"Failed": [{"Id": "0", "Code": "InternalError", "Message": "later", "SenderFault": False}]}

    with pytest.raises(OSError, match="later"):
        SqsQueues(Refusing(), **urls).send(TASKS[:2], cause="1")  # type: ignore[arg-type]


def test_a_note_of_what_cannot_be_posted_names_the_place_in_the_log(sqs: Any, urls: dict[str, str]) -> None:
    SqsQueues(sqs, **urls).dead_letter("team:north", 7, "no commit")
    (message,) = received(sqs, urls["failures_url"])
    assert message["Body"] == '{"room":"team:north","seq":7,"why":"no commit"}'


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"room":"a"}', '{"room":"a","shard":0,"first":1,"last":2,"x":3}'])
def test_a_message_that_is_no_task_is_told_apart(body: str) -> None:
    good = ShardTask("team:north", 0, 1, 2)
    event = [{"messageId": "m1", "body": good.text()}, {"messageId": "m2", "body": body}]
    assert tasks(event) == {"m1": good, "m2": None}


def test_a_hastened_message_comes_again_before_its_visibility_would_end(sqs: Any, urls: dict[str, str]) -> None:
    queues = SqsQueues(sqs, **urls)
    queues.send(TASKS[:1], cause="1")
    (message,) = sqs.receive_message(QueueUrl=urls["shards_url"], VisibilityTimeout=600)["Messages"]
    asked: list[Any] = []
    sqs.meta.events.register(
        "before-parameter-build.sqs.ChangeMessageVisibilityBatch", lambda params, **_: asked.extend(params["Entries"])
    )
    queues.shorten_visibility([message["ReceiptHandle"]])
    assert [entry["VisibilityTimeout"] for entry in asked] == [AGAIN]
