"""One timer after another: for each brokerage one is pending, and an item says which.

A run is handed one, claims the chain, looks at things as they are by then, sets the next timer and says so. Whoever
changes something writes that down first, and then asks for a run: as the claim comes before the look, either the run
sees the change, or whoever asks sees the claim, and asks for another. A timer is set before the item tells of it:
if whoever does so dies in between, there is one too many, which is ignored, as it names a run that is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.errors import Busy
from openhouse.core.observability import logger
from openhouse.rooms.timers import Timer, Timers
from openhouse.storage.keys import Item, chain_key
from openhouse.storage.table import Table, WriteConflict
from openhouse.storage.writes import ABSENT, Put, equals

NEVER = 253_402_300_799_000  # the end of the calendar: no timer is pending

_CLAIM_MS = 30_000  # longer than a function lives
_LATE_MS = 10_000  # a timer that is later than that is lost
_ALIKE_MS = 1_000  # SQS counts seconds
_ATTEMPTS = 8


@dataclass(frozen=True)
class Link:
    """Of a brokerage's chain, in milliseconds since 1970.

    `run`: how many runs are over. `due`: when the pending timer is, or until when a run that has begun holds the chain.
    `not_before`: when something may be told of next.
    """

    run: int
    due: int
    not_before: int = 0

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Self:
        return cls(item["run"], item["due"], item["not_before"])

    @property
    def item(self) -> Item:
        return {"run": self.run, "due": self.due, "not_before": self.not_before}


class Chain:
    """`kind`: of its timers. `timers` makes them when one is needed."""

    def __init__(self, table: Table, timers: Callable[[], Timers], kind: str, *, now: Clock = clock.utc_now) -> None:
        self._table = table
        self._timers = timers
        self._kind = kind
        self._now = now

    def want(self, brokerage_id: str, at: int, *, changed: bool = True) -> None:
        """A run no later than `at`, or as soon after it as may be. A chain that is broken begins again at once.

        Not `changed`: there is nothing that a run must not overlook, so a look at how the chain was a moment ago will
        do, for half of the price, as long as it seems whole.
        """
        lately = not changed
        for _ in range(_ATTEMPTS):
            now, known = self._milliseconds(), self._read(brokerage_id, lately=lately)
            link = known or Link(0, NEVER)
            broken = known is None or link.due + _LATE_MS < now
            due = now if broken else max(at, link.not_before)
            if not broken and link.due <= due + _ALIKE_MS:
                return
            if lately:
                lately = False
                continue
            self._set(brokerage_id, link.run, due)
            if self._change(brokerage_id, known, replace(link, due=due)):
                return
        logger.warning("nobody gets to set a timer", kind=self._kind, brokerage_id=brokerage_id)

    def claim(self, brokerage_id: str, run: int) -> Link | None:
        """For the run that a timer names; None if that is over."""
        for _ in range(_ATTEMPTS):
            known = self._read(brokerage_id)
            if (known.run if known else 0) != run:
                return None
            claimed = replace(known or Link(0, NEVER), due=self._milliseconds() + _CLAIM_MS)
            if known and claimed.due <= known.due < NEVER:  # another holds it, at this very moment
                claimed = replace(claimed, due=known.due + 1)
            if self._change(brokerage_id, known, claimed):
                return claimed
        return None

    def finish(self, brokerage_id: str, claimed: Link, due: int, not_before: int) -> None:
        """The next run is due then, or NEVER; sooner, if one has been asked for since the claim."""
        known: Link | None = claimed
        for _ in range(_ATTEMPTS):
            if known is None or known.run != claimed.run:
                return  # another run that was handed the same timer was faster
            if known.due != claimed.due:
                due = min(due, max(known.due, not_before))
            if due != NEVER:
                self._set(brokerage_id, claimed.run + 1, due)
            if self._change(brokerage_id, known, Link(claimed.run + 1, due, not_before)):
                return
            known = self._read(brokerage_id)
        raise Busy("people come and go all the time; again later")

    def _set(self, brokerage_id: str, run: int, due: int) -> None:
        self._timers().set([Timer(self._kind, clock.from_milliseconds(due), {"brokerageId": brokerage_id, "run": run})])

    def _read(self, brokerage_id: str, *, lately: bool = False) -> Link | None:
        item = self._table.get(chain_key(self._kind, brokerage_id), consistent=not lately)
        return Link.read(item) if item else None

    def _change(self, brokerage_id: str, before: Link | None, after: Link) -> bool:
        """Whether nobody else was faster."""
        when = equals(run=before.run, due=before.due) if before else ABSENT
        try:
            self._table.write(Put({**chain_key(self._kind, brokerage_id), **after.item}, when))
        except WriteConflict:
            return False
        return True

    def _milliseconds(self) -> int:
        return clock.milliseconds(self._now())
