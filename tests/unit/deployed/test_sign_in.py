from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import jwt
import pytest

from deployed.sign_in import Session, renewed, sign_in
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
    session = sign_in(ON_AWS.endpoints, "ava@demo.test", "secret", transport=answer)
    assert (session.token, session.user_id) == (token, "u-1")
    assert session.expires_at == datetime(2027, 1, 15, 8, tzinfo=UTC)
    assert heard[0].headers["X-Amz-Target"] == "AWSCognitoIdentityProviderService.InitiateAuth"
    assert json.loads(heard[0].content)["AuthParameters"] == {"USERNAME": "ava@demo.test", "PASSWORD": "secret"}


def test_a_refusal_gives_the_reason_and_not_the_password():
    answer = cognito(400, {"__type": "NotAuthorizedException", "message": "Incorrect username or password."})
    with pytest.raises(CommandFailed) as failure:
        sign_in(ON_AWS.endpoints, "ava@demo.test", "secret", transport=answer)
    assert str(failure.value) == "ava@demo.test cannot sign in: Incorrect username or password."


def test_a_challenge_is_named():
    challenge = cognito(200, {"ChallengeName": "NEW_PASSWORD_REQUIRED"})
    with pytest.raises(CommandFailed, match="NEW_PASSWORD_REQUIRED"):
        sign_in(ON_AWS.endpoints, "ava@demo.test", "secret", transport=challenge)


TOKEN = jwt.encode({"sub": "u-1", "exp": 1_800_000_000}, "key-of-thirty-two-characters-or-so")


class AsksForACode:
    """Cognito for somebody who has set up an authenticator app."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        action, body = request.headers["X-Amz-Target"].partition(".")[2], json.loads(request.content)
        self.heard.append((action, body))
        if body.get("ChallengeResponses", {}).get("SOFTWARE_TOKEN_MFA_CODE") == "123456":
            return httpx.Response(200, json={"AuthenticationResult": {"IdToken": TOKEN, "RefreshToken": "again"}})
        if action == "RespondToAuthChallenge":
            return httpx.Response(400, json={"message": "Invalid code received for user"})
        if action == "GetTokensFromRefreshToken":
            return httpx.Response(200, json={"AuthenticationResult": {"IdToken": TOKEN, "RefreshToken": "next"}})
        return httpx.Response(200, json={"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "s-1"})


def test_the_code_of_an_authenticator_app_is_asked_for_and_given_with_the_challenge():
    cognito = AsksForACode()
    transport = httpx.MockTransport(cognito)
    session = sign_in(ON_AWS.endpoints, "ava@demo.test", "secret", code=lambda _email: "123456", transport=transport)
    assert (session.user_id, session.refresh_token) == ("u-1", "again")
    assert cognito.heard[1] == (
        "RespondToAuthChallenge",
        {
            "ClientId": ON_AWS.endpoints.client_id,
            "ChallengeName": "SOFTWARE_TOKEN_MFA",
            "ChallengeResponses": {"USERNAME": "ava@demo.test", "SOFTWARE_TOKEN_MFA_CODE": "123456"},
            "Session": "s-1",
        },
    )


def test_a_wrong_code_is_refused_in_cognitos_words_and_without_a_code_the_challenge_is_named():
    transport = httpx.MockTransport(AsksForACode())
    with pytest.raises(CommandFailed, match="Invalid code received"):
        sign_in(ON_AWS.endpoints, "ava@demo.test", "secret", code=lambda _email: "000000", transport=transport)
    with pytest.raises(CommandFailed, match="SOFTWARE_TOKEN_MFA"):
        sign_in(ON_AWS.endpoints, "ava@demo.test", "secret", transport=transport)


def test_a_session_is_renewed_without_another_password_or_code():
    cognito = AsksForACode()
    session = Session("old", datetime(2026, 1, 1, tzinfo=UTC), "u-1", refresh_token="again")
    new = renewed(session, ON_AWS.endpoints, "ava@demo.test", transport=httpx.MockTransport(cognito))
    assert (new.token, new.refresh_token) == (TOKEN, "next")
    assert [action for action, _ in cognito.heard] == ["GetTokensFromRefreshToken"]
    assert cognito.heard[0][1]["RefreshToken"] == "again"


def test_nothing_answering_is_a_sentence():
    def refuse(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused")

    with pytest.raises(CommandFailed, match=r"^Cannot sign in at .*: connection refused\.$"):
        sign_in(ON_AWS.endpoints, "ava@demo.test", "secret", transport=httpx.MockTransport(refuse))
