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

Step = tuple[list[Change], Callable[[Sequence[Change]], Document]]  # changes, and what they are answered with once done


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

        def step(now: datetime) -> Step:
            return [changes.begin(module, principal, document, id_=self._new_id(now), now=now)], _record

        return self._commit(principal, once, step)

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

        def step(now: datetime) -> Step:
            before = self._expected(module, principal, id_, expected)
            change = changes.revise(module, principal, before, patch, now=now)
            return ([change], _record) if change else ([], lambda _none: before.wire())

        return self._commit(principal, once, step)

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

        def step(now: datetime) -> Step:
            before = self._expected(module, principal, id_, expected)
            return list(changes.convert(module, principal, before, document, id_=self._new_id(now), now=now)), _by_noun

        return self._commit(principal, once, step)

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

        def step(_now: datetime) -> Step:
            before = self._expected(module, principal, id_, expected)
            return [changes.remove(module, principal, before)], lambda _done: {}

        self._commit(principal, once, step)

    def _expected(self, module: Module, principal: Principal, id_: str, expected: Expected) -> Record:
        record = self.read(module, principal, id_)
        expected.check(record)
        return record

    def _commit(self, principal: Principal, once: Once | None, step: Callable[[datetime], Step]) -> Document:
        """Writes what `step(now)` wants, whose changes it makes afresh on every attempt."""

        def draft(now: datetime) -> Draft[Document]:
            if repeat := self._requests.find(once, now):
                return Draft(repeat.body)
            wanted, answer = step(now)
            for refusal in filter(None, self._ledger.refusals(principal, wanted)):
                raise refusal
            done, counted = self._ledger.number(principal, wanted, now)
            body = answer(done)
            return self._ledger.draft(body, done, *counted, *self._requests.keep(once, body, now))

        return self._log.commit(draft, by=principal.user_id)


def _record(done: Sequence[Change]) -> Document:
    return _by_noun(done)[done[0].module.noun]  # type: ignore[no-any-return]


def _by_noun(done: Sequence[Change]) -> Document:
    return {change.module.noun: change.after.wire() for change in done if change.after}
