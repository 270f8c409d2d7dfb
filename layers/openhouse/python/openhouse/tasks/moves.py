"""Every step from one standing of a task to another, each as the draft of one transaction.

A task's work item and its state are read together and written together, the one on the condition that it is as it was
read: of two who end a task, or go on from the same part, one finds that the other has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from openhouse.collaboration.notification import About, Message, addition, first_step
from openhouse.core import clock
from openhouse.core.merge_patch import Document
from openhouse.rooms.draft import Draft
from openhouse.rooms.live_states import Held, StateChange
from openhouse.storage.keys import Item, running_key, state_key, work_key
from openhouse.storage.table import Table
from openhouse.storage.writes import ABSENT, PRESENT, Delete, Put, Update, Write, absent_or
from openhouse.tasks import telling
from openhouse.tasks.kind import Progress, TaskKind
from openhouse.tasks.task import TASKS, WAITS, Task
from openhouse.tasks.telling import Outcome
from openhouse.tasks.work import Phase, Work

T = TypeVar("T")


@dataclass(frozen=True)
class Known:
    """A task as it is stored."""

    task: Task
    version: int
    work: Work

    @classmethod
    def read(cls, table: Table, room: str, task_id: str) -> Known | None:
        """The work first: whatever its state says then is of the same moment, or later, and not written over."""
        item = table.get(work_key(room, task_id))
        held = Held.of(TASKS, table.get(state_key(room, TASKS.noun, task_id)))
        if item is None or not isinstance(held.state, Task):
            return None
        return cls(held.state, held.version, Work.of(item))


def begin(work: Work, about: About | None, now: datetime) -> Draft[tuple[Work, Document]]:
    """A new task; its result is the work and the task in wire form."""
    fields = telling.beginning(work, about, now)
    step = Held(None, 0).step(TASKS, work.room, work.task_id, fields, now, work.user_id)
    assert step is not None
    assert step.after is not None
    return Draft((work, step.after.wire()), step.events, [step.write, work.begun(now), _running(work, now)])


def go_on(known: Known, kind: TaskKind, made: Draft[Progress], now: datetime) -> Draft[Work]:
    """What a part writes, and how far the task is by that: told of in the same transaction, if it is time to.

    Its result is the work after it.
    """
    progress, before = made.result, known.work
    counts = {**before.counts}
    for name, more in progress.counted.items():
        counts[name] = counts.get(name, 0) + more
    work = replace(
        before,
        count=before.count + 1,
        cursor=progress.cursor,
        done=max(before.done, progress.done),
        total=progress.total,
        counts=counts,
        undoable=before.undoable or (kind.undo is not None and before.phase == "write" and bool(made.events)),
    )
    percent = telling.percent_of(kind, before.phase, progress, known.task.percent)
    message = progress.message or known.task.message
    if progress.ended is not None:
        is_proposal = kind.is_confirmed and before.phase == "plan" and not progress.in_vain
        end = _proposed if is_proposal else _completed
        return _with(end(known, kind, work, percent, message, progress.ended, now), made)
    if not telling.is_due(known.task, before, percent, message, now):
        return _with(Draft(work, {}, [work.after(before, now)]), made)
    work = replace(work, told_at=clock.milliseconds(now))
    fields = telling.going_on(known.task, work, percent, message)
    return _with(_told(known, work, fields, now, before.user_id), made)


def _proposed(
    known: Known, _kind: TaskKind, work: Work, percent: int, message: str, proposal: Document, now: datetime
) -> Draft[Work]:
    waiting = replace(work, standing="waiting", until=clock.milliseconds(now + WAITS))
    fields = telling.proposing(known.task, waiting, percent, message, proposal)
    listed = Put({**waiting.open_key, **_place(waiting), "until": waiting.until}, ABSENT)
    return _told(known, waiting, fields, now, work.user_id, _unlisted(work), listed)


def _completed(
    known: Known, kind: TaskKind, work: Work, _percent: int, message: str, result: Document, now: datetime
) -> Draft[Work]:
    undoable = kind.undo is not None and work.phase == "write"
    outcome = Outcome(status="completed", message=message, result=result, undoable=undoable)
    return settle(replace(known, work=work), outcome, now, by=work.user_id, count=known.work.count)


def confirm(
    known: Known, phase: Phase, cursor: Document, input_: Document, until: int, now: datetime
) -> Draft[tuple[Work, Document]]:
    """The next run, of what has waited; its result is the same as of `begin`."""
    before = known.work
    work = replace(
        before,
        standing="running",
        phase=phase,
        run=before.run + 1,
        count=before.count + 1,
        cursor=cursor,
        input=input_,
        until=until,
        done=0,
        total=None,
        told_at=clock.milliseconds(now),
    )
    step = _step(known, work, telling.resuming(known.task, work), now, work.user_id)
    assert step is not None
    assert step.after is not None
    writes = [step.write, work.after(before, now), _unlisted(before), _running(work, now)]
    return Draft((work, step.after.wire()), step.events, writes)


def settle(
    known: Known, outcome: Outcome, now: datetime, *, by: str, count: int | None = None, notify: str | None = None
) -> Draft[Work]:
    """The end of a task that runs or waits. `notify`: the id of a notification of it, in the same commit.

    `count`: that of the stored work, if `known` has what follows it.
    """
    before = known.work
    work = replace(before, standing="over", count=before.count + (count is None))
    outcome = replace(outcome, undoable=outcome.undoable or before.undoable)
    stored = before if count is None else replace(before, count=count)
    fields = telling.ending(known.task, work, outcome, now)
    drafted = _told(known, work, fields, now, by, _unlisted(before), stored=stored)
    if notify is None or outcome.problem is None:
        return drafted
    message = Message(kind="task_failed", level="error", title=outcome.message, text=outcome.problem.detail)
    news = addition([first_step(before.room, notify, message, by=by, now=now)])
    notified = Draft(None, {room: [*told] for room, told in news.events.items()}, news.writes, kept=news.kept)
    return _with(drafted, notified)


def seen(work: Work, now: datetime) -> Update:
    """That somebody is at work on it."""
    return Update(running_key(work.task_id), {"seen": clock.milliseconds(now)}, PRESENT)


def deadline(seconds: float, now: datetime) -> int:
    return clock.milliseconds(now + timedelta(seconds=seconds))


def _told(
    known: Known,
    work: Work,
    fields: dict[str, Any],
    now: datetime,
    by: str,
    *also: Write,
    stored: Work | None = None,
) -> Draft[Work]:
    step = _step(known, work, fields, now, by)
    told = Draft(work, step.events, [step.write]) if step else Draft(work)
    return _with(told, Draft(None, {}, [work.after(stored or known.work, now), *also]))


def _step(known: Known, work: Work, fields: dict[str, Any], now: datetime, by: str) -> StateChange | None:
    return Held(known.task, known.version).step(TASKS, work.room, work.task_id, fields, now, by)


def _running(work: Work, now: datetime) -> Put:
    moments = {"seen": clock.milliseconds(now), "until": work.until}
    return Put({**running_key(work.task_id), **_place(work), **moments}, ABSENT)


def _unlisted(work: Work) -> Delete:
    return Delete(work.open_key, absent_or(task_id=work.task_id))


def _place(work: Work) -> Item:
    return {"task_id": work.task_id, "user_id": work.user_id, "phase": work.phase, "run": work.run}


def answering(draft: Draft[Any], result: T) -> Draft[T]:
    return Draft(result, draft.events, draft.writes, draft.heads, draft.kept)


def _with(first: Draft[T], second: Draft[Any]) -> Draft[T]:
    """Both in one transaction; of a room that both tell of, in one commit."""
    events = {room: [*told] for room, told in first.events.items()}
    for room, told in second.events.items():
        events.setdefault(room, []).extend(told)
    kept = {room: {**first.kept.get(room, {}), **second.kept.get(room, {})} for room in {*first.kept, *second.kept}}
    writes: Sequence[Write] = [*first.writes, *second.writes]
    return Draft(first.result, events, writes, {**first.heads, **second.heads}, kept)
