from __future__ import annotations

import pytest
from botocore import exceptions

from deployed.cloud import aws_failure


def refusal(code: str, message: str) -> exceptions.ClientError:
    return exceptions.ClientError({"Error": {"Code": code, "Message": message}}, "GetCallerIdentity")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (exceptions.NoCredentialsError(), "No AWS credentials are found. "),
        (exceptions.NoRegionError(), "No AWS region is chosen: set AWS_REGION"),
        (exceptions.ProfileNotFound(profile="crm"), "its configuration is incomplete: The config profile (crm)"),
        (
            refusal("ExpiredTokenException", "The token is old."),
            "AWS does not accept your credentials: The token is old. ",
        ),
        (refusal("AccessDenied", "You may not."), "AWS refused GetCallerIdentity: You may not."),
    ],
)
def test_what_aws_says_becomes_a_sentence(error: Exception, sentence: str):
    assert sentence in (aws_failure(error) or "")


def test_what_is_not_of_aws_has_no_such_sentence():
    assert aws_failure(ValueError("ours")) is None
