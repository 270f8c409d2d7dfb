"""What DynamoDB refuses or does in part for what others do at the same time, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from openhouse.core.backoff import LONGEST_WAIT
from openhouse.core.errors import Busy, RoomFull
from openhouse.storage.keys import Key
from openhouse.storage.table import MOST_TRIES, Table, WriteConflict
from openhouse.storage.writes import ABSENT, PRESENT, Check, Delete, Put, Update

KEY: Key = {"pk": "I#one", "sk": "I"}
WIRE = {"pk": {"S": "I#one"}, "sk": {"S": "I"}}
OTHER: Key = {"pk": "I#two", "sk": "I"}


def refused(code: str, *reasons: str) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": code}, "CancellationReasons": [{"Code": why} for why in reasons]}
    return ClientError(answer, "Operation")


class ScriptedClient:
    """Answers every call with the next of `answers`; a plain `{}` when there is none left."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.calls: list[dict[str, Any]] = []

    def __getattr__(self, _operation: str) -> Callable[..., Any]:
        def call(**arguments: Any) -> Any:
            self.calls.append(arguments)
            answer = self.answers.pop(0) if self.answers else {}
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


def table(client: ScriptedClient, pauses: list[float] | None = None) -> Table:
    made: Any = client
    return Table(made, "main", jitter=lambda: 1.0, sleep=([] if pauses is None else pauses).append)


IN_THE_WAY = refused("TransactionConflictException")
SINGLE_WRITES: dict[str, Callable[[Table], Any]] = {
    "put": lambda table: table.write(Put({**KEY, "a": 1}, ABSENT)),
    "update": lambda table: table.write(Update(KEY, {"a": 1}, PRESENT)),
    "delete": lambda table: table.write(Delete(KEY, PRESENT)),
    "add": lambda table: table.add(KEY, "a", 1, PRESENT),
    "delete returning": lambda table: table.delete_returning(KEY, PRESENT),
    "a transaction of one": lambda table: table.transact([Put({**KEY, "a": 1}, ABSENT)]),
}


@pytest.mark.parametrize("kind", SINGLE_WRITES)
def test_a_single_write_waits_for_a_transaction_that_is_in_its_way(kind: str) -> None:
    client, pauses = ScriptedClient(IN_THE_WAY, IN_THE_WAY, {"Attributes": {**WIRE, "a": {"N": "1"}}}), list[float]()
    SINGLE_WRITES[kind](table(client, pauses))
    assert pauses == [0.010, 0.020]
    assert len(client.calls) == 3


@pytest.mark.parametrize("kind", SINGLE_WRITES)
@pytest.mark.parametrize("code", ["TransactionConflictException", "ProvisionedThroughputExceededException"])
def test_a_single_write_that_is_put_off_for_long_is_busy_and_no_failed_condition(kind: str, code: str) -> None:
    client, pauses = ScriptedClient(*[refused(code)] * MOST_TRIES), list[float]()
    with pytest.raises(Busy):
        SINGLE_WRITES[kind](table(client, pauses))
    assert len(client.calls) == MOST_TRIES
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_WAIT


def test_a_failed_condition_is_tried_once() -> None:
    client = ScriptedClient(refused("ConditionalCheckFailedException"))
    with pytest.raises(WriteConflict):
        table(client).write(Put({**KEY}, ABSENT))
    assert table(ScriptedClient(refused("ConditionalCheckFailedException"))).delete_returning(KEY, PRESENT) is None
    assert len(client.calls) == 1


@pytest.mark.parametrize(
    "reasons",
    [
        ["None", "ConditionalCheckFailed"],
        ["TransactionConflict", "None"],
        ["ThrottlingError", "ConditionalCheckFailed"],
        ["ProvisionedThroughputExceeded", "None"],
    ],
)
def test_a_cancelled_transaction_is_decided_again(reasons: list[str]) -> None:
    client = ScriptedClient(refused("TransactionCanceledException", *reasons))
    with pytest.raises(WriteConflict, match=", ".join(sorted({*reasons} - {"None"}))):
        table(client).transact([Put({**KEY}, ABSENT), Check(OTHER, PRESENT)])


@pytest.mark.parametrize("code", ["TransactionInProgressException", "TransactionConflictException"])
def test_a_transaction_in_the_way_of_another_is_decided_again(code: str) -> None:
    with pytest.raises(WriteConflict):
        table(ScriptedClient(refused(code))).transact([Put({**KEY}, ABSENT), Check(OTHER, PRESENT)])


def test_a_full_item_collection_is_said_to_be_full_and_never_tried_again() -> None:
    alone = ScriptedClient(refused("ItemCollectionSizeLimitExceededException"))
    with pytest.raises(RoomFull):
        table(alone).write(Put({**KEY}, ABSENT))
    reasons = ("None", "ItemCollectionSizeLimitExceeded", "TransactionConflict")
    together = ScriptedClient(refused("TransactionCanceledException", *reasons))
    with pytest.raises(RoomFull):
        table(together).transact([Put({**KEY}, ABSENT), Check(OTHER, PRESENT)])
    assert len(alone.calls) == len(together.calls) == 1
    assert not RoomFull.retryable


@pytest.mark.parametrize("reasons", [["None", "ValidationError"], ["None", "None"], []])
def test_what_is_no_conflict_stays_what_dynamodb_says(reasons: list[str]) -> None:
    with pytest.raises(ClientError):
        table(ScriptedClient(refused("TransactionCanceledException", *reasons))).transact(
            [Put({**KEY}, ABSENT), Check(OTHER, PRESENT)]
        )
    with pytest.raises(ClientError):
        table(ScriptedClient(refused("ValidationException"))).write(Put({**KEY}, ABSENT))


def test_what_a_batch_leaves_out_is_asked_for_again_after_a_while() -> None:
    left_out = {"main": {"Keys": [WIRE], "ConsistentRead": True}}
    client = ScriptedClient(
        {"Responses": {"main": []}, "UnprocessedKeys": left_out},
        {"Responses": {"main": [WIRE]}, "UnprocessedKeys": {}},
    )
    pauses = list[float]()
    assert table(client, pauses).get_many([KEY]) == [KEY]
    assert client.calls[1] == {"RequestItems": left_out}
    assert pauses == [0.010]


@pytest.mark.parametrize("code", ["ThrottlingException", "ProvisionedThroughputExceededException"])
def test_a_read_or_a_batch_that_dynamodb_puts_off_is_busy(code: str) -> None:
    for work in (
        lambda table: table.get(KEY),
        lambda table: table.get_many([KEY]),
        lambda table: list(table.query("I#one", " ", "~")),
        lambda table: table.delete_all([KEY]),
    ):
        with pytest.raises(Busy):
            work(table(ScriptedClient(refused(code))))
        with pytest.raises(ClientError):
            work(table(ScriptedClient(refused("ResourceNotFoundException"))))


def test_a_batch_that_is_never_done_is_busy() -> None:
    left_out = {"main": {"Keys": [WIRE], "ConsistentRead": True}}
    with pytest.raises(Busy):
        table(ScriptedClient(*[{"Responses": {}, "UnprocessedKeys": left_out}] * MOST_TRIES)).get_many([KEY])
    undone = {"main": [{"DeleteRequest": {"Key": WIRE}}]}
    client = ScriptedClient(*[{"UnprocessedItems": undone}] * MOST_TRIES)
    with pytest.raises(Busy):
        table(client).delete_all([KEY])
    assert client.calls[-1] == {"RequestItems": undone}
