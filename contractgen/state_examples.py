"""Examples of live entities: their lists and events, made by the real rules at a fixed time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from contractgen.lifecycle import AVA, NOON, POSITIONS, Named, made_id
from openhouse.core import clock
from openhouse.core.merge_patch import Document
from openhouse.rooms.entity import Entity
from openhouse.rooms.live_states import LiveEntity, State, StateChange


def page(entity: Entity) -> Document:
    return {"items": [_example(entity).wire()], "positions": POSITIONS}


@cache
def events_of(entity: Entity) -> dict[str, Named]:
    """By type."""
    assert isinstance(entity, LiveEntity)
    found: dict[str, Named] = {}
    for content in (entity.example, *entity.variants):
        for step in _steps(entity, _state(entity, content)):
            found.setdefault(step.event["type"], {"example": step.event})
    return found


def _steps(entity: LiveEntity, state: State) -> list[StateChange]:
    """From its begin to its end."""
    began = StateChange(entity, state.room, state.id, 1, None, state, AVA.user_id, NOON)
    after = state.model_copy(update={"version": 2, "updated_at": NOON.replace(minute=1)})
    return [
        began,
        replace(began, version=2, before=state, after=after),
        replace(began, version=3, before=after, after=None),
    ]


def ephemeral_frame(entities: Iterable[Entity]) -> Named:
    unordered = [entity for entity in entities if isinstance(entity, LiveEntity) and not entity.ordered]
    return {"example": {"ephemeral": [next(iter(events_of(unordered[0]).values()))["example"]]}}


def _example(entity: Entity) -> State:
    assert isinstance(entity, LiveEntity)
    return _state(entity, entity.example)


def _state(entity: LiveEntity, content: Document) -> State:
    about = {
        "id": made_id(8),
        "version": 1,
        "room": AVA.rooms[1],
        "updatedAt": clock.to_wire(NOON),
        "updatedBy": AVA.user_id,
    }
    return entity.model.model_validate({**content, **about}, by_alias=True)
