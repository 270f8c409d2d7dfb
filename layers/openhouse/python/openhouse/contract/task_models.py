"""What the kinds of tasks take, as the documents show it."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal, Union

from pydantic import Field

from openhouse.api.tasks import Confirmation, NewTask
from openhouse.contract.parts import wire_model
from openhouse.core.wire import Wire
from openhouse.tasks.kinds import KINDS


@cache
def new_task_model() -> type[Wire]:
    inputs: Any = Annotated[Union[tuple(kind.input for kind in KINDS)], Field(description="Of the kind.")]  # noqa: UP007
    return wire_model(NewTask.__name__, kind=Literal[KINDS.names()], input=inputs)


@cache
def confirmation_model() -> type[Wire]:
    answers: Any = Union[(*(kind.answer for kind in KINDS if kind.is_confirmed), None)]
    described = Annotated[
        answers, Field(description="Of the kind; without it, what was proposed is confirmed as it is.")
    ]
    return wire_model(Confirmation.__name__, answer=(described, None))
