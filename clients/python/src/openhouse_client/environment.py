"""What a session takes from outside, and how long it waits."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from openhouse_client.clock import Clock, SystemClock
from openhouse_client.rest import Ticket
from openhouse_client.websocket import Connect, open_websocket


class Tickets(Protocol):
    async def __call__(self, *, fresh: bool = False) -> Ticket:
        """A new one-use ticket; `fresh`: of a new token, so that the session lasts longer. Raises ClientError."""


@dataclass(frozen=True, kw_only=True)
class Timings:
    """In seconds."""

    silence: float | None = None  # after which it asks what it missed; None: what the ticket says
    check: float = 900.0  # the longest between two such questions, however much arrives: other rooms may be silent
    reply: float = 10.0
    # Longer than the way of nearly every commit: on AWS half a second to a large room, and more while functions start.
    # With less, every ping in a busy room would look like a gap.
    gap: float = 2.0
    settled: float = 10.0  # only a connection that lasted ends a series of failures
    rotate: float = 6_600.0  # the most that a socket is used; API Gateway ends it after 7,200 s


DEFAULT_TIMINGS = Timings()


@dataclass(frozen=True, kw_only=True)
class Environment:
    connect: Connect = open_websocket
    clock: Clock = field(default_factory=SystemClock)
    random: Callable[[], float] = random.random  # in [0, 1)


SYSTEM_ENVIRONMENT = Environment()
