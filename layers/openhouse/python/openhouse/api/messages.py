"""Answers what a socket says. Every request gets exactly one reply, posted like any other frame."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from openhouse.api.actions import parse
from openhouse.api.actions.action import Action, Socket
from openhouse.api.protocol import Request, failure, request_id, success
from openhouse.core.errors import InternalError, OpenhouseError, SessionExpired
from openhouse.core.json_text import compact
from openhouse.core.observability import logger
from openhouse.identity.membership import Membership
from openhouse.rooms.connections import Connections
from openhouse.rooms.gateway import Frame, Gateway, Outcome, post_one
from openhouse.rooms.room_log import RoomLog


class Messages:
    def __init__(self, connections: Connections, membership: Membership, log: RoomLog, gateway: Gateway) -> None:
        self._connections = connections
        self._membership = membership
        self._log = log
        self._gateway = gateway

    def receive(self, connection_id: str, frame: str) -> None:
        """Answers one frame. What went wrong is said in the reply; a session that has ended is closed after it."""
        ended = False
        try:
            answer = self._answer(connection_id, *parse(frame))
        except OpenhouseError as error:
            answer = _refused(frame, error)
            ended = isinstance(error, SessionExpired)
        except Exception:  # noqa: BLE001 - the edge: whatever happened, the client gets a reply, and we get the trace
            logger.exception("message failed", connection_id=connection_id)
            answer = _refused(frame, InternalError("try again; the cause has been logged"))
        self._post(connection_id, [Frame(compact(answer).encode())])
        if ended:
            self._connections.forget(connection_id)
            self._gateway.close([connection_id])

    def _answer(self, connection_id: str, action: Action[Any], request: Request) -> dict[str, Any]:
        post = partial(self._post, connection_id)
        connection = self._connections.find(connection_id)
        self._connections.check_allowance(connection, action.cost)
        socket = Socket(connection, self._connections, self._membership, self._log, post)
        try:
            return success(request, **action.handle(socket, request))
        finally:
            self._connections.charge(connection, action.cost)

    def _post(self, connection_id: str, frames: Sequence[Frame]) -> bool:
        """Whether they are on their way."""
        outcome = post_one(self._gateway, connection_id, frames)
        if outcome is Outcome.GONE:
            self._connections.forget(connection_id)
        return outcome is Outcome.DELIVERED


def _refused(frame: str, error: OpenhouseError) -> dict[str, Any]:
    return failure(request_id(frame), error)
