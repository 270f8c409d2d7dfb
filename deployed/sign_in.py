"""Signing in as a client does: Cognito's InitiateAuth over plain HTTP, without AWS credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx
import jwt

from deployed.endpoints import Endpoints
from deployed.terminal import CommandFailed

_AUTHENTICATOR = "SOFTWARE_TOKEN_MFA"  # the challenge of a one-time code

DEMO_PASSWORD = "Openhouse-demo-1"  # noqa: S105 - of the demo people, who exist on this machine only


@dataclass(frozen=True)
class Session:
    """`token` is the ID token, which the APIs take as the bearer token until `expires_at`."""

    token: str
    expires_at: datetime
    user_id: str
    refresh_token: str = ""  # Cognito takes it once, within a week of the sign-in


def sign_in(
    endpoints: Endpoints,
    email: str,
    password: str,
    *,
    code: Callable[[str], str] | None = None,
    transport: httpx.BaseTransport | None = None,
) -> Session:
    """`code(email)`: the one that the person's authenticator app shows now, asked for if they have set one up.

    Raises CommandFailed with Cognito's reason if it refuses.
    """
    with httpx.Client(transport=transport, timeout=30) as client:
        call = partial(_call, client, endpoints, email)
        answer = call("InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=_named(email, PASSWORD=password))
        if answer.get("ChallengeName") == _AUTHENTICATOR and code is not None:
            answer = call(
                "RespondToAuthChallenge",
                ChallengeName=_AUTHENTICATOR,
                ChallengeResponses=_named(email, SOFTWARE_TOKEN_MFA_CODE=code(email)),
                Session=answer["Session"],
            )
    if "AuthenticationResult" not in answer:
        raise CommandFailed(
            f"{email} cannot sign in with a password alone: {answer.get('ChallengeName')} is asked for."
        )
    return _session(answer["AuthenticationResult"])


def renewed(
    session: Session, endpoints: Endpoints, email: str, *, transport: httpx.BaseTransport | None = None
) -> Session:
    """The session with a new token, without another password or code. Raises CommandFailed as `sign_in`."""
    with httpx.Client(transport=transport, timeout=30) as client:
        answer = _call(client, endpoints, email, "GetTokensFromRefreshToken", RefreshToken=session.refresh_token)
    return _session({"RefreshToken": session.refresh_token, **answer["AuthenticationResult"]})


def _session(result: Mapping[str, str]) -> Session:
    token = result["IdToken"]
    # The APIs verify the token; its holder only needs to read it.
    claims = jwt.decode(token, options={"verify_signature": False})
    return Session(
        token=token,
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        user_id=claims["sub"],
        refresh_token=result.get("RefreshToken", ""),
    )


def _named(email: str, **answers: str) -> dict[str, str]:
    return {"USERNAME": email, **answers}


def _call(client: httpx.Client, endpoints: Endpoints, email: str, action: str, **request: Any) -> dict[str, Any]:
    try:
        response = client.post(
            endpoints.cognito_url + "/",
            headers={
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": f"AWSCognitoIdentityProviderService.{action}",
            },
            json={"ClientId": endpoints.client_id, **request},
        )
        answer: dict[str, Any] = response.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise CommandFailed(f"Cannot sign in at {endpoints.cognito_url}: {error or type(error).__name__}.") from error
    if response.is_error:
        raise CommandFailed(f"{email} cannot sign in: {answer.get('message', response.reason_phrase)}")
    return answer
