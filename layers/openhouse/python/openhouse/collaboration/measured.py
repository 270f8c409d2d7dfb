"""What browsers have measured of us, as they say: taken once a minute from each person, and only counted."""

from __future__ import annotations

from collections.abc import Sequence

from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.errors import ReportedTooSoon
from openhouse.core.metrics import Metric, metrics
from openhouse.core.principal import Principal
from openhouse.storage.keys import rate_limit_key
from openhouse.storage.table import Table, WriteConflict
from openhouse.storage.writes import Put, absent_or_expired

LEAST_SECONDS = 50  # between two reports of a person: browsers send one a minute


class Measured:
    def __init__(self, table: Table, *, now: Clock = clock.utc_now) -> None:
        self._table = table
        self._now = now

    def take(self, principal: Principal, *, commit_to_screen: Sequence[float], reconnects: int, errors: int) -> None:
        """`commit_to_screen`: milliseconds. Raises ReportedTooSoon."""
        now = clock.seconds(self._now())
        row = {**rate_limit_key(f"metrics#{principal.user_id}"), "ttl": now + LEAST_SECONDS}
        try:
            self._table.write(Put(row, absent_or_expired(now)))
        except WriteConflict as conflict:
            raise ReportedTooSoon("report once a minute what you have measured") from conflict
        metrics.sample(Metric.COMMIT_TO_SCREEN, commit_to_screen)
        metrics.count(Metric.RECONNECTS, reconnects)
        metrics.count(Metric.BROWSER_ERRORS, errors)
