"""The models of live entities: their list and their events."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from openhouse.contract import model_variants
from openhouse.contract.parts import Positions, Version, wire_model
from openhouse.core.wire import Wire
from openhouse.rooms.entity import Entity
from openhouse.rooms.live_states import LiveEntity, State


@dataclass(frozen=True)
class StateModels:
    """A live entity's models. `events`: by type."""

    state: type[Wire]
    page: type[Wire]
    events: dict[str, type[Wire]]


@cache
def state_models(entity: Entity) -> StateModels:
    """Of a live entity."""
    assert isinstance(entity, LiveEntity)
    name = entity.model.__name__
    state = state_model(entity.model)
    page = wire_model(f"{name}List", items=list[state], positions=Positions)  # type: ignore[valid-type]
    return StateModels(state, page, _state_events(entity, state))


@cache
def state_model(model: type[State]) -> type[Wire]:
    """A live state as it is sent."""
    return model_variants.response_model(model, model.__name__)


def _state_events(entity: LiveEntity, state: type[Wire]) -> dict[str, type[Wire]]:
    name, noun = entity.model.__name__, entity.noun
    about = {f"{noun}_id": str, "version": Version, "updated_by": str}
    reference = wire_model(f"{name}Reference", **about, ref=Literal[True])
    reference.__doc__ = "It was too large to send: fetch the list."
    whole: Any = wire_model(f"{name}WholeData", **about, **{noun: state}) | reference
    ended = wire_model(f"{name}DeletedData", **about, room=str)
    if own := entity.own_types:
        told: Any = whole | ended
        return {type_: wire_model(_class_name(type_), type=Literal[type_], data=told) for type_ in own.all}
    changes = model_variants.change_model(entity.model, f"{name}Changes")
    changed = wire_model(f"{name}ChangedData", **about, changes=changes)
    data: dict[str, Any] = {"created": whole, "updated": changed | reference, "deleted": ended}
    return {
        f"{noun}:{verb}": wire_model(f"{name}{verb.capitalize()}", type=Literal[f"{noun}:{verb}"], data=kind)
        for verb, kind in data.items()
    }


def _class_name(type_: str) -> str:
    """`user:presence:online` is UserPresenceOnline."""
    return "".join(word.capitalize() for word in re.split("[:_-]", type_))
