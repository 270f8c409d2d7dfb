"""What a socket may ask for. Every request gets exactly one reply, posted like any other frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from openhouse.api.protocol import Auth, Message, Ping, Sync, failure, parse, request_id, success
from openhouse.core import clock
from openhouse.core.errors import Busy, InternalError, OpenhouseError, SessionExpired, TicketInvalid, UserUnknown
from openhouse.core.json_text import compact
from openhouse.core.observability import logger
from openhouse.core.principal import Principal
from openhouse.identity.directory import Directory
from openhouse.rooms.connections import Connection, Connections
from openhouse.rooms.gateway import Frame, Gateway, Outcome, pack, post_one
from openhouse.rooms.room_log import RoomLog

SYNC_COMMITS = 500  # per sync; more is said with `more: true`
SYNC_BYTES = 500_000
JOIN_ROUNDS = 5


class Messages:
    def __init__(
        self, connections: Connections, directory: Directory, log: RoomLog, gateway: Gateway, *, trust_claims: bool
    ) -> None:
        self._connections = connections
        self._directory = directory
        self._log = log
        self._gateway = gateway
        self._trust_claims = trust_claims

    def receive(self, connection_id: str, frame: str) -> None:
        """Answers one frame. What went wrong is said in the reply; a session that has ended is closed after it."""
        ended = False
        try:
            answer = self._answer(connection_id, parse(frame))
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

    def _answer(self, connection_id: str, message: Message) -> dict[str, Any]:
        connection = self._connections.find(connection_id)
        match message:
            case Sync():
                return self._sync(connection, message)
            case Ping():
                return success(message, rooms=self._log.positions(connection.rooms))
            case Auth():
                return self._auth(connection, message)

    def _sync(self, connection: Connection, message: Sync) -> dict[str, Any]:
        """Joins, then reads the heads, then replays: what is committed later finds the member."""
        principal = self._join(connection)
        heads = self._log.heads(principal.rooms)
        rooms: dict[str, Any] = {}
        more = False
        left_commits, left_bytes = SYNC_COMMITS, SYNC_BYTES
        for room, head in heads.items():
            after = message.positions.get(room)
            rooms[room] = {**(after or head).wire(), "reset": after is None}
            if left_commits <= 0 or left_bytes <= 0:
                more = True
                continue
            missed = self._log.replay(room, after, head, max_commits=left_commits, max_bytes=left_bytes)
            if not self._post(connection.id, pack(missed.commits)):
                left_commits, more = 0, True  # it takes no more now: what did not arrive is not called reached
                continue
            left_commits -= len(missed.commits)
            left_bytes -= sum(map(len, missed.commits))
            more = more or missed.more
            rooms[room] = {**missed.reached.wire(), "reset": missed.reset}
        return success(message, rooms=rooms, more=more)

    def _join(self, connection: Connection) -> Principal:
        """Joins the rooms the directory gives the user now, for as long as the connection's principal says.

        Each join comes before asking: whoever changes the directory afterwards finds the members of what it was, and
        closes those that are elsewhere than it says now. Raises Busy when it changes all the time.
        """
        for _ in range(JOIN_ROUNDS):
            known = connection.principal
            if connection.rooms != known.rooms:
                self._connections.join(connection, known)
            current = self._current(known)
            if current.rooms == known.rooms:
                return current
            connection = Connection(connection.id, current, known.rooms)
        raise Busy("the directory is being changed; try again")

    def _current(self, known: Principal) -> Principal:
        try:
            return self._directory.principal(known.user_id, known.expires_at)
        except UserUnknown as error:
            if not self._trust_claims:
                raise SessionExpired("the directory does not know this user any more") from error
            return replace(known, team_ids=self._directory.reach(known.brokerage_id, known.role, known.team_ids))

    def _auth(self, connection: Connection, message: Auth) -> dict[str, Any]:
        """A new ticket of the same user prolongs the connection. It says nothing about rooms: it may be older.

        Nor does the reply tell of rooms: whoever turns out to have others by now joins none of them, and must connect
        again.
        """
        ticket = self._connections.redeem(message.ticket)
        if ticket.user_id != connection.principal.user_id:
            raise TicketInvalid("this ticket is someone else's")
        prolonged = replace(connection.principal, expires_at=ticket.expires_at)
        if connection.rooms:
            self._connections.join(connection, prolonged)
            if self._current(prolonged).rooms != connection.rooms:
                raise SessionExpired("your rooms have changed; connect again")
        else:
            self._connections.extend(connection.id, prolonged)
        return success(message, sessionExpiresAt=clock.to_wire(clock.from_seconds(ticket.expires_at)))

    def _post(self, connection_id: str, frames: Sequence[Frame]) -> bool:
        """Whether they are on their way."""
        outcome = post_one(self._gateway, connection_id, frames)
        if outcome is Outcome.GONE:
            self._connections.forget(connection_id)
        return outcome is Outcome.DELIVERED


def _refused(frame: str, error: OpenhouseError) -> dict[str, Any]:
    return failure(request_id(frame), code=error.code, message=error.message, retryable=error.retryable)
