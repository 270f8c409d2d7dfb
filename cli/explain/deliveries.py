"""What the logs tell of a commit: who wrote it by which request, and what became of each posting of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cli.explain.logs import Found, Line, Logs
from openhouse.core import clock

BEFORE, AFTER = timedelta(seconds=10), timedelta(minutes=11)  # of a commit: a fan-out is tried for 10 minutes
POSTERS = ("fast_lane", "fanout", "fanout_worker")
WRITERS = ("crm", "directory", "files", "socket", "timers", "task_step", "task_watch", "mornings")
STREAM = ("fanout", "fanout_worker")
TROUBLE = (
    "posted later: the limit of posts per second is reached",
    "posted later: there is no time left",
    "not posted",
    "not followed up",
    "room not served",
    "shard not served",
    "log not read",
    "log entry is no commit",
    "API Gateway cannot be reached",
    "API Gateway refuses our signature or role",
    "post refused",
)
OUTCOMES = ("delivered", "nudged", "gone", "failed", "unreachable")

Commit = Mapping[str, Any]


@dataclass(frozen=True)
class Written:
    """By which function and operation a transaction was written, and where all its commits are: seqs by room."""

    function: str
    operation: str | None
    request: str | None
    function_request_id: str | None
    commits: Mapping[str, int]
    conflicts: int

    def wire(self) -> dict[str, Any]:
        return {
            "function": self.function,
            "operation": self.operation,
            "request": self.request,
            "functionRequestId": self.function_request_id,
            "commits": dict(self.commits),
            "conflicts": self.conflicts,
        }


@dataclass(frozen=True)
class Posting:
    """One go at a room's members, or at those of one of its shards. `missed`: by connection, of some of them."""

    at: datetime
    after: timedelta  # since the commit was written
    function: str
    commits: int
    counts: Mapping[str, int]  # sockets, by outcome
    missed: Mapping[str, str]

    @property
    def untold(self) -> int:
        """How many sockets missed it that the line does not name."""
        return sum(self.counts[name] for name in ("gone", "failed", "unreachable")) - len(self.missed)

    def wire(self) -> dict[str, Any]:
        told = {"at": clock.to_wire(self.at), "afterMs": _ms(self.after), "function": self.function}
        return {**told, "commits": self.commits, **self.counts, "missed": dict(self.missed)}


@dataclass(frozen=True)
class Delivery:
    """`stream_delay`: until the stream's function had it; None if no line tells. `posted_before`: by the fast lane."""

    written: Written | None
    postings: Sequence[Posting]
    stream_delay: timedelta | None
    posted_before: bool
    trouble: Sequence[Line]
    unknown: Sequence[str]


def delivery(logs: Logs, commit: Commit) -> Delivery:
    """Of a commit that the log of its room still has."""
    at, room, seq = datetime.fromisoformat(commit["at"]), commit["room"], commit["seq"]
    begin, end = at - BEFORE, at + AFTER
    said = logs.saying(("committed",), WRITERS, begin, at + timedelta(minutes=1))
    posted = logs.saying(("delivered",), POSTERS, begin, end, room=room)
    others = logs.saying(("posted before", *TROUBLE), POSTERS, begin, end)
    postings = [_posting(line, at) for line in posted.lines if _tells_of(line, commit)]
    before = [line for line in others.lines if seq in line.fields.get("rooms", {}).get(room, ())]
    handled = [each.at for each in postings if each.function in STREAM] + [
        line.at for line in before if line.message == "posted before"
    ]
    return Delivery(
        next(_written(said, commit), None),
        postings,
        min(handled) - at if handled else None,
        bool(before),
        [line for line in others.lines if line.message in TROUBLE and _concerns(line, room, postings)],
        [*dict.fromkeys([*said.unknown, *posted.unknown, *others.unknown])],
    )


def _written(said: Found, commit: Commit) -> Iterator[Written]:
    for line in said.lines:
        if line.fields.get("rooms", {}).get(commit["room"]) == commit["seq"]:
            yield Written(
                line.function,
                line.fields.get("operation"),
                commit.get("request") or line.fields.get("correlation_id"),
                line.fields.get("function_request_id"),
                line.fields["rooms"],
                line.fields.get("conflicts", 0),
            )


def _tells_of(line: Line, commit: Commit) -> bool:
    first, last = line.fields.get("first_seq"), line.fields.get("last_seq")
    return (
        isinstance(first, int)
        and isinstance(last, int)
        and first <= commit["seq"] <= last
        and line.fields.get("epoch") in (None, commit["epoch"])
    )


def _posting(line: Line, since: datetime) -> Posting:
    counts = {name: int(line.fields.get(name, 0)) for name in OUTCOMES}
    return Posting(
        line.at, line.at - since, line.function, line.fields["commits"], counts, line.fields.get("missed", {})
    )


def _concerns(line: Line, room: str, postings: Sequence[Posting]) -> bool:
    """Of a line that names no room: whether it was said before the last posting that is known of."""
    named = line.fields.get("room") or line.fields.get("rooms")
    if named:
        return room == named or room in named
    return not postings or line.at <= max(each.at for each in postings)


def _ms(span: timedelta) -> int:
    return round(span / timedelta(milliseconds=1))
