"""What is told of who looks at a record and who types in it: hints over the socket, and a list."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from openhouse.contract import model_variants
from openhouse.contract.parts import Positions
from openhouse.core.wire import Moment, Wire

Until = Annotated[Moment, Field(description="When it is over by itself, unless it is told again.")]


class StoppedViewingData(Wire):
    user_id: str
    noun: str
    record_id: str


class ViewingData(StoppedViewingData):
    until: Until


class StoppedTypingData(StoppedViewingData):
    field: str


class TypingData(StoppedTypingData):
    until: Until


class UserViewing(Wire):
    """Somebody looks at a record that you look at, too; it may be you, elsewhere."""

    type: Literal["user:viewing"]
    data: ViewingData


class UserStoppedViewing(Wire):
    type: Literal["user:stopped_viewing"]
    data: StoppedViewingData


class UserTyping(Wire):
    """Somebody types in a field of a record that you look at, too."""

    type: Literal["user:typing"]
    data: TypingData


class UserStoppedTyping(Wire):
    type: Literal["user:stopped_typing"]
    data: StoppedTypingData


HINTS: dict[str, type[Wire]] = {
    "user:viewing": UserViewing,
    "user:stopped_viewing": UserStoppedViewing,
    "user:typing": UserTyping,
    "user:stopped_typing": UserStoppedTyping,
}


class ViewerItem(ViewingData):
    """Somebody who looks at the record. `field`: in which they type."""

    field: str | None = None


Viewer = model_variants.response_model(ViewerItem, "Viewer")


class Viewers(Wire):
    """Each person once, whatever number of devices they have. `positions` are those of the record's room."""

    items: list[Viewer]  # type: ignore[valid-type]
    positions: Positions
