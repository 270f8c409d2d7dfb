"""The table as infra deploys it, for whoever needs one without a deployment: tests and benchmarks over moto."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openhouse.storage.keys import INDEXES

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeySchemaElementTypeDef, LocalSecondaryIndexTypeDef


def create_table(client: DynamoDBClient, name: str) -> None:
    client.create_table(
        TableName=name,
        KeySchema=_sorted_by("sk"),
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("pk", "sk", *INDEXES)],
        LocalSecondaryIndexes=local_indexes(),
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )


def local_indexes() -> list[LocalSecondaryIndexTypeDef]:
    return [
        {
            "IndexName": index,
            "KeySchema": _sorted_by(index),
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(held)},
        }
        for index, held in INDEXES.items()
    ]


def _sorted_by(attribute: str) -> list[KeySchemaElementTypeDef]:
    return [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": attribute, "KeyType": "RANGE"}]
