"""The AWS account that a command works on, real or emulated."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import boto3
from botocore import exceptions
from botocore.parsers import ResponseParserError

from deployed.terminal import CommandFailed
from openhouse.identity.directory import Directory
from openhouse.storage.table import Table

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigatewayv2 import ApiGatewayV2Client
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_service_quotas import ServiceQuotasClient
    from mypy_boto3_sts import STSClient

REGION = "us-east-1"  # of the emulator
CERTIFICATES_REGION = "us-east-1"  # of those that CloudFront shows, wherever the stacks are
EVENTS_OF_A_PAGE = 10_000  # of CloudWatch Logs, at most

_OF_THE_EMULATOR = "the port of its emulator, which is 4566 unless you chose another"
_SIGN_IN_AGAIN = (
    "Choose a profile that works (AWS_PROFILE=name), sign in (`aws sso login`), "
    "or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
)
_REFUSED_CREDENTIALS = ("ExpiredToken", "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch")


def aws_failure(error: Exception) -> str | None:
    """In a sentence what boto3 raised; None if it is no error of boto3's."""
    match error:
        case exceptions.NoRegionError():
            return (
                "No AWS region is chosen: set AWS_REGION, for example AWS_REGION=eu-west-1. "
                "For what `make run` deployed, commands take --emulator http://127.0.0.1:4566."
            )
        case exceptions.NoCredentialsError() | exceptions.PartialCredentialsError():
            return f"No AWS credentials are found. {_SIGN_IN_AGAIN}"
        case exceptions.ClientError():
            message = error.response["Error"]["Message"].rstrip(".")
            if error.response["Error"]["Code"].startswith(_REFUSED_CREDENTIALS):
                return f"AWS does not accept your credentials: {message}. {_SIGN_IN_AGAIN}"
            return f"AWS refused {error.operation_name}: {message}."
        case exceptions.BotoCoreError() | ResponseParserError():
            return _unreachable(error)
        case _:
            return None


def _unreachable(error: exceptions.BotoCoreError | ResponseParserError) -> str:
    """An emulator is looked for on this machine."""
    if isinstance(error, ResponseParserError):
        return f"What answers there is neither AWS nor its emulator. Is this {_OF_THE_EMULATOR}?"
    url = urlsplit(str(error.kwargs.get("endpoint_url", "")))
    if url.hostname in ("127.0.0.1", "localhost"):
        return f"Nothing answers at {url.scheme}://{url.netloc}. Is `make run` up, and is this {_OF_THE_EMULATOR}?"
    return f"AWS cannot be reached or its configuration is incomplete: {error}"


def emulator_address(text: str) -> str:
    """`127.0.0.1:4566` is one, too. Raises CommandFailed."""
    url = (text if "://" in text else f"http://{text}").rstrip("/")
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port and not parts.path
    except ValueError:
        fits = False
    if not fits:
        raise CommandFailed(f"{text} is no address of an emulator, such as http://127.0.0.1:4566.")
    return url


@dataclass(frozen=True)
class Cloud:
    session: boto3.Session
    emulator_url: str = ""  # empty on AWS

    @classmethod
    def from_environment(cls) -> Self:
        """The account of the usual AWS variables and files; an emulator if they name its address."""
        # AWS's other tools read AWS_REGION too, boto3 only AWS_DEFAULT_REGION.
        return cls(
            boto3.Session(region_name=os.environ.get("AWS_REGION")), os.environ.get("AWS_ENDPOINT_URL", "").rstrip("/")
        )

    @classmethod
    def chosen(cls, emulator_url: str | None) -> Self:
        """An emulator if somebody named one, else what the environment says. Raises CommandFailed."""
        return cls.from_environment() if emulator_url is None else cls.emulated(emulator_url)

    @classmethod
    def emulated(cls, url: str) -> Self:
        """Raises CommandFailed."""
        return cls(
            boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION),  # noqa: S106
            emulator_address(url),
        )

    @property
    def endpoint(self) -> str | None:
        return self.emulator_url or None

    def cloudformation(self) -> CloudFormationClient:
        return self.session.client("cloudformation", endpoint_url=self.endpoint)

    def log_lines(self, beginning: str, since: float = 0) -> Iterator[tuple[str, float, str]]:
        """Of the log groups whose names begin so: what follows in the name, seconds since 1970, and the line."""
        logs: Any = self.session.client("logs", endpoint_url=self.endpoint)
        for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=beginning):
            for group in page["logGroups"]:
                name = group["logGroupName"].removeprefix(beginning)
                for each in _log_events(logs, group["logGroupName"], round(1_000 * since)):
                    yield name, each["timestamp"] / 1_000, each["message"]

    def cognito(self) -> CognitoIdentityProviderClient:
        return self.session.client("cognito-idp", endpoint_url=self.endpoint)

    def http_apis(self) -> ApiGatewayV2Client:
        return self.session.client("apigatewayv2", endpoint_url=self.endpoint)

    def functions(self) -> LambdaClient:
        return self.session.client("lambda", endpoint_url=self.endpoint)

    def quotas(self) -> ServiceQuotasClient:
        return self.session.client("service-quotas", endpoint_url=self.endpoint)

    def rest_apis(self) -> APIGatewayClient:
        return self.session.client("apigateway", endpoint_url=self.endpoint)

    def certificates(self) -> Any:
        """Those for CloudFront."""
        return self.session.client("acm", region_name=CERTIFICATES_REGION, endpoint_url=self.endpoint)

    def roles(self) -> Any:
        return self.session.client("iam", endpoint_url=self.endpoint)

    def secrets(self) -> Any:
        return self.session.client("secretsmanager", endpoint_url=self.endpoint)

    def sts(self) -> STSClient:
        return self.session.client("sts", endpoint_url=self.endpoint)

    def directory(self, table_name: str) -> Directory:
        return Directory(Table(self.session.client("dynamodb", endpoint_url=self.endpoint), table_name))


def _log_events(logs: Any, group: str, start_ms: int) -> Iterator[dict[str, Any]]:
    asked: dict[str, Any] = {"logGroupName": group, "startTime": start_ms}
    while True:
        page = logs.filter_log_events(**asked)
        yield from page["events"]
        if token := page.get("nextToken"):
            asked["nextToken"] = token
        elif len(page["events"]) == EVENTS_OF_A_PAGE:  # the emulator has no tokens
            asked["startTime"] = page["events"][-1]["timestamp"] + 1
        else:
            return
