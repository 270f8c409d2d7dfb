"""What can go wrong for a client. `retryable`: the same may succeed later, without anyone changing anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class ClientError(Exception):
    """Its text is a sentence for a person. `code` is stable: the server's, or one of ours."""

    code = "client"
    retryable = True


class Unreachable(ClientError):
    """No answer: nothing listens there, or the network lost the question or the answer."""

    code = "unreachable"


class Disconnected(ClientError):
    """The socket has ended. `close_code` is the WebSocket close code; None if it broke without one."""

    code = "disconnected"

    def __init__(self, message: str, close_code: int | None = None) -> None:
        super().__init__(message)
        self.close_code = close_code


class NotConnected(ClientError):
    """There is no live socket to ask on. Nothing is queued: the caller decides what is still worth sending."""

    code = "not_connected"


class TooManyRequests(ClientError):
    """Too many requests of this socket are still without a reply."""

    code = "too_many_requests"


class TimedOut(ClientError):
    code = "timed_out"


class ProtocolError(ClientError):
    """The server said something that the protocol does not allow. A new connection may find it in better shape."""

    code = "protocol"


class FrameTooLarge(ClientError):
    code = "frame_too_large"
    retryable = False


class SignInRefused(ClientError):
    code = "sign_in_refused"
    retryable = False


class Refused(ClientError):
    """A socket request that the server answered with an error. `extra` holds what the server adds, such as `holder`."""

    def __init__(self, code: str, message: str, *, retryable: bool, extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable
        self.extra = dict(extra or {})


class Problem(ClientError):
    """A REST answer of 400 and above (RFC 9457). `extra` holds what the server adds: `errors`, `current`."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        retryable: bool,
        retry_after: float | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retryable = retryable
        self.retry_after = retry_after
        self.extra = dict(extra or {})


# A new ticket and a new connection put these right, though the same request never would.
_MENDED_BY_RECONNECTING = frozenset({"session_expired", "ticket_invalid"})


def fatal(error: ClientError) -> bool:
    """Connecting again is of no use."""
    return not error.retryable and error.code not in _MENDED_BY_RECONNECTING


def decisive(group: BaseExceptionGroup[ClientError]) -> ClientError:
    """Of what went wrong together, what decides how to go on."""
    leaves = list(_leaves(group))
    return next(filter(fatal, leaves), leaves[0])


def _leaves(group: BaseExceptionGroup[ClientError]) -> Iterator[ClientError]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
