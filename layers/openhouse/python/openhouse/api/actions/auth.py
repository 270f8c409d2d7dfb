"""`auth`: a ticket of the same user prolongs the connection to the end of a newer token."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from openhouse.api.actions.action import Action, Socket
from openhouse.api.protocol import Reply, Request
from openhouse.core import clock
from openhouse.core.errors import SessionExpired
from openhouse.core.wire import Moment


class Auth(Request):
    action: Literal["auth"]
    ticket: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class AuthReply(Reply):
    """The connection now lasts as long as the newer token."""

    session_expires_at: Moment


def auth(socket: Socket, request: Auth) -> dict[str, Any]:
    """A ticket says nothing about rooms: it may be older than a change of the directory.

    Nor does the reply tell of rooms: whoever turns out to have others by now joins none of them, and must connect
    again.
    """
    connection = socket.connection
    ticket = socket.services.connections.redeem(request.ticket, of=connection.principal.user_id)
    # An older ticket does not shorten the session.
    ends = max(ticket.expires_at, connection.principal.expires_at)
    prolonged = replace(connection.principal, expires_at=ends)
    if connection.rooms:
        socket.services.connections.join(connection, prolonged)
        if socket.services.membership.current(prolonged).rooms != connection.rooms:
            raise SessionExpired("your rooms have changed; connect again")
    else:
        socket.services.connections.extend(connection.id, prolonged)
    return {"sessionExpiresAt": clock.to_wire(clock.from_seconds(ends))}


AUTH = Action(
    summary="Prolongs the connection to the end of a newer token, using a ticket issued for that token",
    request=Auth,
    reply=AuthReply,
    handle=auth,
    cost=20,
)
