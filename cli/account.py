"""What an AWS account allows, and what a deployment may take of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

from botocore.exceptions import ClientError

from deployed import ROOT
from deployed.cloud import Cloud
from deployed.terminal import CommandFailed

# 10,000 requests a second, but 2,500 in thirteen of the newer regions (read 2026-11-28):
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
REQUESTS = ("apigateway", "L-8A5B8E43")
CONCURRENCY = "L-B99A9384"
_RATES = ("postsPerSecond", "requestsPerSecond", "socketEventsPerSecond")
_UNRESERVABLE = 100  # functions at a time of which AWS lets nobody reserve any
ENOUGH_FUNCTIONS = 100  # functions at a time with which nobody waits for the fan-out
_CONTEXT = ("-c", "--context")
_OWN_ROLE = ":role/Openhouse-Data-AccountLogRole"


@dataclass(frozen=True)
class Account:
    """`requests_per_second` is None where the caller may not read quotas."""

    functions_at_a_time: int
    requests_per_second: int | None
    log_role: str  # of API Gateway; empty if nobody has set one

    @classmethod
    def read(cls, cloud: Cloud) -> Self:
        """Raises what boto3 raises."""
        settings = cloud.functions().get_account_settings()
        return cls(
            settings["AccountLimit"]["ConcurrentExecutions"],
            _requests_per_second(cloud),
            cloud.rest_apis().get_account().get("cloudwatchRoleArn", ""),
        )


@dataclass(frozen=True)
class Plan:
    """`context`: what is chosen otherwise than in cdk.json, for `cdk -c`. `remarks`: sentences for the operator."""

    context: Mapping[str, str]
    remarks: Sequence[str]

    @property
    def options(self) -> list[str]:
        return [part for name, value in self.context.items() for part in ("--context", f"{name}={value}")]


def plan(account: Account, configured: Mapping[str, Any]) -> Plan:
    """How to fit what cdk.json says into the account. Raises CommandFailed for what cannot be made to fit."""
    context: dict[str, str] = {}
    remarks: list[str] = []
    if account.log_role and _OWN_ROLE not in account.log_role and _is_true(configured["accountLogRole"]):
        context["accountLogRole"] = "false"
        remarks.append(f"API Gateway writes its logs as {account.log_role} here already; that is left as it is.")
    _fit_rates(account, configured, context, remarks)
    _fit_functions(account, configured, context, remarks)
    return Plan(context, remarks)


def configured(options: Sequence[str] = ()) -> dict[str, Any]:
    """The context of cdk.json, and what `options` of `cdk deploy` choose otherwise."""
    context: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text())["context"]
    for option, value in pairwise([*options, ""]):
        name, equals, chosen = (value if option in _CONTEXT else option.removeprefix("--context=")).partition("=")
        if equals and (option in _CONTEXT or option.startswith("--context=")):
            context[name] = chosen
    return context


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"


def _fit_rates(account: Account, configured: Mapping[str, Any], context: dict[str, str], remarks: list[str]) -> None:
    wanted, most = sum(int(configured[name]) for name in _RATES), account.requests_per_second
    if most is None:
        remarks.append(
            f"You may not read the quotas of API Gateway. It has to allow {wanted:,} requests a second "
            f"({' + '.join(_RATES)}): see Service Quotas, API Gateway, {REQUESTS[1]}."
        )
    elif wanted > most:
        chosen = {name: int(configured[name]) * most // wanted for name in _RATES}
        context |= {name: str(value) for name, value in chosen.items()}
        shares = ", ".join(f"{name} {value:,}" for name, value in chosen.items())
        remarks.append(
            f"API Gateway allows this account {most:,} requests a second here, not {wanted:,}. "
            f"Deploying with {shares}. Ask for more in Service Quotas, API Gateway, {REQUESTS[1]}, and deploy again."
        )


def _fit_functions(
    account: Account, configured: Mapping[str, Any], context: dict[str, str], remarks: list[str]
) -> None:
    most, workers, reserved = (
        account.functions_at_a_time,
        int(configured["workers"]),
        int(configured["fanoutConcurrency"]),
    )
    if reserved and most - reserved < _UNRESERVABLE:
        raise CommandFailed(
            f"fanoutConcurrency is {reserved}, but of the {most} functions that this account may run at a time AWS "
            f"lets nobody reserve the last {_UNRESERVABLE}. Set it to 0, or ask for more in Service Quotas, Lambda, "
            f"{CONCURRENCY}."
        )
    fitting = max(2, most // 4)
    if workers > fitting:
        context["workers"] = str(fitting)
    if most < ENOUGH_FUNCTIONS:
        also = f", so no more than {fitting} workers post to large rooms" if workers > fitting else ""
        remarks.append(
            f"This account may run {most} functions at a time{also}, and requests without a valid token take some of "
            f"them too. Ask for 1,000 in Service Quotas, Lambda, Concurrent executions ({CONCURRENCY}), before people "
            "depend on it."
        )


def _requests_per_second(cloud: Cloud) -> int | None:
    service, code = REQUESTS
    quotas = cloud.quotas()
    for read in (quotas.get_service_quota, quotas.get_aws_default_service_quota):
        # What nobody has raised is not listed; and whoever deploys may not be allowed to look.
        with suppress(ClientError):
            return int(read(ServiceCode=service, QuotaCode=code)["Quota"]["Value"])
    return None
