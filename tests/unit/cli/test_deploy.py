"""`deploy` finds out what it can: the certificate of a domain, what options of the CDK choose; and says the address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cli.account import configured
from cli.certificates import certificate_of, covers
from cli.deploy import _is_bootstrapped, _summary, check_topic, give_up_failed_creation
from deployed.cloud import Cloud
from deployed.terminal import CommandFailed
from tests.unit.deployed.examples import ON_AWS


class FakeCertificates(Cloud):
    """An account with these certificates."""

    def __init__(self, *summaries: dict[str, Any]) -> None:
        object.__setattr__(self, "summaries", summaries)

    def certificates(self) -> Any:
        return self

    def get_paginator(self, name: str) -> Any:
        assert name == "list_certificates"
        return self

    def paginate(self, **asked: Any) -> list[Any]:
        assert asked["CertificateStatuses"] == ["ISSUED"]
        return [{"CertificateSummaryList": [each]} for each in self.__dict__["summaries"]]


def certificate(arn: str, name: str, *others: str, ends: str = "2027-01-01") -> dict[str, Any]:
    return {"CertificateArn": arn, "DomainName": name, "SubjectAlternativeNameSummaries": [*others], "NotAfter": ends}


def test_the_certificate_of_a_domain_is_the_one_that_covers_it_and_ends_last():
    account = FakeCertificates(
        certificate("other", "example.com"),
        certificate("older", "crm.example.com"),
        certificate("newer", "example.com", "*.example.com", ends="2027-06-01"),
        certificate("deeper", "a.crm.example.com", ends="2028-01-01"),
    )
    assert certificate_of(account, "crm.example.com") == "newer"


def test_a_domain_without_a_certificate_is_told_before_anything_is_deployed():
    with pytest.raises(CommandFailed, match=r"no issued certificate of crm\.example\.com in us-east-1"):
        certificate_of(FakeCertificates(certificate("other", "example.com")), "crm.example.com")


@pytest.mark.parametrize(
    ("name", "covered"),
    [("crm.example.com", True), ("*.example.com", True), ("*.com", False), ("example.com", False), ("*.b.c", False)],
)
def test_a_wildcard_stands_for_one_part_of_a_name(name: str, covered: bool):
    assert covers([name], "crm.example.com") is covered


def test_what_options_of_the_cdk_choose_counts_like_what_cdk_json_says():
    options = ["--context", "webDomain=crm.example.com", "-c", "workers=9", "--context=pingSeconds=60", "-c", "new=a=b"]
    changed = {"webDomain": "crm.example.com", "workers": "9", "pingSeconds": "60", "new": "a=b"}
    assert configured(options) == {**configured(), **changed}
    assert configured(["--require-approval", "never"]) == configured()


def test_the_address_is_said_and_for_a_domain_where_its_name_has_to_lead():
    app = replace(ON_AWS, web_url="https://d1.cloudfront.net", web_target="d1.cloudfront.net")
    assert "  Web app      https://d1.cloudfront.net\n  API " in _summary(app)
    own = _summary(replace(app, web_url="https://crm.example.com"))
    assert "Web app      https://crm.example.com" in own
    assert "to d1.cloudfront.net" in own
    assert "Web app" not in _summary(ON_AWS)


class FakeStacks(Cloud):
    """An account with these stacks, by name: in which state each is, and whether it is protected."""

    stacks: dict[str, tuple[str, bool]]

    def __init__(self, **stacks: tuple[str, bool]) -> None:
        object.__setattr__(self, "stacks", stacks)

    def cloudformation(self) -> Any:
        return self

    def describe_stacks(self, *, StackName: str) -> Any:  # noqa: N803 - boto3's own name
        if StackName not in self.stacks:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "does not exist"}}, "DescribeStacks")
        status, is_protected = self.stacks[StackName]
        return {"Stacks": [{"StackStatus": status, "EnableTerminationProtection": is_protected}]}

    def update_termination_protection(self, *, StackName: str, EnableTerminationProtection: bool) -> None:  # noqa: N803
        self.stacks[StackName] = (self.stacks[StackName][0], EnableTerminationProtection)


DATA = "Openhouse-Data"


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED"])
def test_a_data_stack_that_never_came_to_be_no_longer_stands_in_the_way(status: str):
    account = FakeStacks(**{DATA: (status, True)})
    give_up_failed_creation(account)
    assert account.stacks == {DATA: (status, False)}


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"])
def test_a_data_stack_that_holds_something_stays_protected(status: str):
    account = FakeStacks(**{DATA: (status, True)})
    give_up_failed_creation(account)
    assert account.stacks == {DATA: (status, True)}
    give_up_failed_creation(FakeStacks())


def test_a_toolkit_stack_that_could_not_be_created_is_created_anew():
    assert _is_bootstrapped(FakeStacks(CDKToolkit=("CREATE_COMPLETE", False)))
    assert not _is_bootstrapped(FakeStacks(CDKToolkit=("ROLLBACK_COMPLETE", False)))
    assert not _is_bootstrapped(FakeStacks())


def test_alarms_that_cannot_tell_their_topic_are_refused_before_anything_is_deployed():
    topic = "arn:aws:sns:us-east-1:111122223333:operators"
    check_topic("", "eu-west-1")
    check_topic(topic, "us-east-1")
    with pytest.raises(CommandFailed, match="alarms of eu-west-1 can only tell topics of eu-west-1"):
        check_topic(topic, "eu-west-1")
