"""The two tables, used as one, and the only user of their client.

Items go in and come out as JSON documents (numbers are int or float; DynamoDB keeps decimals).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from openhouse.core.backoff import longest_pause
from openhouse.core.errors import Busy, RoomFull
from openhouse.storage.expressions import Expressions
from openhouse.storage.keys import Item, Key, TableRole, table_of
from openhouse.storage.marshalling import marshal, unmarshal
from openhouse.storage.read_ahead import forget, holding, taken
from openhouse.storage.writes import Check, Condition, Delete, Put, Update, Write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")

MAX_TRANSACTION_ITEMS = 100

KEYS_AT_ONCE = 100  # of one BatchGetItem
WRITTEN_AT_ONCE = 25  # items of one BatchWriteItem

MOST_TRIES = 8  # of a call that was refused, or done in part, for what others do at the same time

_CONFLICTS = {
    "ConditionalCheckFailed",
    "TransactionConflict",
    "TransactionInProgress",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "Throttling",
    "RequestLimitExceeded",
}


class WriteConflict(Exception):
    """A condition did not hold, or another transaction was in the way: read again and decide again."""


class Table:
    """Raises Busy when DynamoDB puts us off for too long, RoomFull, and botocore's ClientError for all it refuses."""

    def __init__(
        self,
        client: DynamoDBClient,
        name: str,
        records: str | None = None,
        *,
        jitter: Callable[[], float] = random.random,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`records`: the name of the table of records; without it they cannot be reached."""
        self._client = client
        self._jitter = jitter
        self._sleep = sleep
        self._names = {TableRole.MAIN: name, TableRole.RECORDS: records}

    def get(self, key: Key, *, consistent: bool = True) -> Item | None:
        """One item, strongly consistent unless told. An expired item is still returned: compare its `ttl`."""
        ahead, rest = taken([key])
        if not rest:
            return ahead[0] if ahead else None
        call = {"TableName": self._name(key["pk"]), "Key": marshal(key), "ConsistentRead": consistent}
        answer = self._called(self._client.get_item, call)
        return unmarshal(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Sequence[Key], *, only_keys: bool = False, consistent: bool = True) -> list[Item]:
        """The items that exist, in any order, each as it is now (but not a snapshot of them all).

        Not `consistent`: each as it is, or was a moment ago, for half of the price.
        """
        found, keys = taken(keys)
        wanted: dict[str, Any] = {"ConsistentRead": consistent}
        if only_keys:
            found = [{"pk": item["pk"], "sk": item["sk"]} for item in found]
            wanted["ProjectionExpression"] = "pk, sk"
        for some in batches(keys):
            by_table = self._by_table((key["pk"], marshal(key)) for key in some)
            pending: Any = {name: {"Keys": of_table, **wanted} for name, of_table in by_table.items()}
            for _ in self._tries():
                answer = self._called(self._client.batch_get_item, {"RequestItems": pending})
                found += map(unmarshal, chain(*answer["Responses"].values()))
                pending = answer.get("UnprocessedKeys")
                if not pending:
                    break
        return found

    @contextmanager
    def ahead(self, keys: Sequence[Key]) -> Iterator[None]:
        """Reads all of these at once: in the block, whoever asks for one of them first is answered from that.

        For whoever knows what will be asked for one after the other. Until the first write: what was read before it
        tells nobody what is so after it. In other threads nothing is known of it.
        """
        with holding(keys, self.get_many(keys)) if len(keys) > 1 else nullcontext():
            yield

    @staticmethod
    def read_ahead(keys: Sequence[Key]) -> list[Item]:
        """Those that exist of those that were; nothing is read."""
        return taken(keys)[0]

    def query(
        self,
        pk: str,
        low: str,
        high: str,
        *,
        index: str | None = None,
        backwards: bool = False,
        page_size: int | None = None,
        consistent: bool = True,
    ) -> Iterator[Item]:
        """Items of one partition with low <= sk <= high, strongly consistent unless told, read a page at a time.

        In the order of an `index`, it is that attribute instead of `sk`, and an item is only what the index holds.
        """
        call: dict[str, Any] = {
            "TableName": self._name(pk),
            "ConsistentRead": consistent,
            "ScanIndexForward": not backwards,
            "KeyConditionExpression": f"pk = :pk AND {index or 'sk'} BETWEEN :low AND :high",
            "ExpressionAttributeValues": marshal({":pk": pk, ":low": low, ":high": high}),
        }
        if index is not None:
            call["IndexName"] = index
        if page_size is not None:
            call["Limit"] = page_size
        while True:
            answer = self._called(self._client.query, call)
            yield from map(unmarshal, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            call["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def write(self, write: Write) -> None:
        """One write. Raises WriteConflict if its condition does not hold."""
        forget()
        if isinstance(write, Check):
            self._transact([write])
            return
        ((kind, call),) = self._transaction_item(write).items()
        match kind:
            case "Put":
                self._write_one(self._client.put_item, call)
            case "Update":
                self._write_one(self._client.update_item, call)
            case "Delete":
                self._write_one(self._client.delete_item, call)

    def add(self, key: Key, name: str, amount: int, when: Condition) -> int:
        """Adds to a number, which is 0 where there is none, and returns the sum. Raises WriteConflict."""
        expressions = Expressions()
        call: dict[str, Any] = {
            "TableName": self._name(key["pk"]),
            "Key": marshal(key),
            "UpdateExpression": f"ADD {expressions.name(name)} {expressions.value(amount)}",
            "ConditionExpression": expressions.condition(when),
            "ReturnValues": "UPDATED_NEW",
        }
        answer = self._write_one(self._client.update_item, {**call, **expressions.arguments()})
        return int(unmarshal(answer["Attributes"])[name])

    def delete_returning(self, key: Key, when: Condition) -> Item | None:
        """Deletes an item and returns it; None if the condition does not hold. Of two callers one gets it."""
        ((_, call),) = self._transaction_item(Delete(key, when)).items()
        try:
            answer = self._write_one(self._client.delete_item, {**call, "ReturnValues": "ALL_OLD"})
        except WriteConflict:
            return None
        return unmarshal(answer["Attributes"]) if "Attributes" in answer else None

    def transact(self, writes: Sequence[Write]) -> None:
        """All or none. At most 100 items; boto3 adds the token that makes its own retries harmless."""
        if len(writes) == 1:
            self.write(writes[0])
        else:
            self._transact(writes)

    def _transact(self, writes: Sequence[Write]) -> None:
        forget()
        items = [self._transaction_item(write) for write in writes]
        try:
            self._client.transact_write_items(TransactItems=items)
        except ClientError as error:
            reasons = _reasons(error)
            if reasons and reasons <= _CONFLICTS:
                raise WriteConflict(", ".join(sorted(reasons))) from error
            raise _explained(error, reasons) from error

    def _called(self, operation: Callable[..., Any], call: Mapping[str, Any]) -> Any:
        """boto3 has tried several times by itself when it says that DynamoDB puts us off."""
        try:
            return operation(**call)
        except ClientError as error:
            if _reasons(error) <= _CONFLICTS:
                raise _busy() from error
            raise

    def _write_one(self, write: Callable[..., Any], call: Mapping[str, Any]) -> Any:
        """Unlike a transaction's, its condition says something: a transaction in the way is no answer to it."""
        for _ in self._tries():
            try:
                return write(**call)
            except ClientError as error:
                reasons = _reasons(error)
                if reasons == {"ConditionalCheckFailed"}:
                    raise WriteConflict("ConditionalCheckFailed") from error
                if not reasons <= _CONFLICTS:
                    raise _explained(error, reasons) from error
        raise AssertionError("tries end with Busy")

    def _tries(self) -> Iterator[None]:
        """With pauses between them, the longer the more there were. Raises Busy instead of one too many."""
        for number in range(MOST_TRIES):
            if number:
                self._sleep(self._jitter() * longest_pause(number))
            yield
        raise _busy()

    def delete_all(self, keys: Iterable[Key]) -> None:
        """Deletes items that nobody writes twice (a connection's own); repeats are harmless."""
        self.write_all([], keys)

    def write_all(self, items: Iterable[Item], keys: Iterable[Key]) -> None:
        """Puts the items and deletes what is under the keys, unconditionally and one by one: for what is derived from
        other items, and can be again. No key may be in both, or twice. Raises Busy.
        """
        requests: list[tuple[str, Any]] = [(item["pk"], {"PutRequest": {"Item": marshal(item)}}) for item in items]
        requests += [(key["pk"], {"DeleteRequest": {"Key": marshal(key)}}) for key in keys]
        for start in range(0, len(requests), WRITTEN_AT_ONCE):
            pending: Any = self._by_table(requests[start : start + WRITTEN_AT_ONCE])
            for _ in self._tries():
                answer = self._called(self._client.batch_write_item, {"RequestItems": pending})
                pending = answer.get("UnprocessedItems")
                if not pending:
                    break

    def _name(self, pk: str) -> str:
        """Raises LookupError for records where there are none."""
        name = self._names[table_of(pk)]
        if name is None:
            raise LookupError("this function's settings do not name the table of records")
        return name

    def _by_table(self, requests: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
        """`requests`: pairs of a partition key and what is asked for about it."""
        found: dict[str, list[T]] = {}
        for pk, request in requests:
            found.setdefault(self._name(pk), []).append(request)
        return found

    def _transaction_item(self, write: Write) -> Any:
        """`{Put|Update|Delete|ConditionCheck: the call's arguments}`."""
        expressions = Expressions()
        call: dict[str, Any] = {
            "TableName": self._name(write.key["pk"]),
            "ConditionExpression": expressions.condition(write.when),
        }
        match write:
            case Put(item):
                return {"Put": {**call, "Item": marshal(item), **expressions.arguments()}}
            case Update(key, values):
                call["UpdateExpression"] = expressions.assignments(values)
                return {"Update": {**call, "Key": marshal(key), **expressions.arguments()}}
            case Delete(key):
                return {"Delete": {**call, "Key": marshal(key), **expressions.arguments()}}
            case Check(key):
                return {"ConditionCheck": {**call, "Key": marshal(key), **expressions.arguments()}}


def batches(keys: Sequence[Key]) -> list[Sequence[Key]]:
    """As many at a time as one call of `get_many` reads: for whoever calls it side by side."""
    return [keys[start : start + KEYS_AT_ONCE] for start in range(0, len(keys), KEYS_AT_ONCE)]


def _busy() -> Busy:
    return Busy("the database has too much to do; try again in a moment")


def _reasons(error: ClientError) -> set[str]:
    """Why a write was refused; of a transaction, the reasons of all its writes."""
    code = error.response["Error"]["Code"].removesuffix("Exception")
    if code != "TransactionCanceled":
        return {code}
    found: Any = error.response.get("CancellationReasons", [])
    return {reason.get("Code", "None") for reason in found} - {"None"}


def _explained(error: ClientError, reasons: set[str]) -> Exception:
    """DynamoDB keeps 10 GB of one partition key's items together in a table with local indexes, and no more."""
    if "ItemCollectionSizeLimitExceeded" in reasons:
        return RoomFull("the records of this room have reached 10 GB: move or delete some")
    return error


def from_stream(image: Any) -> Item:
    """The item of a stream record's NewImage."""
    return unmarshal(image)
