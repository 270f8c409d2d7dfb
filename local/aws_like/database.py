"""DynamoDB as functions meet it: slower, colliding with itself, doing batches in part, and full at 10 GB.

A call of a person at the terminal, such as a test's own, is left alone.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from local.aws_like import measures
from local.aws_like.calls import Answer, is_of_a_function, note_repeats, refusal
from local.aws_like.imitation import Imitation
from local.aws_like.measures import Delay

GoOn = Callable[[bytes | None], Awaitable[Answer]]  # with another body, if it has one
ItemKey = tuple[str, str, str]  # table, partition key, sort key

_DELAYS: Mapping[str, Delay] = {
    "GetItem": measures.ITEM_READ,
    "BatchGetItem": measures.QUERY,
    "Query": measures.QUERY,
    "PutItem": measures.ITEM_WRITE,
    "UpdateItem": measures.ITEM_WRITE,
    "DeleteItem": measures.ITEM_WRITE,
    "BatchWriteItem": measures.BATCH_WRITE,
    "TransactWriteItems": measures.TRANSACTION,
}
_WRITES = ("PutItem", "UpdateItem", "DeleteItem")
_KINDS = ("Put", "Update", "Delete", "ConditionCheck")
_UNPROCESSED = {"BatchGetItem": "UnprocessedKeys", "BatchWriteItem": "UnprocessedItems"}
_LARGE_TRANSACTION = 15  # items, from when on it takes as long as one of 25


class Database:
    """`dynamodb`: the emulator's module."""

    def __init__(self, imitation: Imitation, dynamodb: Any) -> None:
        self._imitation = imitation
        self._dynamodb = dynamodb
        self._handle = dynamodb.handle_request
        self._under_way: Counter[ItemKey] = Counter()  # of transactions
        self._tokens: set[str | None] = set()  # None is never in it
        dynamodb.handle_request = self.handle_request

    async def handle_request(self, method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Answer:
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if not self._imitation.on or action not in _DELAYS or not is_of_a_function(headers):
            return await self._original(method, path, headers, body, query)
        self._imitation.count(f"dynamodb.{action}")
        note_repeats(self._imitation, headers)
        return await self._answer(
            action, json.loads(body), lambda some: self._original(method, path, headers, some or body, query)
        )

    async def _answer(self, action: str, call: dict[str, Any], go_on: GoOn) -> Answer:
        if self._imitation.happens(measures.THROTTLED):
            return self._refuse("ThrottlingException", "Rate of requests exceeds the allowed throughput.")
        if action in _UNPROCESSED:
            return await self._in_part(action, call, go_on)
        if action == "TransactWriteItems":
            return await self._transact(call, go_on)
        await asyncio.sleep(self._imitation.delay(_DELAYS[action]))
        return (action in _WRITES and self._refused_write(action, call)) or await go_on(None)

    def _refused_write(self, action: str, call: Mapping[str, Any]) -> Answer | None:
        key = self._key(call)
        if self._under_way[key] or self._imitation.happens(measures.TRANSACTION_CONFLICT):
            return self._refuse("TransactionConflictException", "Transaction is ongoing for the item")
        if action == "PutItem" and self._is_full(key, call["Item"]):
            return self._refuse(
                "ItemCollectionSizeLimitExceededException", "Collection size exceeded for partition key."
            )
        return None

    async def _original(self, *request: Any) -> Answer:
        answer: Answer = await self._handle(*request)
        return answer

    def _refuse(self, code: str, message: str) -> Answer:
        self._imitation.count(f"refused.{code}")
        return refusal(400, f"com.amazonaws.dynamodb.v20120810#{code}", message)

    # Transactions -----------------------------------------------------------------------------------------------------

    async def _transact(self, call: Mapping[str, Any], go_on: GoOn) -> Answer:
        token = call.get("ClientRequestToken")
        if token in self._tokens:
            return self._refuse("TransactionInProgressException", "The transaction with the token is in progress.")
        items = [(kind, item[kind]) for item in call["TransactItems"] for kind in _KINDS if kind in item]
        keys = [self._key(item) for _, item in items]
        by_chance = self._imitation.happens(measures.TRANSACTION_CONFLICT)
        reasons = ["TransactionConflict" if self._under_way[key] else "None" for key in keys]
        if by_chance:
            reasons[-1] = "TransactionConflict"
        for number, (kind, item) in enumerate(items):
            if kind == "Put" and self._is_full(keys[number], item["Item"]):
                reasons[number] = "ItemCollectionSizeLimitExceeded"
        if set(reasons) != {"None"}:
            return self._cancel(reasons)
        large = len(keys) >= _LARGE_TRANSACTION
        with self._holding(keys, token):
            await asyncio.sleep(self._imitation.delay(measures.LARGE_TRANSACTION if large else measures.TRANSACTION))
            with self._shuffled_in_the_stream({table for table, _, _ in keys}):
                answer = await go_on(None)
        if answer[0] != 200:
            self._imitation.count("dynamodb.transactions_refused")
        return answer

    def _cancel(self, reasons: list[str]) -> Answer:
        for reason in {*reasons} - {"None"}:
            self._imitation.count(f"refused.{reason}")
        details = [{"Code": code} if code == "None" else {"Code": code, "Message": code} for code in reasons]
        message = (
            f"Transaction cancelled, please refer cancellation reasons for specific reasons [{', '.join(reasons)}]"
        )
        kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
        return refusal(400, kind, message, CancellationReasons=details)

    @contextmanager
    def _holding(self, keys: Iterable[ItemKey], token: str | None) -> Iterator[None]:
        self._under_way.update(keys)
        if token is not None:
            self._tokens.add(token)
        try:
            yield
        finally:
            self._under_way.subtract(keys)
            self._under_way = +self._under_way
            self._tokens.discard(token)

    @contextmanager
    def _shuffled_in_the_stream(self, tables: Iterable[str]) -> Iterator[None]:
        """Nobody promises in which order a transaction's items come to the stream."""
        before = {table: len(self._dynamodb._stream_records.get(table) or ()) for table in tables}  # noqa: SLF001
        yield
        for table, length in before.items():
            records = self._dynamodb._stream_records.get(table) or []  # noqa: SLF001
            written = records[length:]
            numbers = [record["dynamodb"]["SequenceNumber"] for record in written]
            written = [written[place] for place in self._imitation.shuffled(len(written))]
            for record, number in zip(written, numbers, strict=True):
                record["dynamodb"]["SequenceNumber"] = number
            records[length:] = written

    # Batches ----------------------------------------------------------------------------------------------------------

    async def _in_part(self, action: str, call: dict[str, Any], go_on: GoOn) -> Answer:
        """Half of it is left to be asked for again, now and then."""
        left: dict[str, Any] = {}
        asked = call["RequestItems"]
        if sum(map(_size, asked.values())) > 1 and self._imitation.happens(measures.UNPROCESSED):
            asked, left = _halves(asked)
            self._imitation.count(f"refused.{_UNPROCESSED[action]}")
        await asyncio.sleep(self._imitation.delay(_DELAYS[action]))
        status, headers, body = await go_on(json.dumps({**call, "RequestItems": asked}).encode())
        if status == 200 and left:
            answer = json.loads(body)
            answer[_UNPROCESSED[action]] = left
            headers.pop("x-amz-crc32", None)  # of the body that it was
            body = json.dumps(answer).encode()
        return status, headers, body

    # Items ------------------------------------------------------------------------------------------------------------

    def _key(self, call: Mapping[str, Any]) -> ItemKey:
        of = call.get("Key") or call["Item"]
        return call["TableName"], of["pk"]["S"], of["sk"]["S"]

    def _is_full(self, key: ItemKey, item: Any) -> bool:
        """Of a table with local indexes: what the items of a partition key take there and in the indexes.

        An item that does not grow is taken still. (Updates are let pass: nobody says what they come to.)
        """
        conditions = self._imitation.conditions
        if conditions is None or conditions.collection_bytes >= measures.COLLECTION_GB.value * 2**30:
            return False  # nobody stores so much here, and adding it up takes time
        table = self._dynamodb._tables.get(key[0])  # noqa: SLF001
        if not table or not table.get("LocalSecondaryIndexes"):
            return False
        items, size = table["items"].get(key[1], {}), self._dynamodb._item_size_bytes  # noqa: SLF001
        if key[2] in items and size(item) <= size(items[key[2]]):
            return False
        copies = 1 + len(table["LocalSecondaryIndexes"])
        return bool(copies * sum(map(size, items.values())) > conditions.collection_bytes)


def _size(of_table: Any) -> int:
    return len(of_table["Keys"] if isinstance(of_table, dict) else of_table)


def _halves(asked: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first half of all tables' keys or requests together, and the rest; neither is nothing."""
    done: dict[str, Any] = {}
    left: dict[str, Any] = {}
    room = (sum(map(_size, asked.values())) + 1) // 2
    for table, of_table in asked.items():
        requests = of_table["Keys"] if isinstance(of_table, dict) else of_table
        for part, some in ((done, requests[:room]), (left, requests[room:])):
            if some:
                part[table] = {**of_table, "Keys": some} if isinstance(of_table, dict) else some
        room = max(0, room - len(requests))
    return done, left
