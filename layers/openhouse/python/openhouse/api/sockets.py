"""The socket's edge: what API Gateway tells of one, handed to whom it concerns."""

from __future__ import annotations

import base64
from typing import Any

from openhouse.api.messages import Messages
from openhouse.core.metrics import Metric, metrics
from openhouse.core.observability import correlated, logger
from openhouse.core.principal import Principal
from openhouse.identity.authorizer_context import principal_of
from openhouse.services import Services


class SocketApi:
    def __init__(self, services: Services, messages: Messages) -> None:
        self._services = services
        self._messages = messages

    def handle(self, event: dict[str, Any]) -> None:
        """A socket opens, has closed (as far as API Gateway noticed), or says something.

        The event's type tells which, not its route: a message that says `{"action": "$connect"}` comes by the route
        `$connect`, too.
        """
        request = event["requestContext"]
        with correlated(None, request.get("requestId")):
            self._handle(event, request)

    def _handle(self, event: dict[str, Any], request: dict[str, Any]) -> None:
        match request["eventType"]:
            case "CONNECT":
                principal = principal_of(request["authorizer"])
                self._services.connections.connect(request["connectionId"], principal)
                metrics.count(Metric.CONNECTIONS)
                _log("connected", request, principal.user_id)
            case "DISCONNECT":
                who = self._services.connections.forget(request["connectionId"])
                self._services.lock_rows.ended(request["connectionId"])
                if who := who or _let_in(request):
                    self._services.attendance.left(request["connectionId"], who)
                metrics.count(Metric.DISCONNECTIONS)
                _log("disconnected", request)
            case _:
                self._messages.receive(request["connectionId"], _frame(event))


def _let_in(request: dict[str, Any]) -> Principal | None:
    """Whom the authorizer let in, of a socket that was forgotten before: API Gateway may remember that."""
    carried = request.get("authorizer") or {}
    return principal_of(carried) if "principal" in carried else None


def _log(what: str, request: dict[str, Any], user_id: str | None = None) -> None:
    """Of sockets, not of messages: those are many, and most only ask what was missed."""
    address = request.get("identity", {}).get("sourceIp")
    logger.info(what, connection_id=request["connectionId"], source_ip=address, user_id=user_id)


def _frame(event: dict[str, Any]) -> str:
    body: str = event.get("body") or ""
    return base64.b64decode(body).decode(errors="replace") if event.get("isBase64Encoded") else body
