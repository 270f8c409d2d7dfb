"""What an operation of REST is: one entry that the HTTP edge, the contract and the infrastructure read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import Generic, TypeVar

from openhouse.api.http import MAX_BODY_BYTES, Answer, HttpRequest
from openhouse.core.errors import (
    Busy,
    InternalError,
    OpenhouseError,
    TokenExpired,
    UserUnknown,
)
from openhouse.core.principal import Principal, Role
from openhouse.core.wire import Wire
from openhouse.crm.access import Right
from openhouse.services import Services
from openhouse.storage.keys import Key

Errors = tuple[type[OpenhouseError], ...]

ALWAYS: Errors = (TokenExpired, UserUnknown, InternalError, Busy)


class Shape(Enum):
    """A model that the contract derives from a module's own: functions need none of them, so none is imported here."""

    RECORD = auto()
    NEW_RECORD = auto()
    PATCH = auto()
    LIST_QUERY = auto()
    PAGE = auto()
    STATS = auto()
    BULK = auto()
    BULK_ANSWER = auto()
    CONVERSION = auto()
    CONVERTED = auto()
    HISTORY = auto()
    LOCK = auto()
    STATES = auto()
    FOUND = auto()
    VIEWERS = auto()


def _nothing(_principal: Principal, _path: Mapping[str, str]) -> list[Key]:
    return []


S = TypeVar("S", bound="Shape | type[Wire]")


@dataclass(frozen=True, kw_only=True)
class Operation(Generic[S]):
    """`handle(request, services)` answers it. `path` in OpenAPI's form; `errors`: beside those of every operation.

    `reads(principal, path)`: items that it will probably read, which are then read together.
    """

    name: str  # unique, in camelCase
    tag: str  # the entity's path, `people`, `search` or `views`
    method: str
    path: str
    summary: str
    handle: Callable[[HttpRequest, Services], Answer]
    status: HTTPStatus = HTTPStatus.OK
    answer: S | None = None
    media_type: str = "application/json"  # of the answer; of any other than JSON, `answer` is None
    query: S | None = None
    body: S | None = None
    body_is_optional: bool = False
    max_body_bytes: int = MAX_BODY_BYTES
    patch: bool = False  # the body is a merge patch
    tagged: bool = False  # the answer is a record with its ETag
    conditional: bool = False  # takes If-Match
    idempotent: bool = False  # takes Idempotency-Key
    fenced: bool = False  # takes Lock-Token
    errors: Errors = ()
    right: Right | None = None  # that the caller needs on the record; the records' service checks it
    reads: Callable[[Principal, Mapping[str, str]], list[Key]] = _nothing
    role: Role | None = None  # that the caller needs in their brokerage; the administration checks it

    @property
    def problems(self) -> Errors:
        """Every error that it may answer."""
        return ALWAYS + self.errors


AnyOperation = Operation[Shape | type[Wire]]
