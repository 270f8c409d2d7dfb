"""`typing`: somebody types in a field of a record that they look at, which the others who do are told."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from openhouse.api.actions.action import Action, Socket
from openhouse.api.actions.view import Noun, RecordId
from openhouse.api.protocol import Hint, Reply


class Typing(Hint):
    action: Literal["typing"]
    noun: Noun
    record_id: RecordId
    field: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_.-]{1,100}$")] | None  # in none any more


class TypingReply(Reply):
    """The others who look at the record have been told, if you look at it yourself."""


def typing(socket: Socket, request: Typing) -> dict[str, Any]:
    cost = socket.services.views.type(socket.connection, (request.noun, request.record_id), request.field)
    socket.services.connections.charge(socket.connection, cost)
    return {}


TYPING = Action(
    summary="Says in which field of a record that you look at you type, at most every 3 s, or that you stopped",
    request=Typing,
    reply=TypingReply,
    handle=typing,
    cost=2,
)
