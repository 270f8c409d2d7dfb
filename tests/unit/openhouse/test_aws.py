"""What AWS's client makes of DynamoDB's answers, beside what botocore makes of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.parsers import JSONParser

from openhouse import aws
from openhouse.storage.marshalling import marshal, unmarshal

ITEM = {"pk": "R#team:north", "price": 54_000_000, "open": True, "none": None, "tags": {"a": [1, "b", {}]}, "x": ""}
ANSWERS = {
    "GetItem": {"Item": marshal(ITEM)},
    "Query": {"Items": [marshal(ITEM)] * 3, "Count": 3, "LastEvaluatedKey": {"pk": {"S": "p"}, "sk": {"S": "s"}}},
    "BatchGetItem": {
        "Responses": {"records": [marshal(ITEM)], "main": []},
        "UnprocessedKeys": {"main": {"Keys": [{"pk": {"S": "p"}}], "ConsistentRead": True}},
    },
    "UpdateItem": {"Attributes": {"count": {"N": "3"}}},
    "DeleteItem": {},
    "BatchWriteItem": {"UnprocessedItems": {"main": [{"PutRequest": {"Item": marshal(ITEM)}}]}},
}
CANCELLED = {
    "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
    "Message": "cancelled",
    "CancellationReasons": [{"Code": "ConditionalCheckFailed", "Item": marshal(ITEM)}, {"Code": "None"}],
}


def parsed(parser: Any, operation: str, status: int, answer: Any) -> list[Any]:
    """As an answer, and as each of the operation's errors."""
    model = aws.session().get_service_model("dynamodb").operation_model(operation)
    response = {"headers": {}, "status_code": status, "body": json.dumps(answer).encode(), "context": {}}
    shapes = [model.output_shape, *(model.error_shapes if status != 200 else [])]
    return [parser.parse(response, shape) for shape in shapes]


def our_parser() -> Any:
    return aws.session().get_component("response_parser_factory").create_parser("json")


@pytest.mark.parametrize("operation", ANSWERS)
def test_an_answer_is_what_botocore_makes_of_it(operation: str):
    ours, theirs = (parsed(parser, operation, 200, ANSWERS[operation]) for parser in (our_parser(), JSONParser()))
    assert ours == theirs


def test_an_error_is_what_botocore_makes_of_it():
    ours, theirs = (parsed(parser, "TransactWriteItems", 400, CANCELLED) for parser in (our_parser(), JSONParser()))
    assert ours == theirs
    assert ours[0]["Error"]["Code"] == "TransactionCanceledException"
    assert ["CancellationReasons" in each for each in ours].count(True) == 1


def test_an_item_is_read_without_a_look_at_each_value(monkeypatch: pytest.MonkeyPatch):
    looked_at: list[str] = []
    kind: Any = JSONParser
    parse_shape = kind._parse_shape

    def watched(parser: Any, shape: Any, node: Any) -> Any:
        looked_at.append(shape.name)
        return parse_shape(parser, shape, node)

    monkeypatch.setattr(JSONParser, "_parse_shape", watched)
    (item, *_) = parsed(our_parser(), "Query", 200, ANSWERS["Query"])[0]["Items"]
    assert unmarshal(item) == ITEM
    assert "AttributeValue" not in looked_at
