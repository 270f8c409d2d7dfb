"""Many new records and patches in one request, as few large commits.

Each entry stands for itself: what is wrong with one does not keep the others from being written. The request is cut
into parts, each one transaction and, per room, one commit that fits into a frame. A part's results are kept in its own
transaction under the request's Idempotency-Key: so a repeat goes on where the first try ended, and doubles nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import Field

from openhouse.core import ids
from openhouse.core.errors import Busy, Invalid, NotFound, OpenhouseError, TooLarge, invalid
from openhouse.core.json_text import size
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.core.wire import Wire, parse
from openhouse.crm import changes
from openhouse.crm.changes import Change
from openhouse.crm.commit_builder import CommitBuilder
from openhouse.crm.module import Module
from openhouse.crm.record_items import Stored
from openhouse.crm.records import Precondition, Records
from openhouse.rooms.draft import BATCHED_COMMIT_BYTES, Draft, largest_that_fits
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.idempotency import IdempotencyKey, IdempotencyStore, StoredResponse, until_when
from openhouse.storage.table import MAX_TRANSACTION_ITEMS

MAX_ENTRIES = 500
MAX_PROBLEM_BYTES = 3_500  # of one entry: 500 fit into an answer, and a part's 100 into the item that remembers them
SECONDS = 18.0  # of work, of the 28 that the function has: what is not done by then is told to be tried again


class Entries(Wire):
    """What a request holds. Each entry is read by itself: one that is wrong keeps no other from being written."""

    entries: Annotated[list[Any], Field(min_length=1, max_length=MAX_ENTRIES)]


class NewEntry(Wire):
    """A record to be created."""

    record: Document


class PatchEntry(Wire):
    """A merge patch of a record; refused if `version` is given and it has another by now. `lock_token`: of its lock, by
    whoever has locked it.
    """

    id: str
    changes: Document
    version: int | None = None
    lock_token: int | None = None

    @property
    def precondition(self) -> Precondition:
        return Precondition(None if self.version is None else frozenset({self.version}), self.lock_token)


Result = Document  # {status, id, version}, or {status, error: the problem document}


@dataclass(frozen=True)
class _Planned:
    """What becomes of one entry: a change, or nothing but a result."""

    change: Change | None = None
    result: Result | None = None


class Bulk:
    def __init__(
        self,
        records: Records,
        log: RoomLog,
        idempotency: IdempotencyStore,
        commit_builder: CommitBuilder,
        *,
        new_id: Callable[[datetime], str] = ids.uuid7,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._records = records
        self._log = log
        self._idempotency = idempotency
        self._commit_builder = commit_builder
        self._new_id = new_id
        self._monotonic = monotonic

    def write(
        self,
        module: Module,
        principal: Principal,
        entries: Sequence[Any],
        idempotency_key: IdempotencyKey | None = None,
    ) -> list[Result]:
        """A result for each entry, in their order. What others' changes kept from being written says `busy`.

        Raises IdempotencyMismatch.
        """
        deadline = self._monotonic() + SECONDS
        results: list[Result] = []
        part, until = 0, None
        try:
            while len(results) < len(entries):
                self._check_time(deadline)
                answer = self._write_part(module, principal, entries[len(results) :], idempotency_key, part, until)
                results += answer.body["results"]
                part, until = part + 1, answer.until
        except Busy as busy:
            results += [_failed(busy)] * (len(entries) - len(results))
        return results

    def _check_time(self, deadline: float) -> None:
        if self._monotonic() > deadline:
            raise Busy("time ran out before this entry: send the same request again")

    def _write_part(
        self,
        module: Module,
        principal: Principal,
        entries: Sequence[Any],
        idempotency_key: IdempotencyKey | None,
        part: int,
        until: int | None,
    ) -> StoredResponse:
        """Writes as many of the entries as fit into one transaction. Returns `{results}`, as a repeat will."""

        def draft(now: datetime) -> Draft[StoredResponse]:
            if repeat := self._idempotency.find(idempotency_key, now, part=part, until=until):
                return Draft(repeat)
            planned = self._plan(module, principal, _first_few(entries), now)
            while not (wanted := self._draft_part(principal, planned, now, idempotency_key, part, until)).is_possible:
                planned = _without_the_first(planned)
            return wanted

        return self._log.commit(draft, by=principal.user_id).result

    def _draft_part(
        self,
        principal: Principal,
        planned: Sequence[_Planned],
        now: datetime,
        idempotency_key: IdempotencyKey | None,
        part: int,
        until: int | None,
    ) -> Draft[StoredResponse]:
        """Of as many of the planned changes as fit, but of the first in any case."""
        prepared = self._commit_builder.prepare(principal, [plan.change for plan in planned if plan.change], now)

        def draft_of(count: int) -> Draft[StoredResponse]:
            results = _results(planned, prepared.changes[:count])
            answer = StoredResponse({"results": results}, until or until_when(now))
            kept = self._idempotency.keep(idempotency_key, answer.body, now, part=part, until=answer.until)
            return prepared.draft(answer, *kept, first=count)

        return largest_that_fits(draft_of, len(prepared.changes))

    def _plan(self, module: Module, principal: Principal, entries: Sequence[Any], now: datetime) -> list[_Planned]:
        parsed = [_parsed(entry) for entry in entries]
        wanted = {entry.id for entry in parsed if isinstance(entry, PatchEntry)}
        known = self._records.read_stored(module, principal, wanted) if wanted else {}
        planned: list[_Planned] = []
        for entry in parsed:
            try:
                if isinstance(entry, OpenhouseError):
                    raise entry
                if isinstance(entry, NewEntry):
                    id_ = self._new_id(now)
                    planned.append(_Planned(changes.create(module, principal, entry.record, id_=id_, now=now)))
                    continue
                before = known.get(entry.id)
                if before is None:
                    raise NotFound(f"there is no such {module.noun}")
                entry.precondition.check(principal, before, now)
                change = changes.update(module, principal, before.record, entry.changes, now=now)
                planned.append(_changed(change, before))
            except OpenhouseError as error:
                planned.append(_Planned(result=_failed(error)))
        judged = iter(self._commit_builder.judge(principal, [plan.change for plan in planned if plan.change]))
        return [_judged(next(judged)) if plan.change else plan for plan in planned]


def entries_of(body: Document) -> list[Any]:
    """The entries of a request's body, yet unread. Raises Invalid."""
    return parse(Entries, body).entries


