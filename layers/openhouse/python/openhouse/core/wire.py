"""What all models share that are read from or written as JSON: camelCase on the wire, and nothing undeclared."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

from openhouse.core import clock
from openhouse.core.complaints import complaint
from openhouse.core.errors import MOST_FAULTS, invalid
from openhouse.core.screening import NO_SUCH_FIELD, overfull, undeclared

W = TypeVar("W", bound="Wire")

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?", re.ASCII | re.IGNORECASE)


class Wire(BaseModel):
    """camelCase on the wire, snake_case in Python; names nobody declared are refused."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        extra="forbid",
        frozen=True,
        json_schema_serialization_defaults_required=True,  # what we answer holds them
    )

    filled_in: ClassVar[frozenset[str]] = frozenset()  # the fields that a sender may leave out, and no answer lacks

    def cross_field_errors(self) -> Iterable[tuple[str, str]]:
        """What no single field can tell: pairs of a field in wire form and what is wrong with it."""
        return ()


def parse(model: type[W], document: dict[str, Any], *, stored: Mapping[str, Any] | None = None) -> W:
    """The model that a JSON document in wire form describes. Raises Invalid, naming the first wrong fields.

    `stored`: the document in snake_case whose values were accepted before, and still are.
    """
    refuse_many_undeclared(model, document)
    if much := tuple(islice(overfull(model, document), MOST_FAULTS)):
        raise invalid(*((name, f"must have at most {most} items") for name, most in much))
    text, known = json.dumps(document), known_texts(stored or {})
    try:
        parsed = model.model_validate_json(text, strict=True, context=known, by_alias=True, by_name=False)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[:MOST_FAULTS]
        raise invalid(*((".".join(map(str, one["loc"])), complaint(one)) for one in first)) from error
    if faults := tuple(parsed.cross_field_errors()):
        raise invalid(*faults)
    return parsed


def refuse_many_undeclared(model: type[Wire], document: Mapping[str, Any]) -> None:
    """Keeps others from walking through 200,000 names of which nobody reads more than the first. Raises Invalid."""
    unknown = tuple(islice(undeclared(model, document), MOST_FAULTS))
    if len(unknown) == MOST_FAULTS:
        raise invalid(*((name, NO_SUCH_FIELD) for name, _ in unknown))


def known_texts(stored: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Every text of a document with the name of its field, wherever it stands: the context of a model's validators."""
    return frozenset(_texts(stored))


def _texts(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, Mapping):
            yield from _texts(value)


def _only_times(value: Any) -> Any:
    """Without this, digits alone would be read as seconds since 1970."""
    if not isinstance(value, str):
        return value
    if not _TIME.fullmatch(value.strip()):
        raise ValueError("must be a time with its zone, such as 2026-03-02T12:00:00Z")
    try:
        return datetime.fromisoformat(value.strip().upper())
    except ValueError as error:
        raise ValueError("is not a time that exists") from error


def _to_wire_precision(moment: datetime) -> datetime:
    """In UTC and milliseconds, so that what was sent back equals what is stored."""
    try:
        return clock.in_milliseconds(moment)
    except OverflowError as error:
        raise ValueError("is not a time in UTC") from error


Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_only_times),
    AfterValidator(_to_wire_precision),
    PlainSerializer(clock.to_wire, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
