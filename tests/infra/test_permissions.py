"""Who may do what: the templates say no more than the functions' entries, and those are held to what tests use."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest

from openhouse.function_spec import FunctionSpec, ObjectPlace, Trigger
from openhouse.functions import FUNCTIONS
from openhouse.storage.keys import INDEXES
from tests.infra.assembly import Assembly
from tests.permissions.granted import granted

SOCKETS = "arn:{Partition}:execute-api:{Region}:{AccountId}:{Sockets/Api}/live"
POST, CLOSE = (("execute-api:ManageConnections", f"{SOCKETS}/{verb}/@connections/*") for verb in ("POST", "DELETE"))

SCHEDULES = "arn:{Partition}:scheduler:{Region}:{AccountId}:schedule/{Schedules/Group}/*"

# What the grants call a resource, as the templates do. (The secret belongs to another issuer than the stack's own.)
RESOURCES = {
    "table": "{Table.Arn}",
    "records": "{Records.Arn}",
    **{f"records/index/{name}": f"{{Records.Arn}}/index/{name}" for name in INDEXES},
    "shards": "{Shards/Queue.Arn}",
    "timers": "{TimerQueue/Queue.Arn}",
    "failures": "{TableStream/Failures.Arn}",
    "fast_lane": "{FastLane.Arn}",
    "logins": "{SignIn/Users.Arn}",
    "objects": "{Files/Bucket.Arn}",
    **{f"objects/{place}": f"{{Files/Bucket.Arn}}/{place}/*" for place in get_args(ObjectPlace)},
    "schedules": SCHEDULES,
    "schedule_role": "{Schedules/Role.Arn}",
    "tasks": "{Tasks/Machine.Arn}",
    **{verb: f"{SOCKETS}/{verb}/@connections/*" for verb in ("POST", "DELETE")},
}

# What Lambda does in a function's name to hand it what its trigger has, as AWS lists it for each kind.
READING = {
    Trigger.TABLE_STREAM: {
        (f"dynamodb:{action}", "{Table.StreamArn}")
        for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
    },
    Trigger.RECORD_STREAM: {
        ("sqs:SendMessage", "{RecordStream/Failures.Arn}"),
        *(
            (f"dynamodb:{action}", "{Records.StreamArn}")
            for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
        ),
    },
    Trigger.APPOINTMENTS: {
        ("sqs:SendMessage", "{AppointmentStream/Failures.Arn}"),
        *(
            (f"dynamodb:{action}", "{Records.StreamArn}")
            for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
        ),
    },
    Trigger.SHARD_QUEUE: {
        (f"sqs:{action}", "{Shards/Queue.Arn}") for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
    },
    Trigger.TIMER_QUEUE: {
        (f"sqs:{action}", "{TimerQueue/Queue.Arn}")
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
    },
}

# Roles of no function, and whose.
OTHERS = {
    "AccountLogRole/Role": "apigateway",
    "Schedules/Role": "scheduler",
    "Clocks/Role": "scheduler",
    "Tasks/Role": "states",
}

TRACES = {("xray:PutTraceSegments", "*"), ("xray:PutTelemetryRecords", "*")}

WILDCARDS = {
    **dict.fromkeys(TRACES, "X-Ray knows no resources for it"),
    POST: "the id of a connection is made up as a socket opens",
    CLOSE: "the id of a connection is made up as a socket opens",
    ("scheduler:CreateSchedule", SCHEDULES): "a schedule of the group is named for its appointment",
    **{
        (f"s3:{action}", f"{{Files/Bucket.Arn}}/{place}/*"): "an object is named for its file"
        for spec in FUNCTIONS
        for place, actions in spec.grants.objects.items()
        for action in actions
    },
}


def test_every_function_may_do_what_its_grants_say_and_nothing_else(aws: Assembly):
    """That each of them is used by a test, and nothing else is, `tests/permissions` finds out."""
    found = {role: set(allowed(aws, role)) for role in aws.of_type("AWS::IAM::Role") if role not in OTHERS}

    assert found == {f"{camel(spec.name)}Role": in_templates(spec) for spec in FUNCTIONS}


def test_the_scheduler_may_send_to_the_queue_of_timers_and_do_nothing_else(aws: Assembly):
    assert set(allowed(aws, "Schedules/Role")) == {("sqs:SendMessage", "{TimerQueue/Queue.Arn}")}


def test_the_state_machine_may_call_the_function_of_its_steps_and_do_nothing_else(aws: Assembly):
    assert set(allowed(aws, "Tasks/Role")) == {("lambda:InvokeFunction", "{TaskStep.Arn}")}


def test_the_clocks_may_call_their_functions_and_do_nothing_else(aws: Assembly):
    called = {"TaskWatch", "FileEnds", "Mornings", "Canary"}

    assert set(allowed(aws, "Clocks/Role")) == {("lambda:InvokeFunction", f"{{{name}.Arn}}") for name in called}


def test_only_the_function_of_steps_may_ask_a_model_and_no_other_than_the_one_that_was_chosen(
    aws: Assembly, elsewhere: Assembly
):
    model = "anthropic.claude-sonnet-4-5-20250929-v1:0"
    profile = f"arn:{{Partition}}:bedrock:us-west-2:{{AccountId}}:inference-profile/us.{model}"
    asking = {
        role: {(action, resource) for action, resource in allowed(elsewhere, role) if action.startswith("bedrock:")}
        for role in elsewhere.of_type("AWS::IAM::Role")
    }

    assert {role: grants for role, grants in asking.items() if grants} == {
        "TaskStepRole": {
            ("bedrock:InvokeModel", profile),
            *(
                ("bedrock:InvokeModel", f"arn:{{Partition}}:bedrock:{region}::foundation-model/{model}")
                for region in ("us-east-1", "us-west-2")
            ),
        }
    }
    (policy,) = [
        each.properties["PolicyDocument"]
        for each in elsewhere.of_type("AWS::IAM::Policy").values()
        if each.properties["Roles"] == ["{TaskStepRole}"]
    ]
    on_models = [each for each in policy["Statement"] if "foundation-model" in str(each["Resource"])]
    assert [each["Condition"] for each in on_models] == [{"StringEquals": {"bedrock:InferenceProfileArn": profile}}]
    assert not [
        action
        for role in aws.of_type("AWS::IAM::Role")
        for action, _ in allowed(aws, role)
        if action.startswith("bedrock:")
    ]


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

    assert sorted(of_functions) == sorted(f"{{{path}.Arn}}" for path in roles if path not in OTHERS)
    for path, role in roles.items():
        (statement,) = role.properties["AssumeRolePolicyDocument"]["Statement"]
        service = OTHERS.get(path, "lambda")
        assert statement["Principal"] == {"Service": f"{service}.amazonaws.com"}
        assert statement["Action"] == "sts:AssumeRole"


def test_only_this_deployments_own_apis_may_call_a_function_without_a_role(aws: Assembly):
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


def in_templates(spec: FunctionSpec[Any, Any]) -> set[tuple[str, str]]:
    found = {
        (permission.action, RESOURCES[permission.resource])
        for permission in granted(spec)
        if permission.resource not in ("token_secret", "model")  # of other choices than this deployment's
    }
    traces = TRACES if spec.trigger.is_traced else set()
    return found | READING.get(spec.trigger, set()) | own_log(camel(spec.name)) | traces


def camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def own_log(name: str) -> set[tuple[str, str]]:
    return {(f"logs:{action}", f"{{{name}Logs.Arn}}") for action in ("CreateLogStream", "PutLogEvents")}


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
