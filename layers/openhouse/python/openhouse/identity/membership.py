"""Which rooms a connection is in: those that the directory gives its person now."""

from __future__ import annotations

from openhouse.core.errors import Busy, SessionExpired, UserUnknown
from openhouse.core.principal import Principal
from openhouse.identity.directory import Directory
from openhouse.rooms.connections import Connection, Connections

JOIN_ROUNDS = 5


class Membership:
    def __init__(self, connections: Connections, directory: Directory) -> None:
        self._connections = connections
        self._directory = directory

    def join(self, connection: Connection) -> Principal:
        """Joins the rooms that the directory gives the user now, for as long as the connection's principal says.

        Each join comes before asking: whoever changes the directory afterwards finds the members of what it was, and
        closes those that are elsewhere than it says now. Raises SessionExpired if the directory does not know the user
        any more, Busy if it changes all the time.
        """
        for _ in range(JOIN_ROUNDS):
            known = connection.principal
            if connection.rooms != known.rooms:
                self._connections.join(connection, known)
            current = self.current(known)
            if current.rooms == known.rooms:
                return current
            connection = Connection(connection.id, current, known.rooms)
        raise Busy("the directory is being changed; try again")

    def current(self, known: Principal) -> Principal:
        """What the directory says now of someone who connected as `known`. Raises SessionExpired."""
        try:
            return self._directory.principal(known.user_id, known.expires_at, claimed=known)
        except UserUnknown as error:
            raise SessionExpired("the directory does not know this user any more") from error
