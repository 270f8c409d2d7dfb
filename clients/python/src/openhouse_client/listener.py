"""What a session tells, and what whoever listens has to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from openhouse_client.protocol import Commit, Event, Position


class Status(Enum):
    CONNECTING = "connecting"  # until nothing is missing any more
    CONNECTED = "connected"
    OFFLINE = "offline"  # will try again by itself
    FATAL = "fatal"  # will not: someone has to change something
    CLOSED = "closed"


@dataclass(frozen=True)
class State:
    """`reason` is a sentence for a person; `retry_in` is in seconds, when offline."""

    status: Status
    reason: str
    retry_in: float | None = None


@dataclass(frozen=True, kw_only=True)
class Recovered:
    """What catching up brought. Never partial: a room was either replayed whole, or reset and refetched."""

    missed: Mapping[str, int]  # commits by room, only where there were any
    reset: frozenset[str]
    away: float | None  # seconds without a connection; 0 if a gap was filled on a live one; None if nobody knows


class Lost(NamedTuple):
    """A room that is to be loaded anew. `end`: of its log, when the server said so.

    `begun_anew`: the server's tables were restored, so what was seen of the room may never have been, and versions may
    be lower than they were.
    """

    end: Position
    begun_anew: bool = False


class Listener:
    """Everything is told in order, and never two things at once. Override what you need."""

    def state(self, state: State) -> None: ...

    def commit(self, commit: Commit) -> None:
        """The next commit of its room."""

    def ephemeral(self, event: Event) -> None: ...

    def recovered(self, recovered: Recovered) -> None: ...

    def left(self, room: str) -> None:
        """We are not in that room any more: what was seen of it must go."""

    async def refetch(self, lost: Mapping[str, Lost]) -> Mapping[str, Position]:
        """Loads the state of the rooms `lost` and returns the positions it is good for, which were read before it.

        Whoever keeps no state goes on from where their logs end. No commit of these rooms is handed over meanwhile.
        """
        return {room: each.end for room, each in lost.items()}
