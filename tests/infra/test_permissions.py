"""Who may do what: all of it is written down here, so a new permission shows up in a review."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.assembly import Assembly

TABLE, RECORDS = "{Table.Arn}", "{Records.Arn}"
SOCKETS = "arn:{Partition}:execute-api:{Region}:{AccountId}:{Sockets/Api}/live"
POST, CLOSE = (("execute-api:ManageConnections", f"{SOCKETS}/{verb}/@connections/*") for verb in ("POST", "DELETE"))


def table(*actions: str, arn: str = TABLE) -> set[tuple[str, str]]:
    return {(f"dynamodb:{action}", arn) for action in actions}


GRANTED = {
    "Authorizer": table("GetItem", "Query", "DeleteItem"),
    "Crm": table("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem")
    | table("BatchGetItem", "Query", "PutItem", "DeleteItem", arn=RECORDS)
    | {("dynamodb:Query", f"{RECORDS}/index/{name}") for name in ("by_created", "by_changed", "by_date")}
    | {("lambda:InvokeFunction", "{FastLane.Arn}")},
    "Directory": table("GetItem", "Query", "PutItem", "DeleteItem", "ConditionCheckItem", "BatchWriteItem") | {CLOSE},
    "Socket": table("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")
    | {POST, CLOSE},
    "FastLane": table("Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem") | {POST, CLOSE},
    "Fanout": table("BatchGetItem", "Query", "UpdateItem", "DeleteItem", "BatchWriteItem")
    | {POST, CLOSE, ("sqs:SendMessage", "{Shards/Queue.Arn}")}
    | {
        (f"dynamodb:{action}", "{Table.StreamArn}")
        for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
    }
    | {
        (f"sqs:{action}", "{TableStream/Failures.Arn}")
        for action in ("SendMessage", "GetQueueAttributes", "GetQueueUrl")
    },
    "FanoutWorker": table("Query", "UpdateItem", "DeleteItem", "BatchWriteItem")
    | {POST, CLOSE}
    | {
        (f"sqs:{action}", "{Shards/Queue.Arn}")
        for action in ("ReceiveMessage", "ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes")
    },
}

WILDCARDS = {
    ("xray:PutTraceSegments", "*"): "X-Ray knows no resources for it",
    ("xray:PutTelemetryRecords", "*"): "X-Ray knows no resources for it",
    POST: "the id of a connection is made up as a socket opens",
    CLOSE: "the id of a connection is made up as a socket opens",
}


def test_every_function_may_do_exactly_what_is_listed_here(aws: Assembly):
    found = {role: set(allowed(aws, role)) for role in aws.of_type("AWS::IAM::Role") if role != "AccountLogRole/Role"}

    assert found == {f"{name}Role": granted | own_log_and_traces(name) for name, granted in GRANTED.items()}


def test_a_wildcard_is_allowed_only_where_there_is_a_reason(aws: Assembly):
    wild = {
        grant
        for role in aws.of_type("AWS::IAM::Role")
        for grant in allowed(aws, role)
        if any("*" in part for part in grant)
    }

    assert wild == WILDCARDS.keys()


def test_only_the_role_that_is_the_accounts_takes_a_policy_of_aws(aws: Assembly):
    taken = {path: role.properties.get("ManagedPolicyArns") for path, role in aws.of_type("AWS::IAM::Role").items()}

    assert {path: policies for path, policies in taken.items() if policies} == {
        "AccountLogRole/Role": ["arn:{Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"]
    }


def test_no_two_functions_share_a_role_and_only_lambda_may_take_one(aws: Assembly):
    roles = aws.of_type("AWS::IAM::Role")
    of_functions = [function.properties["Role"] for function in aws.functions.values()]

    assert sorted(of_functions) == sorted(f"{{{path}.Arn}}" for path in roles if path != "AccountLogRole/Role")
    for path, role in roles.items():
        (statement,) = role.properties["AssumeRolePolicyDocument"]["Statement"]
        service = "apigateway" if path == "AccountLogRole/Role" else "lambda"
        assert statement["Principal"] == {"Service": f"{service}.amazonaws.com"}
        assert statement["Action"] == "sts:AssumeRole"


def test_only_this_deployments_own_apis_may_call_a_function(aws: Assembly):
    permissions = aws.of_type("AWS::Lambda::Permission")

    assert permissions
    for permission in permissions.values():
        assert permission.properties["Principal"] == "apigateway.amazonaws.com"
        assert permission.properties["SourceArn"].startswith(
            (
                "arn:{Partition}:execute-api:{Region}:{AccountId}:{Http/Api}/",
                "arn:{Partition}:execute-api:{Region}:{AccountId}:{Sockets/Api}/",
            )
        )


def test_every_queue_is_encrypted_and_refuses_plain_http(aws: Assembly):
    queues, policies = aws.of_type("AWS::SQS::Queue"), aws.of_type("AWS::SQS::QueuePolicy")

    assert {path.removesuffix("/Policy") for path in policies} == set(queues)
    for queue in queues.values():
        assert queue.properties["SqsManagedSseEnabled"] is True
    for policy in policies.values():
        (statement,) = policy.properties["PolicyDocument"]["Statement"]
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    "type_", ["AWS::Lambda::Url", "AWS::IAM::User", "AWS::IAM::AccessKey", "AWS::IAM::ManagedPolicy"]
)
def test_there_is_no_other_way_in(aws: Assembly, type_: str):
    assert not aws.of_type(type_)


def own_log_and_traces(name: str) -> set[tuple[str, str]]:
    log = f"{{{name}Logs.Arn}}"
    return {
        ("logs:CreateLogStream", log),
        ("logs:PutLogEvents", log),
        ("xray:PutTraceSegments", "*"),
        ("xray:PutTelemetryRecords", "*"),
    }


def allowed(assembly: Assembly, role: str) -> Iterator[tuple[str, str]]:
    """Every action and resource of a role's policies."""
    definition = assembly.of_type("AWS::IAM::Role")[role]
    documents = [policy["PolicyDocument"] for policy in definition.properties.get("Policies", [])]
    documents += [
        policy.properties["PolicyDocument"]
        for policy in assembly.of_type("AWS::IAM::Policy").values()
        if f"{{{role}}}" in policy.properties["Roles"]
    ]
    for statement in (statement for document in documents for statement in document["Statement"]):
        assert statement["Effect"] == "Allow"
        assert not {"NotAction", "NotResource"} & statement.keys()
        for action in as_list(statement["Action"]):
            for resource in as_list(statement["Resource"]):
                yield action, resource


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
