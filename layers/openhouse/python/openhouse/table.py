"""The one table: keys, conditions and boto3. No other module makes a key or a condition.

Items go in and come out as JSON documents (numbers are int or float; DynamoDB keeps decimals).
Tenancy is in the key: callers pass rooms and ids that they took from a principal, never from a request's text alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]
Key = dict[str, str]

MAX_TRANSACTION_ITEMS = 100

# A room's records in other orders than by key: local indexes, as they can be read strongly consistently, with just
# what lists are filtered by. Such a row is about 250 bytes, so a read unit looks at some 16 of them.
INDEXES: Mapping[str, tuple[str, ...]] = {
    "by_created": ("status", "archived", "owner_id", "by_date"),
    "by_changed": ("status", "archived", "owner_id", "by_date"),
    "by_date": ("status", "archived", "owner_id"),
}
UNDATED = "-"  # sorts before every date

_CONTENTION = ("ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded")


# Keys ---------------------------------------------------------------------------------------------------------------


def record_key(room: str, noun: str, id_: str) -> Key:
    return {"pk": f"R#{room}", "sk": f"{noun}#{id_}"}


def order_values(noun: str, id_: str, *, changed: str, date: str | None, dated: bool) -> Item:
    """What a record is sorted by in each of the indexes above. `dated`: whether its module has a natural date."""
    values = {"by_created": f"{noun}#{id_}", "by_changed": f"{noun}#{changed}#{id_}"}
    return {**values, "by_date": f"{noun}#{date or UNDATED}#{id_}"} if dated else values


def stats_key(room: str, noun: str) -> Key:
    return {"pk": f"S#{room}", "sk": noun}


def head_key(room: str) -> Key:
    return {"pk": f"L#{room}", "sk": "HEAD"}


def entry_key(room: str, seq: int) -> Key:
    return {"pk": f"L#{room}", "sk": f"C#{seq:012d}"}


def is_entry(record: Mapping[str, Any]) -> bool:
    """Whether a stream record is of a new log entry: what infra's filter lets through to the fan-out."""
    keys = record["dynamodb"]["Keys"]
    return (
        record["eventName"] == "INSERT"
        and str(keys["pk"]["S"]).startswith("L#")
        and str(keys["sk"]["S"]).startswith("C#")
    )


def place_of_entry(keys: Mapping[str, Any]) -> tuple[str, int]:
    """The room and the seq that `entry_key` made a stream record's keys of; 0 where it did not make them."""
    seq = keys["sk"]["S"].removeprefix("C#")
    return keys["pk"]["S"].removeprefix("L#"), int(seq) if seq.isdecimal() else 0


def member_key(room: str, shard: int, connection_id: str) -> Key:
    return {"pk": f"M#{room}#{shard}", "sk": connection_id}


def connection_key(connection_id: str) -> Key:
    return {"pk": f"C#{connection_id}", "sk": "C"}


def ticket_key(digest: str) -> Key:
    return {"pk": f"T#{digest}", "sk": "T"}


def user_key(user_id: str) -> Key:
    return {"pk": f"D#user:{user_id}", "sk": "D"}


def team_key(team_id: str) -> Key:
    return {"pk": f"D#team:{team_id}", "sk": "D"}


def broker_key(broker_id: str) -> Key:
    return {"pk": f"D#broker:{broker_id}", "sk": "D"}


def roster_key(broker_id: str, kind: str, id_: str) -> Key:
    """A brokerage's own list of its teams (`kind` team) and users (`kind` user)."""
    return {"pk": f"D#broker:{broker_id}", "sk": f"{kind}#{id_}"}


def request_key(user_id: str, key: str, part: int = 0) -> Key:
    """Of a request that is written in several transactions, each part is kept by itself."""
    return {"pk": f"I#{user_id}#{key}", "sk": f"I#{part:04d}"}


def budget_key(lane: str) -> Key:
    return {"pk": f"B#{lane}", "sk": "B"}


def counter_key(broker_id: str, noun: str, year: int) -> Key:
    return {"pk": f"N#broker:{broker_id}", "sk": f"{noun}#{year}"}


# Writes -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Condition:
    """A condition expression with its names (`#n`) and values (`:v`)."""

    text: str
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)


