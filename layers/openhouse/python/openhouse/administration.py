"""What an administrator does to the directory, and what it does to open sockets.

Whoever's rooms change loses their sockets at once; their clients reconnect into the rooms they now have.
"""

from __future__ import annotations

from openhouse.connections import Connections
from openhouse.directory import Directory, Team, User
from openhouse.errors import Conflict, Forbidden, NotFound
from openhouse.gateway import Gateway
from openhouse.rooms import Principal


class Administration:
    def __init__(self, directory: Directory, connections: Connections, gateway: Gateway) -> None:
        self._directory = directory
        self._connections = connections
        self._gateway = gateway

    def put_team(self, principal: Principal, team: Team) -> Team:
        _check_admin(principal)
        known = {known.team_id for known in self._directory.teams(principal.broker_id)}
        self._directory.put_team(principal.broker_id, team)
        if team.team_id not in known:  # every broker is in every team's room
            for user in self._directory.users(principal.broker_id):
                if user.role == "broker":
                    self._disconnect(user.user_id)
        return team

    def put_user(self, principal: Principal, user: User) -> User:
        _check_admin(principal)
        if user.user_id == principal.user_id and user.role != "admin":
            raise Conflict("another administrator must take this role from you")
        before = self._find(principal, user.user_id)
        self._directory.put_user(principal.broker_id, user)
        if before and (before.role, before.team_ids) != (user.role, user.team_ids):
            self._disconnect(user.user_id)
        return user

    def remove_user(self, principal: Principal, user_id: str) -> None:
        _check_admin(principal)
        if user_id == principal.user_id:
            raise Conflict("another administrator must remove you")
        self._directory.remove_user(principal.broker_id, user_id)
        self._disconnect(user_id)

    def _find(self, principal: Principal, user_id: str) -> User | None:
        try:
            return self._directory.find(principal.broker_id, user_id)
        except NotFound:
            return None

    def _disconnect(self, user_id: str) -> None:
        for connection_id in self._connections.of_user(user_id):
            self._connections.forget(connection_id)
            self._gateway.close(connection_id)


def _check_admin(principal: Principal) -> None:
    if principal.role != "admin":
        raise Forbidden("only an administrator may change the directory")
