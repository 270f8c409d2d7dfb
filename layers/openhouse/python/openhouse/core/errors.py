"""Everything that can go wrong and that a caller is told of: one tree, listed in docs/protocol.md.

`code` is stable, `status` is the HTTP status, `retryable` says whether the same request may succeed later.
Extra keyword arguments become members of the problem document (RFC 9457) and must be JSON-able.
"""

from __future__ import annotations

from typing import Any, ClassVar

MOST_FAULTS = 20  # of one document that a caller is told of: so many as a person reads
_LONGEST_DETAIL = 300  # characters


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
    code, status, title = "bad_parameter", 400, "A query parameter or header is not valid"


class Unauthenticated(RequestError):
    """API Gateway says it in its own words, before a function is called."""

    code, status, title = "unauthenticated", 401, "This request needs a valid bearer token"


class TokenExpired(RequestError):
    code, status, title = "token_expired", 401, "The token has expired"

    def __init__(self, message: str = "the token has expired; sign in again or refresh it") -> None:
        super().__init__(message)


class Forbidden(RequestError):
    code, status, title = "forbidden", 403, "You are not allowed to do this"


class UserUnknown(RequestError):
    code, status, title = "user_unknown", 403, "This user is not in the directory"


class NotFound(RequestError):
    code, status, title = "not_found", 404, "Not found, or not visible to you"


class Conflict(RequestError):
    code, status, title = "conflict", 409, "The request conflicts with the current state"


class IdempotencyMismatch(RequestError):
    code, status, title = "idempotency_mismatch", 409, "This Idempotency-Key was used for another request"


class InvalidTransition(RequestError):
    code, status, title = "invalid_transition", 409, "The status cannot change this way"


class StaleVersion(RequestError):
    code, status, title = "stale_version", 412, "The record has changed in the meantime"


class TooLarge(RequestError):
    code, status, title = "too_large", 413, "The request or the record is too large"


class Locked(RequestError):
    """`holder` and `until`: who is at work on the record, and until when at most. Neither, if nobody is by now."""

    code, status, title = "locked", 423, "The record is locked, or this Lock-Token is over"


class Invalid(RequestError):
    """`errors` is a list of `{field, message}`."""

    code, status, title = "invalid", 422, "Some fields are not valid"


def all_errors(base: type[OpenhouseError] = OpenhouseError) -> list[type[OpenhouseError]]:
    """Every error with a code of its own."""
    below = [each for kind in base.__subclasses__() for each in all_errors(kind)]
    return ([base] if "code" in vars(base) else []) + below


def invalid(*wrong: tuple[str, str]) -> Invalid:
    """Of pairs of a field and what is wrong with it; so many and so long that a person can read them."""
    wrong = tuple((field[:150], message[:300]) for field, message in wrong[:MOST_FAULTS])
    errors = [{"field": field, "message": message} for field, message in wrong]
    return Invalid("; ".join(f"{field}: {message}" for field, message in wrong[:5])[:_LONGEST_DETAIL], errors=errors)


class Busy(OpenhouseError):
    code, status, title = "busy", 503, "Too many concurrent changes"


class SignInBusy(OpenhouseError):
    code, status, title = "sign_in_busy", 503, "The sign-in service cannot do this now"


class NotSupported(RequestError):
    code, status, title = "not_supported", 501, "This deployment cannot do this"


class ReportedTooSoon(RequestError):
    code, status, title = "reported_too_soon", 429, "This was reported less than a minute ago"


class RateLimited(OpenhouseError):
    """`retryAfterSeconds` says when to try again."""

    code, status, title = "rate_limited", 429, "This connection sends too many requests"


class Flooding(RateLimited):
    """It was told so, again and again, and goes on asking: its socket is closed."""


class LanguageError(OpenhouseError):
    """What a task fails with that reads or writes texts; no request of its own is answered so."""


class TextTooLong(LanguageError):
    code, status, title = "text_too_long", 413, "The text is too long to be read at once"
    retryable = False


class ModelRefused(LanguageError):
    code, status, title = "model_refused", 422, "The language model will not work on this"
    retryable = False


class ModelBudgetSpent(LanguageError):
    """`retryAfterSeconds` says when the next day begins."""

    code, status, title = "model_budget_spent", 429, "The brokerage has used its language model enough for today"


class ModelMisconfigured(LanguageError):
    code, status, title = "model_misconfigured", 501, "The language model of this deployment cannot be used"
    retryable = False


class ModelOutputMalformed(LanguageError):
    code, status, title = "model_output_malformed", 502, "The language model answered what cannot be used"


class ModelBusy(LanguageError):
    code, status, title = "model_busy", 503, "The language model has too much to do"


class ModelTimedOut(LanguageError):
    code, status, title = "model_timed_out", 504, "The language model took too long"


class RoomFull(RequestError):
    code, status, title = "room_full", 507, "This room holds no more records"


class TooManySockets(RequestError):
    code, status, title = "too_many_sockets", 429, "This person has too many open sockets"


class TooManyTasks(RequestError):
    code, status, title = "too_many_tasks", 429, "This person has too many tasks at work"


class BadFrame(RequestError):
    code, status, title = "bad_frame", 400, "The frame is not a JSON object"


class FrameTooLarge(RequestError):
    code, status, title = "frame_too_large", 413, "The frame is too large"


class UnknownAction(RequestError):
    code, status, title = "unknown_action", 400, "Unknown action"


class InvalidMessage(RequestError):
    code, status, title = "invalid_message", 422, "The message is not valid"


class TicketInvalid(RequestError):
    code, status, title = "ticket_invalid", 401, "The ticket is unknown, used or expired"


class SessionExpired(RequestError):
    code, status, title = "session_expired", 401, "The session behind this socket has ended"


class SessionUnknown(SessionExpired):
    """Nothing is kept of this socket, so there is nothing to forget."""
