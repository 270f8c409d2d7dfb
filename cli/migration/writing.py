"""Writes what was planned, some records a transaction. What is there already is not written: so a repeat is harmless,
whoever was killed before it, wherever.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from cli.migration.planning import Planned, reason_of
from cli.migration.tables import Moved
from deployed.terminal import Tell
from openhouse.core.errors import RequestError, TooLarge
from openhouse.core.principal import Principal
from openhouse.crm.changes import Change
from openhouse.rooms.draft import Draft, largest_that_fits
from openhouse.services import Services
from openhouse.storage.keys import history_key
from openhouse.storage.table import Table

AT_ONCE = 20
LOOKED_FOR = 100  # what DynamoDB reads in one call
ROWS_PER_SECOND = 100.0  # a room's partition takes 1,000 write units a second, a record some ten


def existing(table: Table, brokerage_id: str, planned: Sequence[Planned]) -> set[str]:
    """The ids of those that were written, whatever has become of them since: the first step of a history stays."""
    found: set[str] = set()
    for some in _some(planned, LOOKED_FOR):
        ids = {_first_step(brokerage_id, one)["pk"]: one.id for one in some}
        keys = [_first_step(brokerage_id, one) for one in some]
        found |= {ids[item["pk"]] for item in table.get_many(keys, only_keys=True)}
    return found


def _first_step(brokerage_id: str, one: Planned) -> dict[str, str]:
    return history_key(brokerage_id, one.module.noun, one.id, 1)


@dataclass(frozen=True)
class _Part:
    """So many rows are done; `failed`: by their place, why some are no records."""

    handled: int
    failed: Mapping[int, str]


@dataclass
class Writer:
    services: Services
    brokerage_id: str
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def write(self, moved: Moved, planned: Sequence[Planned], tell: Tell) -> None:
        """Raises Busy, and what DynamoDB raises: then it is to be run again."""
        begun, done = self.monotonic(), 0
        there = existing(self.services.table, self.brokerage_id, planned)
        for one in planned:
            moved.accept(one.id, there=one.id in there)
        new = [one for one in planned if one.id not in there]
        for some in _by_author(new):
            rest = some
            while rest:
                rest = self._write_some(moved, rest)
            done += len(some)
            tell(f"{done:,} of {len(new):,} records")
            self.sleep(max(0.0, done / ROWS_PER_SECOND - (self.monotonic() - begun)))

    def _write_some(self, moved: Moved, some: Sequence[Planned]) -> Sequence[Planned]:
        """The first few of one author's, as many as one transaction holds. Returns the others."""
        author, builder = some[0].by, self.services.commit_builder

        def draft(now: datetime) -> Draft[_Part]:
            changes, failed = self._changes(some, author, now)
            if not changes:
                return Draft(_Part(len(some), failed))
            prepared, places = builder.prepare(author, [*changes.values()], now), [*changes, len(some)]

            def draft_of(count: int) -> Draft[_Part]:
                end = places[count]
                return prepared.draft(_Part(end, {at: why for at, why in failed.items() if at < end}), first=count)

            return largest_that_fits(draft_of, len(changes))

        try:
            part = self.services.log.commit(draft, by=author.user_id).result
        except TooLarge as error:
            if len(some) == 1:
                part = _Part(1, {0: reason_of(error)})
            else:
                return self._write_some(moved, some[:1]) or some[1:]
        for place, why in part.failed.items():
            moved.reject(some[place].row, some[place].key, why, accepted=some[place].id)
        return some[part.handled :]

    def _changes(
        self, some: Sequence[Planned], author: Principal, now: datetime
    ) -> tuple[dict[int, Change], dict[int, str]]:
        """By the place: those of what is not there yet, and why others are none."""
        there = existing(self.services.table, self.brokerage_id, some)
        changes: dict[int, Change] = {}
        failed: dict[int, str] = {}
        for place, one in enumerate(some):
            try:
                if one.id not in there:
                    changes[place] = one.change(now)
            except RequestError as error:
                failed[place] = reason_of(error)
        judged = zip([*changes], self.services.commit_builder.judge(author, [*changes.values()]), strict=True)
        for place, found in judged:
            if isinstance(found, Change):
                changes[place] = found
            else:
                failed[place] = reason_of(found)
                del changes[place]
        return changes, failed


def _by_author(planned: Sequence[Planned]) -> Iterator[Sequence[Planned]]:
    """Some at a time, in the order of the file for each: a commit has one author."""
    for _, theirs in groupby(sorted(planned, key=lambda one: one.by.user_id), key=lambda one: one.by.user_id):
        yield from _some([*theirs], AT_ONCE)


def _some(planned: Sequence[Planned], most: int) -> Iterator[Sequence[Planned]]:
    for first in range(0, len(planned), most):
        yield planned[first : first + most]
