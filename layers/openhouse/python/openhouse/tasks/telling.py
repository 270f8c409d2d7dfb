"""When and how a task's state tells of the work on it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from openhouse.collaboration.notification import About
from openhouse.core import clock
from openhouse.core.merge_patch import Document
from openhouse.core.text import quoted
from openhouse.rooms.live_states import State
from openhouse.tasks.kind import Progress, TaskKind
from openhouse.tasks.task import Ability, Reason, Status, Task, TaskProblem
from openhouse.tasks.work import Work

LEAST_GAP_MS = 250  # between two commits of progress: four a second at most
QUIET_GAP_MS = 2_000  # where neither the percentage nor the message is another, and only counts are
MOST_BEFORE_THE_END = 99
LONGEST_MESSAGE = 300


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a task ends. `undoable`: even if nothing was written; what has written something is, whatever its end."""

    status: Literal["completed", "failed", "cancelled"]
    message: str
    result: Document | None = None
    problem: TaskProblem | None = None
    undoable: bool = False


def failed(title: str, reason: Reason, detail: str) -> Outcome:
    detail = quoted(detail, LONGEST_MESSAGE, otherwise=reason)
    return Outcome(status="failed", message=f"{title} failed", problem=TaskProblem(reason=reason, detail=detail))


def cancelled(message: str = "Cancelled") -> Outcome:
    return Outcome(status="cancelled", message=message)


def percent_of(kind: TaskKind, phase: str, progress: Progress, before: int) -> int:
    """Never less than `before`, and 100 at no time: that is for whoever ends the task."""
    low, high = kind.span(phase)
    part = min(progress.done, progress.total) / progress.total if progress.total else 0.0
    return max(before, min(MOST_BEFORE_THE_END, int(low + (high - low) * part)))


def is_due(task: Task, work: Work, percent: int, message: str, now: datetime) -> bool:
    """Whether people are told of progress now, or with what comes next."""
    gap = clock.milliseconds(now) - work.told_at
    news = percent != task.percent or message != task.message
    return gap >= (LEAST_GAP_MS if news else QUIET_GAP_MS)


def beginning(work: Work, about: About | None, now: datetime) -> dict[str, Any]:
    """The fields of a new task's state."""
    return {
        "kind": work.kind,
        "about": about,
        "status": "running",
        "message": f"{work.title}...",
        "started_at": now,
        "undoes": work.undoes,
        "can": abilities("running"),
    }


def going_on(task: Task, work: Work, percent: int, message: str) -> dict[str, Any]:
    return {**_known(task), **_counted(work), "percent": percent, "message": message}


def proposing(task: Task, work: Work, percent: int, message: str, proposal: Document) -> dict[str, Any]:
    what = {"status": "proposed", "proposal": proposal, "can": abilities("proposed")}
    return {**going_on(task, work, percent, message), **what}


def resuming(task: Task, work: Work) -> dict[str, Any]:
    """After a confirmation."""
    what = {"status": "running", "message": f"{work.title}...", "proposal": None, "can": abilities("running")}
    return {**_known(task), **_counted(work), **what}


def ending(task: Task, work: Work, outcome: Outcome, now: datetime) -> dict[str, Any]:
    return {
        **_known(task),
        **_counted(work),
        "status": outcome.status,
        "percent": 100 if outcome.status == "completed" else task.percent,
        "message": outcome.message,
        "ended_at": now,
        "proposal": None,
        "result": outcome.result,
        "problem": outcome.problem,
        "can": ["undo"] if outcome.undoable else [],
    }


def abilities(status: Status) -> list[Ability]:
    of: dict[Status, list[Ability]] = {"running": ["cancel"], "proposed": ["cancel", "confirm"]}
    return of.get(status, [])


def _counted(work: Work) -> dict[str, Any]:
    return {"done": work.done, "total": work.total, "counts": dict(work.counts)}


def _known(task: Task) -> dict[str, Any]:
    own = task.model_fields_set - State.model_fields.keys()
    return {name: getattr(task, name) for name in own}
