"""The operation that every live entity has: its list."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from openhouse.api.http import Answer, HttpRequest, answer
from openhouse.api.operations.operation import AnyOperation, Operation, Shape
from openhouse.rooms.live_states import LiveEntity
from openhouse.services import Services


def state_operations(entity: LiveEntity) -> list[AnyOperation]:
    return [
        Operation(
            name=f"list{entity.path.capitalize()}",
            tag=entity.path,
            method="GET",
            path=f"/{entity.path}",
            summary=f"Lists the {entity.path} of your rooms as they are now",
            handle=partial(_list, entity),
            answer=Shape.STATES,
        )
    ]


def _list(entity: LiveEntity, request: HttpRequest, services: Services) -> Answer:
    return answer(HTTPStatus.OK, services.live_states.page(entity, request.principal.rooms))
