"""The operation that tells who looks at a record."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from pydantic import Field, StringConstraints

from openhouse.api.http import Answer, HttpRequest, answer
from openhouse.api.operations.operation import AnyOperation, Operation, Shape
from openhouse.api.query_parameters import parse_parameters
from openhouse.core.errors import BadParameter, NotFound
from openhouse.core.ids import MAX_ID_LENGTH
from openhouse.core.wire import Wire
from openhouse.crm.access import Right
from openhouse.services import Services


class ViewsQuery(Wire):
    noun: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,40}$"), Field(description="Such as `escrow`.")]
    id: Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_LENGTH), Field(description="The record's.")]


def _list_views(request: HttpRequest, services: Services) -> Answer:
    query = parse_parameters(ViewsQuery, request.query)
    return answer(HTTPStatus.OK, services.views.of_record(request.principal, (query.noun, query.id)))


VIEW_OPERATIONS: tuple[AnyOperation, ...] = (
    Operation(
        name="listViews",
        tag="views",
        method="GET",
        path="/views",
        summary="Tells who looks at a record now, and in which field they type",
        handle=_list_views,
        query=ViewsQuery,
        answer=Shape.VIEWERS,
        errors=(BadParameter, NotFound),
        right=Right.READ,
    ),
)
