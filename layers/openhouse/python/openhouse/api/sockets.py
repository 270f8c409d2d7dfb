"""The socket's edge: what API Gateway tells of one, handed to whom it concerns."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from openhouse.api.messages import Messages
from openhouse.core.observability import logger
from openhouse.identity.authorizer_context import principal_of
from openhouse.rooms.connections import Connections


class SocketApi:
    """`ended`: hears of the id of each connection that has closed."""

    def __init__(self, connections: Connections, messages: Messages, ended: Callable[[str], None]) -> None:
        self._connections = connections
        self._messages = messages
        self._ended = ended

    def handle(self, event: dict[str, Any]) -> None:
        """A socket opens, has closed (as far as API Gateway noticed), or says something.

        The event's type tells which, not its route: a message that says `{"action": "$connect"}` comes by the route
        `$connect`, too.
        """
        request = event["requestContext"]
        match request["eventType"]:
            case "CONNECT":
                principal = principal_of(request["authorizer"])
                self._connections.connect(request["connectionId"], principal)
                _log("connected", request, principal.user_id)
            case "DISCONNECT":
                self._connections.forget(request["connectionId"])
                self._ended(request["connectionId"])
                _log("disconnected", request)
            case _:
                self._messages.receive(request["connectionId"], _frame(event))


def _log(what: str, request: dict[str, Any], user_id: str | None = None) -> None:
    """Of sockets, not of messages: those are many, and most only ask what was missed."""
    address = request.get("identity", {}).get("sourceIp")
    logger.info(what, connection_id=request["connectionId"], source_ip=address, user_id=user_id)


def _frame(event: dict[str, Any]) -> str:
    body: str = event.get("body") or ""
    return base64.b64decode(body).decode(errors="replace") if event.get("isBase64Encoded") else body
