"""Which rooms a connection is in: those that the directory gives its person now."""

from __future__ import annotations

from dataclasses import replace

from openhouse.core.errors import Busy, SessionExpired, TokenExpired, TooManySockets, UserUnknown
from openhouse.core.principal import Principal
from openhouse.identity.directory import Directory
from openhouse.rooms.connections import Connection, Connections
from openhouse.rooms.gateway import Gateway, closing_frame, post_one

JOIN_ROUNDS = 5
MOST_SOCKETS = 20  # of one person: tabs, telephones and what they forgot to close

TOO_MANY = TooManySockets(f"a person may have {MOST_SOCKETS} sockets, and a newer one has taken this one's place")


class Membership:
    def __init__(self, connections: Connections, directory: Directory, gateway: Gateway) -> None:
        self._connections = connections
        self._directory = directory
        self._gateway = gateway

    def join(self, connection: Connection) -> Principal:
        """Joins the rooms that the directory gives the user now, for as long as the connection's principal says.

        Asks, joins and asks again. The ticket may be older than a change of the directory, and whoever changes it after
        the last question finds the members of what it was, and closes those that are elsewhere than it says now.
        Raises SessionExpired if the directory does not know the user any more, Busy if it changes all the time.
        """
        is_new = not connection.rooms
        for _ in range(JOIN_ROUNDS):
            current = self.current(connection.principal)
            if connection.rooms == current.rooms:
                if is_new:
                    self._close_the_oldest(current.user_id)
                return current
            self._connections.join(connection, current)
            connection = replace(connection, principal=current, rooms=current.rooms)
        raise Busy("the directory is being changed; try again")

    def _close_the_oldest(self, user_id: str) -> None:
        """As many of a person's sockets as are too many, each told why."""
        for connection_id in self._connections.of_user(user_id)[:-MOST_SOCKETS]:
            post_one(self._gateway, connection_id, [closing_frame(TOO_MANY)])
            self._connections.forget(connection_id)
            self._gateway.close([connection_id])

    def current(self, known: Principal) -> Principal:
        """What the directory says now of someone who connected as `known`. Raises SessionExpired."""
        try:
            return self._directory.bearer(known.user_id, known.expires_at, claimed=known)
        except UserUnknown as error:
            raise SessionExpired("the directory does not know this user any more") from error
        except TokenExpired as error:
            raise SessionExpired(error.message) from error
