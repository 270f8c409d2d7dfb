"""AWS's habits, each by itself: on stand-ins for the modules of the emulator."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from local.aws_like import measures
from local.aws_like.alarms import Alarms
from local.aws_like.calls import Answer
from local.aws_like.conditions import Conditions
from local.aws_like.database import Database
from local.aws_like.imitation import Imitation
from local.aws_like.stream import failures, shard_of
from local.aws_like.throttle import Throttle

AS_A_FUNCTION = "AWS4-HMAC-SHA256 Credential=ASIA0123456789ABCDEF/20260301/us-east-1/dynamodb/aws4_request"
AS_A_PERSON = AS_A_FUNCTION.replace("ASIA0123456789ABCDEF", "test")


class Emulator(SimpleNamespace):
    """Remembers what it was asked, and answers nothing."""

    def __init__(self) -> None:
        super().__init__(_stream_records={}, _tables={}, asked=[], answer=_nothing)

    async def handle_request(
        self, _method: str, _path: str, headers: Mapping[str, str], body: bytes, _query: Any
    ) -> Answer:
        self.asked.append((headers["x-amz-target"], json.loads(body)))
        answer: Answer = await self.answer()
        return answer


async def _nothing() -> Answer:
    return 200, {}, b"{}"


def database(**conditions: float) -> tuple[Emulator, Imitation]:
    emulator, imitation = Emulator(), Imitation()
    Database(imitation, emulator)
    imitation.switch(Conditions(**{"delays": 0, "habits": 0, **conditions}))  # type: ignore[arg-type]
    return emulator, imitation


async def call(emulator: Emulator, action: str, content: Any, signed: str = AS_A_FUNCTION) -> tuple[int, Any]:
    headers = {"x-amz-target": f"DynamoDB_20120810.{action}", "authorization": signed}
    status, _, body = await emulator.handle_request("POST", "/", headers, json.dumps(content).encode(), {})
    return status, json.loads(body)


def key(sort: str, pk: str = "room") -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sort}}


def put(sort: str, pk: str = "room") -> dict[str, Any]:
    return {"TableName": "table", "Item": key(sort, pk)}


def transaction(*sorts: str) -> dict[str, Any]:
    return {"TransactItems": [{"Put": put(sort)} for sort in sorts]}


def test_writes_meet_a_transaction_that_is_under_way_and_reads_do_not():
    emulator, _ = database(delays=1)

    async def run() -> list[tuple[int, Any]]:
        first = asyncio.create_task(call(emulator, "TransactWriteItems", transaction("a", "b")))
        await asyncio.sleep(0)
        others = await asyncio.gather(
            call(emulator, "PutItem", put("a")),
            call(emulator, "TransactWriteItems", transaction("c", "b")),
            call(emulator, "GetItem", {"TableName": "table", "Key": key("a")}),
            call(emulator, "PutItem", put("d")),
        )
        return [await first, *others]

    # Each takes about as long as on AWS: the writes of one item 7 ms, while a transaction takes 25.
    first, written, cancelled, read, beside = asyncio.run(run())
    assert (first[0], read[0], beside[0]) == (200, 200, 200)
    assert written[1]["__type"].endswith("#TransactionConflictException")
    assert [reason["Code"] for reason in cancelled[1]["CancellationReasons"]] == ["None", "TransactionConflict"]


def test_what_was_under_way_is_free_again_afterwards():
    emulator, _ = database()

    async def run() -> list[tuple[int, Any]]:
        return [
            await call(emulator, "TransactWriteItems", transaction("a")),
            await call(emulator, "PutItem", put("a")),
            await call(emulator, "TransactWriteItems", transaction("a")),
        ]

    assert [status for status, _ in asyncio.run(run())] == [200, 200, 200]


@pytest.mark.parametrize("action", ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"])
def test_every_kind_of_write_is_refused_now_and_then(action: str):
    emulator, imitation = database(habits=1 / measures.TRANSACTION_CONFLICT.here)
    content = transaction("a") if action == "TransactWriteItems" else {"TableName": "table", "Key": key("a")}
    statuses = {asyncio.run(call(emulator, action, content))[0] for _ in range(20)}
    assert statuses == {400}
    refused = sum(
        number for name, number in imitation.counts().items() if name.startswith("refused.TransactionConflict")
    )
    throttled = imitation.counts().get("refused.ThrottlingException", 0)
    assert refused > 0
    assert refused + throttled == 20


def test_a_batch_is_done_in_part_and_says_what_is_left():
    emulator, _ = database(habits=1 / measures.UNPROCESSED.here)
    requests = [{"PutRequest": {"Item": key(sort)}} for sort in "abc"]

    async def until_done() -> int:
        pending, calls = {"table": requests}, 0
        while pending:
            status, answer = await call(emulator, "BatchWriteItem", {"RequestItems": pending})
            if status == 200:
                calls += 1
                pending = answer.get("UnprocessedItems")
        return calls

    assert asyncio.run(until_done()) > 1
    done = [request for _, asked in emulator.asked for request in asked["RequestItems"]["table"]]
    assert sorted(done, key=str) == sorted(requests, key=str)


def test_keys_that_were_not_read_come_back_with_what_else_was_asked():
    emulator, _ = database(habits=1 / measures.UNPROCESSED.here)
    asked = {"table": {"Keys": [key("a"), key("b")], "ConsistentRead": True}, "other": {"Keys": [key("c")]}}

    async def first_taken() -> Any:
        while True:
            status, answer = await call(emulator, "BatchGetItem", {"RequestItems": asked})
            if status == 200:
                return answer["UnprocessedKeys"]

    assert asyncio.run(first_taken()) == {"other": {"Keys": [key("c")]}}


def test_a_full_collection_takes_deletes_alone():
    emulator, imitation = database(collection_bytes=10)
    emulator._tables["table"] = {"LocalSecondaryIndexes": [{}], "items": {"room": {"a": "x" * 6}}}
    emulator._item_size_bytes = len

    async def run() -> list[tuple[int, Any]]:
        return [
            await call(emulator, "PutItem", put("b")),
            await call(emulator, "TransactWriteItems", transaction("b", "c")),
            await call(emulator, "DeleteItem", {"TableName": "table", "Key": key("a")}),
            await call(emulator, "PutItem", put("b", pk="another room")),
        ]

    refused, cancelled, *others = asyncio.run(run())
    assert refused[1]["__type"].endswith("#ItemCollectionSizeLimitExceededException")
    assert {reason["Code"] for reason in cancelled[1]["CancellationReasons"]} == {"ItemCollectionSizeLimitExceeded"}
    assert [status for status, _ in others] == [200, 200]
    assert imitation.counts()["refused.ItemCollectionSizeLimitExceeded"] == 1


def test_a_person_at_the_terminal_is_left_alone():
    emulator, imitation = database(habits=1 / measures.TRANSACTION_CONFLICT.here)
    assert asyncio.run(call(emulator, "PutItem", put("a"), AS_A_PERSON))[0] == 200
    assert imitation.counts() == {}


def test_nothing_is_refused_while_nothing_is_imitated():
    emulator, imitation = database(habits=1 / measures.TRANSACTION_CONFLICT.here)
    imitation.switch(None)
    assert asyncio.run(call(emulator, "PutItem", put("a")))[0] == 200


def test_a_transaction_may_come_to_the_stream_in_another_order_and_its_numbers_rise():
    emulator, _ = database()
    emulator._stream_records["table"] = [record("before", 0)]

    async def write() -> Answer:
        emulator._stream_records["table"] += [record(f"{number}", 1 + number) for number in range(9)]
        return 200, {}, b"{}"

    emulator.answer = write
    asyncio.run(call(emulator, "TransactWriteItems", transaction("a")))
    first, *written = emulator._stream_records["table"]
    assert first == record("before", 0)
    assert [each["dynamodb"]["SequenceNumber"] for each in written] == [*range(1, 10)]
    found = [each["dynamodb"]["Keys"]["pk"]["S"] for each in written]
    assert sorted(found) == [f"{number}" for number in range(9)]
    assert found != sorted(found)


def record(pk: str, number: int) -> dict[str, Any]:
    return {"dynamodb": {"Keys": {"pk": {"S": pk}}, "SequenceNumber": number}}


def test_a_room_is_in_one_shard_and_rooms_are_in_all():
    shards = [shard_of(record(f"C#{number}", number), 4) for number in range(100)]
    assert set(shards) == {0, 1, 2, 3}
    assert shard_of(record("C#7", 1), 4) == shard_of(record("C#7", 2), 4)


def test_a_function_that_reports_nothing_has_failed_nothing():
    assert failures({"batchItemFailures": [{"itemIdentifier": "7"}]}) == ["7"]
    assert failures({}) == failures(None) == failures("done") == []


def test_a_bucket_lets_a_burst_pass_and_then_so_many_a_second():
    now = 0.0
    throttle = Throttle(2, 3, monotonic=lambda: now)
    assert [throttle.passes() for _ in range(4)] == [True, True, True, False]
    now = 0.5
    assert [throttle.passes() for _ in range(2)] == [True, False]
    now = 100.0
    assert [throttle.passes() for _ in range(4)] == [True, True, True, False]


def test_counting_begins_anew_when_it_is_switched_on():
    imitation = Imitation()
    imitation.count("something")
    imitation.switch(Conditions())
    imitation.count("something")
    imitation.seen("the most", 3)
    imitation.seen("the most", 2)
    assert imitation.counts() == {"something": 1, "the most": 3}
    imitation.switch(None)
    imitation.count("something")
    assert imitation.counts()["something"] == 1
    imitation.switch(Conditions())
    assert imitation.counts() == {}


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"wind": 3}, "there is no condition wind"),
        ({"functions": -1}, "functions is -1: write a number that is not negative"),
        ({"habits": "many"}, "habits is 'many': write a number that is not negative"),
        ({"delays": True}, "delays is True: write a number that is not negative"),
    ],
    ids=["unknown", "negative", "a word", "a flag"],
)
def test_conditions_that_are_none_are_refused_by_name(values: dict[str, Any], complaint: str):
    with pytest.raises(ValueError, match=complaint):
        Conditions.read(values)


def test_conditions_are_read_as_they_are_sent():
    sent = Conditions(seed=4, functions=3, socket_seconds=8)
    assert Conditions.read(json.loads(json.dumps(sent.values()))) == sent


def test_every_kind_of_alarm_is_followed_and_raised_by_what_it_watches() -> None:
    imitation = Imitation()
    imitation.switch(Conditions())
    watched = [
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible", 0.0),
        ("AWS/SQS", "ApproximateAgeOfOldestMessage", 60.0),
        ("AWS/Lambda", "IteratorAge", 60_000.0),
        ("AWS/Lambda", "Errors", 2.0),
        ("AWS/Lambda", "Throttles", 0.0),
        ("AWS/States", "ExecutionsFailed", 1.0),
    ]
    queue = {"QueueName": "timers"}
    known = [
        {"AlarmName": metric, "Namespace": space, "MetricName": metric, "Threshold": threshold, "Dimensions": queue}
        for space, metric, threshold in watched
    ]
    every = SimpleNamespace(all_items=lambda: [(each["AlarmName"], each) for each in known])
    queues = SimpleNamespace(all_items=lambda: [("timers", {"name": "timers", "messages": []})])
    failed = [("one", {"status": "FAILED"})]
    states = SimpleNamespace(_executions=SimpleNamespace(all_items=lambda: failed))
    alarms = Alarms(imitation, SimpleNamespace(_alarms=every), SimpleNamespace(_queues=queues), states)
    imitation.count("functions.failed", 2)
    alarms.look()
    assert (alarms.raised, alarms.unknown) == (set(), {"Throttles"})
    imitation.count("functions.failed")
    failed.append(("another", {"status": "FAILED"}))
    alarms.look()
    assert alarms.raised == {"Errors", "ExecutionsFailed"}
