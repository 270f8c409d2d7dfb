"""What a task is to whoever began it: a live state of their room, told of by events. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from openhouse.collaboration.notification import About
from openhouse.core.merge_patch import Document
from openhouse.core.wire import Moment, Wire
from openhouse.crm.fields import Remark
from openhouse.rooms.live_states import LiveEntity, OwnTypes, State

Status = Literal["running", "proposed", "completed", "failed", "cancelled"]
Ability = Literal["cancel", "confirm", "undo"]

Reason = Literal[
    "access_lost",  # whoever began it is gone, or in another brokerage
    "crashed",  # a step failed again and again
    "refused",  # what it was to do is not allowed, or not possible
    "too_long",  # it did not end in the time that its kind has
    "lost",  # nothing was heard of it any more
]

ENDS: tuple[Status, ...] = ("completed", "failed", "cancelled")
KEPT = timedelta(days=7)  # after its end; for as long as that it can be undone
WAITS = timedelta(days=7)  # for a confirmation; then it is cancelled

MOST_COUNTS = 20


class TaskProblem(Wire):
    """Why a task failed. `detail`: a sentence for whoever began it."""

    reason: Reason
    detail: Remark


class Task(State):
    """`done` of `total` is what `percent` comes from; `percent` never goes back, and is 100 at no time but the end.
    `counts`: how many things came to which end, exact once the task is over, whichever way. `about`: the record
    that it is about, if it is one. `proposal`: what is to be confirmed. `undoes`: the task whose work this one takes
    back. `can`: what its person may do with it now.
    """

    kind: str
    about: About | None = None
    status: Status
    percent: Annotated[int, Field(ge=0, le=100)] = 0
    message: Remark = ""
    done: Annotated[int, Field(ge=0)] = 0
    total: Annotated[int, Field(ge=0)] | None = None
    counts: Annotated[dict[str, int], Field(max_length=MOST_COUNTS)] = {}
    started_at: Moment
    ended_at: Moment | None = None
    proposal: dict[str, Any] | None = None
    result: dict[str, Any] | None = None
    problem: TaskProblem | None = None
    undoes: str | None = None
    can: list[Ability] = []

    @property
    def is_over(self) -> bool:
        return self.status in ENDS

    @property
    def forgotten_at(self) -> datetime:
        """When nothing of it is listed any more. What runs, or waits, is ended by then by whoever looks after it."""
        return self.updated_at + (KEPT if self.is_over else WAITS + KEPT)


def _type(before: Task | None, after: Task | None) -> str:
    state = after or before
    assert state is not None
    if before is None:
        return "ai:task:started"
    return f"ai:task:{state.status if state.status != 'running' else 'progress'}"


_EXAMPLE: Document = {
    "kind": "find_duplicates",
    "status": "running",
    "percent": 40,
    "message": "Comparing clients, 800 so far...",
    "done": 800,
    "total": 2_000,
    "counts": {"compared": 800, "found": 3},
    "startedAt": "2026-03-02T12:00:00.000Z",
    "can": ["cancel"],
}
_ENDED: Document = {
    **_EXAMPLE,
    "percent": 100,
    "done": 2_000,
    "counts": {"compared": 2_000, "found": 3, "merged": 3},
    "endedAt": "2026-03-02T12:01:00.000Z",
    "can": [],
}

TASKS = LiveEntity(
    noun="task",
    path="tasks",
    model=Task,
    example=_EXAMPLE,
    more_examples=(
        {
            "kind": "escrow_timeline",
            "about": {"noun": "escrow", "id": "0199c2a0-0000-7000-8000-000000000001"},
            "status": "running",
            "message": "Looking for dates...",
            "startedAt": "2026-03-02T12:00:00.000Z",
            "can": ["cancel"],
        },
        {**_EXAMPLE, "status": "proposed", "message": "3 pairs look like one person", "can": ["cancel", "confirm"]},
        {**_ENDED, "status": "completed", "message": "Merged 3 pairs!", "result": {"merged": 3}, "can": ["undo"]},
        {
            **_ENDED,
            "status": "failed",
            "message": "This could not be finished",
            "problem": {"reason": "access_lost", "detail": "You are not in this brokerage any more."},
        },
        {**_ENDED, "status": "cancelled", "percent": 40, "message": "Cancelled"},
    ),
    own_types=OwnTypes(
        all=("ai:task:started", "ai:task:progress", *(f"ai:task:{status}" for status in ("proposed", *ENDS))),
        of=_type,
    ),
    over=lambda state: state.forgotten_at,
    kept_in=("user",),
)
