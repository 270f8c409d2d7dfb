"""Examples of live entities: their lists and events, made by the real rules at a fixed time."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from contractgen.lifecycle import AVA, NOON, POSITIONS, Named, made_id
from openhouse.core import clock
from openhouse.core.merge_patch import Document
from openhouse.rooms.entity import Entity
from openhouse.rooms.live_states import LiveEntity, State, StateChange


def page(entity: Entity) -> Document:
    return {"items": [_state(entity).wire()], "positions": POSITIONS}


@cache
def events_of(entity: Entity) -> dict[str, Named]:
    """By type."""
    assert isinstance(entity, LiveEntity)
    state = _state(entity)
    began = StateChange(entity, state.room, state.id, 1, None, state, AVA.user_id, NOON)
    after = state.model_copy(update={"version": 2, "updated_at": NOON.replace(minute=1)})
    steps = [began, replace(began, version=2, before=state, after=after), replace(began, version=3, after=None)]
    found: dict[str, Named] = {}
    for step in steps:
        found.setdefault(step.event["type"], {"example": step.event})
    return found


def _state(entity: Entity) -> State:
    assert isinstance(entity, LiveEntity)
    about = {
        "id": made_id(8),
        "version": 1,
        "room": AVA.rooms[1],
        "updatedAt": clock.to_wire(NOON),
        "updatedBy": AVA.user_id,
    }
    return entity.model.model_validate({**entity.example, **about}, by_alias=True)
