"""What some operations of records take that no module's own model describes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from openhouse.core.wire import Wire
from openhouse.crm.fields import RequiredText
from openhouse.crm.history import DEFAULT_STEPS, MOST_STEPS


class ReopenBody(Wire):
    """`status`: one of the module's that is not final."""

    status: str
    reason: RequiredText


class HistoryParameters(Wire):
    limit: Annotated[int, Field(ge=1, le=MOST_STEPS, description="Maximum steps per page.")] = DEFAULT_STEPS
    cursor: Annotated[str, Field(min_length=1, max_length=12, description="From the page before.")] | None = None
