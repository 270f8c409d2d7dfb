"""The table's stream and the function behind it, as Lambda runs them: batches, retries, bisection, giving up.

A record is acknowledged when Lambda will not hand it over again because the function said that it is done with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from openhouse.storage.keys import Item
from tests.simulator.choices import Choices
from tests.simulator.functions import Functions

SHARDS = 3  # a partition key is always in the same one; Lambda works on them side by side
TRIES = 3  # of a batch, before it goes to the failure queue
LARGEST_BATCH = 6
POISON = "{this was never a commit"


@dataclass(eq=False)
class Record:
    """One log entry. `members`: the sockets that were joined, and to be served, when it was committed."""

    number: int
    item: Item
    place: tuple[str, str, int]
    members: frozenset[str]
    write: int  # the number of the write that it is a part of
    poisoned: bool = False

    @property
    def position(self) -> str:
        return f"{self.number:020d}"

    def wire(self) -> dict[str, Any]:
        image = {
            name: {"N": str(value)} if isinstance(value, int) else {"S": value} for name, value in self.item.items()
        }
        keys = {"pk": image["pk"], "sk": image["sk"]}
        if self.poisoned:
            image["commit"] = {"S": POISON}
        return {"eventName": "INSERT", "dynamodb": {"Keys": keys, "NewImage": image, "SequenceNumber": self.position}}


@dataclass
class Shard:
    records: list[Record] = field(default_factory=list)
    in_hand: int = 0  # records that the function is working on
    tries: int = 0
    limit: int = LARGEST_BATCH  # bisection lowers it


class Stream:
    """`deliver(records)` is the function: it returns the positions that failed."""

    def __init__(self, choices: Choices, functions: Functions, deliver: Callable[[list[Any]], Sequence[str]]) -> None:
        self.shards = [Shard() for _ in range(SHARDS)]
        # How often the function was given a commit, by room and seq: a task for the workers says no more of it, so that
        # one from before a log was rebuilt is about the new log's commits.
        self.handed_over: Counter[tuple[str, int]] = Counter()
        self.acknowledged: Callable[[Record], None] = lambda _record: None
        self.given_up: Callable[[Record], None] = lambda _record: None
        self._choices = choices
        self._functions = functions
        self._deliver = deliver

    def add(self, record: Record) -> None:
        """Behind those before it; but the records of one transaction come in any order."""
        shard = self.shards[crc32(record.place[0].encode()) % SHARDS]
        waiting = shard.records[shard.in_hand :]
        if waiting and waiting[-1].write == record.write and self._choices.chance(50):
            shard.records.insert(-1, record)
        else:
            shard.records.append(record)

    @property
    def waiting(self) -> list[Shard]:
        return [shard for shard in self.shards if shard.records and not shard.in_hand]

    def invoke(self, shard: Shard) -> None:
        most = min(len(shard.records), shard.limit)
        batch = shard.records[: most - self._choices.below(most)]
        shard.in_hand = len(batch)
        self.handed_over.update((record.place[0], record.place[2]) for record in batch)
        self._functions.say(f"fan-out of {', '.join(map(_named, batch))}")
        answer = self._functions.invoke("fanout", lambda: self._deliver([record.wire() for record in batch]))
        shard.in_hand = 0
        known = {record.position for record in batch}
        failed = set(answer.value) if answer.ok else known
        assert failed <= known, "the fan-out returned positions that were not in its batch"
        done = next((at for at, record in enumerate(batch) if record.position in failed), len(batch))
        for record in batch[:done]:
            self.acknowledged(record)
        del shard.records[:done]
        if not failed:
            shard.tries, shard.limit = 0, LARGEST_BATCH
            return
        self._functions.say(
            f"fan-out failed from {_named(batch[done])} on: {answer.error or answer.died or sorted(failed)}"
        )
        shard.tries += 1
        shard.limit = max(1, (len(batch) - done) // 2)
        if shard.tries >= TRIES:
            self._give_up(shard, len(batch) - done)

    def _give_up(self, shard: Shard, count: int) -> None:
        for record in shard.records[: min(count, shard.limit)]:
            self._functions.say(f"{_named(record)} goes to the failure queue")
            self.given_up(record)
        del shard.records[: min(count, shard.limit)]
        shard.tries, shard.limit = 0, LARGEST_BATCH


def _named(record: Record) -> str:
    room, epoch, seq = record.place
    return f"{room}#{seq}" + ("" if epoch.endswith("0001") else f"({epoch})")
