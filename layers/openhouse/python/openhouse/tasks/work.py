"""What the steps of a task go on from: one item, on which everything that a task writes is conditional. Pure.

It counts its changes, so of two who go on from the same one only one gets to write. Its task's state tells of it, a
little later: the state is for people, this item is what decides.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from openhouse.core import clock
from openhouse.core.json_text import compact
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.core.room_names import user_room
from openhouse.storage.keys import Item, Key, running_key, waiting_key, work_key
from openhouse.storage.writes import ABSENT, Put, equals
from openhouse.tasks.task import WAITS

Phase = Literal["plan", "write", "undo"]
Standing = Literal["running", "waiting", "over"]

KEPT = timedelta(days=30)  # longer than a task is waited for, and told of after its end
MOST_BYTES = 100_000  # of its input and its cursor: more belongs on pages of a manifest

_AS_JSON = ("input", "cursor", "counts", "claimed")


class WorkIsOver(Exception):
    """Nothing is to be written for this task any more, or not in this run. No contention: nobody tries it again."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """`count`: its changes so far. `run`: how often work on it has begun; each is an execution of its own. `cursor`:
    where the phase goes on, an empty one at its beginning. `claimed`: who began it, by their token alone, where the
    directory need not know them. `told_at` in milliseconds since 1970, `until` in the same: when it ends by itself.
    `undoable`: it has written something that its kind can take back.
    """

    task_id: str
    user_id: str
    brokerage_id: str
    kind: str
    title: str
    input: Document
    phase: Phase
    until: int
    standing: Standing = "running"
    run: int = 1
    count: int = 1
    cursor: Document = field(default_factory=dict)
    done: int = 0
    total: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    told_at: int = 0
    undoes: str | None = None
    undoable: bool = False
    claimed: Document | None = None

    @property
    def room(self) -> str:
        return user_room(self.user_id)

    @property
    def execution(self) -> str:
        """The name of what works on it now."""
        return execution_name(self.task_id, self.phase, self.run)

    @property
    def open_key(self) -> Key:
        """In the list of all that run or wait."""
        if self.standing == "waiting":
            return waiting_key(self.task_id, self.until)
        return running_key(self.task_id)

    def is_run(self, phase: str, run: int) -> bool:
        """Whether this is the run that works on it now."""
        return self.standing == "running" and (self.phase, self.run) == (phase, run)

    def item(self, now: datetime) -> Item:
        known = {name: value for name, value in asdict(self).items() if value is not None}
        texts = {name: compact(known[name]) for name in _AS_JSON if name in known}
        key = work_key(self.room, self.task_id)
        return {**key, **known, **texts, "ttl": clock.seconds(now + WAITS + KEPT)}

    def begun(self, now: datetime) -> Put:
        return Put(self.item(now), ABSENT)

    def after(self, before: Work, now: datetime) -> Put:
        """If nothing was written for this task since `before` was read."""
        return Put(self.item(now), equals(count=before.count))

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Self:
        names = cls.__dataclass_fields__
        known = {name: value for name, value in item.items() if name in names}
        return cls(**{**known, **{name: json.loads(known[name]) for name in _AS_JSON if name in known}})

    @property
    def claimant(self) -> Principal | None:
        return Principal.from_document(self.claimed) if self.claimed else None


def execution_name(task_id: str, phase: str, run: int) -> str:
    """Step Functions takes each name once, so what is started twice runs once."""
    return f"{task_id}-{phase}-{run}"
