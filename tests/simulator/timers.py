"""The queue of timers and the function behind it, as SQS and Lambda run them: late, twice, again, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from openhouse.rooms.timers import Timer
from tests.simulator.choices import Choices
from tests.simulator.functions import Clock, Functions

TRIES = 5
VISIBILITY = timedelta(seconds=30)  # how long one that failed stays away


@dataclass(eq=False)
class Waiting:
    timer: Timer
    due: datetime
    busy: bool = False
    tries: int = 0


class TimerQueue:
    """A `Timers` for the services. `run(timer)` is the function."""

    def __init__(self, choices: Choices, functions: Functions, clock: Clock, run: Callable[[Timer], None]) -> None:
        self.messages: list[Waiting] = []
        self.lost: list[Timer] = []
        self._choices = choices
        self._functions = functions
        self._clock = clock
        self._run = run

    def set(self, timers: Sequence[Timer]) -> None:
        for timer in timers:
            self._functions.before("set")
            if self._unlucky(2):
                self.lost.append(timer)
                self._functions.say(f"(the queue loses a timer of {timer.kind})")
            else:
                self.messages.append(Waiting(timer, timer.due))

    @property
    def due(self) -> list[Waiting]:
        return [each for each in self.messages if not each.busy and each.due <= self._clock.now]

    @property
    def next_due(self) -> datetime | None:
        return min((each.due for each in self.messages if not each.busy), default=None)

    def invoke(self, waiting: Waiting) -> None:
        waiting.busy = True
        waiting.tries += 1
        self._functions.say(f"a timer of {waiting.timer.kind} is due: {dict(waiting.timer.about)}")
        answer = self._functions.invoke("timers", lambda: self._run(waiting.timer))
        waiting.busy = False
        if answer.ok and not self._unlucky(3):
            self.messages.remove(waiting)
        elif waiting.tries >= TRIES:
            self._functions.say("it is given up")
            self.messages.remove(waiting)
        else:  # it failed, or to delete it did
            waiting.due = self._clock.now + VISIBILITY

    def _unlucky(self, percent: float) -> bool:
        return not self._functions.calm and self._choices.chance(percent)
