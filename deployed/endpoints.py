"""Where a deployed Openhouse answers, read off its stacks' outputs: on AWS and in the emulator alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import httpx
from botocore.exceptions import ClientError

from deployed.terminal import CommandFailed

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

STACKS = ("Openhouse-Data", "Openhouse-App")
WEB_STACK = "Openhouse-Web"  # where the web app is deployed, too


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """All that a client needs to know: the content of `config.json`."""

    http_url: str
    ticket_url: str
    region: str
    user_pool_id: str
    client_id: str
    cognito_url: str

    @classmethod
    def from_config(cls, config: Mapping[str, str]) -> Self:
        return cls(
            http_url=config["httpUrl"],
            ticket_url=config["ticketUrl"],
            region=config["region"],
            user_pool_id=config["userPoolId"],
            client_id=config["clientId"],
            cognito_url=config["cognitoUrl"],
        )

    @classmethod
    def fetch(cls, config_url: str) -> Self:
        """Raises CommandFailed if nothing useful answers at `config_url`."""
        try:
            response = httpx.get(config_url).raise_for_status()
            return cls.from_config(response.json())
        except httpx.HTTPStatusError as error:
            raise CommandFailed(_nothing_at(config_url, f"HTTP {error.response.status_code}")) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
            raise CommandFailed(_nothing_at(config_url, str(error) or type(error).__name__)) from error

    def config(self) -> dict[str, str]:
        return {
            "httpUrl": self.http_url,
            "ticketUrl": self.ticket_url,
            "region": self.region,
            "userPoolId": self.user_pool_id,
            "clientId": self.client_id,
            "cognitoUrl": self.cognito_url,
        }


@dataclass(frozen=True, kw_only=True)
class DeliveryQueues:
    """What the fan-out hands on to its workers, and what neither could do."""

    shards_url: str
    failed_batches_url: str
    failed_shards_url: str
    brokerage_shards: int


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """The deployed stacks as an operator sees them."""

    endpoints: Endpoints
    socket_url: str
    table_name: str
    records_table_name: str
    http_api_id: str
    files_bucket: str
    socket_api_id: str
    files_url: str  # the origin of all addresses of files
    queues: DeliveryQueues
    web_url: str = ""  # of the web app; empty where it is not deployed
    web_target: str = ""  # the name of CloudFront's that a domain of one's own has to lead to
    emulator_url: str = ""  # empty on AWS

    @property
    def has_own_domain(self) -> bool:
        """Whether the web app has another address than CloudFront's."""
        return bool(self.web_target) and not self.web_url.endswith(f"//{self.web_target}")

    @classmethod
    def read(cls, cloudformation: CloudFormationClient, emulator_url: str = "") -> Self:
        """As it is deployed now. Raises CommandFailed."""
        return cls.from_outputs(stack_outputs(cloudformation), emulator_url)

    @classmethod
    def from_outputs(cls, outputs: Mapping[str, str], emulator_url: str = "") -> Self:
        """The emulator has no host names of its own for APIs, so there their addresses are paths under its own.

        Raises CommandFailed naming the outputs that are missing.
        """
        needed = {"TableName", "RecordsTableName", "UserPoolId", "ClientId", "CognitoUrl", "Region"}
        needed |= {"FilesBucket", "FilesUrl"}
        needed |= {"HttpApiId", "HttpUrl", "WebSocketApiId", "WebSocketUrl", "WebSocketStage"}
        needed |= {"ShardsUrl", "FailedBatchesUrl", "FailedShardsUrl", "BrokerageShards"}
        if missing := sorted(needed - outputs.keys()):
            raise CommandFailed(f"The stacks {' and '.join(STACKS)} lack the outputs {', '.join(missing)}.")
        http_url = outputs["HttpUrl"].rstrip("/")
        socket_url = outputs["WebSocketUrl"]
        cognito_url = outputs["CognitoUrl"].rstrip("/")
        if emulator_url:
            apis = f"{emulator_url}/_aws/execute-api"
            http_url = f"{apis}/{outputs['HttpApiId']}/$default"
            socket_url = f"{apis}/{outputs['WebSocketApiId']}/{outputs['WebSocketStage']}".replace("http", "ws", 1)
            cognito_url = emulator_url
        endpoints = Endpoints(
            http_url=http_url,
            ticket_url=f"{http_url}/realtime/tickets",
            region=outputs["Region"],
            user_pool_id=outputs["UserPoolId"],
            client_id=outputs["ClientId"],
            cognito_url=cognito_url,
        )
        return cls(
            endpoints=endpoints,
            socket_url=socket_url,
            table_name=outputs["TableName"],
            records_table_name=outputs["RecordsTableName"],
            http_api_id=outputs["HttpApiId"],
            files_bucket=outputs["FilesBucket"],
            socket_api_id=outputs["WebSocketApiId"],
            files_url=emulator_url or outputs["FilesUrl"],
            queues=DeliveryQueues(
                shards_url=outputs["ShardsUrl"],
                failed_batches_url=outputs["FailedBatchesUrl"],
                failed_shards_url=outputs["FailedShardsUrl"],
                brokerage_shards=int(outputs["BrokerageShards"]),
            ),
            web_url=outputs.get("WebUrl", ""),
            web_target=outputs.get("WebTarget", ""),
            emulator_url=emulator_url,
        )


def _nothing_at(config_url: str, why: str) -> str:
    return f"Found no Openhouse at {config_url} ({why}): is `make run` up?"


def stack_outputs(cloudformation: CloudFormationClient) -> dict[str, str]:
    """The outputs of all stacks in one mapping. Raises CommandFailed if one is not deployed but may not be missing."""
    outputs: dict[str, str] = {}
    for stack in (*STACKS, WEB_STACK):
        found = outputs_of(cloudformation, stack)
        if not found and stack != WEB_STACK:
            raise CommandFailed(f"The stack {stack} is not deployed here: run `make deploy` first.")
        outputs |= found
    return outputs


def outputs_of(cloudformation: CloudFormationClient, stack: str) -> dict[str, str]:
    """Those of one stack; none of one that is not deployed."""
    try:
        description = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":  # how CloudFormation says: no such stack
            raise
        return {}
    return {output["OutputKey"]: output["OutputValue"] for output in description.get("Outputs", [])}
