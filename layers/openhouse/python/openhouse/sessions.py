"""From a bearer token or a ticket to a principal, and how API Gateway carries that to the other functions.

A refused token still reaches the function, without a principal: so every refusal is one documented problem, where
API Gateway's own would be a bare 403 for all of them. Nothing can be named without a principal's rooms.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, cast, get_args

from openhouse.auth import Claims, Verifier, bearer
from openhouse.connections import Connections, principal_from_item
from openhouse.directory import Directory, is_id
from openhouse.errors import RequestError, TokenExpired, TokenInvalid, TokenMissing, UserUnknown
from openhouse.rooms import Principal, Role

_REFUSALS: dict[str, type[RequestError]] = {
    kind.code: kind for kind in (TokenMissing, TokenExpired, TokenInvalid, UserUnknown)
}


class Sessions:
    def __init__(
        self, verifier: Verifier, directory: Directory, connections: Connections, *, trust_claims: bool = False
    ) -> None:
        self._verifier = verifier
        self._directory = directory
        self._connections = connections
        self._trust_claims = trust_claims

    def by_token(self, authorization: str | None) -> Principal:
        """Raises TokenMissing, TokenExpired, TokenInvalid or UserUnknown."""
        claims = self._verifier.verify(bearer(authorization))
        try:
            return self._directory.principal(claims.user_id, claims.expires_at)
        except UserUnknown:
            if self._trust_claims and (claimed := _claimed(claims)):
                reach = self._directory.reach(claimed.broker_id, claimed.role, claimed.team_ids)
                return replace(claimed, team_ids=reach)
            raise

    def by_ticket(self, ticket: str) -> Principal:
        """Raises TicketInvalid."""
        return self._connections.redeem(ticket)


def context(principal: Principal) -> dict[str, str]:
    """An authorizer's context: text values only, as WebSocket APIs demand."""
    return {"principal": json.dumps(asdict(principal))}


def refusal(error: RequestError) -> dict[str, str]:
    return {"refusal": error.code, "detail": error.message}


def principal_of(authorizer_context: Mapping[str, Any] | None) -> Principal:
    """Whom the authorizer let in. Raises the error it refused them with."""
    carried = authorizer_context or {}
    if "principal" in carried:
        return principal_from_item(json.loads(carried["principal"]))
    kind = _REFUSALS.get(carried.get("refusal", ""), TokenMissing)
    raise kind(carried.get("detail", "send the header Authorization: Bearer <token>"))


def _claimed(claims: Claims) -> Principal | None:
    """The principal that a trusted issuer's own claims describe."""
    broker, team, role = (claims.everything.get(name) for name in ("brokerId", "teamId", "role"))
    ids = [claims.user_id, broker, *([] if team is None else [team])]
    if role not in get_args(Role) or not all(isinstance(id_, str) and is_id(id_) for id_ in ids):
        return None
    return Principal(
        user_id=claims.user_id,
        broker_id=str(broker),
        role=cast("Role", role),
        team_ids=() if team is None else (str(team),),
        expires_at=claims.expires_at,
        name=str(claims.everything.get("name", "")),
        email=str(claims.everything.get("email", "")),
    )
