"""The state machine that works on tasks step by step."""

from __future__ import annotations

import json
from typing import Any

from aws_cdk import ArnFormat, Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra import permissions

# A step's function ends by itself before that. One that hangs is given up, and begun again beside it: no harm is done.
_STEP_SECONDS = 70
# Longer than any kind's run may take: what is left then is ended by whoever looks after tasks.
_EXECUTION_SECONDS = 4 * 3_600

# Of a step that failed, whatever the cause: some ten minutes in all, if each try takes as long as it may.
_RETRY = {
    "ErrorEquals": ["States.ALL"],
    "IntervalSeconds": 2,
    "MaxAttempts": 6,
    "BackoffRate": 2.0,
    "MaxDelaySeconds": 30,
    "JitterStrategy": "FULL",
}
_STEP = {
    "Type": "Task",
    "Resource": "${Step}",
    "TimeoutSeconds": _STEP_SECONDS,
    "Retry": [_RETRY],
}

DEFINITION: dict[str, Any] = {
    "Comment": "Works on a task step by step. The task's own item says what is left: this only asks again.",
    "QueryLanguage": "JSONPath",
    "StartAt": "Step",
    "TimeoutSeconds": _EXECUTION_SECONDS,
    "States": {
        "Step": {
            **_STEP,
            "ResultPath": "$.step",
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failed", "Next": "Settle"}],
            "Next": "More",
        },
        "More": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.step.more", "BooleanEquals": True, "Next": "Step"}],
            "Default": "Done",
        },
        "Done": {"Type": "Succeed"},
        "Settle": {**_STEP, "ResultPath": None, "Next": "GivenUp"},
        "GivenUp": {"Type": "Fail", "Error": "TaskGivenUp", "Cause": "A step failed again and again."},
    },
}


class TaskMachine(Construct):
    """Its name is known before there is the function that it calls: those who begin tasks are told it."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self._role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "states.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                    "ArnLike": {"aws:SourceArn": _every_machine(self)},
                },
            ),
        )
        self.machine = sfn.CfnStateMachine(
            self,
            "Machine",
            state_machine_type="STANDARD",  # of the other kind, a name can begin twice
            role_arn=self._role.role_arn,
            # As text: of an object, CloudFormation and CDK decide what numbers, booleans and null come to.
            definition_string=json.dumps(DEFINITION),
        )

    @property
    def arn(self) -> str:
        return str(self.machine.attr_arn)

    def call(self, step: lambda_.IFunction) -> None:
        self.machine.definition_substitutions = {"Step": step.function_arn}
        policy = iam.Policy(self, "Policy", roles=[self._role], statements=[permissions.on_function(step)])
        self.machine.node.add_dependency(policy)


def _every_machine(scope: Construct) -> str:
    """Of the account: a machine has its role before it has a name."""
    return Stack.of(scope).format_arn(
        service="states", resource="stateMachine", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
    )
