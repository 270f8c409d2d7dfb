"""What a person does with tasks: begins and cancels them, confirms what they propose, takes back what they did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from openhouse.collaboration.notification import About
from openhouse.core import clock, ids
from openhouse.core.errors import Conflict, NotFound, TooLarge, TooManyTasks, invalid
from openhouse.core.json_text import size
from openhouse.core.merge_patch import Document
from openhouse.core.observability import logger
from openhouse.core.principal import Principal
from openhouse.core.room_names import user_room
from openhouse.core.wire import parse
from openhouse.identity.audit import AuditTrail, Author, Deed
from openhouse.rooms.draft import Draft
from openhouse.rooms.head import Head
from openhouse.rooms.live_states import LiveStates
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.idempotency import IdempotencyKey, IdempotencyStore
from openhouse.storage.table import Table
from openhouse.storage.writes import Write
from openhouse.tasks import moves, telling, workflows
from openhouse.tasks.kind import Kinds, TaskKind
from openhouse.tasks.moves import Known
from openhouse.tasks.settling import Settling
from openhouse.tasks.task import TASKS, Task
from openhouse.tasks.work import MOST_BYTES, Phase, Work
from openhouse.tasks.workflows import Workflows

MOST_RUNNING = 3  # of one person, at a time
MOST_OPEN = 20  # that run or wait for a confirmation
MOST_UNDOINGS = 5  # of one task: one may fail, or be cancelled

_OVER = "it is over"


class Tasks:
    """`workflows` makes what runs the steps, when it is needed."""

    def __init__(
        self,
        table: Table,
        log: RoomLog,
        live_states: LiveStates,
        idempotency: IdempotencyStore,
        kinds: Kinds,
        settling: Settling,
        workflows: Callable[[], Workflows],
        audit: AuditTrail,
        *,
        claims_are_trusted: bool = False,
        new_id: Callable[[datetime], str] = ids.uuid7,
    ) -> None:
        self._table = table
        self._log = log
        self._live_states = live_states
        self._idempotency = idempotency
        self._kinds = kinds
        self._settling = settling
        self._workflows = workflows
        self._audit = audit
        self._claims_are_trusted = claims_are_trusted
        self._new_id = new_id

    def begin(
        self, principal: Principal, kind_name: str, input_: Document, idempotency_key: IdempotencyKey | None = None
    ) -> Document:
        """Returns the new task in wire form. Raises Invalid, TooLarge, TooManyTasks, IdempotencyMismatch, Busy."""
        kind = self._kind(kind_name)
        wanted = parse(kind.input, input_)
        kind.check(principal, wanted)
        phase: Phase = "plan" if kind.plan else "write"

        def draft(now: datetime) -> Draft[Work | Document]:
            if repeat := self._idempotency.find(idempotency_key, now):
                return Draft(repeat.body)
            work = self._work(principal, kind, self._new_id(now), input_, phase, now)
            return self._begun(work, _about(kind, input_), now, idempotency_key)

        return self._started(self._log.commit(draft, by=principal.user_id).result, principal)

    def read(self, principal: Principal, id_: str) -> Document:
        """In wire form. Raises NotFound, also for other people's."""
        return self._known(principal, id_).task.wire()

    def confirm(
        self, principal: Principal, id_: str, answer: Document, idempotency_key: IdempotencyKey | None = None
    ) -> Document:
        """Goes on with what was proposed, as the answer says. Returns the task in wire form.

        Raises NotFound, Conflict for one that proposes nothing, Invalid, TooManyTasks, IdempotencyMismatch, Busy.
        """

        def draft(now: datetime) -> Draft[Work | Document]:
            if repeat := self._idempotency.find(idempotency_key, now):
                return Draft(repeat.body)
            head = self._head(principal.user_id)
            known = self._known(principal, id_)
            if known.work.standing != "waiting":
                raise Conflict(f"there is nothing to confirm: {_OVER if known.task.is_over else 'it is at work'}")
            kind = self._kind(known.work.kind)
            next_ = kind.confirmed(known.work, known.task.proposal or {}, parse(kind.answer, answer))
            self._check_number(principal.user_id, now, waiting=False)
            until = moves.deadline(kind.seconds, now)
            phase: Phase = "plan" if next_.plan_again else "write"
            input_ = known.work.input if next_.input is None else next_.input
            _check_size(input_, next_.cursor)
            drafted = moves.confirm(known, phase, next_.cursor, input_, until, now)
            work, body = drafted.result
            kept = self._idempotency.keep(idempotency_key, body, now)
            told: list[Write] = []
            if kind.audited and not next_.plan_again:
                told.append(self._told(principal, kind.audited(known.work, known.task.proposal or {}, next_)))
            return Draft(work, drafted.events, [*drafted.writes, *kept, *told], head)

        return self._started(self._log.commit(draft, by=principal.user_id).result, principal)

    def cancel(self, principal: Principal, id_: str) -> Document:
        """Nothing is written for it from then on; what was, stays, and is counted. Does nothing to what is over.

        Returns the task in wire form. Raises NotFound, Busy.
        """
        self._known(principal, id_)
        self._settling.settle(user_room(principal.user_id), id_, lambda _known: telling.cancelled())
        return self.read(principal, id_)

    def undo(self, principal: Principal, id_: str) -> Document:
        """Begins to take back what a task has done, as a task of its own. Returns that: also, if it was begun before.

        Raises NotFound, Conflict for one that cannot be undone, TooManyTasks, Busy.
        """

        def draft(now: datetime) -> Draft[Work | Document]:
            head = self._head(principal.user_id)
            known = self._known(principal, id_)
            if "undo" not in known.task.can:
                raise Conflict("this cannot be taken back")
            for number in range(1, MOST_UNDOINGS + 1):
                undoing = f"{id_}-undo-{number}"
                begun = Known.read(self._table, known.work.room, undoing)
                if begun is None:
                    break
                if begun.task.status in ("running", "completed"):
                    return Draft(begun.task.wire())
            else:
                raise Conflict("this was tried too often")
            kind = self._kind(known.work.kind)
            work = self._work(principal, kind, undoing, known.work.input, "undo", now)
            undoing_work = replace(work, undoes=id_, title=f"Undoing: {kind.title}")
            drafted = self._begun(undoing_work, known.task.about, now, None)
            deed = Deed(act="task_undone", subject=id_, name=kind.title)
            told = [self._told(principal, deed)] if kind.audited else []
            return Draft(drafted.result, drafted.events, [*drafted.writes, *told], {**drafted.heads, **head})

        return self._started(self._log.commit(draft, by=principal.user_id).result, principal)

    def _begun(
        self, work: Work, about: About | None, now: datetime, idempotency_key: IdempotencyKey | None
    ) -> Draft[Work | Document]:
        """On the condition that no other task of this person has begun since theirs were counted."""
        head = self._head(work.user_id)
        self._check_number(work.user_id, now, waiting=True)
        drafted = moves.begin(work, about, now)
        _, body = drafted.result
        kept: list[Write] = self._idempotency.keep(idempotency_key, body, now)
        return Draft(work, drafted.events, [*drafted.writes, *kept], head)

    def _started(self, made: Work | Document, principal: Principal) -> Document:
        """Begins the execution of what has just been written; if that fails, whoever looks after tasks does."""
        id_ = made.task_id if isinstance(made, Work) else str(made["id"])
        known = self._known(principal, id_)
        if known.work.standing == "running":
            try:
                self._workflows().start(known.work.execution, workflows.about(known.work))
            except OSError:
                logger.exception("task not begun yet", task=id_)
        return known.task.wire() if isinstance(made, Work) else made

    def _work(
        self, principal: Principal, kind: TaskKind, id_: str, input_: Document, phase: Phase, now: datetime
    ) -> Work:
        _check_size(input_, {})
        return Work(
            task_id=id_,
            user_id=principal.user_id,
            brokerage_id=principal.brokerage_id,
            kind=kind.name,
            title=kind.title,
            input=input_,
            phase=phase,
            until=moves.deadline(kind.seconds, now),
            told_at=clock.milliseconds(now),
            claimed=principal.document() if self._claims_are_trusted else None,
        )

    def _told(self, principal: Principal, deed: Deed) -> Write:
        return self._audit.entry(principal.brokerage_id, Author.of(principal), deed)

    def _kind(self, name: str) -> TaskKind:
        try:
            return self._kinds.get(name)
        except KeyError:
            raise invalid(("kind", f"must be one of {', '.join(self._kinds.names())}")) from None

    def _known(self, principal: Principal, id_: str) -> Known:
        known = None
        if len(id_) <= ids.MAX_ID_LENGTH:
            known = Known.read(self._table, user_room(principal.user_id), id_)
        if known is None or known.task.forgotten_at <= self._log.now():
            raise NotFound("there is no such task of yours")
        return known

    def _head(self, user_id: str) -> dict[str, Head]:
        """Of their room, before anything in it is looked at: what is decided by that holds until something is told."""
        return self._log.whole_heads([user_room(user_id)])

    def _check_number(self, user_id: str, now: datetime, *, waiting: bool) -> None:
        held = self._live_states.held(TASKS, user_room(user_id)).values()
        theirs = [one.state for one in held if isinstance(one.state, Task) and one.state.forgotten_at > now]
        if sum(task.status == "running" for task in theirs) >= MOST_RUNNING:
            raise TooManyTasks(f"{MOST_RUNNING} of your tasks are at work: wait for one, or cancel it")
        if waiting and sum(not task.is_over for task in theirs) >= MOST_OPEN:
            raise TooManyTasks(f"{MOST_OPEN} of your tasks wait for you: confirm or cancel some")


def _about(kind: TaskKind, input_: Document) -> About | None:
    return About(noun=kind.about, id=input_[kind.about]) if kind.about else None


def _check_size(input_: Document, cursor: Any) -> None:
    if size(input_) + size(cursor) > MOST_BYTES:
        raise TooLarge(f"what a task is given may hold {MOST_BYTES} bytes")
