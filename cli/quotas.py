"""`openhouse quotas`: what a new account may not do yet, and asking AWS for more of it before people depend on it."""

from __future__ import annotations

from dataclasses import dataclass

from botocore.exceptions import ClientError

from cli.account import CONCURRENCY, REQUESTS, Account
from deployed.cloud import Cloud
from deployed.terminal import say


@dataclass(frozen=True)
class Quota:
    """`allowed`: None if it may not be read. `wanted`: what a brokerage of some hundred people does not notice."""

    service: str
    code: str
    what: str
    allowed: int | None
    wanted: int

    @property
    def is_enough(self) -> bool:
        return self.allowed is not None and self.allowed >= self.wanted


def quotas_of(account: Account) -> list[Quota]:
    functions = "functions at a time (Lambda, Concurrent executions)"
    requests = "requests a second (API Gateway, Throttle rate)"
    return [
        Quota("lambda", CONCURRENCY, functions, account.functions_at_a_time, 1_000),
        Quota(*REQUESTS, requests, account.requests_per_second, 10_000),
    ]


def show_quotas(cloud: Cloud, *, ask: bool) -> None:
    """`ask`: AWS for more, where there is too little. Raises what boto3 raises."""
    for quota in quotas_of(Account.read(cloud)):
        allowed = "?" if quota.allowed is None else f"{quota.allowed:,}"
        say(f"  {allowed:>8} {quota.what}: {_advice(quota)}")
        if ask and not quota.is_enough:
            _ask(cloud, quota)


def _advice(quota: Quota) -> str:
    if quota.is_enough:
        return "enough"
    where = f"Service Quotas, {quota.code}"
    if quota.allowed is None:
        return f"AWS does not tell you. Look whether it is {quota.wanted:,}: {where}"
    return f"ask for {quota.wanted:,}: {where}"


def _ask(cloud: Cloud, quota: Quota) -> None:
    """Once: AWS refuses a second request for the same while it thinks about the first."""
    quotas = cloud.quotas()
    try:
        quotas.request_service_quota_increase(
            ServiceCode=quota.service, QuotaCode=quota.code, DesiredValue=float(quota.wanted)
        )
    except ClientError as error:
        say(f"           AWS did not take the request: {error.response['Error']['Message'] or 'it gives no reason'}")
    else:
        say("           AWS is asked; it answers by mail, mostly within two days")
