"""Examples of hints: who looks at a record, and who types in it."""

from __future__ import annotations

from datetime import timedelta

from contractgen.lifecycle import AVA, NOON, POSITIONS, Named, made_id
from openhouse.collaboration.views import LASTS, Place
from openhouse.core import clock
from openhouse.core.merge_patch import Document

UNTIL = clock.to_wire(NOON + timedelta(milliseconds=LASTS))
_PLACE = Place(AVA.rooms[1], "escrow", made_id(1))
_FIELD = "notes"


def events() -> dict[str, Named]:
    """By type."""
    told = (
        _PLACE.hint("viewing", AVA.user_id, until=UNTIL),
        _PLACE.hint("stopped_viewing", AVA.user_id),
        _PLACE.hint("typing", AVA.user_id, field=_FIELD, until=UNTIL),
        _PLACE.hint("stopped_typing", AVA.user_id, field=_FIELD),
    )
    return {hint["type"]: {"example": hint} for hint in told}


def frame() -> Named:
    """What somebody hears who looks at a record in which Ava types."""
    told = events()
    return {"example": {"ephemeral": [told[type_]["example"] for type_ in ("user:viewing", "user:typing")]}}


def viewers() -> Document:
    viewer = {"userId": AVA.user_id, "noun": _PLACE.noun, "recordId": _PLACE.id, "until": UNTIL, "field": _FIELD}
    return {"items": [viewer], "positions": {_PLACE.room: POSITIONS[_PLACE.room]}}