ABSENT = Condition("attribute_not_exists(pk)")
PRESENT = Condition("attribute_exists(pk)")


def equals(**expected: Any) -> Condition:
    """Every named attribute has the expected value."""
    return Condition(
        " AND ".join(f"#c{name} = :c{name}" for name in expected),
        {f"#c{name}": name for name in expected},
        {f":c{name}": value for name, value in expected.items()},
    )


def absent_or_expired(now: int) -> Condition:
    return Condition("attribute_not_exists(pk) OR #ttl <= :now", {"#ttl": "ttl"}, {":now": now})


def alive(now: int) -> Condition:
    """It is there, and DynamoDB is not merely late in deleting it."""
    return Condition("attribute_exists(pk) AND #ttl > :now", {"#ttl": "ttl"}, {":now": now})


def absent_or(**expected: Any) -> Condition:
    same = equals(**expected)
    return Condition(f"attribute_not_exists(pk) OR ({same.text})", same.names, same.values)


def absent_or_at_most(**limits: int) -> Condition:
    return Condition(
        "attribute_not_exists(pk) OR (" + " AND ".join(f"#c{name} <= :c{name}" for name in limits) + ")",
        {f"#c{name}": name for name in limits},
        {f":c{name}": value for name, value in limits.items()},
    )


@dataclass(frozen=True)
class Put:
    item: Item
    when: Condition


@dataclass(frozen=True)
class Update:
    """Sets attributes of an item."""

    key: Key
    values: Item
    when: Condition


@dataclass(frozen=True)
class Delete:
    key: Key
    when: Condition


Write = Put | Update | Delete


class Contention(Exception):
    """A condition did not hold, or another transaction was in the way: read again and decide again."""


