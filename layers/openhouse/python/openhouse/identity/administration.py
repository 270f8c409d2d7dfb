"""What an administrator does to the directory, and what it does to open sockets.

Whoever's rooms change loses their sockets at once; their clients reconnect into the rooms they now have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from openhouse.core import ids
from openhouse.core.clock import Clock, utc_now
from openhouse.core.errors import Conflict, Forbidden, UserUnknown
from openhouse.core.principal import Principal
from openhouse.core.room_names import user_room
from openhouse.identity.directory import Directory, Team, User
from openhouse.rooms.connections import Connections
from openhouse.rooms.gateway import Gateway
from openhouse.storage.idempotency import IdempotencyKey, IdempotencyStore


class Administration:
    """`parallel_map`: a `map`, such as that of a thread pool, for closing many sockets at once.

    `removed` is told of each person who is removed from a brokerage, perhaps again.
    """

    def __init__(
        self,
        directory: Directory,
        connections: Connections,
        gateway: Gateway,
        idempotency: IdempotencyStore,
        *,
        now: Clock = utc_now,
        new_id: Callable[[datetime], str] = ids.uuid7,
        parallel_map: Callable[..., Iterable[Any]] = map,
        removed: Callable[[str, str], None] = lambda _brokerage_id, _user_id: None,
    ) -> None:
        self._directory = directory
        self._connections = connections
        self._gateway = gateway
        self._idempotency = idempotency
        self._now = now
        self._new_id = new_id
        self._parallel_map = parallel_map
        self._removed = removed

    def create_team(
        self, principal: Principal, name: str, idempotency_key: IdempotencyKey | None = None
    ) -> dict[str, Any]:
        """`{teamId, name}`. The server chooses the id: one of a client's would tell of other brokerages' teams."""
        check_admin(principal)
        now = self._now()
        if repeat := self._idempotency.find(idempotency_key, now):
            answer = repeat.body
        else:
            team = Team(team_id=self._new_id(now), name=name)
            answer = team.wire()
            kept = self._idempotency.keep(idempotency_key, answer, now)
            self._directory.create_team(principal.brokerage_id, team, by=principal.user_id, also=kept)
        # A broker is in every team's room.
        brokers = [user.user_id for user in self._directory.users(principal.brokerage_id) if user.role == "broker"]
        self._move_sockets(*brokers)
        return answer

    def rename_team(self, principal: Principal, team: Team) -> Team:
        check_admin(principal)
        self._directory.rename_team(principal.brokerage_id, team, by=principal.user_id)
        return team

    def put_user(self, principal: Principal, user: User) -> User:
        check_admin(principal)
        if user.user_id == principal.user_id and user.role != "admin":
            raise Conflict("another administrator must take this role from you")
        kept = self._directory.put_user(principal.brokerage_id, user, by=principal.user_id)
        self._move_sockets(kept.user_id)
        return kept

    def remove_user(self, principal: Principal, user_id: str) -> None:
        check_admin(principal)
        if user_id == principal.user_id:
            raise Conflict("another administrator must remove you")
        self._directory.remove_user(principal.brokerage_id, user_id, by=principal.user_id)
        self._move_sockets(user_id)
        self._removed(principal.brokerage_id, user_id)

    def _move_sockets(self, *user_ids: str) -> None:
        """Closes the users' sockets that are in other rooms than the directory says.

        Compares with the directory, not with the entry before: so a call that failed half-way can be repeated. To
        forget a socket of someone in 1,000 rooms takes half a second.
        """
        moved = [(user_id, socket) for user_id in user_ids for socket in self._sockets_elsewhere(user_id)]
        for _ in self._parallel_map(lambda one: self._connections.forget(one[1], found_in=[user_room(one[0])]), moved):
            pass
        if moved:
            self._gateway.close([socket for _, socket in moved])

    def _sockets_elsewhere(self, user_id: str) -> list[str]:
        try:
            rooms = self._directory.principal(user_id, expires_at=0).rooms
        except UserUnknown:
            rooms = ()
        sockets = self._connections.of_user(user_id)
        return [socket for socket in sockets if self._connections.rooms_of(socket) != rooms]


def check_admin(principal: Principal) -> None:
    """Raises Forbidden."""
    if principal.role != "admin":
        raise Forbidden("only an administrator may change the directory")
