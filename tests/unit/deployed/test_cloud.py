from __future__ import annotations

import pytest
from botocore import exceptions
from botocore.parsers import ResponseParserError

from deployed.cloud import Cloud, aws_failure
from deployed.terminal import CommandFailed


def refusal(code: str, message: str) -> exceptions.ClientError:
    return exceptions.ClientError({"Error": {"Code": code, "Message": message}}, "GetCallerIdentity")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (exceptions.NoCredentialsError(), "No AWS credentials are found. "),
        (
            exceptions.NoRegionError(),
            "No AWS region is chosen: set AWS_REGION, for example AWS_REGION=eu-west-1. For what",
        ),
        (exceptions.ProfileNotFound(profile="crm"), "its configuration is incomplete: The config profile (crm)"),
        (
            exceptions.EndpointConnectionError(endpoint_url="http://127.0.0.1:4566/2016-08-19/account-settings"),
            "Nothing answers at http://127.0.0.1:4566. Is `make run` up",
        ),
        (
            exceptions.EndpointConnectionError(endpoint_url="https://lambda.eu-west-1.amazonaws.com/"),
            "AWS cannot be reached or its configuration is incomplete: ",
        ),
        (ResponseParserError("Unable to parse"), "What answers there is neither AWS nor its emulator. "),
        (
            refusal("ExpiredTokenException", "The token is old."),
            "AWS does not accept your credentials: The token is old. ",
        ),
        (refusal("AccessDenied", "You may not."), "AWS refused GetCallerIdentity: You may not."),
    ],
)
def test_what_aws_says_becomes_a_sentence(error: Exception, sentence: str):
    assert sentence in (aws_failure(error) or "")


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("http://127.0.0.1:4566", "http://127.0.0.1:4566"),
        ("http://localhost:4566/", "http://localhost:4566"),
        ("127.0.0.1:4566", "http://127.0.0.1:4566"),
    ],
)
def test_an_emulator_is_named_with_or_without_its_scheme(given: str, taken: str):
    assert Cloud.chosen(given).emulator_url == taken


@pytest.mark.parametrize("given", ["", "nowhere", "http://", "http://127.0.0.1", "ftp://127.0.0.1:1", "127.0.0.1:many"])
def test_what_is_no_address_of_an_emulator_is_said_to_be_none(given: str):
    with pytest.raises(CommandFailed, match="is no address of an emulator, such as"):
        Cloud.chosen(given)


def test_what_is_not_of_aws_has_no_such_sentence():
    assert aws_failure(ValueError("ours")) is None
