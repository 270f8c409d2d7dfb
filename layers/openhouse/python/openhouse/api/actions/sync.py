"""`sync`: joins all of a person's rooms, and posts what they missed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from openhouse.api.actions.action import Action, Socket
from openhouse.api.protocol import Reply, Request
from openhouse.core.wire import Wire
from openhouse.rooms.allowance import BYTES_PER_UNIT
from openhouse.rooms.gateway import FrameKind, pack
from openhouse.rooms.position import Position

SYNC_COMMITS = 500  # per sync; `more: true` says that there are others
SYNC_BYTES = 500_000


class Sync(Request):
    action: Literal["sync"]
    positions: Annotated[dict[str, Position], Field(max_length=500)] = {}


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
    principal = socket.membership.join(socket.connection)
    heads = socket.log.heads(principal.rooms)
    rooms: dict[str, Any] = {}
    more = False
    left_commits, left_bytes = SYNC_COMMITS, SYNC_BYTES
    for room, head in heads.items():
        after = request.positions.get(room)
        rooms[room] = {**(after or head).wire(), "reset": after is None}
        if left_commits <= 0 or left_bytes <= 0:
            more = True
            continue
        missed = socket.log.replay(room, after, head, max_commits=left_commits, max_bytes=left_bytes)
        frames = pack(FrameKind.COMMITS, missed.commits)
        if not socket.post(frames):
            left_commits, more = 0, True  # it takes no more now: what did not arrive is not called reached
            continue
        left_commits -= len(missed.commits)
        left_bytes -= sum(len(frame.body) for frame in frames)
        more = more or missed.more
        rooms[room] = {**missed.reached.wire(), "reset": missed.reset}
    socket.connections.charge(socket.connection, (SYNC_BYTES - left_bytes) // BYTES_PER_UNIT)
    return {"rooms": rooms, "more": more}


SYNC = Action(
    summary="Joins all your rooms and asks for the commits you missed",
    request=Sync,
    reply=SyncReply,
    handle=sync,
    cost=10,
)
