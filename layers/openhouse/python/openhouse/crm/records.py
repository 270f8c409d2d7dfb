"""What one can do with a record of any module. Each write is one commit to the record's room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from openhouse.core import clock, ids
from openhouse.core.errors import Invalid, NotFound, StaleVersion
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.crm import changes
from openhouse.crm.access import Right, rights
from openhouse.crm.changes import Change
from openhouse.crm.commit_builder import CommitBuilder
from openhouse.crm.module import Module, Record
from openhouse.crm.reach import Reach
from openhouse.crm.record_items import Stored, from_item, stored
from openhouse.rooms.draft import Draft
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.idempotency import IdempotencyKey, IdempotencyStore


@dataclass(frozen=True)
class VersionPrecondition:
    """The versions that an If-Match header accepts; None accepts any."""

    versions: frozenset[int] | None = None

    def check(self, record: Record) -> None:
        """Raises StaleVersion, which carries the current record."""
        if self.versions is not None and record.version not in self.versions:
            raise StaleVersion(f"it is at version {record.version} now", current=record.wire())


ANY_VERSION = VersionPrecondition()

Step = tuple[list[Change], Callable[[Sequence[Change]], Document]]  # changes, and what they are answered with once done


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
        found = self.read_some(module, principal, [id_])
        if id_ not in found:
            raise NotFound(f"there is no such {module.noun}")
        return found[id_]

    def read_some(self, module: Module, principal: Principal, ids_: Iterable[str]) -> dict[str, Record]:
        """Those of the named records that the caller can reach, by id. Raises Busy."""
        return {id_: found.record for id_, found in self.read_stored(module, principal, ids_).items()}

    def read_stored(self, module: Module, principal: Principal, ids_: Iterable[str]) -> dict[str, Stored]:
        """The same, with what their items hold of their history: for whoever changes them."""
        found = self._reach.items(principal, [(module.noun, id_) for id_ in ids_])
        return {id_: stored(module, item) for (_, id_), item in found.items()}

    def create(
        self, module: Module, principal: Principal, document: Document, idempotency_key: IdempotencyKey | None = None
    ) -> Document:
        """Returns the record in wire form, with `warnings` if there are any: [{field, message}].

        Raises Invalid, Forbidden, TooLarge, Busy.
        """

        def step(now: datetime) -> Step:
            return [changes.create(module, principal, document, id_=self._new_id(now), now=now)], _by_noun

        return self._commit(principal, [module], idempotency_key, step)[module.noun]  # type: ignore[no-any-return]

    def patch(
        self,
        module: Module,
        principal: Principal,
        id_: str,
        patch: Document,
        *,
        precondition: VersionPrecondition = ANY_VERSION,
        idempotency_key: IdempotencyKey | None = None,
    ) -> Document:
        """Applies a merge patch; writes nothing if it changes nothing. Returns the record in wire form.

        Raises NotFound, StaleVersion, Invalid, InvalidTransition, Forbidden, TooLarge, Busy.
        """

        def step(now: datetime) -> Step:
            before = self._checked(module, principal, id_, precondition)
            change = changes.update(module, principal, before.record, patch, now=now)
            if change is None:
                return [], lambda _none: {module.noun: before.record.wire()}
            return [replace(change, recent=before.recent)], _by_noun

        return self._commit(principal, [module], idempotency_key, step)[module.noun]  # type: ignore[no-any-return]

    def convert(
        self,
        module: Module,
        principal: Principal,
        id_: str,
        document: Document,
        *,
        precondition: VersionPrecondition = ANY_VERSION,
        idempotency_key: IdempotencyKey | None = None,
    ) -> Document:
        """Both records in one transaction. Returns them in wire form under their nouns.

        `document`: fields of the new record, over those that it takes from the old one.
        Raises NotFound, StaleVersion, Invalid, InvalidTransition, Forbidden, TooLarge, Busy.
        """

        def step(now: datetime) -> Step:
            before = self._checked(module, principal, id_, precondition)
            new_id = self._new_id(now)
            last, new = changes.convert(module, principal, before.record, document, id_=new_id, now=now)
            return [replace(last, recent=before.recent), new], _by_noun

        assert module.conversion is not None
        return self._commit(principal, [module, module.conversion.into], idempotency_key, step)

    def delete(
        self,
        module: Module,
        principal: Principal,
        id_: str,
        *,
        precondition: VersionPrecondition = ANY_VERSION,
        idempotency_key: IdempotencyKey | None = None,
    ) -> None:
        """Raises NotFound, StaleVersion, Busy."""

        def step(now: datetime) -> Step:
            before = self._checked(module, principal, id_, precondition)
            change = changes.delete(module, principal, before.record, now=now)
            return [replace(change, recent=before.recent)], lambda _done: {}

        self._commit(principal, [module], idempotency_key, step)

    def recover(
        self, module: Module, principal: Principal, id_: str, idempotency_key: IdempotencyKey | None = None
    ) -> Document:
        """Brings back what was deleted within 30 days. Returns the record in wire form.

        Raises NotFound, Forbidden, Busy.
        """

        def step(now: datetime) -> Step:
            deleted = self._deleted(module, principal, id_, now)
            return [changes.recover(module, principal, deleted, now=now)], _by_noun

        return self._commit(principal, [module], idempotency_key, step)[module.noun]  # type: ignore[no-any-return]

    def reopen(
        self,
        module: Module,
        principal: Principal,
        id_: str,
        status: str,
        reason: str,
        *,
        precondition: VersionPrecondition = ANY_VERSION,
        idempotency_key: IdempotencyKey | None = None,
    ) -> Document:
        """Leads out of a final status; `reason` goes into the history. Returns the record in wire form.

        Raises NotFound, StaleVersion, Forbidden, Invalid, InvalidTransition, TooLarge, Busy.
        """

        def step(now: datetime) -> Step:
            before = self._checked(module, principal, id_, precondition)
            change = changes.reopen(module, principal, before.record, status, reason, now=now)
            return [replace(change, recent=before.recent)], _by_noun

        return self._commit(principal, [module], idempotency_key, step)[module.noun]  # type: ignore[no-any-return]

    def with_history(self, module: Module, principal: Principal, id_: str) -> Stored:
        """The record whose history is the caller's to read: also a deleted one which they may recover.

        Raises NotFound.
        """
        if found := self.read_stored(module, principal, [id_]).get(id_):
            return found
        deleted = self._deleted(module, principal, id_, self._log.now())
        if Right.DELETE not in rights(principal, deleted):
            raise NotFound(f"there is no such {module.noun}")
        return Stored(deleted, recent="")

    def _deleted(self, module: Module, principal: Principal, id_: str, now: datetime) -> Record:
        """Raises NotFound, also for what DynamoDB is only late in deleting for good."""
        item = self._reach.deleted_item(principal, module.noun, id_)
        if item is None or item["ttl"] <= clock.seconds(now):
            raise NotFound(f"there is no such deleted {module.noun}")
        return from_item(module, item)

    def _check_reach(self, principal: Principal, modules: Sequence[Module], answered: Document) -> None:
        """A repeated request is answered with records as they were: only to those who can still reach them."""
        for module in modules:
            if module.noun in answered:
                self.read(module, principal, answered[module.noun]["id"])

    def _checked(self, module: Module, principal: Principal, id_: str, precondition: VersionPrecondition) -> Stored:
        found = self.read_stored(module, principal, [id_])
        if id_ not in found:
            raise NotFound(f"there is no such {module.noun}")
        precondition.check(found[id_].record)
        return found[id_]

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
            wanted, answer = step(now)
            judged: list[Change] = []
            for judgement in self._commit_builder.judge(principal, wanted):
                if isinstance(judgement, Invalid):
                    raise judgement
                judged.append(judgement)
            prepared = self._commit_builder.prepare(principal, judged, now)
            body = answer(prepared.changes)
            for change in prepared.changes:
                if hints := self._commit_builder.warnings(principal, change):
                    body[change.module.noun]["warnings"] = hints
            return prepared.draft(body, *self._idempotency.keep(idempotency_key, body, now))

        return self._log.commit(draft, by=principal.user_id).result


def _by_noun(done: Sequence[Change]) -> Document:
    return {change.module.noun: change.after.wire() for change in done if change.after}
