"""What `deploy` takes of an account, and what it says of it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cli.account import Account, Plan, configured, plan
from deployed.terminal import CommandFailed

AS_IT_IS = configured()
OWN_ROLE = "arn:aws:iam::111122223333:role/Openhouse-Data-AccountLogRole7A1-xYz"


def fitted(functions: int = 1_000, requests: int | None = 10_000, role: str = "", **chosen: Any) -> Plan:
    return plan(Account(functions, requests, role), {**AS_IT_IS, **chosen})


def test_an_account_with_the_usual_quotas_gets_what_cdk_json_says():
    assert fitted() == Plan({}, [])
    assert fitted().options == []


def test_where_api_gateway_allows_a_quarter_all_rates_are_a_quarter_and_together_no_more_than_that():
    found = fitted(requests=2_500)
    assert found.context == {"postsPerSecond": "2000", "requestsPerSecond": "250", "socketEventsPerSecond": "250"}
    assert found.options[:2] == ["--context", "postsPerSecond=2000"]
    (remark,) = found.remarks
    assert "allows this account 2,500 requests a second here, not 10,000" in remark
    assert "L-8A5B8E43" in remark


@pytest.mark.parametrize("requests", [1, 999, 2_500, 9_999, 10_000, 10_001])
def test_the_rates_together_never_exceed_the_accounts(requests: int):
    found = {**AS_IT_IS, **fitted(requests=requests).context}
    rates = ("postsPerSecond", "requestsPerSecond", "socketEventsPerSecond")
    assert sum(int(found[name]) for name in rates) <= max(requests, 0)


def test_quotas_that_may_not_be_read_are_named_and_change_nothing():
    found = fitted(requests=None)
    assert found.context == {}
    assert "has to allow 10,000 requests a second" in found.remarks[0]


def test_an_account_of_ten_functions_gets_two_workers_and_is_told_what_to_ask_for():
    found = fitted(functions=10)
    assert found.context == {"workers": "2"}
    (remark,) = found.remarks
    assert "may run 10 functions at a time, so no more than 2 workers" in remark
    assert "Concurrent executions (L-B99A9384)" in remark


def test_functions_that_cannot_be_reserved_are_refused_before_anything_is_deployed():
    assert fitted(functions=110, fanoutConcurrency=10).context == {}
    with pytest.raises(CommandFailed, match="fanoutConcurrency is 10, but of the 109 functions"):
        fitted(functions=109, fanoutConcurrency=10)


def test_a_log_role_of_somebody_else_is_left_alone_and_ours_is_kept():
    found = fitted(role="arn:aws:iam::111122223333:role/everyones-logs")
    assert found.context == {"accountLogRole": "false"}
    assert "role/everyones-logs" in found.remarks[0]
    assert fitted(role=OWN_ROLE) == Plan({}, [])
    assert fitted(role="arn:aws:iam::111122223333:role/x", accountLogRole=False) == Plan({}, [])


class FakeCloud:
    """An account as its clients tell of it. `raised`: the quota, if somebody has raised it."""

    def __init__(self, *, raised: float | None, readable: bool = True) -> None:
        self._raised = raised
        self._readable = readable

    def functions(self) -> Any:
        return self

    quotas = rest_apis = functions

    def get_account_settings(self) -> Any:
        return {"AccountLimit": {"ConcurrentExecutions": 10}}

    def get_account(self) -> Any:
        return {"throttleSettings": {"rateLimit": 10_000.0}}

    def get_service_quota(self, *, ServiceCode: str, QuotaCode: str) -> Any:  # noqa: N803 - boto3's names
        assert (ServiceCode, QuotaCode) == ("apigateway", "L-8A5B8E43")
        if self._raised is None or not self._readable:
            raise ClientError({"Error": {"Code": "NoSuchResourceException", "Message": ""}}, "GetServiceQuota")
        return {"Quota": {"Value": self._raised}}

    def get_aws_default_service_quota(self, **_: str) -> Any:
        if not self._readable:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "GetAWSDefaultServiceQuota")
        return {"Quota": {"Value": 2_500.0}}


@pytest.mark.parametrize(
    ("cloud", "requests"),
    [
        (FakeCloud(raised=20_000.0), 20_000),
        (FakeCloud(raised=None), 2_500),
        (FakeCloud(raised=None, readable=False), None),
    ],
)
def test_an_account_is_read_with_its_own_quota_or_the_regions_default(cloud: Any, requests: int | None):
    assert Account.read(cloud) == Account(10, requests, "")
