"""The operation that finds records of all modules at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from http import HTTPStatus
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, create_model

from openhouse.api.http import Answer, HttpRequest, answer
from openhouse.api.operations.operation import AnyOperation, Operation, Shape
from openhouse.api.operations.record_handlers import with_abilities
from openhouse.api.query_parameters import listed, parse_parameters, plain_number
from openhouse.core.errors import BadParameter
from openhouse.core.wire import Wire
from openhouse.crm.access import Right
from openhouse.crm.module import Module
from openhouse.crm.search import DEFAULT_FOUND, MOST_FOUND, SearchQuery, asked_words
from openhouse.services import Services


def search_operations(modules: Sequence[Module]) -> list[AnyOperation]:
    return [
        Operation(
            name="search",
            tag="search",
            method="GET",
            path="/search",
            summary="Finds the records that you can read and that have all of some words, of all modules at once",
            handle=partial(_search, tuple(modules)),
            query=search_parameters(tuple(modules)),
            answer=Shape.FOUND,
            errors=(BadParameter,),
            right=Right.READ,
        )
    ]


class SearchParameters(Wire):
    q: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200),
        Field(description="Words, or the beginnings of words, in any order."),
    ]
    limit: Annotated[int, Field(ge=1, le=MOST_FOUND, description="Maximum records."), BeforeValidator(plain_number)] = (
        DEFAULT_FOUND
    )
    archived: Annotated[
        Literal["true", "false"],
        Field(description="`true`: only archived records. `false`: only others. Without it: both, archived ones last."),
    ] | None = None  # fmt: skip


@cache
def search_parameters(modules: tuple[Module, ...]) -> type[SearchParameters]:
    """With the modules there are."""
    paths: Any = Literal[tuple(module.path for module in modules)]
    only: Any = (
        Annotated[list[paths], BeforeValidator(listed)],
        Field([], description="Only records of these. Without it: of all."),
    )
    return create_model("SearchQuery", __base__=SearchParameters, modules=only)


def _search(modules: tuple[Module, ...], request: HttpRequest, services: Services) -> Answer:
    query = _query(modules, request.query)
    found, more = services.search.page(request.principal, query)
    items = [
        {"type": module.noun, "record": with_abilities(module, request.principal, record.wire())}
        for module, record in found
    ]
    return answer(HTTPStatus.OK, {"items": items, "more": more})


def _query(modules: tuple[Module, ...], query: Mapping[str, str]) -> SearchQuery:
    """Raises BadParameter, naming the one."""
    parameters: Any = parse_parameters(search_parameters(modules), query)
    return SearchQuery(
        words=asked_words(parameters.q),
        modules=[module for module in modules if not parameters.modules or module.path in parameters.modules],
        archived=None if parameters.archived is None else parameters.archived == "true",
        limit=parameters.limit,
    )
