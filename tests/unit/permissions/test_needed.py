"""What calls of AWS need, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from tests.permissions.needed import faults, needed

SESSION = botocore.session.get_session()
NAMES = {"openhouse": "table", "openhouse-records": "records", "shards.fifo": "shards"}
MAIN = {"TableName": "openhouse"}
RECORDS = {"TableName": "openhouse-records"}
PUT = "TransactWriteItems.TransactItems[].Put.ReturnValuesOnConditionCheckFailure"


def operation(service: str, name: str) -> Any:
    return SESSION.get_service_model(service).operation_model(name)


@pytest.mark.parametrize(
    ("service", "name", "params", "expected"),
    [
        ("dynamodb", "GetItem", MAIN, {("dynamodb:GetItem", "table")}),
        ("dynamodb", "Query", RECORDS, {("dynamodb:Query", "records")}),
        ("dynamodb", "Query", {**RECORDS, "IndexName": "by_date"}, {("dynamodb:Query", "records/index/by_date")}),
        (
            "dynamodb",
            "BatchGetItem",
            {"RequestItems": {"openhouse": {}, "openhouse-records": {}}},
            {("dynamodb:BatchGetItem", "table"), ("dynamodb:BatchGetItem", "records")},
        ),
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems": [{"Put": RECORDS}, {"Update": MAIN}, {"Delete": MAIN}, {"ConditionCheck": MAIN}]},
            {
                ("dynamodb:PutItem", "records"),
                ("dynamodb:UpdateItem", "table"),
                ("dynamodb:DeleteItem", "table"),
                ("dynamodb:ConditionCheckItem", "table"),
            },
        ),
        (
            "sqs",
            "SendMessageBatch",
            {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/shards.fifo"},
            {("sqs:SendMessage", "shards")},
        ),
        ("secretsmanager", "GetSecretValue", {"SecretId": "x"}, {("secretsmanager:GetSecretValue", "token_secret")}),
        ("dynamodb", "Scan", {"TableName": "another"}, {("dynamodb:Scan", "another")}),
        ("dynamodb", "ListTables", {}, {("dynamodb:ListTables", "unknown")}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_call_needs_the_actions_of_what_it_does(
    service: str, name: str, params: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    assert needed(operation(service, name), params, NAMES) == expected


@pytest.mark.parametrize(
    ("name", "params", "expected"),
    [
        ("GetItem", {**MAIN, "Key": {"pk": {"S": "x" * 70_000}}}, []),
        ("GetItem", {"TableName": "t" * 1025}, ["GetItem.TableName is 1025: 1024 at most"]),
        ("BatchGetItem", {"RequestItems": {}}, ["BatchGetItem.RequestItems is 0: 1 at least"]),
        (
            "TransactWriteItems",
            {"TransactItems": [{"Put": {**MAIN, "ReturnValuesOnConditionCheckFailure": "SOME"}}] * 101},
            [
                "TransactWriteItems.TransactItems is 101: 100 at most",
                *[f"{PUT} is 'SOME': none of ['ALL_OLD', 'NONE']"] * 101,
            ],
        ),
    ],
    ids=["well", "too long", "too few", "too many, and a word that is none"],
)
def test_what_the_model_of_the_service_forbids_is_a_fault(
    name: str, params: dict[str, Any], expected: list[str]
) -> None:
    assert [*faults(operation("dynamodb", name), params)] == expected
