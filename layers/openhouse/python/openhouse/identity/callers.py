"""Who calls an operation of REST: what the authorizer says of them, or what the directory says of them now."""

from __future__ import annotations

from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.errors import TokenExpired, UserUnknown
from openhouse.core.principal import Principal
from openhouse.identity.authorizer_context import Caller
from openhouse.identity.directory import Directory


class Callers:
    """`asks_again`: API Gateway keeps what the authorizer said, so that it may be old.

    Then that it was their token is all that counts of it, and when that ends.
    """

    def __init__(self, directory: Directory, *, now: Clock = clock.utc_now, asks_again: bool = False) -> None:
        self._directory = directory
        self._now = now
        self.asks_again = asks_again

    def principal(self, caller: Caller) -> Principal:
        """Raises TokenExpired, UserUnknown."""
        if not self.asks_again:
            if caller.principal is None:
                raise UserUnknown(caller.detail)
            return caller.principal
        if caller.expires_at <= clock.seconds(self._now()):
            raise TokenExpired
        return self._directory.bearer(caller.user_id, caller.expires_at, claimed=caller.principal)
