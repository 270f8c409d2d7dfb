"""Who is calling: a bearer token for REST, a one-use ticket for a socket."""

from typing import Any

from openhouse.core.errors import TicketInvalid, TokenExpired, Unauthenticated, UserUnknown
from openhouse.core.observability import logger, observed
from openhouse.functions import AUTHORIZER
from openhouse.identity import authorizer_context
from openhouse.identity.tokens import Claims

SESSIONS = AUTHORIZER.start()


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return _rest(event) if event.get("version") == "2.0" else _socket(event)


def _rest(event: dict[str, Any]) -> dict[str, Any]:
    """API Gateway keeps the answer for a while: none says what may be different by then."""
    try:
        context = _context(SESSIONS.claims(authorizer_context.header(event, "authorization")))
    except Unauthenticated as error:
        logger.info("refused", reason=error.message)
        return {"isAuthorized": False}
    except TokenExpired as error:  # by itself, or it was revoked: for good
        context = authorizer_context.refusal(error)
    return {"isAuthorized": True, "context": context}


def _context(claims: Claims) -> dict[str, str]:
    """Raises TokenExpired."""
    try:
        return authorizer_context.context(SESSIONS.by_claims(claims))
    except UserUnknown as error:
        return authorizer_context.unknown(claims.user_id, claims.expires_at, error)


def _socket(event: dict[str, Any]) -> dict[str, Any]:
    try:
        ticket = (event.get("queryStringParameters") or {}).get("ticket", "")
        principal = SESSIONS.by_ticket(ticket, authorizer_context.header(event, "origin"))
    except TicketInvalid:
        return authorizer_context.policy("Deny", "nobody", event["methodArn"])
    return {
        **authorizer_context.policy("Allow", principal.user_id, event["methodArn"]),
        "context": authorizer_context.socket_context(principal),
    }
