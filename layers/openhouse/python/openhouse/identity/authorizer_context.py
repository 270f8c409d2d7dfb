"""How the authorizer tells the other functions who is calling: in API Gateway's authorizer context.

A token that was genuine and is refused all the same, because it has ended or its user is unknown, reaches the function
without a principal, and is answered by a problem that says so. Nothing can be named without a principal's rooms.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from openhouse.core.errors import (
    OpenhouseError,
    TokenExpired,
    Unauthenticated,
    UserUnknown,
)
from openhouse.core.principal import Principal

_REFUSALS: dict[str, type[OpenhouseError]] = {kind.code: kind for kind in (TokenExpired, UserUnknown)}


def header(event: Mapping[str, Any], name: str) -> str | None:
    """Of an event of either API. `name` in lower case: WebSocket APIs keep the case that a browser has written."""
    headers: Mapping[str, str] = event.get("headers") or {}
    return next((value for key, value in headers.items() if key.lower() == name), None)


def context(principal: Principal) -> dict[str, str]:
    """Text values only, as WebSocket APIs demand."""
    return {"principal": json.dumps(principal.document())}


def socket_context(principal: Principal) -> dict[str, str]:
    """API Gateway allows a socket's authorizer 8 KB: of several teams none is told, the first `sync` asks for them."""
    return context(principal if len(principal.team_ids) <= 1 else replace(principal, team_ids=()))


def policy(effect: Literal["Allow", "Deny"], principal_id: str, resource: str) -> dict[str, Any]:
    """What a WebSocket API is told of a connection, beside the context."""
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {"principalId": principal_id, "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


def refusal(error: OpenhouseError) -> dict[str, str]:
    return {"refusal": error.code, "detail": error.message}


@dataclass(frozen=True)
class Caller:
    """Whose token it was, until when it holds, and who they were when the authorizer was asked.

    Without a principal the directory did not know them then, and `detail` says what they are to do.
    """

    user_id: str
    expires_at: int
    principal: Principal | None
    detail: str = ""


def unknown(user_id: str, expires_at: int, error: UserUnknown) -> dict[str, str]:
    """Of a genuine token whose user the directory does not know: it may, when it is asked again."""
    return {**refusal(error), "userId": user_id, "expiresAt": str(expires_at)}


def caller_of(authorizer_context: Mapping[str, Any] | None) -> Caller:
    """Whose token the authorizer let in. Raises as `principal_of`, but for who is unknown."""
    carried = authorizer_context or {}
    if "userId" in carried:
        return Caller(carried["userId"], int(carried["expiresAt"]), None, carried["detail"])
    principal = principal_of(carried)
    return Caller(principal.user_id, principal.expires_at, principal)


def principal_of(authorizer_context: Mapping[str, Any] | None) -> Principal:
    """Whom the authorizer let in. Raises the error it refused them with; Unauthenticated if it was never asked."""
    carried = authorizer_context or {}
    if "principal" in carried:
        return Principal.from_document(json.loads(carried["principal"]))
    kind = _REFUSALS.get(carried.get("refusal", ""), Unauthenticated)
    raise kind(carried.get("detail", "send the header Authorization: Bearer <token>"))
