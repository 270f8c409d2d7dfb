"""What a server says over a socket: replies to the actions' requests, refusals, and the envelope of commits."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, create_model
from typing_extensions import TypeAliasType

from openhouse.api.actions import ACTIONS
from openhouse.api.protocol import Reply
from openhouse.contract.hints import UserStoppedTyping, UserStoppedViewing, UserTyping, UserViewing
from openhouse.contract.model_variants import response_model
from openhouse.contract.parts import wire_model
from openhouse.contract.state_models import state_model
from openhouse.core.errors import (
    BadFrame,
    Busy,
    Forbidden,
    FrameTooLarge,
    InternalError,
    InvalidMessage,
    Locked,
    NotFound,
    RateLimited,
    RoomFull,
    SessionExpired,
    TicketInvalid,
    TooManySockets,
    UnknownAction,
)
from openhouse.core.wire import Moment, Wire
from openhouse.rooms.live_states import State

REFUSALS = (
    BadFrame,
    FrameTooLarge,
    UnknownAction,
    InvalidMessage,
    SessionExpired,  # the socket is closed after it
    TicketInvalid,
    NotFound,
    Forbidden,
    Locked,
    Busy,
    RateLimited,
    RoomFull,
    InternalError,
)

CLOSINGS = (TooManySockets, RateLimited)

if TYPE_CHECKING:
    RefusalCode = str
    ClosingCode = str
else:
    ClosingCode = TypeAliasType("ClosingCode", Literal[tuple(error.code for error in CLOSINGS)])
    RefusalCode = TypeAliasType("RefusalCode", Literal[tuple(error.code for error in REFUSALS)])


class RefusalCause(Wire):
    """`retryAfterSeconds`: of `rate_limited` alone; `holder` and `until`: of `locked`, if somebody holds the lock."""

    code: RefusalCode
    message: str
    retryable: bool
    retry_after_seconds: Annotated[int | None, Field(ge=1)] = None
    holder: str | None = None
    until: Moment | None = None


_RefusalCause = response_model(RefusalCause, "RefusalCause")


class Refusal(Wire):
    """The request with this id was refused; null if no id could be read from the frame."""

    reply: str | None
    ok: Literal[False]
    error: _RefusalCause  # type: ignore[valid-type]


class ClosingCause(Wire):
    code: ClosingCode
    message: str
    retryable: bool


class Closing(Wire):
    """The socket is about to be closed, for this reason. Connect again only if it is retryable."""

    closing: ClosingCause


class GatewayFault(Wire):
    """From API Gateway itself: a request was throttled, or its function failed. It does not say which one.

    Send again, after a while, what has no reply.
    """

    message: str
    connection_id: str
    request_id: str


@cache
def reply_model(reply: type[Reply]) -> type[Wire]:
    """As it is sent: a live state in it has no fields without a value."""
    kinds = {name: info.annotation for name, info in reply.model_fields.items()}
    states = {
        name: state_model(kind) for name, kind in kinds.items() if isinstance(kind, type) and issubclass(kind, State)
    }
    if not states:
        return reply
    made = wire_model(reply.__name__, reply, **states)
    made.__doc__ = reply.__doc__
    return made


REPLIES: tuple[type[Wire], ...] = (*(reply_model(action.reply) for action in ACTIONS), Refusal)


_Request = Annotated[str | None, Field(max_length=64, description="The request that it came of, for the logs.")]


def commits_frame(event: Any) -> type[Wire]:
    """The frame that carries commits. `event`: the union of all events there are."""
    whole = create_model(
        "Commit",
        __base__=Wire,
        room=(str, ...),
        epoch=(str, ...),
        seq=(Annotated[int, Field(ge=1)], ...),
        id=(str, ...),
        at=(Moment, ...),
        by=(str, ...),
        request=(_Request, None),
        events=(list[event], ...),
    )
    commit = response_model(whole, "Commit")
    commit.__doc__ = "One change of a room's log, numbered without gaps. Apply it if `seq` is your position + 1."
    return create_model(
        "CommitsFrame",
        __base__=Wire,
        __doc__="Commits of one or more rooms, in order within each room.",
        commits=(list[commit], ...),  # type: ignore[valid-type]
    )


EphemeralEvent = TypeAliasType(
    "EphemeralEvent",
    Annotated[
        UserViewing | UserStoppedViewing | UserTyping | UserStoppedTyping,
        Field(discriminator="type"),
    ],
)


class EphemeralFrame(Wire):
    """Hints: each tells all there is to know, comes once or not at all, and is over by itself."""

    ephemeral: list[EphemeralEvent]
