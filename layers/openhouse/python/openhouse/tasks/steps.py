"""What Step Functions calls: a step works on a task part by part until its time is up, and says whether more is left.

A step may be begun twice, after another that seems lost and still runs: both go on from the same work item, and each
part is written once. One that crashes leaves whole parts, and the next goes on after the last of them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from openhouse.core import clock
from openhouse.core.errors import LanguageError, ModelBudgetSpent, RequestError, UserUnknown, all_errors
from openhouse.core.metrics import Metric, metrics
from openhouse.core.observability import logger
from openhouse.core.principal import Principal
from openhouse.core.room_names import user_room
from openhouse.identity.directory import Directory
from openhouse.rooms.draft import Draft
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.table import Table, WriteConflict
from openhouse.tasks import moves
from openhouse.tasks.kind import Kinds, Part, Progress, Run, TaskKind, Tools
from openhouse.tasks.manifest import Manifest
from openhouse.tasks.moves import Known
from openhouse.tasks.settling import Settling
from openhouse.tasks.task import Reason
from openhouse.tasks.telling import Outcome, failed
from openhouse.tasks.work import Work, WorkIsOver

STEP_SECONDS = 45.0  # after which a step begins no further part
UNHURRIED_SECONDS = 0.5  # of a paced part: one that took longer met others, and rests for as much longer


class Steps:
    def __init__(
        self,
        table: Table,
        log: RoomLog,
        directory: Directory,
        kinds: Kinds,
        settling: Settling,
        tools: Tools,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table = table
        self._log = log
        self._directory = directory
        self._kinds = kinds
        self._settling = settling
        self._tools = tools
        self._monotonic = monotonic
        self._sleep = sleep

    def step(self, room: str, task_id: str, phase: str, run: int) -> bool:
        """Whether the next step has something to do. Raises whatever a later try may get past."""
        deadline = self._monotonic() + STEP_SECONDS
        known = Known.read(self._table, room, task_id)
        if known is None or not known.work.is_run(phase, run):
            return False
        principal = self._principal(known.work)
        if principal is None:
            self._fail(known.work, "access_lost", "you are not in this brokerage any more")
            return False
        try:
            kind = self._kinds.get(known.work.kind)
            part = kind.part(phase)
        except LookupError:
            self._fail(known.work, "refused", "this version of Openhouse does not know such tasks")
            return False
        self._note_seen(known.work)
        manifest = Manifest(self._table, room, known.work.undoes or task_id)
        mine = Run(work=known.work, principal=principal, tools=self._tools, manifest=manifest)
        return self._work(kind, part, mine, deadline)

    def give_up(self, room: str, task_id: str, phase: str, run: int, why: Any) -> None:
        """Ends a task of which a step failed for good. `why`: what Step Functions says of it. Raises Busy."""
        logger.error("task gave up", task=task_id, phase=phase, why=str(why)[:500])

        def crashed(known: Known) -> Outcome | None:
            if not known.work.is_run(phase, run):
                return None
            refused = _of_the_model(why)
            if refused:
                return failed(known.work.title, "refused", refused)
            return failed(known.work.title, "crashed", "it stopped at the same place several times")

        self._settling.settle(room, task_id, crashed)

    def _work(self, kind: TaskKind, part: Part, mine: Run, deadline: float) -> bool:
        while True:
            began, before = self._monotonic(), mine.work
            try:
                after = self._write_part(kind, part, mine)
            except WorkIsOver:
                return False
            except RequestError as error:
                self._fail(before, "refused", error.message)
                return False
            except LanguageError as error:
                if error.retryable and not isinstance(error, ModelBudgetSpent):  # which no try gets past today
                    raise
                self._fail(before, "refused", error.message)
                return False
            if after is None:
                return False
            mine = replace(mine, work=after)
            self._rest(kind, before.phase, after.done - before.done, self._monotonic() - began, deadline)
            if self._monotonic() >= deadline:
                return True

    def _write_part(self, kind: TaskKind, part: Part, mine: Run) -> Work | None:
        """The work after it; None if that was the last of this run. Raises WorkIsOver."""
        first = mine.work
        ends: list[Metric] = []

        def draft(now: datetime) -> Draft[Work | None]:
            ends.clear()
            known = Known.read(self._table, first.room, first.task_id)
            if known is None or not known.work.is_run(first.phase, first.run):
                raise WorkIsOver
            if known.work.until <= clock.milliseconds(now):
                ends.append(Metric.TASKS_FAILED)
                late = failed(known.work.title, "too_long", "it took longer than such a task may")
                return moves.answering(self._settling.ended(known, late, now), None)
            made: Draft[Progress] = part(replace(mine, work=known.work), now)
            drafted = moves.go_on(known, kind, made, now)
            after = drafted.result
            if after.standing == "over":
                ends.append(Metric.TASKS_COMPLETED)
            return moves.answering(drafted, after if after.is_run(first.phase, first.run) else None)

        after = self._log.commit(draft, by=mine.principal.user_id).result
        for end in ends:
            metrics.count(end)
        return after

    def _principal(self, work: Work) -> Principal | None:
        """Who began it, as they are now: nobody holds a token meanwhile."""
        expires_at = clock.seconds(self._log.now()) + int(STEP_SECONDS)
        try:
            found = self._directory.principal(work.user_id, expires_at, claimed=work.claimant)
        except UserUnknown:
            return None
        return found if found.brokerage_id == work.brokerage_id else None

    def _note_seen(self, work: Work) -> None:
        try:
            self._table.write(moves.seen(work, self._log.now()))
        except WriteConflict:  # it has just ended, as the first part finds out
            return

    def _rest(self, kind: TaskKind, phase: str, done: int, took: float, deadline: float) -> None:
        pace = kind.planned_a_second if phase == "plan" else kind.a_second
        if pace is None:
            return
        pause = max(max(0, done) / pace - took, took - UNHURRIED_SECONDS)
        if pause > 0:
            self._sleep(min(pause, max(0.0, deadline - self._monotonic())))

    def _fail(self, work: Work, reason: Reason, detail: str) -> None:
        def ours(known: Known) -> Outcome | None:
            return failed(work.title, reason, detail) if known.work.is_run(work.phase, work.run) else None

        self._settling.settle(work.room, work.task_id, ours)

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        """What the state machine says of a task: `{task, user, phase, run}`, with `failed` if it is to be given up."""
        place = (user_room(event["user"]), event["task"], event["phase"], event["run"])
        if "failed" in event:
            self.give_up(*place, why=event["failed"])
            return {"more": False}
        return {"more": self.step(*place)}


def _of_the_model(why: Any) -> str | None:
    """What the language model did not get past, in words, if it was that: Lambda tells an error by its class."""
    try:
        cause = json.loads(why["Cause"])
        named, message = cause["errorType"], cause["errorMessage"]
    except (LookupError, TypeError, ValueError):
        return None
    return str(message) if named in {each.__name__ for each in all_errors(LanguageError)} else None
