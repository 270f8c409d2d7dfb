"""Files whose time has come go for good: those that were taken out of their record, and those of deleted records, each
after the 30 days in which it could have been brought back.

What is to go stands in the table until it has gone, so a run that fails, or never was, is made up for by the next one.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.observability import logger
from openhouse.crm.file_rows import FileEnd
from openhouse.storage.bucket import Bucket
from openhouse.storage.keys import deleted_noun, file_ends_until, file_key, history_range, record_key
from openhouse.storage.object_keys import file_objects
from openhouse.storage.table import Table

RUN_SECONDS = 90.0  # what is not done by then waits for the next run


class FilesRemain(Exception):
    """Some could not be removed; the log says why. The next run tries again."""


class FileEnds:
    def __init__(
        self,
        table: Table,
        bucket: Callable[[], Bucket],
        *,
        now: Clock = clock.utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._table = table
        self._bucket = bucket
        self._now = now
        self._monotonic = monotonic

    def run(self) -> int:
        """Does all that is due, of every brokerage. Returns how many entries are done. Raises FilesRemain."""
        until = self._monotonic() + RUN_SECONDS
        done = failed = 0
        for item in self._table.query(*file_ends_until(clock.to_wire(self._now()))):
            if self._monotonic() > until:
                logger.warning("files are left for the next run", done=done)
                return done
            try:
                self._end(FileEnd.of(item))
                done += 1
            except Exception:  # noqa: BLE001 - one that cannot be done keeps no other waiting
                failed += 1
                logger.exception("files could not be removed", entry=item["sk"])
        if failed:
            raise FilesRemain(f"{failed} entries remain, {done} are done")
        return done

    def _end(self, end: FileEnd) -> None:
        """The content first, and what leads to it last: whoever comes after a crash finds what is left."""
        of_record = (end.brokerage_id, end.noun, end.record_id)
        if end.files is not None:  # nobody brings back what was taken out
            for id_ in end.files:
                self._purge(end.brokerage_id, file_objects(*of_record, id_))
        elif not self._can_be_read(*of_record):
            self._purge(end.brokerage_id, file_objects(*of_record))
        self._table.delete_all([end.key])

    def _purge(self, brokerage_id: str, beginning: str) -> None:
        keys = self._bucket().purge(beginning)
        ids = {key.split("/")[-2] for key in keys}
        self._table.delete_all([file_key(brokerage_id, id_) for id_ in sorted(ids)])

    def _can_be_read(self, brokerage_id: str, noun: str, id_: str) -> bool:
        """Whether a record is there again, or was deleted again and can still be brought back."""
        last = next(self._table.query(*history_range(brokerage_id, noun, id_), backwards=True, page_size=1), None)
        if last is None or not last["deleted"]:
            return last is not None
        found = self._table.get(record_key(last["room"], deleted_noun(noun), id_))
        return found is not None and found["ttl"] > clock.seconds(self._now())
