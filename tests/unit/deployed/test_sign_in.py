from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import jwt
import pytest

from deployed.sign_in import sign_in
from deployed.terminal import CommandFailed
from tests.unit.deployed.examples import ON_AWS


def cognito(status: int, answer: dict[str, Any], heard: list[httpx.Request] | None = None) -> httpx.MockTransport:
    def respond(request: httpx.Request) -> httpx.Response:
        if heard is not None:
            heard.append(request)
        return httpx.Response(status, json=answer)

    return httpx.MockTransport(respond)


def test_the_session_knows_its_person_and_its_end():
    token = jwt.encode({"sub": "u-1", "exp": 1_800_000_000}, "key-of-thirty-two-characters-or-so")
    heard: list[httpx.Request] = []
    answer = cognito(200, {"AuthenticationResult": {"IdToken": token}}, heard)
    session = sign_in(ON_AWS.endpoints, "ava@demo.test", "secret", answer)
    assert (session.token, session.user_id) == (token, "u-1")
    assert session.expires_at == datetime(2027, 1, 15, 8, tzinfo=UTC)
    assert heard[0].headers["X-Amz-Target"] == "AWSCognitoIdentityProviderService.InitiateAuth"
    assert json.loads(heard[0].content)["AuthParameters"] == {"USERNAME": "ava@demo.test", "PASSWORD": "secret"}


def test_a_refusal_gives_the_reason_and_not_the_password():
    answer = cognito(400, {"__type": "NotAuthorizedException", "message": "Incorrect username or password."})
    with pytest.raises(CommandFailed) as failure:
        sign_in(ON_AWS.endpoints, "ava@demo.test", "secret", answer)
    assert str(failure.value) == "ava@demo.test cannot sign in: Incorrect username or password."


def test_a_challenge_is_named():
    with pytest.raises(CommandFailed, match="NEW_PASSWORD_REQUIRED"):
        sign_in(ON_AWS.endpoints, "ava@demo.test", "secret", cognito(200, {"ChallengeName": "NEW_PASSWORD_REQUIRED"}))


def test_nothing_answering_is_a_sentence():
    def refuse(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused")

    with pytest.raises(CommandFailed, match=r"^Cannot sign in at .*: connection refused\.$"):
        sign_in(ON_AWS.endpoints, "ava@demo.test", "secret", httpx.MockTransport(refuse))
