"""Going through a whole table, which no function may: an operator's commands over tables that nobody else uses yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from openhouse.storage.keys import Item, KeyPrefix
from openhouse.storage.marshalling import unmarshal

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def scanned(
    client: DynamoDBClient, table: str, kinds: Sequence[KeyPrefix], *, names: Sequence[str] = ()
) -> Iterator[Item]:
    """The items of these kinds, strongly consistent: their keys, and of the other attributes those that are named.

    DynamoDB reads all others, too, and charges for them: half a read unit for each 4 KB of the table would be less
    consistent.
    """
    wanted = ["pk", "sk", *names]
    values: dict[str, Any] = {}
    texts = []
    for number, kind in enumerate(kinds):
        values |= {f":pk{number}": {"S": kind.pk}, f":sk{number}": {"S": kind.sk}}
        texts.append(f"begins_with(pk, :pk{number})" + (f" AND begins_with(sk, :sk{number})" if kind.sk else ""))
        if not kind.sk:
            del values[f":sk{number}"]
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        ConsistentRead=True,
        FilterExpression=" OR ".join(f"({text})" for text in texts),
        ProjectionExpression=", ".join(f"#{number}" for number in range(len(wanted))),
        ExpressionAttributeNames={f"#{number}": name for number, name in enumerate(wanted)},
        ExpressionAttributeValues=values,
    )
    for page in pages:
        yield from map(unmarshal, page["Items"])
