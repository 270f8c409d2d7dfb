"""The tables as infra deploys them, for whoever needs one without a deployment: tests and benchmarks over moto."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openhouse.storage.keys import INDEXES

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import (
        AttributeDefinitionTypeDef,
        KeySchemaElementTypeDef,
        LocalSecondaryIndexTypeDef,
    )


def create_tables(client: DynamoDBClient, name: str, records: str) -> None:
    client.create_table(
        TableName=name,
        KeySchema=_sorted_by("sk"),
        AttributeDefinitions=_texts("pk", "sk"),
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    client.create_table(
        TableName=records,
        KeySchema=_sorted_by("sk"),
        AttributeDefinitions=_texts("pk", "sk", *INDEXES),
        LocalSecondaryIndexes=local_indexes(),
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )


def _texts(*names: str) -> list[AttributeDefinitionTypeDef]:
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


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
