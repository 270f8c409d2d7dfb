"""Going through a whole table, which no function may: an operator's commands over tables that nobody else uses yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from openhouse.storage.item_kinds import KeyPrefix
from openhouse.storage.keys import Item
from openhouse.storage.marshalling import unmarshal

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def scanned(
    client: DynamoDBClient, table: str, kinds: Sequence[KeyPrefix], *, names: Sequence[str] = ()
) -> Iterator[Item]:
    """The items of these kinds, strongly consistent: their keys, and of the other attributes those that are named.

    DynamoDB reads all others, too, and charges for them: a unit for each 4 KB of the table.
    """
    wanted = ["pk", "sk", *names]
    values: dict[str, Any] = {}
    texts = []
    for number, kind in enumerate(kinds):
        begins = {name: text for name, text in (("pk", kind.pk), ("sk", kind.sk)) if text}
        values |= {f":{name}{number}": {"S": text} for name, text in begins.items()}
        texts.append(" AND ".join(f"begins_with({name}, :{name}{number})" for name in begins))
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
