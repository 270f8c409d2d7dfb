"""Who looks after tasks of which nothing is heard: once a minute, over the list of those that run or wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from openhouse.core import clock
from openhouse.core.errors import Busy
from openhouse.core.observability import logger
from openhouse.core.room_names import user_room
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.keys import Item, all_running, all_waited_for
from openhouse.storage.table import Table
from openhouse.tasks.moves import Known
from openhouse.tasks.settling import Settling
from openhouse.tasks.task import Reason
from openhouse.tasks.telling import Outcome, cancelled, failed
from openhouse.tasks.work import execution_name
from openhouse.tasks.workflows import Workflows

BY = "openhouse:tasks"  # who commits: nobody's id has a colon

QUIET = timedelta(minutes=2)  # without a step having begun: its execution may not have, so it is begun
LOST = timedelta(minutes=15)  # longer than a step is tried for
GRACE = timedelta(minutes=1)  # after its time, in which its own steps end it
SECONDS = 40.0  # of one look; what is left waits for the next


@dataclass
class Looked:
    """`begun`: asked for once more; `ended`: that nothing works on any more, or that nobody confirmed."""

    begun: int = 0
    ended: int = 0


class TaskReconciler:
    """`workflows` makes what runs the steps, when it is needed."""

    def __init__(
        self,
        table: Table,
        log: RoomLog,
        settling: Settling,
        workflows: Callable[[], Workflows],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._table = table
        self._log = log
        self._settling = settling
        self._workflows = workflows
        self._monotonic = monotonic

    def look(self) -> Looked:
        """One that cannot be helped now does not keep the others from it."""
        found = Looked()
        deadline = self._monotonic() + SECONDS
        for item in self._open():
            if self._monotonic() > deadline:
                logger.warning("more tasks than one look has time for")
                break
            try:
                self._see_to(item, found)
            except (Busy, OSError):
                logger.exception("task not seen to", task=item["task_id"])
        return found

    def _open(self) -> Iterator[Item]:
        now = clock.milliseconds(self._log.now())
        yield from self._table.query(*all_running())
        yield from self._table.query(*all_waited_for(now))

    def _see_to(self, item: Item, found: Looked) -> None:
        now = self._log.now()
        if "seen" not in item:
            self._end(item, found, lambda _known: cancelled("Nobody confirmed it"))
            return
        unseen = now - clock.from_milliseconds(item["seen"])
        if now > clock.from_milliseconds(item["until"]) + GRACE:
            self._fail(item, found, "too_long", "it took longer than such a task may")
        elif unseen > LOST:
            self._fail(item, found, "lost", "it stopped, and could not be brought back")
        elif unseen > QUIET:
            about = {"task": item["task_id"], "user": item["user_id"], "phase": item["phase"], "run": item["run"]}
            name = execution_name(item["task_id"], item["phase"], item["run"])
            found.begun += self._workflows().start(name, about)

    def _fail(self, item: Item, found: Looked, reason: Reason, detail: str) -> None:
        self._end(item, found, lambda known: failed(known.work.title, reason, detail))

    def _end(self, item: Mapping[str, Any], found: Looked, outcome: Callable[[Known], Outcome]) -> None:
        """If it is still where the list says: a run that began meanwhile is another one's."""

        def ours(known: Known) -> Outcome | None:
            place = {"pk": item["pk"], "sk": item["sk"]}
            return outcome(known) if known.work.open_key == place and known.work.run == item["run"] else None

        before = self._settling.settle(user_room(item["user_id"]), item["task_id"], ours, by=BY)
        found.ended += before is not None and not before.is_over
