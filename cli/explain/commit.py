"""A commit, explained: the write, its transaction, the stream, each post, and where each client stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from cli.explain.deliveries import Commit, Delivery, delivery
from cli.explain.finding import CommitFound
from cli.explain.logs import Logs
from cli.operating.connections import Connected, connected
from openhouse.core import clock
from openhouse.delivery.marks import MARK_SECONDS, Marks, Place
from openhouse.identity.audit import OPERATOR
from openhouse.services import Services

SCREENS = "Whether a page has shown what was posted to its socket, only that page knows."
NO_NAMES = "The logs count the sockets that took a post and name none: of those that are here it is concluded."
UNDERWAY = timedelta(seconds=20)  # within which a line of a log may not be readable yet

Fate = Literal["delivered", "gone", "failed", "unreachable", "joined later", "unknown"]


@dataclass(frozen=True)
class Client:
    """A socket, and what became of this commit there. `connection`: None of one that is not there any more."""

    connection_id: str
    connection: Connected | None
    fate: Fate
    stands_at: int | None  # in the commit's room: handed everything up to that; None if it lags, or is not known
    lagging: bool

    def wire(self) -> dict[str, Any]:
        there = self.connection
        return {
            "connectionId": self.connection_id,
            "userId": there.user_id if there else None,
            "since": there.wire()["since"] if there else None,
            "fate": self.fate,
            "handedUpTo": self.stands_at,
            "lagging": self.lagging,
        }


@dataclass(frozen=True)
class CommitStory:
    """`marked`: whether the fast lane has posted it to everyone; None if nobody can tell any more."""

    brokerage_id: str
    commit: Commit
    expires_at: datetime
    delivery: Delivery
    marked: bool | None
    clients: Sequence[Client]
    absent: Sequence[str]  # ids of people of the room who are not connected to it
    unknown: Sequence[str]

    def wire(self) -> dict[str, Any]:
        told = self.delivery
        return {
            "kind": "commit",
            "brokerageId": self.brokerage_id,
            "commit": dict(self.commit),
            "expiresAt": clock.to_wire(self.expires_at),
            "written": told.written.wire() if told.written else None,
            "streamDelayMs": None if told.stream_delay is None else round(told.stream_delay / _MILLISECOND),
            "streamFoundItPosted": told.posted_before,
            "postedToAllByFastLane": self.marked,
            "postings": [each.wire() for each in told.postings],
            "trouble": [
                {"at": clock.to_wire(line.at), "function": line.function, "message": line.message}
                for line in told.trouble
            ],
            "clients": [each.wire() for each in self.clients],
            "absent": list(self.absent),
            "unknown": list(self.unknown),
        }


_MILLISECOND = timedelta(milliseconds=1)


def explain_commit(services: Services, logs: Logs, found: CommitFound, now: datetime) -> CommitStory:
    commit, told = found.commit, delivery(logs, found.commit)
    marked = _marked(services, commit, now)
    there = connected(services, commit["room"], now) if found.brokerage_id else []
    return CommitStory(
        found.brokerage_id,
        commit,
        found.expires_at,
        told,
        marked,
        _clients(commit, told, there),
        _absent(services, found.brokerage_id, commit["room"], {each.user_id for each in there}),
        [*_early(commit, now), *_unknown(commit, told, marked, bool(there))],
    )


def _marked(services: Services, commit: Commit, now: datetime) -> bool | None:
    place = Place(commit["room"], commit["epoch"], commit["seq"])
    if Marks(services.table).among({place}):
        return True
    age = now - datetime.fromisoformat(commit["at"])
    return False if age < timedelta(seconds=MARK_SECONDS) else None


def _clients(commit: Commit, told: Delivery, there: Sequence[Connected]) -> list[Client]:
    missed = {id_: fate for posting in told.postings for id_, fate in posting.missed.items()}
    posted = any(posting.counts["delivered"] for posting in told.postings)
    at = clock.milliseconds(datetime.fromisoformat(commit["at"]))
    clients: list[Client] = []
    for each in there:
        stand = next((stand for stand in each.stands if stand.room == commit["room"]), None)
        lagging = bool(stand and stand.lagging)
        fate: Any = missed.pop(each.connection_id, None)
        if fate is None:
            fate = "joined later" if each.since > at else "delivered" if posted else "unknown"
        reached = stand.ends.seq if stand and stand.ends and not lagging else None
        clients.append(Client(each.connection_id, each, fate, reached, lagging))
    gone: list[Any] = [*missed.items()]
    return [*clients, *(Client(id_, None, fate, None, lagging=False) for id_, fate in gone)]


def _absent(services: Services, brokerage_id: str, room: str, there: Collection[str]) -> list[str]:
    """The people who may read the room, by what the directory says now, less those who are there."""
    directory = services.directory
    return [
        user.user_id
        for user in directory.users(brokerage_id)
        if user.user_id not in there and room in directory.principal_of(brokerage_id, user).rooms
    ]


def is_underway(commit: Commit, now: datetime) -> bool:
    return now - datetime.fromisoformat(commit["at"]) <= UNDERWAY


def _early(commit: Commit, now: datetime) -> list[str]:
    if not is_underway(commit, now):
        return []
    return ["It was written just now: lines of the logs may not be readable yet. Ask again."]


def _unknown(commit: Commit, told: Delivery, marked: bool | None, anyone: bool) -> list[str]:
    said = [*told.unknown]
    if told.written is None and commit["by"] == OPERATOR.id:
        said.append("A command of an operator has written it; those leave no line in a log.")
    elif told.written is None:
        said.append("No line of a log tells which function wrote it, by which request, and in which transaction.")
    if not told.postings:
        said.append(
            "No line of a log tells of a posting: nobody was in the room, or it is not logged, or not any more."
        )
    if told.stream_delay is None:
        said.append("No line of a log tells when the stream had it.")
    if untold := sum(posting.untold for posting in told.postings):
        said.append(f"Of {untold:,} more sockets that missed it no line tells which they were.")
    if marked is None:
        said.append("Whether the fast lane had posted it to everyone is noted for an hour only.")
    return [*said, *([NO_NAMES, SCREENS] if anyone else [])]
