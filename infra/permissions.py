"""What a function may do, as policy statements that each name their one resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_apigatewayv2 as apigw
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs

from openhouse.function_spec import (
    ExecutionAction,
    Grants,
    LoginAction,
    ObjectAction,
    ObjectPlace,
    ScheduleAction,
    TableAction,
)


class Schedules(NamedTuple):
    """A group of schedules, and the role in whose name they act."""

    group: scheduler.CfnScheduleGroup
    role: iam.IRole


class Statements:
    """The grants of a function as policy statements on this deployment's resources."""

    def __init__(
        self,
        *,
        table: dynamodb.ITable,
        records: dynamodb.ITable,
        stage: apigw.WebSocketStage,
        queues: Mapping[str, sqs.IQueue],
        schedules: Schedules,
        machine_arn: str,
        files: s3.IBucket,
        pool: cognito.IUserPool | None,
        token_secret_arn: str,
        token_secret_key_arn: str,
        model: Sequence[iam.PolicyStatement] = (),
    ) -> None:
        """`model`: what asking the language model takes; nothing, where there is none."""
        self._table = table
        self._records = records
        self._stage = stage
        self._queues = queues
        self._schedules = schedules
        self._machine_arn = machine_arn
        self._files = files
        self._pool = pool
        self._token_secret_arn = token_secret_arn
        self._token_secret_key_arn = token_secret_key_arn
        self._model = model

    def of(self, grants: Grants, functions: Mapping[str, lambda_.IFunction]) -> list[iam.PolicyStatement]:
        """`functions`: those that there are to be started, by name."""
        return [
            *([on_table(self._table, *grants.table)] if grants.table else []),
            *([on_table(self._records, *grants.on_records)] if grants.records else []),
            *([on_indexes(self._records, grants.orders)] if "Query" in grants.records else []),
            *(on_connections(self._stage, verb) for verb in grants.sockets),
            *(on_queue(self._queues[name], "SendMessage") for name in grants.sends_to),
            *(on_function(functions[name]) for name in grants.starts if name in functions),
            *(on_schedules(self._schedules, *grants.schedules) if grants.schedules else ()),
            *([on_machine(self._machine_arn, *grants.executions)] if grants.executions else []),
            *(on_objects(self._files, place, *actions) for place, actions in grants.objects.items()),
            *([on_versions(self._files)] if grants.lists_versions else []),
            *(self._model if grants.asks_model else []),
            *([on_pool(self._pool, *grants.logins)] if grants.logins and self._pool else []),
            *([on_secret(self._token_secret_arn)] if grants.token_secret and self._token_secret_arn else []),
            *([on_key(self._token_secret_key_arn)] if grants.token_secret and self._token_secret_key_arn else []),
        ]


def on_table(table: dynamodb.ITable, *actions: TableAction) -> iam.PolicyStatement:
    """A transaction needs the actions of the writes it is made of. Nobody may Scan."""
    return iam.PolicyStatement(
        actions=[f"dynamodb:{action}" for action in actions],
        resources=[table.table_arn],
    )


def on_indexes(table: dynamodb.ITable, names: Iterable[str]) -> iam.PolicyStatement:
    """Queries in the order of these of the table's indexes, which the table's own ARN does not cover."""
    return iam.PolicyStatement(
        actions=["dynamodb:Query"],
        resources=[f"{table.table_arn}/index/{name}" for name in names],
    )


def on_stream(table: dynamodb.ITable) -> iam.PolicyStatement:
    """What Lambda itself does, in the function's name, to read the table's stream."""
    stream = table.table_stream_arn
    if stream is None:
        raise ValueError("the table has no stream")
    return iam.PolicyStatement(
        actions=[
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
        ],
        resources=[stream],
    )


QueueAction = Literal["SendMessage", "ReceiveMessage", "ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes"]


def on_queue(queue: sqs.IQueue, *actions: QueueAction) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=[f"sqs:{action}" for action in actions], resources=[queue.queue_arn])


def on_connections(stage: apigw.WebSocketStage, verb: Literal["POST", "DELETE"]) -> iam.PolicyStatement:
    """`@connections` of one stage: POST sends to a socket, DELETE closes it. Ids of connections cannot be known."""
    return iam.PolicyStatement(
        actions=["execute-api:ManageConnections"],
        resources=[
            Stack.of(stage).format_arn(
                service="execute-api",
                resource=stage.api.api_id,
                resource_name=f"{stage.stage_name}/{verb}/@connections/*",
                arn_format=ArnFormat.SLASH_RESOURCE_NAME,
            )
        ],
    )


def on_objects(bucket: s3.IBucket, place: ObjectPlace, *actions: ObjectAction) -> iam.PolicyStatement:
    """Of which there are any number below that place."""
    return iam.PolicyStatement(
        actions=[f"s3:{action}" for action in actions], resources=[bucket.arn_for_objects(f"{place}/*")]
    )


def on_versions(bucket: s3.IBucket) -> iam.PolicyStatement:
    """To list which there are: a bucket knows no part of itself."""
    return iam.PolicyStatement(actions=["s3:ListBucketVersions"], resources=[bucket.bucket_arn])


def on_function(function: lambda_.IFunction) -> iam.PolicyStatement:
    """Starts its latest version, and no other: its ARN without a qualifier."""
    return iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[function.function_arn])


def on_schedules(schedules: Schedules, *actions: ScheduleAction) -> list[iam.PolicyStatement]:
    """Of one group; their names are made of what they are about. A schedule is given its role by whoever makes it."""
    group, role = schedules
    every = Stack.of(group).format_arn(service="scheduler", resource="schedule", resource_name=f"{group.ref}/*")
    return [
        iam.PolicyStatement(actions=[f"scheduler:{action}" for action in actions], resources=[every]),
        iam.PolicyStatement(
            actions=["iam:PassRole"],
            resources=[role.role_arn],
            conditions={"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}},
        ),
    ]


def on_machine(arn: str, *actions: ExecutionAction) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=[f"states:{action}" for action in actions], resources=[arn])


def on_pool(pool: cognito.IUserPool, *actions: LoginAction) -> iam.PolicyStatement:
    """Cognito knows no smaller resource: a function may do this to every login of the pool."""
    return iam.PolicyStatement(actions=[f"cognito-idp:{action}" for action in actions], resources=[pool.user_pool_arn])


def on_secret(arn: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[arn])


def on_key(arn: str) -> iam.PolicyStatement:
    """To read what a key of the account's own encrypts."""
    return iam.PolicyStatement(actions=["kms:Decrypt"], resources=[arn])
