"""Every action of the socket. The parser, the dispatcher and the contract read this one list."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from openhouse.api.actions.action import Action
from openhouse.api.actions.auth import AUTH
from openhouse.api.actions.lock import LOCK, UNLOCK
from openhouse.api.actions.ping import PING
from openhouse.api.actions.presence import PRESENCE
from openhouse.api.actions.sync import SYNC
from openhouse.api.actions.typing import TYPING
from openhouse.api.actions.view import VIEW
from openhouse.api.protocol import Request, read_object
from openhouse.core.complaints import complaint
from openhouse.core.errors import InvalidMessage, UnknownAction

ACTIONS: tuple[Action[Any], ...] = (SYNC, PING, AUTH, PRESENCE, LOCK, UNLOCK, VIEW, TYPING)

_BY_NAME = {action.name: action for action in ACTIONS}


def parse(frame: str) -> tuple[Action[Any], Request]:
    """Raises FrameTooLarge, BadFrame, UnknownAction or InvalidMessage."""
    name = read_object(frame).get("action")
    action = _BY_NAME.get(name) if isinstance(name, str) else None
    if action is None:
        raise UnknownAction(f"action must be one of {', '.join(_BY_NAME)}")
    try:
        return action, action.request.model_validate_json(frame)
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, one['loc']))}: {complaint(one)}" for one in error.errors()[:5]]
        raise InvalidMessage("; ".join(wrong)) from error
