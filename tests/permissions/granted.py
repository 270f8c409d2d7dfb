"""What each function may do of itself, in the words of its entry in `openhouse/functions.py`."""

from __future__ import annotations

from typing import Any, NamedTuple

from openhouse.function_spec import FunctionSpec, Trigger


class Permission(NamedTuple):
    """An action as policies name it, on `table`, `records`, `records/index/<name>`, `shards`, `failures`, `timers`,
    `schedules`, `tasks` (the state machine), `logins`, `token_secret`, a function, a verb of `@connections`, or
    `objects/<how their keys begin>`, or `model`.
    """

    action: str
    resource: str


def permission_to(service: str, action: str, resource: str) -> Permission:
    return Permission(f"{service}:{action}", resource)


PASSING_THE_ROLE = permission_to("iam", "PassRole", "schedule_role")  # AWS asks for it when a schedule is made


def permission_on_sockets(verb: str) -> Permission:
    return permission_to("execute-api", "ManageConnections", verb)


def granted(spec: FunctionSpec[Any, Any]) -> set[Permission]:
    """Beside what Lambda does in the function's name: logging, tracing, and reading its trigger."""
    grants = spec.grants
    found = {permission_to("dynamodb", action, "table") for action in grants.table}
    found |= {permission_to("dynamodb", action, "records") for action in grants.on_records}
    if "Query" in grants.records:
        found |= {permission_to("dynamodb", "Query", f"records/index/{name}") for name in grants.orders}
    found |= {permission_on_sockets(verb) for verb in grants.sockets}
    found |= {permission_to("sqs", "SendMessage", queue) for queue in grants.sends_to}
    found |= {permission_to("lambda", "InvokeFunction", function) for function in grants.starts}
    found |= {permission_to("cognito-idp", action, "logins") for action in grants.logins}
    found |= {permission_to("scheduler", action, "schedules") for action in grants.schedules}
    found |= {permission_to("states", action, "tasks") for action in grants.executions}
    if "CreateSchedule" in grants.schedules:
        found.add(PASSING_THE_ROLE)
    found |= {
        permission_to("s3", action, f"objects/{place}")
        for place, actions in grants.objects.items()
        for action in actions
    }
    if grants.lists_versions:
        found.add(permission_to("s3", "ListBucketVersions", "objects"))
    if grants.asks_model:
        found.add(permission_to("bedrock", "InvokeModel", "model"))
    if grants.token_secret:
        found.add(permission_to("secretsmanager", "GetSecretValue", "token_secret"))
    if spec.trigger is Trigger.SHARD_QUEUE:  # a task that failed is to come again soon
        found.add(permission_to("sqs", "ChangeMessageVisibility", "shards"))
    return found
