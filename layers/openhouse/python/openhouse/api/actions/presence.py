"""`presence`: the beat of a connection, which says whether somebody uses the device."""

from __future__ import annotations

from typing import Any, Literal

from openhouse.api.actions.action import Action, Socket
from openhouse.api.protocol import Hint, Reply

COST = 25  # it is written down each time
_COST_OF_NEWS = 275  # it is written down twice, and told to everybody


class Beat(Hint):
    action: Literal["presence"]
    active: bool


class BeatReply(Reply):
    """It is written down. This says nothing of logs: a client that hears nothing else is to `ping` all the same."""


def presence(socket: Socket, request: Beat) -> dict[str, Any]:
    beat(socket, active=request.active)
    return {}


def beat(socket: Socket, *, active: bool) -> None:
    connection = socket.connection
    # Whoever is removed loses the sockets that have joined; of one that never has, nobody knew.
    known = connection.principal if connection.rooms else socket.services.membership.current(connection.principal)
    if socket.services.attendance.beat(connection.id, known, active=active):
        socket.services.connections.charge(connection, _COST_OF_NEWS)


PRESENCE = Action(
    summary="Says that you are there, and whether somebody uses the device. Send it as often as your ticket says, "
    "and whenever `active` changes",
    request=Beat,
    reply=BeatReply,
    handle=presence,
    cost=COST,
)
