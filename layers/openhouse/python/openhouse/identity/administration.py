"""What an administrator does to the directory, and what it does to open sockets.

Whoever's rooms change loses their sockets at once; their clients reconnect into the rooms they now have.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from openhouse.core import ids
from openhouse.core.clock import Clock, utc_now
from openhouse.core.errors import Conflict, Forbidden
from openhouse.core.principal import Principal
from openhouse.identity.directory import Directory, Team, User
from openhouse.identity.moved_sockets import MovedSockets
from openhouse.storage.idempotency import IdempotencyKey, IdempotencyStore


class Administration:
    """`removed` is told of each person who is removed from a brokerage, perhaps again."""

    def __init__(
        self,
        directory: Directory,
        moved_sockets: MovedSockets,
        idempotency: IdempotencyStore,
        *,
        now: Clock = utc_now,
        new_id: Callable[[datetime], str] = ids.uuid7,
        removed: Callable[[str, str], None] = lambda _brokerage_id, _user_id: None,
    ) -> None:
        self._directory = directory
        self._moved_sockets = moved_sockets
        self._idempotency = idempotency
        self._now = now
        self._new_id = new_id
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
        self._moved_sockets.close_brokers(principal.brokerage_id)
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
        self._moved_sockets.close([kept.user_id])
        return kept

    def remove_user(self, principal: Principal, user_id: str) -> None:
        check_admin(principal)
        if user_id == principal.user_id:
            raise Conflict("another administrator must remove you")
        self._directory.remove_user(principal.brokerage_id, user_id, by=principal.user_id)
        self._moved_sockets.close([user_id])
        self._removed(principal.brokerage_id, user_id)


def check_admin(principal: Principal) -> None:
    """Raises Forbidden."""
    if principal.role != "admin":
        raise Forbidden("only an administrator may change the directory")
