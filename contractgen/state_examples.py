"""Examples of live entities: their lists and events, made by the real rules at a fixed time."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial

from contractgen.lifecycle import AVA, NOON, POSITIONS, Named, made_id
from openhouse.core import clock
from openhouse.core.merge_patch import Document
from openhouse.core.room_names import is_of_kind
from openhouse.rooms.entity import Entity
from openhouse.rooms.live_states import LiveEntity, State, StateChange


def page(entity: Entity) -> Document:
    assert isinstance(entity, LiveEntity)
    positions = {room: position for room, position in POSITIONS.items() if is_of_kind(room, entity.kept_in)}
    return {"items": [example_of(entity)], "positions": positions}


def example_of(entity: Entity) -> Document:
    """As lists have it."""
    assert isinstance(entity, LiveEntity)
    return _state(entity, entity.example).wire()


@cache
def events_of(entity: Entity) -> dict[str, Named]:
    """By type."""
    assert isinstance(entity, LiveEntity)
    steps: list[StateChange] = []
    for state in map(partial(_state, entity), (entity.example, *entity.more_examples)):
        began = StateChange(entity, state.room, state.id, 1, None, state, AVA.user_id, NOON)
        after = state.model_copy(update={"version": 2, "updated_at": NOON.replace(minute=1)})
        ended = replace(began, version=3, before=after, after=None)
        steps += [began, replace(began, version=2, before=state, after=after), ended]
    found: dict[str, Named] = {}
    for step in steps:
        found.setdefault(step.event["type"], {"example": step.event})
    return found


def _state(entity: LiveEntity, fields: Document) -> State:
    about = {
        "id": made_id(8),
        "version": 1,
        "room": next(room for room in AVA.rooms[1:] + AVA.rooms if is_of_kind(room, entity.kept_in)),
        "updatedAt": clock.to_wire(NOON),
        "updatedBy": AVA.user_id,
    }
    return entity.model.model_validate({**about, **fields}, by_alias=True)
