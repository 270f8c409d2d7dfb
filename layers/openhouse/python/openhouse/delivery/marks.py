"""That a commit was posted to everyone: the fast lane says so, and the stream's function does not post it again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.storage.keys import mark_key
from openhouse.storage.table import Table, WriteConflict
from openhouse.storage.writes import ABSENT, Put

MARK_SECONDS = 3600  # the stream tries for 10 minutes


class Place(NamedTuple):
    """Of a commit. A log that is begun anew has another epoch, so that no old mark is about it."""

    room: str
    epoch: str
    seq: int


class Marks:
    """A mark is never wrong, however old: it needs no look at its `ttl`.

    `parallel_map`: a `map`, such as that of a thread pool, for marking several commits at once.
    """

    def __init__(
        self, table: Table, *, now: Clock = clock.utc_now, parallel_map: Callable[..., Iterable[Any]] = map
    ) -> None:
        self._table = table
        self._now = now
        self._parallel_map = parallel_map

    def put(self, places: Sequence[Place]) -> None:
        """A repeat is harmless."""
        for _ in self._parallel_map(self._put, places):
            pass

    def among(self, places: Collection[Place]) -> set[Place]:
        """Those of these that are marked."""
        by_key = {tuple(mark_key(*place).values()): place for place in places}
        found = self._table.get_many([mark_key(*place) for place in by_key.values()], only_keys=True)
        return {by_key[item["pk"], item["sk"]] for item in found}

    def _put(self, place: Place) -> None:
        with suppress(WriteConflict):
            self._table.write(Put({**mark_key(*place), "ttl": clock.seconds(self._now()) + MARK_SECONDS}, ABSENT))
