"""`openhouse replay`: a room's log from a position on, as a client that stood there would be sent it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.text import Text

from cli.operating.look import count, local_time
from cli.operating.people_names import author, names_of
from cli.operating.rooms import no_log, position_of
from cli.watch import Names, events_text
from deployed.terminal import CommandFailed
from openhouse.rooms.position import Position
from openhouse.services import Services
from openhouse_client.protocol import Event

MOST_BYTES = 10_000_000  # of one answer


@dataclass(frozen=True)
class Replayed:
    """`commits`: in order, as clients get them. `ends`: where the log does. `reset`: it does not reach back so far."""

    room: str
    after: Position
    ends: Position
    commits: list[Any]
    reset: bool
    more: bool

    def wire(self) -> dict[str, Any]:
        return {
            "room": self.room,
            "after": self.after.wire(),
            "ends": self.ends.wire(),
            "reset": self.reset,
            "more": self.more,
            "commits": self.commits,
        }


def replayed(services: Services, room: str, after: int | None, epoch: str | None, most: int) -> Replayed:
    """The commits after a position; without one, the last that the log has. Raises CommandFailed."""
    ends = position_of(services, room)
    if ends is None:
        raise CommandFailed(no_log(room))
    if after is None:
        return _last(services, room, ends, most)
    position = Position(epoch or ends.epoch, after)
    found = services.log.replay(room, position, ends, max_commits=most, max_bytes=MOST_BYTES)
    return Replayed(room, position, ends, [json.loads(text) for text in found.commits], found.reset, found.more)


def lines(services: Services, found: Replayed, now: datetime) -> list[str | Text]:
    kind, _, id_ = found.room.partition(":")
    owner = id_ if kind == "broker" else services.directory.brokerage_of(found.room)
    names = names_of(services, [owner] if owner else [])
    told: list[str | Text] = [commit_line(commit, names, now) for commit in found.commits]
    room, ends = names.room(found.room), f"#{found.ends.seq} (epoch {found.ends.epoch})"
    if found.reset:
        said = f"The log of {room} cannot go on from #{found.after.seq} (epoch {found.after.epoch})."
        then = f"It ends at {ends}. A client that stands there loads its lists anew."
        return [Text(said, "yellow"), Text(then, "yellow")]
    reached = found.commits[-1]["seq"] if found.commits else found.after.seq
    more = f" Go on with --after {reached}." if found.more else ""
    return [
        *told,
        f"{count(len(found.commits), 'commit')} of {room} after #{found.after.seq}; it ends at {ends}.{more}",
    ]


def commit_line(commit: Any, names: Names, now: datetime) -> Text:
    """`time #seq who what`."""
    line = Text(no_wrap=True)
    line.append(f"{local_time(datetime.fromisoformat(commit['at']), now)}  ", "dim")
    line.append(f"#{commit['seq']}  ", "bold")
    line.append(f"{author(commit['by'], names)}  ", "magenta")
    return line.append_text(events_text([Event(each["type"], each["data"]) for each in commit["events"]], names))


def _last(services: Services, room: str, ends: Position, most: int) -> Replayed:
    """What is not there any more is left out: nobody has asked for it."""
    first = max(1, ends.seq - most + 1)
    commits = [json.loads(text) for text in services.log.commits(room, first, max(ends.seq, 1))]
    after = Position(ends.epoch, commits[0]["seq"] - 1 if commits else ends.seq)
    return Replayed(room, after, ends, commits, reset=False, more=False)
