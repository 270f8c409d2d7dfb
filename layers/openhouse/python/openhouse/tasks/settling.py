"""How tasks end, whoever ends them: a person, a step, or whoever looks after those of which nothing is heard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from openhouse.core import ids
from openhouse.core.metrics import Metric, metrics
from openhouse.rooms.draft import Draft
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.table import Table
from openhouse.tasks import moves
from openhouse.tasks.moves import Known
from openhouse.tasks.task import Task
from openhouse.tasks.telling import Outcome

ENDINGS = {
    "completed": Metric.TASKS_COMPLETED,
    "failed": Metric.TASKS_FAILED,
    "cancelled": Metric.TASKS_CANCELLED,
}


class Settling:
    """`wants_to_hear(user_id)`: whether they are to be notified when a task of theirs fails."""

    def __init__(
        self,
        table: Table,
        log: RoomLog,
        wants_to_hear: Callable[[str], bool],
        *,
        new_id: Callable[[datetime], str] = ids.uuid7,
    ) -> None:
        self._table = table
        self._log = log
        self._wants_to_hear = wants_to_hear
        self._new_id = new_id

    def settle(
        self, room: str, task_id: str, outcome: Callable[[Known], Outcome | None], *, by: str | None = None
    ) -> Task | None:
        """Ends what runs or waits, with what `outcome(known)` says, if anything; what is over stays as it is.

        Returns it as it was before. `by`: who ends it, if not whoever began it. Raises Busy.
        """
        ends: list[Outcome] = []

        def draft(now: datetime) -> Draft[Task | None]:
            ends.clear()
            known = Known.read(self._table, room, task_id)
            if known is None or known.work.standing == "over":
                return Draft(known.task if known else None)
            end = outcome(known)
            if end is None:
                return Draft(known.task)
            ends.append(end)
            return self.ended(known, end, now, by=by)

        before = self._log.commit(draft, by=by or room.partition(":")[2]).result
        for end in ends:
            metrics.count(ENDINGS[end.status])
        return before

    def ended(self, known: Known, outcome: Outcome, now: datetime, *, by: str | None = None) -> Draft[Task | None]:
        """The same as a draft, of a task that is not over."""
        notify = outcome.problem is not None and self._wants_to_hear(known.work.user_id)
        drafted = moves.settle(
            known, outcome, now, by=by or known.work.user_id, notify=self._new_id(now) if notify else None
        )
        return Draft(known.task, drafted.events, drafted.writes, drafted.heads, drafted.kept)
