"""What is said about tasks over REST."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from openhouse.core.wire import Wire


class NewTask(Wire):
    """`input` is of the kind."""

    kind: Annotated[str, Field(min_length=1, max_length=64)]
    input: dict[str, Any]


class Confirmation(Wire):
    """`answer` is of the kind; without it, what was proposed is confirmed as it is."""

    answer: dict[str, Any] | None = None
