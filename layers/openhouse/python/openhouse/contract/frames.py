"""What a server says over a socket: replies to the requests of `protocol.py`, and the envelope of commits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, create_model
from typing_extensions import TypeAliasType

from openhouse.core.errors import (
    BadFrame,
    Busy,
    FrameTooLarge,
    InternalError,
    InvalidMessage,
    SessionExpired,
    TicketInvalid,
    UnknownAction,
)
from openhouse.core.wire import Moment, Wire
from openhouse.rooms.position import Position


class RoomReply(Wire):
    """Where a room's log was read to. `reset`: it cannot lead on from the given position; fetch the lists again."""

    epoch: str
    seq: Annotated[int, Field(ge=0)]
    reset: bool


class SyncReply(Wire):
    """All missed commits have been posted before; `more`: not all, sync again from where you are."""

    reply: str
    ok: Literal[True]
    rooms: dict[str, RoomReply]
    more: bool


class PingReply(Wire):
    """Where the logs end."""

    reply: str
    ok: Literal[True]
    rooms: dict[str, Position]


class AuthReply(Wire):
    """The connection lasts as long as the newer token."""

    reply: str
    ok: Literal[True]
    session_expires_at: Moment


REFUSALS = (
    BadFrame,
    FrameTooLarge,
    UnknownAction,
    InvalidMessage,
    SessionExpired,  # the socket is closed after it
    TicketInvalid,
    Busy,
    InternalError,
)

if TYPE_CHECKING:
    RefusalCode = str
else:
    RefusalCode = TypeAliasType("RefusalCode", Literal[tuple(error.code for error in REFUSALS)])


class RefusalCause(Wire):
    code: RefusalCode
    message: str
    retryable: bool


class Refusal(Wire):
    """The request with this id was refused; null if the frame was too broken to hold an id."""

    reply: str | None
    ok: Literal[False]
    error: RefusalCause


REPLIES: tuple[type[Wire], ...] = (SyncReply, PingReply, AuthReply, Refusal)


def commits_frame(event: Any) -> type[Wire]:
    """The frame that carries commits. `event`: the union of all events there are."""
    commit = create_model(
        "Commit",
        __base__=Wire,
        __doc__="One change of a room's log, numbered without gaps. Apply it if `seq` is your position + 1.",
        room=(str, ...),
        epoch=(str, ...),
        seq=(Annotated[int, Field(ge=1)], ...),
        id=(str, ...),
        at=(Moment, ...),
        by=(str, ...),
        events=(list[event], ...),
    )
    return create_model(
        "CommitsFrame",
        __base__=Wire,
        __doc__="Commits of one or more rooms, each room's in order.",
        commits=(list[commit], ...),
    )
