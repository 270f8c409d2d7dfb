"""One line per request or socket event at API Gateway, before any function of ours runs.

What a ticket or a token may be in, the query string and the headers, is not written.

The groups lie under /aws/vendedlogs/: for any other, API Gateway adds the group to a resource policy of the account,
which may hold 5,120 characters and is full after some twenty groups.
"""

from __future__ import annotations

import json

import jsii
from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigw_v1
from aws_cdk import aws_apigatewayv2 as apigw
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

_EVERY_LINE = ("requestId", "requestTime", "identity.sourceIp", "routeKey", "status", "authorizer.error")
HTTP_FIELDS = (*_EVERY_LINE, "httpMethod", "path", "responseLatency", "integrationLatency", "integrationErrorMessage")
WEB_SOCKET_FIELDS = (*_EVERY_LINE, "eventType", "connectionId", "messageId", "integration.error", "error.message")


@jsii.implements(apigw.IAccessLogSettings)
class AccessLogs:
    """A log group of JSON lines. Python has no ready-made class for this interface of CDK."""

    def __init__(self, scope: Construct, id_: str, fields: tuple[str, ...]) -> None:
        log_group = logs.LogGroup(
            scope,
            id_,
            log_group_name=f"/aws/vendedlogs/{Stack.of(scope).stack_name}/{scope.node.id}",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self._destination = apigw.LogGroupLogDestination(log_group)
        self._format = apigw_v1.AccessLogFormat.custom(json.dumps({field: f"$context.{field}" for field in fields}))

    @property
    def destination(self) -> apigw.IAccessLogDestination:
        return self._destination

    @property
    def format(self) -> apigw_v1.AccessLogFormat:
        return self._format


class AccountLogRole(Construct):
    """The role under which API Gateway writes WebSocket logs: one setting for a whole account and region.

    It takes AWS's managed policy, because every other API of the account logs through it too; and it stays when the
    stack goes, because they still need it. Only a first deployment that fails takes it away again. It is made with what
    outlives a deployment: minutes before a stage first uses it, for a new role is not known everywhere at once.
    """

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonAPIGatewayPushToCloudWatchLogs")
            ],
        )
        role.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        account = apigw_v1.CfnAccount(self, "Account", cloud_watch_role_arn=role.role_arn)
        account.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
