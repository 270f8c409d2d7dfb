"""`quotas` and `token-secret`: what is asked of an account before people depend on it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cli.account import Account
from cli.quotas import quotas_of, show_quotas
from cli.token_secret import keep_token_secret
from deployed.cloud import Cloud
from deployed.terminal import CommandFailed


class FakeAccount(Cloud):
    """One whose quotas are these. `refusal`: what Service Quotas says to a request."""

    def __init__(self, *, functions: int, requests: int, refusal: str = "") -> None:
        self.__dict__.update(allowed=(functions, requests), refusal=refusal, asked=[], kept={})

    @property
    def asked(self) -> list[dict[str, Any]]:
        return list(self.__dict__["asked"])

    @property
    def kept(self) -> dict[str, str]:
        return dict(self.__dict__["kept"])

    def functions(self) -> Any:
        return self

    quotas = rest_apis = secrets = functions
    exceptions = type("Exceptions", (), {"ResourceExistsException": FileExistsError})

    def get_account_settings(self) -> Any:
        return {"AccountLimit": {"ConcurrentExecutions": self.__dict__["allowed"][0]}}

    def get_account(self) -> Any:
        return {}

    def get_service_quota(self, **_asked: Any) -> Any:
        return {"Quota": {"Value": self.__dict__["allowed"][1]}}

    get_aws_default_service_quota = get_service_quota

    def request_service_quota_increase(self, **asked: Any) -> None:
        if refusal := self.__dict__["refusal"]:
            raise ClientError({"Error": {"Code": "x", "Message": refusal}}, "RequestServiceQuotaIncrease")
        self.__dict__["asked"].append(asked)

    def create_secret(self, Name: str, SecretString: str) -> Any:  # noqa: N803 - AWS's names
        if Name in self.kept:
            raise FileExistsError
        return self.put_secret_value(Name, SecretString)

    def put_secret_value(self, SecretId: str, SecretString: str) -> Any:  # noqa: N803
        self.__dict__["kept"][SecretId] = SecretString
        return {"ARN": f"arn:{SecretId}"}


def test_only_what_is_too_little_is_asked_for_and_only_if_one_says_so(capsys: pytest.CaptureFixture[str]):
    account = FakeAccount(functions=10, requests=10_000)
    show_quotas(account, ask=False)
    assert account.asked == []
    said = capsys.readouterr().out
    assert "10 functions at a time (Lambda, Concurrent executions): ask for 1,000: Service Quotas, L-B99A9384" in said
    assert "10,000 requests a second (API Gateway, Throttle rate): enough" in said
    show_quotas(account, ask=True)
    assert account.asked == [{"ServiceCode": "lambda", "QuotaCode": "L-B99A9384", "DesiredValue": 1_000.0}]


def test_that_aws_does_not_take_a_request_is_said_and_ends_nothing(capsys: pytest.CaptureFixture[str]):
    show_quotas(FakeAccount(functions=10, requests=2_500, refusal="one is open already"), ask=True)
    assert capsys.readouterr().out.count("AWS did not take the request: one is open already") == 2


def test_a_quota_that_may_not_be_read_is_said_to_be_looked_at(capsys: pytest.CaptureFixture[str]):
    class Silent(FakeAccount):
        def get_service_quota(self, **_asked: Any) -> Any:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetServiceQuota")

        get_aws_default_service_quota = get_service_quota

    show_quotas(Silent(functions=1_000, requests=0), ask=False)
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.split(": ", 1)[0].split()[0] == "?"
    assert last.endswith("AWS does not tell you. Look whether it is 10,000: Service Quotas, L-8A5B8E43")


def test_a_quota_that_may_not_be_read_is_not_taken_for_enough():
    _, requests = quotas_of(Account(1_000, None, ""))
    assert not requests.is_enough


def test_a_secret_is_made_once_and_has_another_value_the_next_time(capsys: pytest.CaptureFixture[str]):
    account = FakeAccount(functions=10, requests=10)
    for secret in ("a" * 32, "b" * 32):
        keep_token_secret(account, "crm/tokens", secret)
        assert '"hs256SecretArn": "arn:crm/tokens"' in capsys.readouterr().out
    assert account.kept == {"crm/tokens": "b" * 32}


def test_a_secret_that_can_be_guessed_is_refused():
    with pytest.raises(CommandFailed, match="at least 32 bytes"):
        keep_token_secret(FakeAccount(functions=1, requests=1), "crm/tokens", "secret")
