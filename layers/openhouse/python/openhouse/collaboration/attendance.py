"""What sockets tell of the people behind them: they come, they are there, they go."""

from __future__ import annotations

from openhouse.collaboration.chain import Chain
from openhouse.collaboration.sightings import GONE_SECONDS, UNSEEN_SECONDS, Sightings
from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.observability import logger
from openhouse.core.principal import Principal


class Attendance:
    """Writes it down, and sees to it that somebody looks at it in time."""

    def __init__(self, sightings: Sightings, chain: Chain, *, now: Clock = clock.utc_now) -> None:
        self._sightings = sightings
        self._chain = chain
        self._now = now

    def joined(self, connection_id: str, principal: Principal) -> None:
        """A socket is in its rooms. If this fails, its next beat makes up for it: nobody's commits wait for that."""
        try:
            if self._sightings.joined(principal.brokerage_id, principal.user_id, connection_id):
                self._look(principal, within=0)
        except Exception:  # noqa: BLE001 - see above
            logger.exception("nobody is told who came", connection_id=connection_id)

    def beat(self, connection_id: str, principal: Principal, *, active: bool) -> bool:
        """`active`: somebody uses the device. Returns whether that is news. Raises Busy."""
        news = self._sightings.beat(principal.brokerage_id, principal.user_id, connection_id, active=active)
        self._look(principal, within=0 if news else UNSEEN_SECONDS, changed=news)
        return news

    def left(self, connection_id: str, principal: Principal) -> None:
        """A socket is closed, which whoever forgot it has written down: unless it never joined, or that is long ago."""
        if self._sightings.has(principal.brokerage_id, principal.user_id, connection_id):
            self._look(principal, within=GONE_SECONDS)

    def _look(self, principal: Principal, *, within: int, changed: bool = True) -> None:
        at = clock.milliseconds(self._now()) + within * 1000
        self._chain.want(principal.brokerage_id, at, changed=changed)
