"""Everything that can go wrong and that a caller is told of: one tree, listed in docs/protocol.md.

`code` is stable, `status` is the HTTP status, `retryable` says whether the same request may succeed later.
Extra keyword arguments become members of the problem document (RFC 9457) and must be JSON-able.
"""

from __future__ import annotations

from typing import Any, ClassVar


class OpenhouseError(Exception):
    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong on our side"
    retryable: ClassVar[bool] = True

    def __init__(self, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.extra = extra

    def problem(self) -> dict[str, Any]:
        """The RFC 9457 document."""
        return {
            "type": f"urn:openhouse:error:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.message,
            "retryable": self.retryable,
            **self.extra,
        }


class InternalError(OpenhouseError):
    """The catch-all at the edge; its message never names a cause."""


class RequestError(OpenhouseError):
    """The caller must change something before trying again."""

    retryable = False


class MalformedJson(RequestError):
    code, status, title = "malformed_json", 400, "The body is not a JSON object"


class BadParameter(RequestError):
    code, status, title = "bad_parameter", 400, "A query parameter or header is not acceptable"


class TokenMissing(RequestError):
    code, status, title = "token_missing", 401, "This call needs a bearer token"


class TokenExpired(RequestError):
    code, status, title = "token_expired", 401, "The token has expired"


class TokenInvalid(RequestError):
    code, status, title = "token_invalid", 401, "The token is not acceptable"


class Forbidden(RequestError):
    code, status, title = "forbidden", 403, "Not allowed"


class UserUnknown(RequestError):
    code, status, title = "user_unknown", 403, "The directory does not know this user"


class NotFound(RequestError):
    code, status, title = "not_found", 404, "There is nothing here that you can reach"


class Conflict(RequestError):
    code, status, title = "conflict", 409, "The request contradicts what is stored"


class IdempotencyMismatch(RequestError):
    code, status, title = "idempotency_mismatch", 409, "This Idempotency-Key belongs to another request"


class InvalidTransition(RequestError):
    code, status, title = "invalid_transition", 409, "The status cannot change like this"


class StaleVersion(RequestError):
    code, status, title = "stale_version", 412, "The record has changed meanwhile"


class TooLarge(RequestError):
    code, status, title = "too_large", 413, "The request or the record is too large"


class Invalid(RequestError):
    """`errors` is a list of `{field, message}`."""

    code, status, title = "invalid", 422, "Some fields are not acceptable"


def invalid(*wrong: tuple[str, str]) -> Invalid:
    """Of pairs of a field and what is wrong with it; so many and so long that a person can read them."""
    wrong = tuple((field[:200], message[:300]) for field, message in wrong[:20])
    errors = [{"field": field, "message": message} for field, message in wrong]
    return Invalid("; ".join(f"{field}: {message}" for field, message in wrong[:5]), errors=errors)


class Busy(OpenhouseError):
    code, status, title = "busy", 503, "Too many changes at once"


class RateLimited(OpenhouseError):
    """`retryAfterSeconds` says when to try again."""

    code, status, title = "rate_limited", 429, "This connection asks for too much"


class TooManySockets(RequestError):
    code, status, title = "too_many_sockets", 429, "This person has too many sockets open"


class IssuerUnavailable(OpenhouseError):
    code, status, title = "issuer_unavailable", 503, "The issuer of the token does not tell its keys"


class BadFrame(RequestError):
    code, status, title = "bad_frame", 400, "The frame is not a JSON object"


class FrameTooLarge(RequestError):
    code, status, title = "frame_too_large", 413, "The frame is too large"


class UnknownAction(RequestError):
    code, status, title = "unknown_action", 400, "There is no such action"


class InvalidMessage(RequestError):
    code, status, title = "invalid_message", 422, "The message is not acceptable"


class TicketInvalid(RequestError):
    code, status, title = "ticket_invalid", 401, "The ticket is unknown, used or expired"


class SessionExpired(RequestError):
    code, status, title = "session_expired", 401, "The session behind this socket has ended"
