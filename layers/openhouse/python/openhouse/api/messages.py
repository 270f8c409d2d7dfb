"""Answers what a socket says. Each request gets one reply, posted like any other frame; a silent one, if refused."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from openhouse.api.actions import parse
from openhouse.api.actions.action import Socket
from openhouse.api.protocol import Hint, failure, request_id, success
from openhouse.core.errors import Flooding, InternalError, OpenhouseError, SessionExpired, SessionUnknown
from openhouse.core.json_text import compact
from openhouse.core.observability import logger
from openhouse.rooms.allowance import UNREADABLE
from openhouse.rooms.connections import Connection
from openhouse.rooms.gateway import Frame, Outcome, closing_frame, post_one
from openhouse.services import Services


class Messages:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._connections = services.connections
        self._gateway = services.gateway

    def receive(self, connection_id: str, frame: str) -> None:
        """Answers one frame. What went wrong is said in the reply; a session that has ended is closed after it."""
        try:
            answer = self._answer(connection_id, frame)
        except SessionUnknown as error:  # many of them may come of a socket that was just closed: nothing is written
            post_one(self._gateway, connection_id, [_refused(frame, error)])
            self._gateway.close([connection_id])
        except SessionExpired as error:
            self._end(connection_id, [_refused(frame, error)])
        except Flooding as error:
            logger.warning("flooded", connection_id=connection_id)
            self._end(connection_id, [_refused(frame, error), closing_frame(error)])
        except OpenhouseError as error:
            self._post(connection_id, [_refused(frame, error)])
        except Exception:  # noqa: BLE001 - the edge: whatever happened, the client gets a reply, and we get the trace
            logger.exception("message failed", connection_id=connection_id)
            self._post(connection_id, [_refused(frame, InternalError("try again; the cause has been logged"))])
        else:
            if answer:
                self._post(connection_id, [answer])

    def _answer(self, connection_id: str, frame: str) -> Frame | None:
        try:
            action, request = parse(frame)
        except OpenhouseError:
            self._take(self._connections.find(connection_id), UNREADABLE)
            raise
        # What is said often may be judged by what was so a moment ago, for half of the price.
        connection = self._connections.find(connection_id, lately=isinstance(request, Hint))
        self._connections.admit(connection, action.cost)
        socket = Socket(connection, self._services, partial(self._post, connection_id))
        try:
            with logger.append_context_keys(operation=action.name):
                content = action.handle(socket, request)
                return None if isinstance(request, Hint) and request.silent else _frame(success(request, **content))
        finally:
            self._connections.charge(connection, action.cost)

    def _take(self, connection: Connection, cost: int) -> None:
        self._connections.admit(connection, cost)
        self._connections.charge(connection, cost)

    def _post(self, connection_id: str, frames: Sequence[Frame]) -> bool:
        """Whether they are on their way."""
        outcome = post_one(self._gateway, connection_id, frames)
        if outcome is Outcome.GONE:
            self._connections.forget(connection_id)
        return outcome is Outcome.DELIVERED

    def _end(self, connection_id: str, last: Sequence[Frame]) -> None:
        post_one(self._gateway, connection_id, last)
        self._connections.forget(connection_id)
        self._gateway.close([connection_id])


def _refused(frame: str, error: OpenhouseError) -> Frame:
    return _frame(failure(request_id(frame), error))


def _frame(content: dict[str, Any]) -> Frame:
    return Frame(compact(content).encode())
