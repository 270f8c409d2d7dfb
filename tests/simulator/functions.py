"""Functions as Lambda runs them: each with a clock that may be a little off, side by side with others, and mortal.

Nothing runs at once here. Instead, before any step of a function (a read, a write, a post) a choice lets someone else
do something first, makes that step fail, or ends the function on the spot.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from openhouse.storage.table import WriteConflict
from tests.simulator.choices import Choices
from tests.simulator.failures import nothing_escapes

T = TypeVar("T")

SKEW = 3  # seconds by which the clocks of two functions may differ, at most
DEPTH = 2  # how deep someone else's doings may themselves be interrupted
STEPS = 10  # an interruption comes within so many steps, or not at all
OFTEN = {"messages": 70}  # percent of the calls that are interrupted at all, where it is not 40
_NEVER = -1


class Died(BaseException):
    """The function was ended: out of time, out of memory, its machine gone. No code of ours may catch it."""


class Unavailable(Exception):
    """The table answers with an error that is nobody's fault."""


class Clock:
    """`now` is the world's time; a function sees it with its skew."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.skew = 0

    def __call__(self) -> datetime:
        return self.now + timedelta(seconds=self.skew) if self.skew else self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Answer(Generic[T]):
    """What became of a call: a value, an exception, or nothing at all."""

    def __init__(self, value: T | None = None, error: Exception | None = None, *, died: bool = False) -> None:
        self._value = value
        self.error = error
        self.died = died

    @property
    def ok(self) -> bool:
        return self.error is None and not self.died

    @property
    def value(self) -> T:
        assert self.ok
        return self._value  # type: ignore[return-value]


class Functions:
    """`meanwhile`: does something else. `say`: notes in words what happened."""

    def __init__(self, choices: Choices, clock: Clock, say: Callable[[str], None]) -> None:
        self.meanwhile: Callable[[], None] = lambda: None
        self.calm = False  # nothing bad happens any more
        self.mortal = True  # steps fail, functions die, clocks differ
        self._choices = choices
        self._clock = clock
        self.say = say
        self._left = _NEVER  # steps to the next interruption
        self._depth = 0
        self.name = ""  # of the function that is running
        self.allowed = 0  # posts that it may still make
        self.outages: dict[str, int] = {}  # by function, how many calls will still fail at once

    @property
    def depth(self) -> int:
        """How many functions are running, all but one of them interrupted."""
        return self._depth

    def invoke(self, name: str, work: Callable[[], T]) -> Answer[T]:
        if self.outages.get(name, 0) > 0 and not self.calm:
            self.outages[name] -= 1
            return Answer(error=Unavailable(name))
        outer = self._left, self._clock.skew, self.name, self.allowed
        self._depth += 1
        self.name = name
        self.allowed = 0
        self._left = self._until_next()
        self._clock.skew = self._choices.below(SKEW + 1) if self._breaks(15) else 0
        try:
            value = work()
            if self._breaks(1.5):
                self._end("after its last step")
        except Died:
            return Answer(died=True)
        except Exception as error:  # noqa: BLE001 - Lambda's edge; what a failure means is the caller's business
            return Answer(error=error)
        finally:
            self._depth -= 1
            self._left, self._clock.skew, self.name, self.allowed = outer
        return Answer(value)

    def before(self, step: str) -> None:
        """Called before every step of whichever function is running."""
        if self._left > 0:
            self._left -= 1
            if self._left == 0:
                self._interrupt(step)

    def _interrupt(self, step: str) -> None:
        what = self._choices.below(12) if self.mortal else 0
        if what == 11:
            self._end(f"before {step}")
        if what in (8, 9, 10) and step != "post":
            error = WriteConflict("TransactionConflict") if step in ("transact", "write") else Unavailable(step)
            self.say(f"({self.name}: {step} fails)")
            raise error
        self._left = _NEVER  # not while someone else is at work
        self.say(f"({self.name} is about to {step}; meanwhile:")
        outer = self._clock.skew
        self._clock.skew = 0
        with nothing_escapes():
            for _ in range(1 + self._choices.below(3)):
                self.meanwhile()
        self._clock.skew = outer
        self.say(f"{self.name} goes on)")
        self._left = self._until_next()

    def _breaks(self, percent: float) -> bool:
        return self.mortal and not self.calm and self._choices.chance(percent)

    def _end(self, when: str) -> None:
        self.say(f"({self.name} dies {when})")
        raise Died

    def _until_next(self) -> int:
        if self.calm or self._depth > DEPTH or not self._choices.chance(OFTEN.get(self.name, 40)):
            return _NEVER
        return 1 + self._choices.below(STEPS)
