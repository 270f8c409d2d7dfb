"""Who a pipeline on GitHub is to AWS: two roles that it takes by OpenID Connect, so that no key is kept anywhere.

One deploys: it may take the roles that `cdk bootstrap` has made, and read what `make deploy` asks of the account. The
other examines: it may do what `openhouse doctor` does to the tables, the files, the user pool and the sockets of the
deployment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Aws, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
QUALIFIER = "hnb659fds"  # of the roles of `cdk bootstrap`
_BOOTSTRAP_ROLES = ("deploy", "file-publishing", "lookup")
_TABLE_ACTIONS = (
    *("BatchGetItem", "GetItem", "Query"),
    *("BatchWriteItem", "ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem"),
)
_LOGIN_ACTIONS = ("AdminCreateUser", "AdminDeleteUser", "AdminGetUser", "AdminSetUserPassword")


@dataclass(frozen=True, kw_only=True)
class Trusted:
    """Jobs of `repository` (`owner/name`) in this environment of it, and no others."""

    repository: str
    environment: str

    @property
    def conditions(self) -> dict[str, dict[str, str | list[str]]]:
        """Repositories made since July 2026 have the ids of owner and repository in their subject, which need not be
        known here: who owns the name says GitHub in claims of its own.
        https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
        https://aws.amazon.com/about-aws/whats-new/2026/01/aws-sts-supports-validation-identity-provider-claims/
        """
        owner, _, name = self.repository.partition("/")
        job = f"environment:{self.environment}"
        return {
            "StringEquals": {
                f"{ISSUER}:aud": AUDIENCE,
                f"{ISSUER}:repository": self.repository,
                f"{ISSUER}:environment": self.environment,
            },
            "StringLike": {f"{ISSUER}:sub": [f"repo:{self.repository}:{job}", f"repo:{owner}@*/{name}@*:{job}"]},
        }


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What the deployment consists of, as its outputs name it."""

    tables: Sequence[str]
    files_bucket: str
    user_pool_id: str
    socket_api_id: str


class PipelineStack(Stack):
    """`makes_provider`: whether the account does not know GitHub yet; it knows each issuer once."""

    def __init__(
        self, scope: Construct, id_: str, *, trusted: Trusted, examined: Examined, makes_provider: bool
    ) -> None:
        super().__init__(scope, id_, description="Openhouse: the roles of its pipeline")
        provider = f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:oidc-provider/{ISSUER}"
        made = None
        if makes_provider:
            made = iam.CfnOIDCProvider(self, "GitHub", url=f"https://{ISSUER}", client_id_list=[AUDIENCE])
            made.apply_removal_policy(RemovalPolicy.RETAIN)  # other pipelines of the account may rely on it by then
        who = iam.WebIdentityPrincipal(provider, trusted.conditions)
        for id_of_role, statements in (("Deploy", _deploying()), ("Smoke", _examining(examined))):
            role = iam.Role(
                self,
                id_of_role,
                assumed_by=who,
                max_session_duration=Duration.hours(1),
                inline_policies={"Own": iam.PolicyDocument(statements=statements)},
            )
            if made:
                role.node.add_dependency(made)
            CfnOutput(self, f"{id_of_role}RoleArn", value=role.role_arn)
        CfnOutput(self, "MadeProvider", value=str(makes_provider).lower())


def _deploying() -> list[iam.PolicyStatement]:
    roles = [
        f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:role/cdk-{QUALIFIER}-{role}-role-{Aws.ACCOUNT_ID}-{Aws.REGION}"
        for role in _BOOTSTRAP_ROLES
    ]
    return [
        _may(["sts:AssumeRole"], roles),
        *_reading(),
        _may(["acm:ListCertificates"], ["*"]),
    ]


def _examining(examined: Examined) -> list[iam.PolicyStatement]:
    tables = [f"arn:{Aws.PARTITION}:dynamodb:{Aws.REGION}:{Aws.ACCOUNT_ID}:table/{name}" for name in examined.tables]
    pool = f"arn:{Aws.PARTITION}:cognito-idp:{Aws.REGION}:{Aws.ACCOUNT_ID}:userpool/{examined.user_pool_id}"
    sockets = f"arn:{Aws.PARTITION}:execute-api:{Aws.REGION}:{Aws.ACCOUNT_ID}:{examined.socket_api_id}/live"
    bucket = f"arn:{Aws.PARTITION}:s3:::{examined.files_bucket}"
    return [
        _may([f"dynamodb:{action}" for action in _TABLE_ACTIONS], tables),
        _may(["s3:ListBucketVersions"], [bucket]),
        _may(["s3:DeleteObjectVersion"], [f"{bucket}/*"]),
        _may([f"cognito-idp:{action}" for action in _LOGIN_ACTIONS], [pool]),
        _may(["execute-api:ManageConnections"], [f"{sockets}/*"]),
        *_reading(),
    ]


def _reading() -> list[iam.PolicyStatement]:
    """What both ask first: where the deployment answers, and what the account allows."""
    stacks = [
        f"arn:{Aws.PARTITION}:cloudformation:{Aws.REGION}:{Aws.ACCOUNT_ID}:stack/{name}/*"
        for name in ("CDKToolkit", "Openhouse-*")
    ]
    return [
        _may(["cloudformation:DescribeStacks"], stacks),
        _may(["lambda:GetAccountSettings", "servicequotas:GetServiceQuota"], ["*"]),
        _may(["servicequotas:GetAWSDefaultServiceQuota"], ["*"]),
        _may(["apigateway:GET"], [f"arn:{Aws.PARTITION}:apigateway:{Aws.REGION}::/account"]),
    ]


def _may(actions: Sequence[str], resources: Sequence[str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=[*actions], resources=[*resources])


def read(scope: Construct) -> tuple[Trusted, Examined, bool]:
    """What `openhouse pipeline` says as context."""
    said = {name: str(scope.node.get_context(name)) for name in ("repository", "environment", "tables")}
    said |= {name: str(scope.node.get_context(name)) for name in ("filesBucket", "userPoolId", "socketApiId")}
    said["makesProvider"] = str(scope.node.get_context("makesProvider"))
    return (
        Trusted(repository=said["repository"], environment=said["environment"]),
        Examined(
            tables=said["tables"].split(","),
            files_bucket=said["filesBucket"],
            user_pool_id=said["userPoolId"],
            socket_api_id=said["socketApiId"],
        ),
        said["makesProvider"] == "true",
    )
