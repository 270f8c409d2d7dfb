"""`lock` and `unlock`: being at work on a record, for as long as this socket is there and asks again."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from openhouse.api.actions.action import Action, Socket
from openhouse.api.protocol import Reply, Request
from openhouse.core.errors import InvalidMessage
from openhouse.core.ids import MAX_ID_LENGTH
from openhouse.crm.leases import RecordLock

Noun = Annotated[str, StringConstraints(min_length=1, max_length=40)]
RecordId = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_LENGTH)]
Token = Annotated[int, Field(ge=1, le=10**15 - 1)]


class Lock(Request):
    """`token`: of a lock of yours, to prolong it. `takeOver`: also if somebody holds it."""

    action: Literal["lock"]
    noun: Noun
    record_id: RecordId
    token: Token | None = None
    take_over: bool = False


class LockReply(Reply):
    """It is released 15 s after this connection is gone, unless another one prolongs it by then."""

    lock: RecordLock


class Unlock(Request):
    action: Literal["unlock"]
    noun: Noun
    record_id: RecordId
    token: Token


class UnlockReply(Reply):
    """It is yours no more, if it still was."""


def lock(socket: Socket, request: Lock) -> dict[str, Any]:
    """The connection may be older than a change of the directory."""
    from openhouse.collaboration.locks import LockWish  # noqa: PLC0415 - most sockets never ask for it

    services, connection = socket.services, socket.connection
    principal = services.membership.current(connection.principal)
    wish = LockWish(token=request.token, take_over=request.take_over, connection_id=connection.id)
    _check(socket, request.noun)
    return {"lock": services.locks.take_by_noun(request.noun, principal, request.record_id, wish)}


def unlock(socket: Socket, request: Unlock) -> dict[str, Any]:
    principal = socket.services.membership.current(socket.connection.principal)
    _check(socket, request.noun)
    socket.services.locks.release_by_noun(request.noun, principal, request.record_id, request.token)
    return {}


def _check(socket: Socket, noun: str) -> None:
    """Raises InvalidMessage."""
    if noun not in (nouns := socket.services.locks.nouns):
        raise InvalidMessage(f"noun: must be one of {', '.join(nouns)}")


LOCK = Action(
    summary="Locks a record for 5 minutes, or prolongs your lock",
    request=Lock,
    reply=LockReply,
    handle=lock,
    cost=100,  # it writes five items
)

UNLOCK = Action(
    summary="Releases your lock of a record",
    request=Unlock,
    reply=UnlockReply,
    handle=unlock,
    cost=100,  # it writes five items
)
