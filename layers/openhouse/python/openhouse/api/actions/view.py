"""`view`: somebody looks at a record, which those who look at it, too, are told."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from openhouse.api.actions.action import Action, Socket
from openhouse.api.actions.presence import COST as COST_OF_BEAT
from openhouse.api.actions.presence import beat
from openhouse.api.protocol import Hint, Reply
from openhouse.core.ids import MAX_ID_LENGTH

Noun = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,40}$")]
RecordId = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_LENGTH)]


class View(Hint):
    """`quiet`: you say so again after `again` of the reply, and at once when you hear that another one looks.

    `active`: this is a `presence`, too, which says so; if it is refused, it is none.
    """

    action: Literal["view"]
    noun: Noun
    record_id: RecordId
    leave: bool = False  # look at it no longer
    quiet: bool = False
    active: bool | None = None


class ViewReply(Reply):
    """Who else looks at it was posted before this reply, where you did not look at it before.

    `again`: seconds after which to say so again: 8, or up to 50 for who is `quiet` where nobody else looks.
    """

    again: float


def view(socket: Socket, request: View) -> dict[str, Any]:
    again = _again(socket, request)
    if request.active is not None:  # at the end: what is refused is no beat, either
        socket.services.connections.charge(socket.connection, COST_OF_BEAT)
        beat(socket, active=request.active)
    return {"again": again}


def _again(socket: Socket, request: View) -> float:
    views, record = socket.services.views, (request.noun, request.record_id)
    if request.leave:
        socket.services.connections.charge(socket.connection, views.leave(socket.connection, record))
        return 0.0  # never
    looked = views.look(socket.connection, record, quiet=request.quiet)
    socket.services.connections.charge(socket.connection, looked.cost)
    return looked.again / 1_000


VIEW = Action(
    summary="Says that you look at a record, again every 8 s as long as you do, or that you do no longer",
    request=View,
    reply=ViewReply,
    handle=view,
    cost=2,
)
