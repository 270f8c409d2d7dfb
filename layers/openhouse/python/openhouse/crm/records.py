"""What one can do with a record of any module. Each write is one commit to the record's room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from openhouse.core import clock, ids
from openhouse.core.errors import Invalid, NotFound, StaleVersion
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.crm import changes
from openhouse.crm.access import Right, rights
from openhouse.crm.changes import Change
from openhouse.crm.commit_builder import CommitBuilder
from openhouse.crm.locks import LockStep, lock_step
from openhouse.crm.module import Module, Record
from openhouse.crm.reach import Reach
from openhouse.crm.record_items import Stored, stored
from openhouse.rooms.draft import Draft
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.idempotency import IdempotencyKey, IdempotencyStore
from openhouse.storage.writes import Write


@dataclass(frozen=True)
class Precondition:
    """What a record has to be for a change. `versions`: those that an If-Match header accepts; None accepts any.
    `lock_token`: that of the lock under which it was edited, if it was.
    """

    versions: frozenset[int] | None = None
    lock_token: int | None = None

    def check(self, principal: Principal, found: Stored, now: datetime) -> None:
        """Raises Locked, or StaleVersion, which carries the current record."""
        found.hold.check(principal.user_id, self.lock_token, now)
        record = found.record
        if self.versions is not None and record.version not in self.versions:
            raise StaleVersion(f"it is at version {record.version} now", current=record.wire())


ANYTHING = Precondition()


@dataclass(frozen=True)
class Step:
    """`answer`: what the changes are answered with, once done. `unlocks`: the end of a lock, if there are none."""

    changes: list[Change]
    answer: Callable[[Sequence[Change]], Document]
    unlocks: LockStep | None = None
    also: Sequence[Write] = ()  # what else is written with the changes


class Records:
    def __init__(
        self,
        reach: Reach,
        log: RoomLog,
        idempotency: IdempotencyStore,
        commit_builder: CommitBuilder,
        *,
        new_id: Callable[[datetime], str] = ids.uuid7,
    ) -> None:
        self._reach = reach
        self._log = log
        self._idempotency = idempotency
        self._commit_builder = commit_builder
        self._new_id = new_id

    def read(self, module: Module, principal: Principal, id_: str) -> Record:
        """Raises NotFound, also for what exists in rooms that the caller is not in; Busy."""
        return self.find(module, principal, id_).record

    def read_some(self, module: Module, principal: Principal, ids_: Iterable[str]) -> dict[str, Record]:
        """Those of the named records that the caller can reach, by id. Raises Busy."""
        return {id_: found.record for id_, found in self.read_stored(module, principal, ids_).items()}

    def read_stored(self, module: Module, principal: Principal, ids_: Iterable[str]) -> dict[str, Stored]:
        """The same, with what their items hold of their history: for whoever changes them."""
        found = self._reach.items(principal, [(module.noun, id_) for id_ in ids_])
        return {id_: stored(module, item) for (_, id_), item in found.items()}

    def find(self, module: Module, principal: Principal, id_: str) -> Stored:
        """One of them. Raises NotFound, Busy."""
        found = self.read_stored(module, principal, [id_])
        if id_ not in found:
            raise NotFound(f"there is no such {module.noun}")
        return found[id_]

    def create(
        self, module: Module, principal: Principal, document: Document, idempotency_key: IdempotencyKey | None = None
    ) -> Document:
        """Returns the record in wire form, with `warnings` if there are any: [{field, message}].

        Raises Invalid, Forbidden, TooLarge, Busy.
        """

        def step(now: datetime) -> Step:
            return Step([changes.create(module, principal, document, id_=self._new_id(now), now=now)], _by_noun)

        return self._commit(principal, [module], idempotency_key, step)[module.noun]  # type: ignore[no-any-return]

    def patch(
        self,
        module: Module,
        principal: Principal,
        id_: str,
        patch: Document,
        *,
        precondition: Precondition = ANYTHING,
        idempotency_key: IdempotencyKey | None = None,
    ) -> Document:
        """Applies a merge patch; of what changes nothing, only its lock ends. Returns the record in wire form.

        Raises NotFound, Locked, StaleVersion, Invalid, InvalidTransition, Forbidden, TooLarge, Busy.
        """

        def step(now: datetime) -> Step:
            before = self._checked(module, principal, id_, precondition, now)
            change = changes.update(module, principal, before.record, patch, now=now)
            if change is None:
                unlocks = _unlocking(module, principal, before, precondition, now)
                return Step([], lambda _none: {module.noun: before.record.wire()}, unlocks)
            return Step([before.changed_by(change)], _by_noun)

        return self._commit(principal, [module], idempotency_key, step)[module.noun]  # type: ignore[no-any-return]

    def change(
        self,
        module: Module,
        principal: Principal,
        id_: str,
        make: Callable[[Record, datetime], tuple[Change, Sequence[Write]] | None],
        *,
        precondition: Precondition = ANYTHING,
    ) -> None:
        """A change of the server's own making, with what is written in its transaction; `make` is asked afresh on every
        attempt, and None changes nothing. Raises NotFound, Locked, StaleVersion, Busy, and what `make` raises.
        """

        def step(now: datetime) -> Step:
            before = self._checked(module, principal, id_, precondition, now)
            made = make(before.record, now)
            if made is None:
                return Step([], lambda _none: {})
            change, also = made
            return Step([before.changed_by(change)], _by_noun, also=also)

        self._commit(principal, [module], None, step)

    def convert(
        self,
        module: Module,
        principal: Principal,
        id_: str,
        document: Document,
        *,
        precondition: Precondition = ANYTHING,
        idempotency_key: IdempotencyKey | None = None,
    ) -> Document:
        """Both records in one transaction. Returns them in wire form under their nouns.

        `document`: fields of the new record, over those that it takes from the old one.
        Raises NotFound, Locked, StaleVersion, Invalid, InvalidTransition, Forbidden, TooLarge, Busy.
        """

        def step(now: datetime) -> Step:
            before = self._checked(module, principal, id_, precondition, now)
            new_id = self._new_id(now)
            last, new = changes.convert(module, principal, before.record, document, id_=new_id, now=now)
            return Step([before.changed_by(last), new], _by_noun)

        assert module.conversion is not None
        return self._commit(principal, [module, module.conversion.into], idempotency_key, step)

    def delete(
        self,
        module: Module,
        principal: Principal,
        id_: str,
        *,
        precondition: Precondition = ANYTHING,
        idempotency_key: IdempotencyKey | None = None,
    ) -> None:
        """Raises NotFound, Locked, StaleVersion, Busy."""

        def step(now: datetime) -> Step:
            before = self._checked(module, principal, id_, precondition, now)
            change = changes.delete(module, principal, before.record, now=now)
            return Step([before.changed_by(change)], lambda _done: {})

        self._commit(principal, [module], idempotency_key, step)

    def recover(
        self, module: Module, principal: Principal, id_: str, idempotency_key: IdempotencyKey | None = None
    ) -> Document:
        """Brings back what was deleted within 30 days. Returns the record in wire form.

        Raises NotFound, Forbidden, Busy.
        """

        def step(now: datetime) -> Step:
            deleted = self._deleted(module, principal, id_, now)
            return Step([deleted.changed_by(changes.recover(module, principal, deleted.record, now=now))], _by_noun)

        return self._commit(principal, [module], idempotency_key, step)[module.noun]  # type: ignore[no-any-return]

    def reopen(
        self,
        module: Module,
        principal: Principal,
        id_: str,
        status: str,
        reason: str,
        *,
        precondition: Precondition = ANYTHING,
        idempotency_key: IdempotencyKey | None = None,
    ) -> Document:
        """Leads out of a final status; `reason` goes into the history. Returns the record in wire form.

        Raises NotFound, Locked, StaleVersion, Forbidden, Invalid, InvalidTransition, TooLarge, Busy.
        """

        def step(now: datetime) -> Step:
            before = self._checked(module, principal, id_, precondition, now)
            change = changes.reopen(module, principal, before.record, status, reason, now=now)
            return Step([before.changed_by(change)], _by_noun)

        return self._commit(principal, [module], idempotency_key, step)[module.noun]  # type: ignore[no-any-return]

    def with_history(self, module: Module, principal: Principal, id_: str) -> Stored:
        """The record whose history is the caller's to read: also a deleted one which they may recover.

        Raises NotFound.
        """
        if found := self.read_stored(module, principal, [id_]).get(id_):
            return found
        deleted = self._deleted(module, principal, id_, self._log.now())
        if Right.DELETE not in rights(principal, deleted.record):
            raise NotFound(f"there is no such {module.noun}")
        return deleted

    def _deleted(self, module: Module, principal: Principal, id_: str, now: datetime) -> Stored:
        """Raises NotFound, also for what DynamoDB is only late in deleting for good."""
        item = self._reach.deleted_item(principal, module.noun, id_)
        if item is None or item["ttl"] <= clock.seconds(now):
            raise NotFound(f"there is no such deleted {module.noun}")
        return stored(module, item)

    def _check_reach(self, principal: Principal, modules: Sequence[Module], answered: Document) -> None:
        """A repeated request is answered with records as they were: only to those who can still reach them."""
        for module in modules:
            if module.noun in answered:
                self.read(module, principal, answered[module.noun]["id"])

    def _checked(
        self, module: Module, principal: Principal, id_: str, precondition: Precondition, now: datetime
    ) -> Stored:
        found = self.find(module, principal, id_)
        precondition.check(principal, found, now)
        return found

    def _commit(
        self,
        principal: Principal,
        modules: Sequence[Module],
        idempotency_key: IdempotencyKey | None,
        step: Callable[[datetime], Step],
    ) -> Document:
        """Writes what `step(now)` wants, whose changes it makes afresh on every attempt. Returns records by noun."""

        def draft(now: datetime) -> Draft[Document]:
            if repeat := self._idempotency.find(idempotency_key, now):
                self._check_reach(principal, modules, repeat.body)
                return Draft(repeat.body)
            wanted = step(now)
            judged: list[Change] = []
            for judgement in self._commit_builder.judge(principal, wanted.changes):
                if isinstance(judgement, Invalid):
                    raise judgement
                judged.append(judgement)
            prepared = self._commit_builder.prepare(principal, judged, now)
            body = wanted.answer(prepared.changes)
            for change in prepared.changes:
                if hints := self._commit_builder.warnings(principal, change):
                    body[change.module.noun]["warnings"] = hints
            kept = self._idempotency.keep(idempotency_key, body, now)
            if wanted.unlocks:
                return Draft(body, wanted.unlocks.events, [*wanted.unlocks.writes, *kept])
            return prepared.draft(body, *kept, *wanted.also)

        return self._log.commit(draft, by=principal.user_id).result


def _unlocking(
    module: Module, principal: Principal, found: Stored, precondition: Precondition, now: datetime
) -> LockStep | None:
    """Whoever saves is done, also if they have changed nothing."""
    if not found.hold.is_held(principal.user_id, precondition.lock_token):
        return None
    return lock_step(module, found, found.hold.ended(), by=principal.user_id, at=now)


def _by_noun(done: Sequence[Change]) -> Document:
    return {change.module.noun: change.after.wire() for change in done if change.after}
