"""The wire: positions, commits and the frames that carry them. Pure; docs/protocol.md is its description."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from openhouse_client.errors import ProtocolError, Refused

MAX_FRAME_BYTES = 32 * 1024  # API Gateway closes a socket that sends more
PART_BYTES = 24_000  # of positions in one `sync`


class Position(NamedTuple):
    """A place in a room's log: everything up to `seq` of the log's life `epoch`."""

    epoch: str
    seq: int

    @property
    def next(self) -> Position:
        return Position(self.epoch, self.seq + 1)

    def wire(self) -> dict[str, Any]:
        return {"epoch": self.epoch, "seq": self.seq}


@dataclass(frozen=True)
class Event:
    type: str  # `<noun>:<verb>`
    data: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Commit:
    room: str
    position: Position
    id: str
    at: datetime
    by: str
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Commits:
    commits: tuple[Commit, ...]


@dataclass(frozen=True)
class Ephemeral:
    """Hints that are not kept anywhere: who is typing, who is viewing."""

    events: tuple[Event, ...]


@dataclass(frozen=True)
class Reply:
    """`id` is None when the server could not read which request it is answering."""

    id: str | None
    content: Mapping[str, Any]
    error: Refused | None


@dataclass(frozen=True)
class Closing:
    """Why the server is about to close the socket."""

    error: Refused


@dataclass(frozen=True)
class GatewayFault:
    """API Gateway's own words, when it throttles what the client says, or when the function behind it failed."""

    error: Refused


Frame = Commits | Ephemeral | Reply | Closing | GatewayFault


@dataclass(frozen=True)
class RoomReply:
    """A room in the reply to `sync`: replayed up to `reached`, or `reset`: the log cannot tell what was missed."""

    reached: Position
    reset: bool


@dataclass(frozen=True)
class SyncReply:
    rooms: Mapping[str, RoomReply]  # every room of the connection; of a part, those that it named
    more: bool  # the replay stopped early, or there are more rooms: ask again


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Raises ProtocolError instead of the errors that taking apart the wrong JSON leads to."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProtocolError(
            f"the server sent {what} that is not as agreed ({type(error).__name__}: {error})"
        ) from error


def read_frame(text: str) -> Frame | None:
    """A frame from the server; None for a kind that this client does not know. Raises ProtocolError."""
    with reading("a frame"):
        content = json.loads(text)
        if not isinstance(content, dict):
            raise TypeError("a frame is an object")
        if "commits" in content:
            return Commits(tuple(map(_commit, content["commits"])))
        if "reply" in content:
            return _reply(content)
        if "ephemeral" in content:
            return Ephemeral(tuple(map(_event, content["ephemeral"])))
        if "closing" in content:
            return Closing(_refused(content["closing"]))
        if "connectionId" in content:
            return GatewayFault(Refused("gateway", f"API Gateway says: {content['message']}", retryable=True))
    return None


def read_sync(content: Mapping[str, Any]) -> SyncReply:
    with reading("the reply to sync"):
        rooms = {name: RoomReply(_position(room), bool(room["reset"])) for name, room in content["rooms"].items()}
        return SyncReply(rooms, bool(content["more"]))


def parts(positions: Mapping[str, Position]) -> list[dict[str, Position]]:
    """As many of them at a time as one frame takes."""
    found: list[dict[str, Position]] = [{}]
    left = PART_BYTES
    for name, position in positions.items():
        size = len(json.dumps({name: position.wire()}, ensure_ascii=False, separators=(",", ":")).encode())
        if size > left and found[-1]:
            found.append({})
            left = PART_BYTES
        found[-1][name] = position
        left -= size
    return found


def read_positions(rooms: Any) -> dict[str, Position]:
    """`{room: {epoch, seq}}`, as in the reply to `ping` and in a list."""
    with reading("positions"):
        return {name: _position(room) for name, room in rooms.items()}


def read_time(text: Any) -> datetime:
    """ISO 8601 with an offset or Z."""
    with reading("a time"):
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("it has no offset")
        return moment


def _reply(content: Mapping[str, Any]) -> Reply:
    if content["ok"]:
        return Reply(content["reply"], content, None)
    return Reply(content["reply"], content, _refused(content["error"]))


def _refused(error: Mapping[str, Any]) -> Refused:
    known = {name: error[name] for name in ("code", "message", "retryable")}
    extra = {name: value for name, value in error.items() if name not in known}
    return Refused(str(known["code"]), str(known["message"]), retryable=bool(known["retryable"]), extra=extra)


def _commit(content: Mapping[str, Any]) -> Commit:
    return Commit(
        room=str(content["room"]),
        position=_position(content),
        id=str(content["id"]),
        at=read_time(content["at"]),
        by=str(content["by"]),
        events=tuple(map(_event, content["events"])),
    )


def _event(content: Mapping[str, Any]) -> Event:
    data = content["data"]
    if not isinstance(data, dict):
        raise TypeError("an event's data is an object")
    return Event(str(content["type"]), data)


def _position(content: Mapping[str, Any]) -> Position:
    epoch, seq = content["epoch"], content["seq"]
    if not isinstance(epoch, str) or not isinstance(seq, int) or isinstance(seq, bool):
        raise TypeError("a position is {epoch: text, seq: number}")
    return Position(epoch, seq)
