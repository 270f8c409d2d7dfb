"""The emulator's Query with ordered partitions, beside its own: the same answers, of fewer items."""

from __future__ import annotations

import importlib
import json
import random
from typing import Any

import pytest

from local.ordered_partitions import OrderedPartitions

INDEX = "by_date"


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Any:
    module: Any = importlib.import_module("ministack.services.dynamodb")
    of_conditions = ("_evaluate_condition", "_condition_syntax_error")
    for name in ("_query", "_set_item", "_remove_item", "_items_replaced", *of_conditions):
        monkeypatch.setattr(module, name, getattr(module, name))  # so that they are put back
    monkeypatch.setattr(module, "_tables", type(module._tables)())
    module._create_table(
        {
            "TableName": "ordered",
            "KeySchema": keys("sk"),
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", INDEX)],
            "LocalSecondaryIndexes": [
                {
                    "IndexName": INDEX,
                    "KeySchema": keys(INDEX),
                    "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["status"]},
                }
            ],
            "BillingMode": "PAY_PER_REQUEST",
        }
    )
    return module


def keys(by: str) -> list[dict[str, str]]:
    return [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": by, "KeyType": "RANGE"}]


def query(low: str, high: str, **more: Any) -> dict[str, Any]:
    by = more.get("IndexName", "sk")
    return {
        "TableName": "ordered",
        "KeyConditionExpression": f"pk = :pk AND {by} BETWEEN :low AND :high",
        "ExpressionAttributeValues": {":pk": {"S": "room"}, ":low": {"S": low}, ":high": {"S": high}},
        **more,
    }


def written(dynamodb: Any, chance: random.Random) -> None:
    """A step that changes the partition: most put an item, some of them in another place of the index."""
    key = {"pk": {"S": chance.choice(("room", "room", "another"))}, "sk": {"S": f"{chance.randrange(60):02}"}}
    if chance.random() < 0.25:
        dynamodb._delete_item({"TableName": "ordered", "Key": key})
        return
    item: dict[str, Any] = {**key, "status": {"S": "open"}, "notes": {"S": "n" * chance.randrange(100)}}
    if chance.random() < 0.8:
        item[INDEX] = {"S": f"{chance.randrange(20):02}"}
    dynamodb._put_item({"TableName": "ordered", "Item": item})


@pytest.mark.parametrize("seed", range(2))
def test_ordered_partitions_answer_as_the_emulator_itself_does(dynamodb: Any, seed: int):
    chance = random.Random(seed)
    plain = dynamodb._query
    OrderedPartitions(dynamodb)
    compared = 0
    for _ in range(80):
        written(dynamodb, chance)
        low, high = sorted((f"{chance.randrange(60):02}", f"{chance.randrange(60):02}"))
        more: dict[str, Any] = {"ScanIndexForward": chance.random() < 0.5}
        if chance.random() < 0.8:
            more["Limit"] = chance.randrange(1, 6)
        if chance.random() < 0.5:
            more["IndexName"] = INDEX
        call = query(low, high, **more)
        while True:
            status, _, body = dynamodb._query(call)
            assert (status, json.loads(body)) == (200, json.loads(plain(call)[2]))
            compared += 1
            last = json.loads(body).get("LastEvaluatedKey")
            if last is None:
                break
            call = {**call, "ExclusiveStartKey": last}
    assert compared > 80


def test_a_page_ends_at_a_megabyte_as_it_did(dynamodb: Any):
    plain = dynamodb._query
    OrderedPartitions(dynamodb)
    for number in range(5):
        item = {"pk": {"S": "room"}, "sk": {"S": str(number)}, "notes": {"S": "n" * 300_000}}
        dynamodb._put_item({"TableName": "ordered", "Item": item})
    _, _, body = dynamodb._query(query("0", "9"))
    assert json.loads(body) == json.loads(plain(query("0", "9"))[2])
    assert json.loads(body)["LastEvaluatedKey"]["sk"] == {"S": "2"}


def test_a_page_is_made_of_no_more_items_than_it_holds_and_one(dynamodb: Any, monkeypatch: pytest.MonkeyPatch):
    OrderedPartitions(dynamodb)
    for number in range(100):
        dynamodb._put_item({"TableName": "ordered", "Item": {"pk": {"S": "room"}, "sk": {"S": f"{number:02}"}}})
    looked_at: list[Any] = []
    sort_value = dynamodb._sort_key_value

    def watched(value: Any, *more: Any) -> Any:
        looked_at.append(value)
        return sort_value(value, *more)

    monkeypatch.setattr(dynamodb, "_sort_key_value", watched)
    dynamodb._query(query("00", "99", Limit=10))
    assert len(looked_at) == 11


def test_a_query_of_another_shape_is_answered_as_it_was(dynamodb: Any):
    OrderedPartitions(dynamodb)
    dynamodb._put_item({"TableName": "ordered", "Item": {"pk": {"S": "room"}, "sk": {"S": "1"}}})
    call = {
        "TableName": "ordered",
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "room"}},
    }
    _, _, body = dynamodb._query(call)
    assert json.loads(body)["Count"] == 1
