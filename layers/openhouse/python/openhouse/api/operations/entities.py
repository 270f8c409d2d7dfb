"""Which operations an entity has."""

from __future__ import annotations

from openhouse.api.operations.operation import AnyOperation
from openhouse.api.operations.records import record_operations
from openhouse.api.operations.states import state_operations
from openhouse.crm.module import Module
from openhouse.rooms.entity import Entity
from openhouse.rooms.live_states import LiveEntity


def operations_of(entity: Entity) -> list[AnyOperation]:
    match entity:
        case Module():
            return record_operations(entity)
        case LiveEntity():
            return state_operations(entity) if entity.listed else []
    raise TypeError(f"nothing is known of entities such as {entity.noun}")
