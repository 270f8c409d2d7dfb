"""`view`: somebody looks at a record, which those who look at it, too, are told."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from openhouse.api.actions.action import Action, Socket
from openhouse.api.protocol import Reply, Request
from openhouse.core.ids import MAX_ID_LENGTH

Noun = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,40}$")]
RecordId = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_LENGTH)]


class View(Request):
    action: Literal["view"]
    noun: Noun
    record_id: RecordId
    leave: bool = False  # look at it no longer


class ViewReply(Reply):
    """Who else looks at it was posted before this reply, where you did not look at it before."""


def view(socket: Socket, request: View) -> dict[str, Any]:
    views, record = socket.services.views, (request.noun, request.record_id)
    cost = views.leave(socket.connection, record) if request.leave else views.look(socket.connection, record)
    socket.services.connections.charge(socket.connection, cost)
    return {}


VIEW = Action(
    summary="Says that you look at a record, again every 8 s as long as you do, or that you do no longer",
    request=View,
    reply=ViewReply,
    handle=view,
    cost=2,
)
