"""`openhouse revoke`: all sessions of a person end. They can sign in anew with their password.

First their tokens are refused, by what the directory says of them: every request and every `sync` reads that. Only then
are sockets closed: whatever opens meanwhile is refused in turn. A ticket is as good as the token it was issued for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from rich.text import Text

from cli.operating.gateway import gateway_of
from cli.operating.installation import Installation, brokerages, person
from cli.operating.look import count
from deployed.terminal import CommandFailed
from openhouse.core import clock
from openhouse.core.errors import OpenhouseError, SessionExpired
from openhouse.core.room_names import user_room
from openhouse.identity.directory import User
from openhouse.rooms.gateway import Gateway, closing_frame, post_one
from openhouse.services import Services

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

ENDED = SessionExpired("your sessions were ended; sign in again")
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}


@dataclass(frozen=True)
class Revoked:
    """`refused_until`: tokens that end by then are refused. `signed_out`: whether the user pool knows their login."""

    user: User
    refused_until: datetime
    sockets: tuple[str, ...]
    signed_out: bool


def revoke(installation: Installation, who: str, now: datetime, tokens_last: timedelta | None = None) -> Revoked:
    """`tokens_last`: of an issuer other than the deployment's user pool. Raises CommandFailed, and as boto3 does."""
    services, cloud = installation.services, installation.cloud
    brokerage_id, user = person(services, who, brokerages(services))
    endpoints, cognito = installation.deployment.endpoints, cloud.cognito()
    if tokens_last is None:
        tokens_last = _lifetime(cognito, endpoints.user_pool_id, endpoints.client_id)
    signed_out, at = _sign_out(cognito, endpoints.user_pool_id, user.email)
    gateway = gateway_of(cloud, installation.deployment)
    try:
        return end_sessions(services, gateway, brokerage_id, user, (at or now) + tokens_last, signed_out=signed_out)
    finally:
        gateway.shutdown()


def end_sessions(
    services: Services, gateway: Gateway, brokerage_id: str, user: User, until: datetime, *, signed_out: bool
) -> Revoked:
    """Of the tokens that end by then, and of all sockets that are open. Raises CommandFailed."""
    try:
        services.directory.revoke_tokens(brokerage_id, user.user_id, clock.seconds(until))
    except OpenhouseError as error:
        raise CommandFailed(f"{user.name} is not signed out: {error.message}.") from error
    sockets = services.connections.of_user(user.user_id)
    for socket in sockets:
        post_one(gateway, socket, [closing_frame(ENDED)])
        services.connections.forget(socket, found_in=[user_room(user.user_id)])
    gateway.close(sockets)
    return Revoked(user, until, tuple(sockets), signed_out)


def document(done: Revoked) -> dict[str, Any]:
    return {
        "userId": done.user.user_id,
        "email": done.user.email,
        "tokensRefusedUntil": clock.to_wire(done.refused_until),
        "closedConnections": list(done.sockets),
        "signedOutOfUserPool": done.signed_out,
    }


def lines(done: Revoked) -> list[str | Text]:
    pool = (
        "None is renewed." if done.signed_out else "The user pool has no such login: renewing them is up to its issuer."
    )
    return [
        f"All sessions of {done.user.name} ({done.user.email}) have ended.",
        f"{count(len(done.sockets), 'socket')} closed.",
        f"Tokens and tickets of before are refused. {pool}",
        "They can sign in again with their password.",
    ]


def _sign_out(cognito: CognitoIdentityProviderClient, pool_id: str, email: str) -> tuple[bool, datetime | None]:
    """Whether the pool knows them; and AWS's own time: ours may be late, and tokens would be left out."""
    try:
        answer: Any = cognito.admin_user_global_sign_out(UserPoolId=pool_id, Username=email)
    except cognito.exceptions.UserNotFoundException:
        return False, None
    date = answer["ResponseMetadata"].get("HTTPHeaders", {}).get("date")
    return True, parsedate_to_datetime(date) if date else None


def _lifetime(cognito: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> timedelta:
    """Of ID tokens, which are what is sent."""
    client = cognito.describe_user_pool_client(UserPoolId=pool_id, ClientId=client_id)["UserPoolClient"]
    unit = client.get("TokenValidityUnits", {}).get("IdToken", "hours")
    return timedelta(seconds=(client.get("IdTokenValidity") or 1) * _UNITS[unit])
