"""What some operations of records take that no module's own model describes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from openhouse.api.query_parameters import parse_parameters, plain_number
from openhouse.core.wire import Wire
from openhouse.crm.fields import RequiredText
from openhouse.crm.history import DEFAULT_STEPS, MOST_STEPS, HistoryQuery
from openhouse.storage.keys import LAST_VERSION

_CURSOR = {"type": "string", "minLength": 1, "maxLength": 12, "description": "From the page before."}  # as answered


class ReopenBody(Wire):
    """`status`: one of the module's that is not final."""

    status: str
    reason: RequiredText


class LockBody(Wire):
    """`token`: of a lock of yours, to prolong it. `takeOver`: also if somebody holds it."""

    token: Annotated[int, Field(ge=1, le=10**15 - 1)] | None = None
    take_over: bool = False


class HistoryParameters(Wire):
    limit: Annotated[
        int, Field(ge=1, le=MOST_STEPS, description="Maximum steps per page."), BeforeValidator(plain_number)
    ] = DEFAULT_STEPS
    cursor: Annotated[
        int,
        Field(ge=1, le=LAST_VERSION),
        BeforeValidator(plain_number),
        WithJsonSchema(_CURSOR),
    ] | None = None  # fmt: skip


def parse_history_query(query: Mapping[str, str]) -> HistoryQuery:
    """Raises BadParameter, naming the one."""
    parameters = parse_parameters(HistoryParameters, query)
    return HistoryQuery(limit=parameters.limit, before=parameters.cursor)
