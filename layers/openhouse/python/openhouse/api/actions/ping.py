"""`ping`: where the logs end, so that a silent client notices what it missed."""

from __future__ import annotations

from typing import Any, Literal

from openhouse.api.actions.action import Action, Socket
from openhouse.api.protocol import Reply, Request
from openhouse.rooms.position import Position


class Ping(Request):
    action: Literal["ping"]


class PingReply(Reply):
    """The current end of each room's log."""

    rooms: dict[str, Position]


def ping(socket: Socket, _request: Ping) -> dict[str, Any]:
    return {"rooms": socket.log.positions(socket.connection.rooms)}


PING = Action(
    summary="Asks where each room's log ends. Send it when you have heard nothing for a while, and every 10 minutes",
    request=Ping,
    reply=PingReply,
    handle=ping,
    cost=1,
)
