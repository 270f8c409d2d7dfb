"""What one attempt at a commit wants to write, and how much that is: the one place that knows how much fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from openhouse.core import json_text
from openhouse.core.errors import TooLarge
from openhouse.rooms.gateway import LARGEST_FRAME_BYTES
from openhouse.rooms.head import Head
from openhouse.storage.keys import Item
from openhouse.storage.table import MAX_TRANSACTION_ITEMS
from openhouse.storage.writes import Write

Event = dict[str, Any]  # `{type, data}` in wire form

T = TypeVar("T")

ITEMS_PER_COMMIT = 2  # the room's HEAD and the log entry
BATCHED_COMMIT_BYTES = 30_000  # of events, where a commit can be cut: API Gateway bills a frame per 32 KB
MAX_COMMIT_BYTES = LARGEST_FRAME_BYTES - 2_000  # of events, where it cannot; the rest says whose they are
MAX_TRANSACTION_BYTES = 3_900_000  # DynamoDB takes 4 MB


@dataclass(frozen=True)
class Addition:
    """What is to be told and written with something else: events and what HEADs keep, by room."""

    events: Mapping[str, Sequence[Event]] = field(default_factory=dict)
    writes: Sequence[Write] = ()
    kept: Mapping[str, Item] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft(Generic[T]):
    """What one attempt wants to write, and what the caller gets when it is written.

    `heads`: those that it has read already. It relies on what they hold, and conflicts with any commit since.
    `kept`: what else each room's HEAD holds from now on, by room.
    """

    result: T
    events: dict[str, list[Event]] = field(default_factory=dict)  # by room: one commit each
    writes: Sequence[Write] = ()
    heads: Mapping[str, Head] = field(default_factory=dict)
    kept: Mapping[str, Item] = field(default_factory=dict)

    @cached_property
    def items(self) -> int:
        """How many items its transaction touches, the log's own among them."""
        return ITEMS_PER_COMMIT * len(self.events) + len(self.writes)

    @cached_property
    def commit_bytes(self) -> dict[str, int]:
        """How much is told of in each room's commit, by room."""
        return {room: sum(map(json_text.size, events)) for room, events in self.events.items()}

    @cached_property
    def bytes(self) -> int:
        """Of all its transaction's items; never less than what DynamoDB counts."""
        kept = sum(map(json_text.size, self.kept.values()))
        return sum(self.commit_bytes.values()) + kept + sum(write.bytes for write in self.writes)

    @property
    def fits(self) -> bool:
        """Whether it is one of those that a larger amount of work is best cut into."""
        return self._is_within(BATCHED_COMMIT_BYTES)

    @property
    def is_possible(self) -> bool:
        """Whether it can be written at all."""
        return self._is_within(MAX_COMMIT_BYTES)

    def leaves_room(self, items: int) -> bool:
        """Whether its transaction has room for so many more."""
        return self.items + items <= MAX_TRANSACTION_ITEMS

    def check(self) -> None:
        """Raises TooLarge if it cannot be written."""
        if not self.is_possible:
            raise TooLarge("this changes more at once than can be written together; make it in smaller steps")

    def _is_within(self, commit_bytes: int) -> bool:
        return (
            self.items <= MAX_TRANSACTION_ITEMS
            and self.bytes <= MAX_TRANSACTION_BYTES
            and max(self.commit_bytes.values(), default=0) <= commit_bytes
        )


def largest_that_fits(draft_of: Callable[[int], Draft[T]], most: int, *, room_for: int = 0) -> Draft[T]:
    """The draft of as many of `most` things as fit, but of one at least: that one may be too large for itself.

    `draft_of(count)` drafts the first few; it is asked about log2(most) times. `room_for`: items that are yet to come.
    """

    def fits(draft: Draft[T]) -> bool:
        return draft.fits and draft.leaves_room(room_for)

    whole = draft_of(most)
    if most <= 1 or fits(whole):
        return whole
    largest, too_many = draft_of(1), most
    count = 1
    while too_many - count > 1:
        middle = (count + too_many) // 2
        draft = draft_of(middle)
        if fits(draft):
            largest, count = draft, middle
        else:
            too_many = middle
    return largest
