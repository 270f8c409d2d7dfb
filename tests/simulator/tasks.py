"""The FIFO queue between the fan-out and the workers of large rooms' shards, as SQS and Lambda run it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from openhouse.delivery.queues import ShardTask
from tests.simulator.choices import Choices
from tests.simulator.functions import Clock, Functions

DEDUPLICATED = 300  # seconds in which the same message is taken, and not kept
TRIES = 3


@dataclass(eq=False)
class Message:
    task: ShardTask
    busy: bool = False
    tries: int = 0


class TaskQueue:
    """A `Queues` for the fan-out. `work(tasks)` is the worker function: it returns the places that failed."""

    def __init__(
        self,
        choices: Choices,
        functions: Functions,
        clock: Clock,
        work: Callable[[list[ShardTask]], Sequence[int]],
    ) -> None:
        self.messages: list[Message] = []
        self.sent: list[ShardTask] = []
        self.repeated: list[ShardTask] = []  # each time that one was handed over once more
        self.set_aside_: list[tuple[str, int]] = []
        self.given_up: Callable[[ShardTask], None] = lambda _task: None
        self._choices = choices
        self._functions = functions
        self._clock = clock
        self._work = work
        self._known: dict[tuple[ShardTask, str], datetime] = {}

    def send(self, tasks: Sequence[ShardTask], *, cause: str) -> None:
        for task in tasks:
            self._functions.before("send")
            before = self._known.get((task, cause))
            self.sent.append(task)
            if before is None or (self._clock.now - before).total_seconds() > DEDUPLICATED:
                self._known[task, cause] = self._clock.now
                self.messages.append(Message(task))

    def have_named(self, room: str, seq: int) -> bool:
        """Whether a commit was handed over to the workers."""
        return any(task.room == room and task.first <= seq <= task.last for task in self.sent)

    def shorten_visibility(self, receipts: Sequence[str]) -> None:
        """When a task comes again is decided here anyway."""

    def dead_letter(self, room: str, seq: int, why: str) -> None:
        self._functions.before("set_aside")
        self.set_aside_.append((room, seq))
        self._functions.say(f"{room}#{seq} is set aside: {why}")

    @property
    def waiting(self) -> list[Message]:
        """The first of each group, unless its group is being worked on."""
        first: dict[tuple[str, int], Message] = {}
        for message in self.messages:
            first.setdefault((message.task.room, message.task.shard), message)
        return [message for message in first.values() if not message.busy]

    def invoke(self) -> None:
        """A batch: the beginnings of some groups."""
        batch = self._batch()
        for message in batch:
            message.busy = True
            if message.tries:
                self.repeated.append(message.task)
        told = ", ".join(f"{m.task.room}#{m.task.first}-{m.task.last} to shard {m.task.shard}" for m in batch)
        self._functions.say(f"a worker posts {told}")
        answer = self._functions.invoke("worker", lambda: self._work([message.task for message in batch]))
        failed = {batch[at] for at in answer.value} if answer.ok else set(batch)
        for message in batch:
            message.busy = False
            message.tries += 1
            if message not in failed and not self._again():
                self.messages.remove(message)
            elif message.tries >= TRIES:
                self._functions.say(f"the worker gives up {message.task}")
                self.messages.remove(message)
                if message in failed:
                    self.given_up(message.task)

    def _batch(self) -> list[Message]:
        groups = self.waiting
        count = 1 + self._choices.below(len(groups))
        batch: list[Message] = []
        for first in groups[:count]:
            group = [m for m in self.messages if (m.task.room, m.task.shard) == (first.task.room, first.task.shard)]
            batch += group[: 1 + self._choices.below(min(3, len(group)))]
        return batch

    def _again(self) -> bool:
        """It is done, and handed over once more: to delete it failed."""
        return not self._functions.calm and self._choices.chance(3)
