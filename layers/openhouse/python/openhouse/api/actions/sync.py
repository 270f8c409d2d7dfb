"""`sync`: joins all of a person's rooms, and posts what they missed.

Who is in more rooms than a frame can name asks in parts. Whatever is asked, a reply holds less than API Gateway posts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Annotated, Any, Literal

from pydantic import Field

from openhouse.api.actions.action import Action, Socket
from openhouse.api.protocol import Reply, Request
from openhouse.core.metrics import Metric, metrics
from openhouse.core.observability import logger
from openhouse.core.wire import Wire
from openhouse.rooms.allowance import BYTES_PER_UNIT
from openhouse.rooms.connections import Connection
from openhouse.rooms.gateway import LARGEST_FRAME_BYTES, FrameKind, pack
from openhouse.rooms.position import Position

SYNC_COMMITS = 500  # per sync; `more: true` says that there are others
SYNC_BYTES = 500_000
SYNC_ROOMS = 100  # each is read and posted by itself: so the reply comes within seconds
MOST_POSITIONS = 800  # of a client that cuts them at 24,000 bytes there are fewer
ROOMS_TOLD = 10  # in a line of the log, which is paid for by its length
_ROOM_BYTES = 64  # of one in a reply, beside its name, if its log is as long as can be


class Sync(Request):
    action: Literal["sync"]
    positions: Annotated[dict[str, Position], Field(max_length=MOST_POSITIONS)] = {}
    part: bool = False  # other frames name others of your rooms: the reply tells of those named here alone


class RoomReply(Wire):
    """How far a room's log has been posted. `reset`: it cannot continue from your position; fetch the lists again."""

    epoch: str
    seq: Annotated[int, Field(ge=0)]
    reset: bool


class SyncReply(Reply):
    """Missed commits were posted before this reply. `more`: not all of them; sync again from where you are now."""

    rooms: dict[str, RoomReply]
    more: bool


def sync(socket: Socket, request: Sync) -> dict[str, Any]:
    """Joins, then reads the heads, then replays: whatever is committed later finds the member."""
    principal = socket.services.membership.join(socket.connection)
    if not socket.connection.rooms:
        socket.services.attendance.joined(socket.connection.id, principal)
    told = _told_of(principal.rooms, request)
    heads = socket.services.log.heads(told)
    rooms: dict[str, Any] = {}
    more = not request.part and len(told) < len(principal.rooms)
    left_commits, left_bytes, left_rooms = SYNC_COMMITS, SYNC_BYTES, SYNC_ROOMS
    for room, head in heads.items():
        after = request.positions.get(room)
        rooms[room] = {**(after or head).wire(), "reset": after is None}
        if after != head and (left_commits <= 0 or left_bytes <= 0 or left_rooms <= 0):
            more = True
            continue
        missed = socket.services.log.replay(room, after, head, max_commits=left_commits, max_bytes=left_bytes)
        frames = pack(FrameKind.COMMITS, missed.commits)
        if frames and not socket.post(frames):
            left_commits, more = 0, True  # it takes no more now: what did not arrive is not called reached
            continue
        left_rooms -= bool(missed.commits)
        left_commits -= len(missed.commits)
        left_bytes -= sum(len(frame.body) for frame in frames)
        more = more or missed.more
        rooms[room] = {**missed.reached.wire(), "reset": missed.reset}
    metrics.count(Metric.RESUMES, len(request.positions.keys() & rooms.keys()))
    metrics.count(Metric.RESETS, sum(reply["reset"] for room, reply in rooms.items() if room in request.positions))
    socket.services.connections.charge(socket.connection, (SYNC_BYTES - left_bytes) // BYTES_PER_UNIT)
    _tell(socket.connection, request.positions, rooms)
    return {"rooms": rooms, "more": more}


def _tell(connection: Connection, asked: Mapping[str, Position], reached: Mapping[str, Any]) -> None:
    """Where a client stood, and where it was brought: of rooms that it resumes, some of them."""
    resumed = [room for room in reached if room in asked][:ROOMS_TOLD]
    logger.info(
        "synced",
        connection_id=connection.id,
        user_id=connection.principal.user_id,
        rooms=len(reached),
        resumed={room: [asked[room].seq, reached[room]["seq"]] for room in resumed},
        reset=[room for room in resumed if reached[room]["reset"]],
    )


def _told_of(rooms: Sequence[str], request: Sync) -> list[str]:
    """The rooms that are named, and unless it is a part, of the others those that fit beside them."""
    named = [room for room in rooms if room in request.positions]
    if request.part:
        return named
    others = [room for room in rooms if room not in request.positions]
    sizes = accumulate(len(room.encode()) + _ROOM_BYTES for room in [*named, *others])
    return [room for room, size in zip([*named, *others], sizes, strict=True) if size <= LARGEST_FRAME_BYTES]


SYNC = Action(
    summary="Joins all your rooms and asks for the commits you missed",
    request=Sync,
    reply=SyncReply,
    handle=sync,
    cost=10,
)
