"""Logins in a user pool (moto's), as the operator makes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
from moto import mock_aws
from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef

from deployed.cloud import Cloud
from deployed.endpoints import Deployment
from deployed.people import Operator, Person
from deployed.terminal import CommandFailed
from tests.unit.deployed.examples import ON_AWS

AVA = Person(email="ava@demo.test", name="Ava")
PASSWORD = "Openhouse-demo-1"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        session = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name="us-east-1")
        session.client("dynamodb").create_table(
            TableName=ON_AWS.table_name,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        yield Cloud(session)


@pytest.fixture
def deployment(cloud: Cloud) -> Deployment:
    pool = cloud.cognito().create_user_pool(PoolName="users", UsernameAttributes=["email"])["UserPool"]["Id"]
    return replace(ON_AWS, endpoints=replace(ON_AWS.endpoints, user_pool_id=pool))


def emails(cloud: Cloud, deployment: Deployment) -> list[str]:
    users = cloud.cognito().list_users(UserPoolId=deployment.endpoints.user_pool_id)["Users"]
    return [attribute["Value"] for user in users for attribute in user["Attributes"] if attribute["Name"] == "email"]


def test_a_login_made_twice_is_one_login(cloud: Cloud, deployment: Deployment):
    operator = Operator(cloud, deployment)
    with operator.login(AVA, PASSWORD) as first, operator.login(AVA, "Another-password-2") as second:
        assert first == second
    assert emails(cloud, deployment) == [AVA.email]


def test_a_new_login_goes_away_with_the_failure_of_what_it_was_made_for(cloud: Cloud, deployment: Deployment):
    with pytest.raises(CommandFailed), Operator(cloud, deployment).login(AVA, PASSWORD):
        raise CommandFailed
    assert emails(cloud, deployment) == []


def test_an_existing_login_survives_a_failure(cloud: Cloud, deployment: Deployment):
    operator = Operator(cloud, deployment)
    with operator.login(AVA, PASSWORD):
        pass
    with pytest.raises(CommandFailed), operator.login(AVA, PASSWORD):
        raise CommandFailed
    assert emails(cloud, deployment) == [AVA.email]


def test_a_login_whose_address_was_never_verified_is_not_adopted(cloud: Cloud, deployment: Deployment):
    operator = Operator(cloud, deployment)
    with operator.login(AVA, PASSWORD):
        pass
    unverified: list[AttributeTypeTypeDef] = [{"Name": "email_verified", "Value": "false"}]
    pool = deployment.endpoints.user_pool_id
    cloud.cognito().admin_update_user_attributes(UserPoolId=pool, Username=AVA.email, UserAttributes=unverified)
    with pytest.raises(CommandFailed, match="never verified"), operator.login(AVA, PASSWORD):
        pytest.fail("the login was adopted")


def test_a_login_that_a_directory_knows_under_another_address_is_not_adopted(cloud: Cloud, deployment: Deployment):
    operator = Operator(cloud, deployment)
    operator.found("harbor", "Harbor", AVA, PASSWORD)
    renamed: list[AttributeTypeTypeDef] = [
        {"Name": "email", "Value": "boss@demo.test"},
        {"Name": "email_verified", "Value": "true"},
    ]
    pool = deployment.endpoints.user_pool_id
    cloud.cognito().admin_update_user_attributes(UserPoolId=pool, Username=AVA.email, UserAttributes=renamed)
    boss = Person(email="boss@demo.test", name="Boss", role="admin")
    with pytest.raises(CommandFailed, match="somebody else"), operator.login(boss, PASSWORD):
        pytest.fail("the login was adopted")


def test_a_brokerage_is_founded_once(cloud: Cloud, deployment: Deployment):
    operator = Operator(cloud, deployment)
    operator.found("harbor", "Harbor", AVA, PASSWORD)
    with pytest.raises(CommandFailed, match=r"^Cannot found harbor: the brokerage harbor .* exists already\.$"):
        operator.found("harbor", "Harbor", Person(email="eve@demo.test", name="Eve"), PASSWORD)
    assert emails(cloud, deployment) == [AVA.email]


def test_the_founder_is_its_administrator(cloud: Cloud, deployment: Deployment):
    Operator(cloud, deployment).found("harbor", "Harbor", AVA, PASSWORD)
    (user,) = cloud.directory(deployment.table_name).users("harbor")
    assert (user.email, user.role) == (AVA.email, "admin")