def _parsed(entry: Any) -> NewEntry | PatchEntry | OpenhouseError:
    try:
        if not isinstance(entry, dict):
            raise invalid(("entries", "an entry is {record} or {id, changes}"))
        return parse(NewEntry, entry) if "record" in entry else parse(PatchEntry, entry)
    except OpenhouseError as error:
        return error


def _first_few(entries: Sequence[Any]) -> Sequence[Any]:
    """Those that one transaction may have room for; of the patches of one record only the first."""
    seen: set[Any] = set()
    total = 0
    for count, entry in enumerate(entries):
        id_ = entry.get("id") if isinstance(entry, dict) else None
        total += size(entry)
        again = isinstance(id_, str) and id_ in seen
        if again or count == MAX_TRANSACTION_ITEMS or (count and total > BATCHED_COMMIT_BYTES):
            return entries[:count]
        if isinstance(id_, str):
            seen.add(id_)
    return entries


def _changed(change: Change | None, before: Stored) -> _Planned:
    if change is None:
        return _Planned(result=_done(HTTPStatus.OK, before.record.id, before.record.version))
    return _Planned(before.changed_by(change))


def _judged(judgement: Change | Invalid) -> _Planned:
    return _Planned(judgement) if isinstance(judgement, Change) else _Planned(result=_failed(judgement))


def _without_the_first(planned: Sequence[_Planned]) -> list[_Planned]:
    """The first change cannot be written even by itself: there is nothing but that to say of it."""
    too_large = _Planned(result=_failed(TooLarge("this changes more at once than can be written together")))
    first = next(number for number, plan in enumerate(planned) if plan.change)
    return [*planned[:first], too_large, *planned[first + 1 :]]


def _results(planned: Sequence[_Planned], written: Sequence[Change]) -> list[Result]:
    """Of the entries up to the first change that is not written in this part."""
    results: list[Result] = []
    remaining = iter(written)
    for plan in planned:
        if plan.result is not None:
            results.append(plan.result)
        elif (change := next(remaining, None)) and change.after:
            status = HTTPStatus.CREATED if change.before is None else HTTPStatus.OK
            results.append(_done(status, change.after.id, change.after.version))
        else:
            break
    return results


def _done(status: HTTPStatus, id_: str, version: int) -> Result:
    return {"status": status.value, "id": id_, "version": version}


def _failed(error: OpenhouseError) -> Result:
    """Of the faults those that fit."""
    problem = {name: value for name, value in error.problem().items() if name != "current"}
    while problem.get("errors") and size(problem) > MAX_PROBLEM_BYTES:
        problem["errors"] = problem["errors"][:-1]
    return {"status": error.status, "error": problem}
