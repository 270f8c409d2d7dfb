"""The query parameters of a module's list, as a model: what a request is checked by, and what the contract says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

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

from openhouse.api.query_parameters import listed, parse_parameters, plain_number
from openhouse.core import clock
from openhouse.core.errors import BadParameter
from openhouse.core.wire import Moment, Wire
from openhouse.crm.cursors import LONGEST_CURSOR, Cursor, Order
from openhouse.crm.fields import Day, TimeZone, UserId
from openhouse.crm.list_query import DEFAULT_LIMIT, MAX_LIMIT, ListQuery
from openhouse.crm.module import Module
from openhouse.crm.search_terms import Trait
from openhouse.crm.time_zones import begin_of

_DAY: TypeAdapter[Any] = TypeAdapter(Day)
_MOMENT: TypeAdapter[Any] = TypeAdapter(Moment)


def _day(text: str) -> str:
    return str(_DAY.validate_json(json.dumps(text), strict=True))


def _day_or_moment(text: str) -> str:
    if "T" not in text:
        return _day(text)
    return clock.to_wire(_MOMENT.validate_json(json.dumps(text), strict=True))


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
        StringConstraints(min_length=1, max_length=LONGEST_CURSOR),
        Field(description="The `cursor` of the previous page. Keep the same `sort`."),
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
        Field(description="Only records that have all these words, or words that begin so, in their searched fields."),
    ] = ""


@cache
def list_parameters(module: Module) -> type[ListParameters]:
    """With the module's own statuses, orders, dates, prices and filters."""
    statuses: Any = Literal[tuple(module.transitions)]
    fields: dict[str, Any] = {
        "sort": (Literal[tuple(_orders(module))], Field(Order.NEWEST.value, description=_about_orders(module))),
        "status": (
            Annotated[list[statuses], BeforeValidator(listed)],
            Field([], description="Only records in one of these statuses."),
        ),
        **{name: _filter(module, name) for name in module.filtered},
    }
    if module.dated_by:
        fields |= _bounds(module, module.dated_by)
    if module.priced_by:
        for name, most in (("minPriceCents", "at least"), ("maxPriceCents", "at most")):
            about = f"Only records whose `{to_camel(module.priced_by)}` is {most} this."
            cents = Annotated[int, Field(ge=0, le=10**13, description=about), BeforeValidator(plain_number)]
            fields[name] = (cents | None, Field(None, alias=name))
    return create_model(f"{module.noun.capitalize()}Query", __base__=ListParameters, **fields)


def parse_list_query(module: Module, query: Mapping[str, str]) -> ListQuery:
    """Raises BadParameter, naming the one."""
    parameters: Any = parse_parameters(list_parameters(module), query)
    order = Order(parameters.sort)
    since, until = _dates(parameters)
    least, most = (getattr(parameters, name, None) for name in ("minPriceCents", "maxPriceCents"))
    if least is not None and most is not None and least > most:
        raise BadParameter("maxPriceCents: must not be less than minPriceCents")
    given = {name: getattr(parameters, name) for name in module.filtered}
    return ListQuery(
        limit=parameters.limit,
        order=order,
        cursor=Cursor.read(parameters.cursor, order) if parameters.cursor is not None else None,
        statuses=frozenset(parameters.status),
        archived=None if parameters.archived is None else parameters.archived == "true",
        owner_id=parameters.owner,
        since=since,
        until=until,
        least_cents=least,
        most_cents=most,
        traits=frozenset(Trait.of(module, name, value) for name, value in given.items() if value is not None),
        text=parameters.q,
        deleted=parameters.deleted is not None,
    )


def _orders(module: Module) -> list[str]:
    """Those that the module has something to sort by for."""
    has = {"by_date": module.dated_by, "by_name": module.named_by, "by_price": module.priced_by}
    return [order.value for order in Order if has.get(order.attribute, True)]


def _about_orders(module: Module) -> str:
    named = {"date": module.dated_by, "price": module.priced_by}
    by = [f"`{name}` is by `{to_camel(field)}`, from the least on" for name, field in named.items() if field]
    if module.named_by:
        by.append(f"`name` is by {', '.join(f'`{to_camel(name)}`' for name in module.named_by)}")
    return "; ".join(["Newest first, or last changed first", *by, "with `-` backwards."])


def _filter(module: Module, name: str) -> Any:
    field = module.filtered[name]
    info = module.model.model_fields[field]
    choices = next((each for each in get_args(info.annotation) if get_origin(each) is Literal), None)
    kind: Any = choices or Annotated[str, StringConstraints(min_length=1, max_length=300)]
    about = f"Only records with this in `{to_camel(field)}`."
    return Annotated[kind, Field(description=about)] | None, Field(None, alias=name)


def _bounds(module: Module, dated_by: str) -> dict[str, Any]:
    """The parameters `from` and `to`, and of moments the zone that days are in."""
    bound: Any = _Day if _is_day(module) else _DayOrMoment
    about = f"by `{to_camel(dated_by)}`"
    since, until = f"Only records from then on, {about}.", f"Only records up to then, {about}. A day counts whole."
    if module.ends_by:
        since = f"Only what lasts beyond then, by `{to_camel(module.ends_by)}`."
        until = f"Only what has begun by then, {about}. A day counts whole."
    bounds: dict[str, Any] = {
        "from_": (bound | None, Field(None, alias="from", description=since)),
        "to": (bound | None, Field(None, description=until)),
    }
    zone = Annotated[
        TimeZone, Field(description="The zone that days in `from` and `to` are of, such as `Europe/Rome`.")
    ]
    return bounds if _is_day(module) else {**bounds, "tz": (zone, "UTC")}


def _dates(parameters: Any) -> tuple[str | None, str | None]:
    """The bounds in the form in which the natural date is stored."""
    since, until = getattr(parameters, "from_", None), getattr(parameters, "to", None)
    if hasattr(parameters, "tz"):
        if since and "T" not in since:
            since = clock.to_wire(begin_of(date.fromisoformat(since), parameters.tz))
        if until and "T" not in until:
            following = begin_of(date.fromisoformat(until) + timedelta(days=1), parameters.tz)
            until = clock.to_wire(following - timedelta(milliseconds=1))
    if since and until and since > until:
        raise BadParameter("to: must not be before from")
    return since, until


def _is_day(module: Module) -> bool:
    """Rather than a moment."""
    return module.dated_by is not None and date in _types(module.model.model_fields[module.dated_by].annotation)


def _types(annotation: Any) -> list[Any]:
    """An annotation, and all that it is made of."""
    return [annotation, *(inner for argument in get_args(annotation) for inner in _types(argument))]
