"""A live entity that nobody has built anything for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from openhouse.rooms.live_states import Fields, LiveEntity, State


def always(fields: Fields | None) -> Callable[[State | None, datetime], Fields | None]:
    """Decides so whatever there is."""
    return lambda _state, _now: fields


class Viewing(State):
    """Somebody shows a listing."""

    listing_id: str
    step: Literal["waiting", "inside", "leaving"] = "waiting"


VIEWINGS = LiveEntity(noun="viewing", path="viewings", model=Viewing, example={"listingId": "l-1", "step": "inside"})
