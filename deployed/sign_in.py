"""Signing in as a client does: Cognito's InitiateAuth over plain HTTP, without AWS credentials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import jwt

from deployed.endpoints import Endpoints
from deployed.terminal import CommandFailed

DEMO_PASSWORD = "Openhouse-demo-1"  # noqa: S105 - of the demo people, who exist on this machine only


@dataclass(frozen=True)
class Session:
    """`token` is the ID token, which the APIs take as the bearer token until `expires_at`."""

    token: str
    expires_at: datetime
    user_id: str


def sign_in(endpoints: Endpoints, email: str, password: str, transport: httpx.BaseTransport | None = None) -> Session:
    """Raises CommandFailed with Cognito's reason if it refuses."""
    try:
        with httpx.Client(transport=transport, timeout=30) as client:
            response = client.post(
                endpoints.cognito_url + "/",
                headers={
                    "Content-Type": "application/x-amz-json-1.1",
                    "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
                },
                json={
                    "AuthFlow": "USER_PASSWORD_AUTH",
                    "ClientId": endpoints.client_id,
                    "AuthParameters": {"USERNAME": email, "PASSWORD": password},
                },
            )
            answer = response.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise CommandFailed(f"Cannot sign in at {endpoints.cognito_url}: {error or type(error).__name__}.") from error
    if response.is_error:
        raise CommandFailed(f"{email} cannot sign in: {answer.get('message', response.reason_phrase)}")
    if "AuthenticationResult" not in answer:
        raise CommandFailed(
            f"{email} cannot sign in with a password alone: {answer.get('ChallengeName')} is asked for."
        )
    token = answer["AuthenticationResult"]["IdToken"]
    # The APIs verify the token; its holder only needs to read it.
    claims = jwt.decode(token, options={"verify_signature": False})
    return Session(token=token, expires_at=datetime.fromtimestamp(claims["exp"], UTC), user_id=claims["sub"])
