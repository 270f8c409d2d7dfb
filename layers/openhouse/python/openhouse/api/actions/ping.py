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
    """Where they end now or ended a moment ago: whoever has missed something has missed it for longer than that."""
    return {"rooms": socket.log.late_positions(socket.connection.rooms)}


PING = Action(
    summary="Asks where each room's log ends. Send it when you have heard nothing for as long as your ticket says",
    request=Ping,
    reply=PingReply,
    handle=ping,
    cost=1,
)
