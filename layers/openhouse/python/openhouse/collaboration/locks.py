"""Locks of records: taken, prolonged, released, taken over, and ended when their time is over or their socket is gone.

Each step is one transaction of the record's item, the live state and a commit of the record's room. A timer only tells
that a lease is over: without it, others may take it two seconds after its end all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from openhouse.collaboration.lock_rows import LockedRecord, LockRows
from openhouse.core.errors import Forbidden, Locked
from openhouse.core.merge_patch import Document
from openhouse.core.metrics import Metric, metrics
from openhouse.core.principal import Principal
from openhouse.crm.access import Right, authorize, rights
from openhouse.crm.leases import LEASE, SKEW, Hold, Lease, locked
from openhouse.crm.locks import LockStep, lock_step
from openhouse.crm.module import Module, Record
from openhouse.crm.record_items import Stored, stored
from openhouse.crm.records import Records
from openhouse.identity.audit import AuditTrail, Author, Deed
from openhouse.rooms.draft import Draft
from openhouse.rooms.live_states import StateChange
from openhouse.rooms.room_log import RoomLog
from openhouse.rooms.timers import Timer, Timers
from openhouse.storage.idempotency import IdempotencyKey, IdempotencyStore
from openhouse.storage.keys import record_key
from openhouse.storage.table import Table
from openhouse.storage.writes import Write

OVER = "lock"  # the kind of timer


@dataclass(frozen=True)
class TakenOver:
    """`lease`: the one that was taken away, from its holder; `by` whom."""

    module: Module
    record: Record
    lease: Lease
    by: Principal
    at: datetime


def nobody_is_told(_taken: TakenOver) -> Sequence[StateChange]:
    return ()


@dataclass(frozen=True, kw_only=True)
class LockWish:
    """`token`: of one's own lock, to prolong it. `take_over`: also if somebody holds it. `connection_id`: the socket
    that asks, if one does: its lock ends soon after it.
    """

    token: int | None = None
    take_over: bool = False
    connection_id: str | None = None


class Locks:
    """`on_taken_over`: what else is written when somebody's lock is taken over, in the same commit."""

    def __init__(
        self,
        table: Table,
        records: Records,
        log: RoomLog,
        idempotency: IdempotencyStore,
        rows: LockRows,
        timers: Callable[[], Timers],
        modules: Iterable[Module],
        audit: AuditTrail,
        *,
        on_taken_over: Callable[[TakenOver], Sequence[StateChange]] = nobody_is_told,
    ) -> None:
        self._table = table
        self._records = records
        self._log = log
        self._idempotency = idempotency
        self._rows = rows
        self._timers = timers
        self._modules = {module.noun: module for module in modules}
        self._audit = audit
        self._on_taken_over = on_taken_over

    @property
    def nouns(self) -> Sequence[str]:
        return [*self._modules]

    def take_by_noun(self, noun: str, principal: Principal, id_: str, wish: LockWish) -> Document:
        """The same as `take`. Raises KeyError for a noun that is not among `nouns`, too."""
        return self.take(self._modules[noun], principal, id_, wish)

    def release_by_noun(self, noun: str, principal: Principal, id_: str, token: int) -> None:
        self.release(self._modules[noun], principal, id_, token)

    def take(
        self,
        module: Module,
        principal: Principal,
        id_: str,
        wish: LockWish,
        idempotency_key: IdempotencyKey | None = None,
    ) -> Document:
        """Takes or prolongs the lock of a record. Returns it in wire form. Repeated with the same key, it does neither.

        Raises NotFound, Forbidden, Locked, SessionExpired, Busy.
        """
        timed: list[LockedRecord] = []

        def draft(now: datetime) -> Draft[Document]:
            repeat = self._idempotency.find(idempotency_key, now)
            found = self._records.find(module, principal, id_)
            authorize(principal, found.record, Right.EDIT)
            if repeat:
                return Draft(_held(module, principal, found, repeat.body["token"], now))
            after = _decided(principal, found, wish, now)
            if timed and wish.connection_id:  # and then it failed
                self._rows.check(wish.connection_id)
            step = lock_step(module, found, after, by=principal.user_id, at=now)
            body, also = step.document, self._idempotency.keep(idempotency_key, step.document, now)
            if after == found.hold:
                return Draft(body, {}, also)
            place = _place(module, found.record, after)
            if after.fence != found.hold.fence and place not in timed:  # before it is taken: so its end is told
                timed.append(place)
                self._timers().set([Timer(OVER, now + LEASE + SKEW, place.document)])
            if wish.connection_id:
                also = [*also, *self._rows.writes(wish.connection_id, place)]
            taken = _taken_over(module, principal, found, after, now)
            if taken and taken.lease.holder != principal.user_id:
                also = [*also, self._audited(taken)]
            return self._draft(body, step, self._on_taken_over(taken) if taken else (), also)

        try:
            body = self._log.commit(draft, by=principal.user_id).result
        except Locked:
            metrics.count(Metric.LOCKS_REFUSED)
            raise
        metrics.count(Metric.LOCKS_TAKEN, len(timed[-1:]))
        return body

    def release(self, module: Module, principal: Principal, id_: str, token: int) -> None:
        """Ends one's own lock. Does nothing if it is over, or somebody else's by now. Raises NotFound, Busy."""

        def draft(now: datetime) -> Draft[None]:
            found = self._records.find(module, principal, id_)
            if not found.hold.is_held(principal.user_id, token):
                return Draft(None)
            return _end(module, found, now)

        self._log.commit(draft, by=principal.user_id)

    def run_out(self, timer: Timer) -> None:
        """Tells that a lease is over, if that very one is; of one that was prolonged, looks again later."""
        place = LockedRecord.of(timer.about)

        left = self._end_if(place, lambda lease, now: not lease.lives(now))
        if left is not None and left.token == place.token:
            self._timers().set([replace(timer, due=left.until + SKEW)])

    def connection_is_gone(self, timer: Timer) -> None:
        self.release_of(str(timer.about["connection"]))

    def release_of(self, connection_id: str) -> None:
        """Ends what a connection has locked, unless another has prolonged it since. For one that is gone for good."""
        places = self._rows.of(connection_id)
        for place in places:
            self._end_if(place, lambda lease, _now: lease.connection == connection_id)
        self._rows.forget(connection_id, places)

    def _end_if(self, place: LockedRecord, is_due: Callable[[Lease, datetime], bool]) -> Lease | None:
        """Ends the lease with the token of that place, if it is there and due. Returns one that is there still.

        A record that has moved since has no lease: whoever moved it has ended it.
        """
        module = self._modules[place.noun]

        def draft(now: datetime) -> Draft[Lease | None]:
            item = self._table.get(record_key(place.room, place.noun, place.id))
            found = stored(module, item) if item else None
            lease = found.hold.lease if found else None
            if found is None or lease is None or lease.token != place.token or not is_due(lease, now):
                return Draft(lease)
            end = _end(module, found, now)
            return Draft(None, end.events, end.writes)

        return self._log.commit(draft, by=place.holder).result

    def _audited(self, taken: TakenOver) -> Write:
        record, noun = taken.record, taken.module.noun
        before, after = {"holder": taken.lease.holder}, {"holder": taken.by.user_id}
        deed = Deed(act="lock_taken_over", subject=f"{noun}:{record.id}", before=before, after=after)
        return self._audit.entry(taken.by.brokerage_id, Author.of(taken.by), deed)

    def _draft(
        self, body: Document, step: LockStep, told: Sequence[StateChange], also: Sequence[Write]
    ) -> Draft[Document]:
        events = dict(step.events)
        for change in told:
            for room, more in change.events.items():
                events[room] = [*events.get(room, ()), *more]
        return Draft(body, events, [*step.writes, *(change.write for change in told), *also])


