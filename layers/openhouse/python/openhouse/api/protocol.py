"""What a client may say over its socket: one pydantic model per action."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from openhouse.core.errors import BadFrame, FrameTooLarge, InvalidMessage, UnknownAction
from openhouse.core.wire import Wire
from openhouse.rooms.position import Position

MAX_FRAME_BYTES = 32 * 1024  # API Gateway's own limit; the emulator has none

MAX_ID_LENGTH = 64

RequestId = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_LENGTH)]


class Request(Wire):
    model_config = ConfigDict(strict=True)

    id: RequestId


class Sync(Request):
    action: Literal["sync"]
    positions: Annotated[dict[str, Position], Field(max_length=500)] = {}


class Ping(Request):
    action: Literal["ping"]


class Auth(Request):
    action: Literal["auth"]
    ticket: Annotated[str, StringConstraints(min_length=1, max_length=200)]


Message = Sync | Ping | Auth
_MESSAGES: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="action")])
_ACTIONS = ("sync", "ping", "auth")


def parse(frame: str) -> Message:
    """Raises FrameTooLarge, BadFrame, UnknownAction or InvalidMessage."""
    content = read_object(frame)
    if content.get("action") not in _ACTIONS:
        raise UnknownAction(f"action must be one of {', '.join(_ACTIONS)}")
    try:
        return _MESSAGES.validate_json(frame)
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors()[:5]]
        raise InvalidMessage("; ".join(wrong)) from error


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
    if len(frame.encode()) > MAX_FRAME_BYTES:
        raise FrameTooLarge(f"a frame may hold {MAX_FRAME_BYTES} bytes")
    try:
        content = json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise BadFrame("a frame must be one JSON object") from error
    if not isinstance(content, dict):
        raise BadFrame("a frame must be one JSON object")
    return content


def success(request: Request, **content: Any) -> dict[str, Any]:
    return {"reply": request.id, "ok": True, **content}


def failure(id_: str | None, *, code: str, message: str, retryable: bool) -> dict[str, Any]:
    return {"reply": id_, "ok": False, "error": {"code": code, "message": message, "retryable": retryable}}
