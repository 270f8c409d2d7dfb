"""What people do with locks: they take, prolong, release and take over. Timers that end them come, or do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openhouse.collaboration.locks import OVER, LockWish
from openhouse.rooms.timers import Timer
from openhouse.storage.keys import RecordPlace
from tests.simulator.lock_checks import LockChecks
from tests.simulator.people import BUSY, People
from tests.simulator.view import all_records, records_of
from tests.simulator.world import DEAL, World


@dataclass(frozen=True)
class Asked:
    """`kind`: take, release, or run_out for a timer, which has no user."""

    kind: str
    user_id: str
    id: str
    token: int | None = None
    take_over: bool = False

    def __str__(self) -> str:
        more = [f"with token {self.token}"] if self.token else []
        more += ["from whoever has it"] if self.take_over else []
        return " ".join([self.user_id or "a timer", self.kind, "the lock of", self.id, *more])


class Lockers:
    def __init__(self, world: World, people: People, checks: LockChecks) -> None:
        self._world = world
        self._people = people
        self._checks = checks
        self._choices = world.choices

    def take(self) -> None:
        """Or prolong, with a token that may be old."""
        if (asked := self._asked("take")) is not None:
            self._do(asked)

    def release(self) -> None:
        asked = self._asked("release")
        if asked is not None and asked.token is not None:
            self._do(asked)

    def timer(self) -> None:
        """One comes at any time, and will come once more when it is due."""
        waiting = [each.timer for each in self._world.timer_queue.messages if each.timer.kind == OVER]
        if waiting:
            timer = self._choices.pick(waiting)
            self._do(Asked("run_out", "", timer.about["id"], timer.about["token"]), timer)

    def _asked(self, kind: str) -> Asked | None:
        user_id = self._choices.pick(BUSY)
        records = all_records(self._world) if self._choices.chance(10) else records_of(self._world, user_id)
        if not records:
            return None
        id_ = RecordPlace.of(self._people.rather_busy(records, self._choices)).id
        token = self._people.token_of(user_id, id_) if kind == "release" or self._choices.chance(30) else None
        return Asked(kind, user_id, id_, token, kind == "take" and self._choices.chance(30))

    def _do(self, asked: Asked, timer: Timer | None = None) -> None:
        world = self._world
        world.say(f"{asked}")

        def work() -> Any:
            with world.nobodys_call():
                return self._served(asked, timer)

        with self._checks.asking(asked):
            answer = world.functions.invoke("timers" if timer else "locks", work)
        self._checks.answered(asked, answer)
        if asked.kind == "take" and answer.ok and not (world.functions.mortal and self._choices.chance(20)):
            self._people.tokens[asked.user_id, asked.id] = answer.value["token"]  # else the answer is lost

    def _served(self, asked: Asked, timer: Timer | None) -> Any:
        locks = self._world.locks
        if timer:
            locks.run_out(timer)
            return None
        principal = self._people.principal(asked.user_id)
        if asked.kind == "release":
            assert asked.token is not None
            locks.release(DEAL, principal, asked.id, asked.token)
            return None
        return locks.take(DEAL, principal, asked.id, LockWish(token=asked.token, take_over=asked.take_over))
