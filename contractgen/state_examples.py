"""Examples of live entities: their lists and events, made by the real rules at a fixed time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from contractgen.lifecycle import AVA, NOON, POSITIONS, Named, made_id
from openhouse.core import clock
from openhouse.core.merge_patch import Document
from openhouse.rooms.entity import Entity
from openhouse.rooms.live_states import LiveEntity, State, StateChange


def page(entity: Entity) -> Document:
    return {"items": [example_of(entity)], "positions": POSITIONS}


def example_of(entity: Entity) -> Document:
    """As lists have it."""
    assert isinstance(entity, LiveEntity)
    return _state(entity, entity.example).wire()


@cache
def events_of(entity: Entity) -> dict[str, Named]:
    """By type."""
    assert isinstance(entity, LiveEntity)
    others = entity.own_types.examples if entity.own_types else ()
    found: dict[str, Named] = {}
    for example in (entity.example, *others):
        for step in _steps(entity, _state(entity, example)):
            found.setdefault(step.event["type"], {"example": step.event})
    return found


def _steps(entity: LiveEntity, state: State) -> Iterator[StateChange]:
    """It begins, changes and ends."""
    began = StateChange(entity, state.room, state.id, 1, None, state, AVA.user_id, NOON)
    after = state.model_copy(update={"version": 2, "updated_at": NOON.replace(minute=1)})
    yield began
    yield replace(began, version=2, before=state, after=after)
    yield replace(began, version=3, before=after, after=None)


def ephemeral_frame(entities: Iterable[Entity]) -> Named:
    unordered = [entity for entity in entities if isinstance(entity, LiveEntity) and not entity.ordered]
    return {"example": {"ephemeral": [next(iter(events_of(unordered[0]).values()))["example"]]}}


def _state(entity: LiveEntity, example: Document) -> State:
    about = {
        "id": made_id(8),
        "version": 1,
        "room": AVA.rooms[1],
        "updatedAt": clock.to_wire(NOON),
        "updatedBy": AVA.user_id,
    }
    return entity.model.model_validate({**about, **example}, by_alias=True)
