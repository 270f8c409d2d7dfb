"""What one can do with a record of any module. Each write is one commit to the record's room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from openhouse import changes, ids
from openhouse.changes import Change
from openhouse.errors import NotFound, StaleVersion
from openhouse.ledger import Ledger, from_item
from openhouse.module import Module, Record
from openhouse.patches import Document
from openhouse.requests import Once, Requests
from openhouse.room_log import Draft, RoomLog
from openhouse.rooms import Principal
from openhouse.table import Table, record_key


@dataclass(frozen=True)
class Expected:
    """The versions that an If-Match header accepts; None accepts any."""

    versions: frozenset[int] | None = None

    def check(self, record: Record) -> None:
        """Raises StaleVersion, which carries the current record."""
        if self.versions is not None and record.version not in self.versions:
            raise StaleVersion(f"it is at version {record.version} now", current=record.wire())


ANY_VERSION = Expected()


class Records:
    def __init__(
        self,
        table: Table,
        log: RoomLog,
        requests: Requests,
        ledger: Ledger,
        *,
        new_id: Callable[[datetime], str] = ids.uuid7,
    ) -> None:
        self._table = table
        self._log = log
        self._requests = requests
        self._ledger = ledger
        self._new_id = new_id

    def read(self, module: Module, principal: Principal, id_: str) -> Record:
        """Raises NotFound, also for what exists in rooms that the caller is not in."""
        found = self.read_some(module, principal, [id_])
        if id_ not in found:
            raise NotFound(f"there is no such {module.noun}")
        return found[id_]

    def read_some(self, module: Module, principal: Principal, ids_: Iterable[str]) -> dict[str, Record]:
        """Those of the named records that the caller can reach, by id."""
        found: dict[str, Record] = {}
        missing = {id_ for id_ in ids_ if len(id_) <= ids.MAX_LENGTH}
        for _ in range(2):  # no snapshot: a record that moves just then can be missed in both rooms, but not twice
            keys = [record_key(room, module.noun, id_) for id_ in sorted(missing) for room in principal.rooms]
            for item in self._table.get_many(keys):
                record = from_item(module, item)
                if record.id not in found or found[record.id].version < record.version:
                    found[record.id] = record
            missing -= found.keys()
            if not missing:
                break
        return found

    def create(self, module: Module, principal: Principal, document: Document, once: Once | None = None) -> Document:
        """Returns the record in wire form. Raises Invalid, InvalidTransition, Forbidden, TooLarge, Busy."""

        def draft(now: datetime) -> Draft[Document]:
            if repeat := self._requests.find(once, now):
                return Draft(repeat.body)
            change = changes.begin(module, principal, document, id_=self._new_id(now), now=now)
            return self._one(principal, change, once, now)

        return self._log.commit(draft, by=principal.user_id)

    def patch(
        self,
        module: Module,
        principal: Principal,
        id_: str,
        patch: Document,
        *,
        expected: Expected = ANY_VERSION,
        once: Once | None = None,
    ) -> Document:
        """Applies a merge patch; writes nothing if it changes nothing. Returns the record in wire form.

        Raises NotFound, StaleVersion, Invalid, InvalidTransition, Forbidden, TooLarge, Busy.
        """

        def draft(now: datetime) -> Draft[Document]:
            if repeat := self._requests.find(once, now):
                return Draft(repeat.body)
            before = self.read(module, principal, id_)
            expected.check(before)
            change = changes.revise(module, principal, before, patch, now=now)
            if change is None:
                body = before.wire()
                return Draft(body, writes=self._requests.keep(once, body, now))
            return self._one(principal, change, once, now)

        return self._log.commit(draft, by=principal.user_id)

    def convert(
        self,
        module: Module,
        principal: Principal,
        id_: str,
        document: Document,
        *,
        expected: Expected = ANY_VERSION,
        once: Once | None = None,
    ) -> Document:
        """Both records in one transaction. Returns them in wire form under their nouns.

        `document`: fields of the new record, over those that it takes from the old one.
        Raises NotFound, StaleVersion, Invalid, InvalidTransition, Forbidden, TooLarge, Busy.
        """

        def draft(now: datetime) -> Draft[Document]:
            if repeat := self._requests.find(once, now):
                return Draft(repeat.body)
            before = self.read(module, principal, id_)
            expected.check(before)
            last, begun = changes.convert(module, principal, before, document, id_=self._new_id(now), now=now)
            self._check(principal, [last, begun])
            (begun,), counted = self._ledger.number(principal, [begun], now)
            both = [last, begun]
            body = {change.module.noun: change.after.wire() for change in both if change.after}
            return self._ledger.draft(body, both, *counted, *self._requests.keep(once, body, now))

        return self._log.commit(draft, by=principal.user_id)

    def delete(
        self,
        module: Module,
        principal: Principal,
        id_: str,
        *,
        expected: Expected = ANY_VERSION,
        once: Once | None = None,
    ) -> None:
        """Raises NotFound, StaleVersion, Busy."""

        def draft(now: datetime) -> Draft[None]:
            if self._requests.find(once, now):
                return Draft(None)
            record = self.read(module, principal, id_)
            expected.check(record)
            change = changes.remove(module, principal, record)
            return self._ledger.draft(None, [change], *self._requests.keep(once, {}, now))

        self._log.commit(draft, by=principal.user_id)

    def _one(self, principal: Principal, change: Change, once: Once | None, now: datetime) -> Draft[Document]:
        """A change whose result is the record itself."""
        self._check(principal, [change])
        (done,), counted = self._ledger.number(principal, [change], now)
        assert done.after is not None
        body = done.after.wire()
        return self._ledger.draft(body, [done], *counted, *self._requests.keep(once, body, now))

    def _check(self, principal: Principal, wanted: Sequence[Change]) -> None:
        for refusal in self._ledger.refusals(principal, wanted):
            if refusal:
                raise refusal
