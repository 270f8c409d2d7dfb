"""Whose turn it is in one call of `post`, and what became of each socket. Knows neither time nor connections."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from openhouse.rooms.gateway import Delivery, Missed, Outcome


class Turn:
    """One socket's turn: the frames from `frame` on, of the delivery with this number."""

    __slots__ = ("connection_id", "frame", "number", "renewed", "revived", "tries")

    def __init__(self, number: int, connection_id: str) -> None:
        self.number = number
        self.connection_id = connection_id
        self.frame = 0
        self.tries = 1
        self.revived = False  # whether it was sent again because a connection from before had died
        self.renewed = False  # whether it was sent with renewed credentials


class Turns:
    """Turns come to be one by one, as they are asked for: whoever is still to come costs nothing.

    `on_over` is called once, when the last of them is settled. `missed`: by delivery, who did not get every frame.
    """

    def __init__(self, deliveries: Sequence[Delivery], on_over: Callable[[], None]) -> None:
        self.missed: list[Missed] = [{} for _ in deliveries]
        self._deliveries = deliveries
        self._on_over = on_over
        self._coming = _one_of_each(deliveries)
        self._again: deque[Turn] = deque()
        self._waiting: set[Turn] = set()  # until they are tried again
        self._left = sum(len(delivery.connection_ids) for delivery in deliveries if delivery.frames)

    @property
    def sendable(self) -> int:
        """How many are neither settled nor waiting: at work, or to be sent now."""
        return self._left - len(self._waiting)

    def next(self) -> Turn | None:
        """None when there is none to be sent now."""
        return self._again.popleft() if self._again else next(self._coming, None)

    def delivery_of(self, turn: Turn) -> Delivery:
        return self._deliveries[turn.number]

    def delivered(self, turn: Turn) -> None:
        """Its present frame: the next one goes on at once, and after the last one the turn is over."""
        turn.frame += 1
        if turn.frame < len(self._deliveries[turn.number].frames):
            self.send_first(turn)
        else:
            self._settle()

    def send_first(self, turn: Turn) -> None:
        self._again.appendleft(turn)

    def send_again(self, turn: Turn) -> None:
        self._again.append(turn)

    def wait(self, turn: Turn) -> None:
        self._waiting.add(turn)

    def wake(self, turn: Turn) -> bool:
        """It is to be sent again, unless all was given up meanwhile."""
        if turn not in self._waiting:
            return False
        self._waiting.discard(turn)
        self._again.append(turn)
        return True

    def miss(self, turn: Turn, outcome: Outcome) -> None:
        """The turn is over, and did not end well."""
        self.missed[turn.number][turn.connection_id] = outcome
        self._settle()

    def give_up(self, outcome: Outcome, at_work: Iterable[Turn]) -> None:
        """On everyone whose turn is not over."""
        unfinished = [*at_work, *self._again, *self._waiting, *self._coming]
        self._again.clear()
        self._waiting.clear()
        for turn in unfinished:
            self.miss(turn, outcome)

    def _settle(self) -> None:
        self._left -= 1
        if self._left == 0:
            self._on_over()


def _one_of_each(deliveries: Sequence[Delivery]) -> Iterator[Turn]:
    """One socket of each delivery, then the next of each: a small one does not wait for the end of a large one."""
    queues = deque((number, iter(each.connection_ids)) for number, each in enumerate(deliveries) if each.frames)
    while queues:
        number, ids = queues[0]
        connection_id = next(ids, None)
        if connection_id is None:
            queues.popleft()
        else:
            queues.rotate(-1)
            yield Turn(number, connection_id)
