"""The query parameters of a module's list, as a model: what a request is checked by, and what the contract says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    WithJsonSchema,
    create_model,
)
from pydantic.alias_generators import to_camel

from openhouse.api.query_parameters import parse_parameters, plain_number
from openhouse.core import clock
from openhouse.core.errors import BadParameter
from openhouse.core.wire import Moment, Wire
from openhouse.crm.cursors import Cursor, Order
from openhouse.crm.fields import Day, UserId
from openhouse.crm.lists import DEFAULT_LIMIT, MAX_LIMIT, ListQuery
from openhouse.crm.module import Module

_DAY: TypeAdapter[Any] = TypeAdapter(Day)
_MOMENT: TypeAdapter[Any] = TypeAdapter(Moment)


def _day(text: str) -> str:
    return str(_DAY.validate_json(json.dumps(text), strict=True))


def _day_or_moment(text: str) -> str:
    if "T" not in text:
        return _day(text)
    return clock.to_wire(_MOMENT.validate_json(json.dumps(text), strict=True))


def _listed(text: Any) -> Any:
    return [part for part in text.split(",") if part] if isinstance(text, str) else text


_Day = Annotated[str, AfterValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
_DayOrMoment = Annotated[
    str,
    AfterValidator(_day_or_moment),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}),
]


class ListParameters(Wire):
    """What every list takes."""

    limit: Annotated[
        int, Field(ge=1, le=MAX_LIMIT, description="Maximum items per page."), BeforeValidator(plain_number)
    ] = DEFAULT_LIMIT
    cursor: Annotated[
        str,
        Field(min_length=1, max_length=300, description="The `cursor` of the previous page. Keep the same `sort`."),
    ] | None = None  # fmt: skip
    archived: Annotated[
        Literal["true", "false"],
        Field(description="`true`: only archived records. `false`: only others. Without it: both."),
    ] | None = None  # fmt: skip
    deleted: Annotated[
        Literal["true"],
        Field(description="`true`: only records that were deleted within the last 30 days. Without it: none of them."),
    ] | None = None  # fmt: skip
    owner: Annotated[UserId, Field(description="Only records that this person owns.")] | None = None
    q: Annotated[
        str,
        StringConstraints(max_length=200),
        Field(description="Only records that have this text in one of their searched fields."),
    ] = ""


@cache
def list_parameters(module: Module) -> type[ListParameters]:
    """With the module's own statuses, orders and dates."""
    orders = [order.value for order in Order if module.dated_by or not order.by_date]
    statuses: Any = Literal[tuple(module.transitions)]
    bound: Any = _Day if _is_day(module) else _DayOrMoment
    fields: dict[str, Any] = {
        "sort": (Literal[tuple(orders)], Field(Order.NEWEST.value, description="Newest first, or last changed first.")),
        "status": (
            Annotated[list[statuses], BeforeValidator(_listed)],
            Field([], description="Only records in one of these statuses."),
        ),
    }
    if module.dated_by:
        about = f"by `{to_camel(module.dated_by)}`"
        by_date = f"Newest first, last changed first, or {about}: earliest first, or with `-` latest first."
        fields["sort"][1].description = by_date
        fields["from_"] = (bound | None, Field(None, alias="from", description=f"Only records from then on, {about}."))
        fields["to"] = (
            bound | None,
            Field(None, description=f"Only records up to then, {about}. A day counts until its end."),
        )
    name = f"{module.noun.capitalize()}Query"
    return create_model(name, __base__=ListParameters, **fields)


def parse_list_query(module: Module, query: Mapping[str, str]) -> ListQuery:
    """Raises BadParameter, naming the one."""
    parameters: Any = parse_parameters(list_parameters(module), query)
    order = Order(parameters.sort)
    since, until = getattr(parameters, "from_", None), getattr(parameters, "to", None)
    if since and until and since[: len(until)] > until:  # a day goes on until its end
        raise BadParameter("to: must not be before from")
    return ListQuery(
        limit=parameters.limit,
        order=order,
        cursor=Cursor.read(parameters.cursor, order) if parameters.cursor is not None else None,
        statuses=frozenset(parameters.status),
        archived=None if parameters.archived is None else parameters.archived == "true",
        owner_id=parameters.owner,
        since=since,
        until=until,
        text=parameters.q,
        deleted=parameters.deleted is not None,
    )


def _is_day(module: Module) -> bool:
    """Rather than a moment."""
    return module.dated_by is not None and date in _types(module.model.model_fields[module.dated_by].annotation)


def _types(annotation: Any) -> list[Any]:
    """An annotation, and all that it is made of."""
    return [annotation, *(inner for argument in get_args(annotation) for inner in _types(argument))]
