"""Frames between a client and us: how a request is read, and what every reply looks like."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, StringConstraints

from openhouse.core import json_text
from openhouse.core.errors import BadFrame, FrameTooLarge, OpenhouseError
from openhouse.core.wire import Wire

MAX_FRAME_BYTES = 32 * 1024  # API Gateway's own limit; the emulator has none

MAX_ID_LENGTH = 64

RequestId = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_LENGTH)]


class Request(Wire):
    """What every request holds. An action's own model adds `action: Literal["<its name>"]`, and its parameters."""

    model_config = ConfigDict(strict=True)

    id: RequestId


class Hint(Request):
    """What is said often, and needs no answer. `silent`: nothing is replied, unless it is refused."""

    silent: bool = False


class Reply(Wire):
    """What every reply to a request that succeeded holds: `reply` is the request's `id`."""

    reply: str
    ok: Literal[True]


def request_id(frame: str) -> str | None:
    """The id to answer to, as far as a faulty frame has one."""
    try:
        id_ = read_object(frame).get("id")
    except (BadFrame, FrameTooLarge):
        return None
    return id_ if isinstance(id_, str) and len(id_) <= MAX_ID_LENGTH and _is_unicode(id_) else None


def _is_unicode(text: str) -> bool:
    """JSON can spell half a surrogate pair, which no reply could repeat."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def read_object(frame: str) -> dict[str, Any]:
    """The JSON object in a frame. Raises FrameTooLarge or BadFrame."""
    if len(frame.encode()) > MAX_FRAME_BYTES:
        raise FrameTooLarge(f"a frame may hold {MAX_FRAME_BYTES} bytes")
    try:
        content = json_text.parse(frame)
    except (ValueError, RecursionError) as error:
        raise BadFrame("a frame must be one JSON object, with every name in an object once") from error
    if not isinstance(content, dict):
        raise BadFrame("a frame must be one JSON object")
    return content


def success(request: Request, **content: Any) -> dict[str, Any]:
    return {"reply": request.id, "ok": True, **content}


def failure(id_: str | None, error: OpenhouseError) -> dict[str, Any]:
    cause = {"code": error.code, "message": error.message, "retryable": error.retryable}
    return {"reply": id_, "ok": False, "error": {**cause, **error.extra}}
