"""Timers as messages of a queue that hands each of them over when its delay has passed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING, Any

from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.observability import logger
from openhouse.delivery.batches import send_batches
from openhouse.rooms.timers import Timer, Timers

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LONGEST_DELAY = 900  # seconds: SQS delays no message for longer; one that is due later is set again by then
_EARLY = 1.0  # seconds that a clock may be behind the one that set the timer

TimerHandler = Callable[[Timer], None]


class SqsTimers:
    def __init__(self, client: SQSClient, url: str, *, now: Clock = clock.utc_now) -> None:
        self._client = client
        self._url = url
        self._now = now

    def set(self, timers: Sequence[Timer]) -> None:
        now = self._now()
        messages = [{"MessageBody": timer.text(), "DelaySeconds": delay(timer.due, now)} for timer in timers]
        send_batches(self._client, self._url, messages)


def delay(due: datetime, now: datetime) -> int:
    """In whole seconds, and never too few of them."""
    return min(max(0, ceil((due - now).total_seconds())), LONGEST_DELAY)


class DueTimers:
    """`handlers`: by the kind of timer. Each tolerates that it comes late, twice, or when nothing is left to do."""

    def __init__(
        self, handlers: Mapping[str, TimerHandler], timers: Callable[[], Timers], *, now: Clock = clock.utc_now
    ) -> None:
        self._handlers = handlers
        self._timers = timers
        self._now = now

    def process(self, messages: Iterable[Mapping[str, Any]]) -> list[str]:
        """Of an SQS event. Returns the ids of those that shall come again."""
        return [message["messageId"] for message in messages if not self._is_done(message["body"])]

    def _is_done(self, text: str) -> bool:
        try:
            self.run(Timer.read(text))
        except Exception:  # noqa: BLE001 - one timer's trouble must not stop the others; the queue brings it again
            logger.exception("timer failed", timer=text[:1000])
            return False
        return True

    def run(self, timer: Timer) -> None:
        """Hands it to whom it concerns, or sets it again if it comes too early."""
        if (timer.due - self._now()).total_seconds() > _EARLY:
            self._timers().set([timer])
        else:
            self._handlers[timer.kind](timer)
