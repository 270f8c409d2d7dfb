"""What an action of the socket consists of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args

from openhouse.api.protocol import Reply, Request
from openhouse.identity.membership import Membership
from openhouse.rooms.connections import Connection, Connections
from openhouse.rooms.gateway import Frame
from openhouse.rooms.room_log import RoomLog

R = TypeVar("R", bound=Request)


@dataclass(frozen=True)
class Socket:
    """The socket that a request came from, and the services that an action may use to answer it.

    `post` sends frames to it ahead of the reply, and returns whether they are on their way.
    """

    connection: Connection
    connections: Connections
    membership: Membership
    log: RoomLog
    post: Callable[[Sequence[Frame]], bool]


@dataclass(frozen=True, kw_only=True)
class Action(Generic[R]):
    """`handle` returns the reply's own fields in wire form; any OpenhouseError that it raises refuses the request.

    `cost`: how much of its connection's allowance one request uses up; a `ping` is the unit.
    """

    summary: str  # for the contract: what the client gets done by it
    request: type[R]
    reply: type[Reply]
    handle: Callable[[Socket, R], dict[str, Any]]
    cost: int

    @property
    def name(self) -> str:
        """What `action` says in a request of this kind."""
        (name,) = get_args(self.request.model_fields["action"].annotation)
        return str(name)
