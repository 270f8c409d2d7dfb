"""What AWS's client makes of DynamoDB's answers, beside what botocore makes of them."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from botocore.parsers import JSONParser
from botocore.session import Session

from openhouse import aws
from openhouse.storage.bucket import Bucket
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


def test_forms_and_addresses_of_s3_are_of_version_4_and_of_the_regions_own_host(monkeypatch: pytest.MonkeyPatch):
    for name, value in {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}.items():
        monkeypatch.setenv(name, value)
    for region in ("us-east-1", "eu-central-1"):
        monkeypatch.setenv("AWS_DEFAULT_REGION", region)
        aws.session.cache_clear()
        aws._register_once.cache_clear()
        bucket = Bucket(aws.client("s3"), "files")
        post = bucket.post_address("uploads/1", type_="image/png", size=7, seconds=60)
        assert post.url == f"https://files.s3.{region}.amazonaws.com/"
        assert post.fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
        policy = json.loads(base64.b64decode(post.fields["policy"]))
        assert {"key": "uploads/1"} in policy["conditions"]
        assert {"Content-Type": "image/png"} in policy["conditions"]
        assert ["content-length-range", 7, 7] in policy["conditions"]
        url = bucket.get_address("files/1", type_="image/png", disposition="inline", seconds=300)
        assert url.startswith(f"https://files.s3.{region}.amazonaws.com/files/1?response-content-type=image%2Fpng&")
        assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in url
        assert "X-Amz-Expires=300" in url
    aws.session.cache_clear()
    aws._register_once.cache_clear()


def test_what_botocore_does_for_one_service_is_registered_with_its_first_client(monkeypatch: pytest.MonkeyPatch):
    registered: list[str] = []
    any_, s3 = Session(include_builtin_handlers=False), Session(include_builtin_handlers=False)
    monkeypatch.setattr(Session, "register", lambda _self, event, _handler: registered.append(event))
    aws._register(any_, "")
    assert registered
    assert not any(".s3" in event for event in registered)
    registered.clear()
    aws._register(s3, "s3")
    assert "creating-client-class.s3" in registered
    assert all(event.split(".")[1] == "s3" for event in registered)