def _taken_over(module: Module, principal: Principal, found: Stored, after: Hold, now: datetime) -> TakenOver | None:
    """What somebody loses by that."""
    before = found.hold.living(now)
    if before is None or after.fence == found.hold.fence:
        return None
    return TakenOver(module, found.record, before, principal, now)


def may_take_over(principal: Principal, record: Record) -> bool:
    """From others: whoever may give the record to another owner, who are the leads of its team and brokers."""
    return Right.REASSIGN in rights(principal, record)


def _decided(principal: Principal, found: Stored, wish: LockWish, now: datetime) -> Hold:
    """Raises Locked or Forbidden."""
    hold, user_id = found.hold, principal.user_id
    lease, connection_id = hold.living(now), wish.connection_id
    if wish.token is not None:
        if hold.is_held(user_id, wish.token):
            return hold.prolonged(now, connection_id)
        if not wish.take_over:
            raise locked(lease, "this lock is over: take it anew")
    if lease is None:
        return hold.taken(user_id, now, connection_id)
    if lease.holder == user_id and lease.connection == connection_id is not None and not wish.take_over:
        return hold.prolonged(now, connection_id)  # the answer to it was lost
    if not wish.take_over:
        raise locked(lease, "somebody is at work on this record")
    if lease.holder != user_id and not may_take_over(principal, found.record):
        raise Forbidden("only a lead of its team and a broker may take this over from somebody")
    return hold.taken(user_id, now, connection_id)


def _held(module: Module, principal: Principal, found: Stored, token: int, now: datetime) -> Document:
    """The lock as it is, if it is still the one with this token. Raises Locked."""
    hold = found.hold
    if not hold.is_held(principal.user_id, token):
        raise locked(hold.living(now), "the lock that this request took is over: take it anew")
    return lock_step(module, found, hold, by=principal.user_id, at=now).document


def _end(module: Module, found: Stored, now: datetime) -> Draft[None]:
    assert found.hold.lease is not None
    step = lock_step(module, found, found.hold.ended(), by=found.hold.lease.holder, at=now)
    return Draft(None, step.events, step.writes)


def _place(module: Module, record: Record, hold: Hold) -> LockedRecord:
    assert hold.lease is not None
    return LockedRecord(record.room, module.noun, record.id, hold.fence, hold.lease.holder)