class Table:
    """Raises botocore's ClientError for whatever is not contention."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._client = client
        self._name = name

    def get(self, key: Key) -> Item | None:
        """One item, strongly consistent. An expired item is still returned: compare its `ttl`."""
        answer = self._client.get_item(TableName=self._name, Key=_marshal(key), ConsistentRead=True)
        return _unmarshal(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Sequence[Key], *, only_keys: bool = False) -> list[Item]:
        """The items that exist, in any order, strongly consistent each (but not a snapshot of them all)."""
        found: list[Item] = []
        wanted: dict[str, Any] = {"ConsistentRead": True, **({"ProjectionExpression": "pk, sk"} if only_keys else {})}
        for start in range(0, len(keys), 100):
            pending: Any = {self._name: {"Keys": [_marshal(key) for key in keys[start : start + 100]], **wanted}}
            while pending:
                answer = self._client.batch_get_item(RequestItems=pending)
                found += map(_unmarshal, answer["Responses"].get(self._name, []))
                pending = answer.get("UnprocessedKeys")
        return found

    def query(
        self,
        pk: str,
        low: str,
        high: str,
        *,
        index: str | None = None,
        backwards: bool = False,
        page_size: int | None = None,
    ) -> Iterator[Item]:
        """Items of one partition with low <= sk <= high, strongly consistent, read a page at a time.

        In the order of an `index`, it is that attribute instead of `sk`, and an item is only what the index holds.
        """
        call: dict[str, Any] = {
            "TableName": self._name,
            "ConsistentRead": True,
            "ScanIndexForward": not backwards,
            "KeyConditionExpression": f"pk = :pk AND {index or 'sk'} BETWEEN :low AND :high",
            "ExpressionAttributeValues": _marshal({":pk": pk, ":low": low, ":high": high}),
        }
        if index is not None:
            call["IndexName"] = index
        if page_size is not None:
            call["Limit"] = page_size
        while True:
            answer = self._client.query(**call)
            yield from map(_unmarshal, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            call["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def write(self, write: Write) -> None:
        """One write. Raises Contention if its condition does not hold."""
        call = self._transaction_item(write)
        try:
            match write:
                case Put():
                    self._client.put_item(**call["Put"])
                case Update():
                    self._client.update_item(**call["Update"])
                case Delete():
                    self._client.delete_item(**call["Delete"])
        except ClientError as error:
            if error.response["Error"]["Code"] in ("ConditionalCheckFailedException", "TransactionConflictException"):
                raise Contention(error.response["Error"]["Code"]) from error
            raise

    def add(self, key: Key, name: str, amount: int, when: Condition) -> int:
        """Adds to a number, which is 0 where there is none, and returns the sum. Raises Contention."""
        numbered = Condition(when.text, {**when.names, "#sum": name}, {**when.values, ":amount": amount})
        try:
            answer = self._client.update_item(
                TableName=self._name,
                Key=_marshal(key),
                UpdateExpression="ADD #sum :amount",
                ReturnValues="UPDATED_NEW",
                **_conditional(numbered),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise Contention("ConditionalCheckFailed") from error
            raise
        return int(_unmarshal(answer["Attributes"])[name])

    def take(self, key: Key, when: Condition) -> Item | None:
        """Deletes an item and returns it; None if the condition does not hold. Of two takers one gets it."""
        try:
            answer = self._client.delete_item(
                TableName=self._name, Key=_marshal(key), ReturnValues="ALL_OLD", **_conditional(when)
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return None
            raise
        return _unmarshal(answer["Attributes"]) if "Attributes" in answer else None

    def transact(self, writes: Sequence[Write]) -> None:
        """All or none. At most 100 items; boto3 adds the token that makes its own retries harmless."""
        if len(writes) == 1:
            self.write(writes[0])
            return
        try:
            self._client.transact_write_items(TransactItems=[self._transaction_item(write) for write in writes])
        except self._client.exceptions.TransactionCanceledException as error:
            reasons = [reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])]
            if reasons and all(reason in ("None", *_CONTENTION) for reason in reasons):
                raise Contention(", ".join(sorted({*reasons} - {"None"}))) from error
            raise
        except ClientError as error:
            if error.response["Error"]["Code"] in ("TransactionInProgressException", "TransactionConflictException"):
                raise Contention("TransactionConflict") from error
            raise

    def delete_all(self, keys: Iterable[Key]) -> None:
        """Deletes items that nobody writes twice (a connection's own); repeats are harmless."""
        requests = [{"DeleteRequest": {"Key": _marshal(key)}} for key in keys]
        for start in range(0, len(requests), 25):
            pending: Any = {self._name: requests[start : start + 25]}
            while pending:
                pending = self._client.batch_write_item(RequestItems=pending).get("UnprocessedItems")

    def _transaction_item(self, write: Write) -> Any:
        match write:
            case Put(item, when):
                return {"Put": {"TableName": self._name, "Item": _marshal(item), **_conditional(when)}}
            case Delete(key, when):
                return {"Delete": {"TableName": self._name, "Key": _marshal(key), **_conditional(when)}}
            case Update(key, values, when):
                names = {f"#s{index}": name for index, name in enumerate(values)}
                set_values = {f":s{index}": value for index, value in enumerate(values.values())}
                expression = "SET " + ", ".join(f"#s{index} = :s{index}" for index in range(len(values)))
                merged = Condition(when.text, {**names, **when.names}, {**set_values, **when.values})
                return {
                    "Update": {
                        "TableName": self._name,
                        "Key": _marshal(key),
                        "UpdateExpression": expression,
                        **_conditional(merged),
                    }
                }


def from_stream(image: Any) -> Item:
    """The item of a stream record's NewImage."""
    return _unmarshal(image)


# Marshalling --------------------------------------------------------------------------------------------------------


class _Serializer(TypeSerializer):
    def serialize(self, value: Any) -> Any:
        return super().serialize(Decimal(repr(value)) if isinstance(value, float) else value)


class _Deserializer(TypeDeserializer):
    def _deserialize_n(self, value: str) -> int | float:
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else float(number)


_serializer, _deserializer = _Serializer(), _Deserializer()


def _marshal(item: Item) -> dict[str, Any]:
    return {name: _serializer.serialize(value) for name, value in item.items()}


def _unmarshal(item: Any) -> Item:
    return {name: _deserializer.deserialize(value) for name, value in item.items()}


def _conditional(when: Condition) -> dict[str, Any]:
    call: dict[str, Any] = {"ConditionExpression": when.text}
    if when.names:
        call["ExpressionAttributeNames"] = when.names
    if when.values:
        call["ExpressionAttributeValues"] = _marshal(when.values)
    return call
