"""What an administrator does to the directory, and what it does to open sockets.

Whoever's rooms change loses their sockets at once; their clients reconnect into the rooms they now have.
"""

from __future__ import annotations

from openhouse.core.errors import Conflict, Forbidden, UserUnknown
from openhouse.core.principal import Principal
from openhouse.core.room_names import user_room
from openhouse.identity.directory import Directory, Team, User
from openhouse.rooms.connections import Connections
from openhouse.rooms.gateway import Gateway


class Administration:
    def __init__(self, directory: Directory, connections: Connections, gateway: Gateway) -> None:
        self._directory = directory
        self._connections = connections
        self._gateway = gateway

    def put_team(self, principal: Principal, team: Team) -> Team:
        _check_admin(principal)
        self._directory.put_team(principal.brokerage_id, team, by=principal.user_id)
        for user in self._directory.users(principal.brokerage_id):
            if user.role == "broker":  # is in every team's room
                self._move_sockets(user.user_id)
        return team

    def put_user(self, principal: Principal, user: User) -> User:
        _check_admin(principal)
        if user.user_id == principal.user_id and user.role != "admin":
            raise Conflict("another administrator must take this role from you")
        kept = self._directory.put_user(principal.brokerage_id, user, by=principal.user_id)
        self._move_sockets(kept.user_id)
        return kept

    def remove_user(self, principal: Principal, user_id: str) -> None:
        _check_admin(principal)
        if user_id == principal.user_id:
            raise Conflict("another administrator must remove you")
        self._directory.remove_user(principal.brokerage_id, user_id, by=principal.user_id)
        self._move_sockets(user_id)

    def _move_sockets(self, user_id: str) -> None:
        """Closes the user's sockets that are in other rooms than the directory says.

        Compares with the directory, not with the entry before: so a call that failed half-way can be repeated.
        """
        try:
            rooms = self._directory.principal(user_id, expires_at=0).rooms
        except UserUnknown:
            rooms = ()
        for connection_id in self._connections.of_user(user_id):
            if self._connections.rooms_of(connection_id) != rooms:
                self._connections.forget(connection_id, found_in=[user_room(user_id)])
                self._gateway.close([connection_id])


def _check_admin(principal: Principal) -> None:
    if principal.role != "admin":
        raise Forbidden("only an administrator may change the directory")
