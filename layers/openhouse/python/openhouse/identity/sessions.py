"""From a bearer token or a ticket to a principal: what the authorizer asks."""

from __future__ import annotations

from typing import cast, get_args

from openhouse.core.principal import Principal, Role
from openhouse.identity.directory import Directory, is_id
from openhouse.identity.tokens import Claims, Verifier, bearer
from openhouse.rooms.connections import Connections


class Sessions:
    def __init__(self, verifier: Verifier, directory: Directory, connections: Connections) -> None:
        self._verifier = verifier
        self._directory = directory
        self._connections = connections

    def claims(self, authorization: str | None) -> Claims:
        """Of the token in this header. Raises Unauthenticated or TokenExpired."""
        return self._verifier.verify(bearer(authorization))

    def by_claims(self, claims: Claims) -> Principal:
        """Raises UserUnknown, or TokenExpired of a token that was revoked."""
        return self._directory.bearer(claims.user_id, claims.expires_at, claimed=_claimed(claims))

    def by_ticket(self, ticket: str, origin: str | None) -> Principal:
        """`origin`: of the page that opens the socket. Raises TicketInvalid."""
        return self._connections.redeem(ticket, origin=origin)


def _claimed(claims: Claims) -> Principal | None:
    """The principal that the claims describe, if they describe one."""
    broker, team, role = (claims.everything.get(name) for name in ("brokerId", "teamId", "role"))
    ids = [claims.user_id, broker, *([] if team is None else [team])]
    if role not in get_args(Role) or not all(isinstance(id_, str) and is_id(id_) for id_ in ids):
        return None
    return Principal(
        user_id=claims.user_id,
        brokerage_id=str(broker),
        role=cast("Role", role),
        team_ids=() if team is None else (str(team),),
        expires_at=claims.expires_at,
        name=str(claims.everything.get("name", "")),
        email=str(claims.everything.get("email", "")),
    )
