"""What a session tells, and what whoever listens has to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

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


class Listener:
    """Everything is told in order, and never two things at once. Override what you need."""

    def state(self, state: State) -> None: ...

    def commit(self, commit: Commit) -> None:
        """The next commit of its room."""

    def ephemeral(self, event: Event) -> None: ...

    def recovered(self, recovered: Recovered) -> None: ...

    def left(self, room: str) -> None:
        """We are not in that room any more: what was seen of it must go."""

    def begun_anew(self, room: str) -> None:
        """The server's tables were restored: what was seen of the room may never have been, and versions may be lower
        than it was. A refetch follows; until it has succeeded, this may be said again.
        """

    async def refetch(self, lost: Mapping[str, Position]) -> Mapping[str, Position]:
        """Loads the state of the rooms `lost` and returns the positions it is good for, which were read before it.

        `lost` tells where their logs end; whoever keeps no state goes on from there. No commit of these rooms is handed
        over meanwhile.
        """
        return lost
