"""What a CRM module declares: its records' fields, its statuses and how they may change.

Everything else (routes, events, storage) is the same for all modules and follows from the declaration.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar, get_args

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationError,
)
from pydantic.alias_generators import to_camel

from openhouse import clock
from openhouse.errors import invalid
from openhouse.rooms import Visibility

MAX_RECORD_BYTES = 200_000  # as JSON; DynamoDB refuses items over 400 KB


def _only_numbers(value: Any) -> Any:
    if isinstance(value, str | bool):
        raise ValueError("must be a number")  # noqa: TRY004 - pydantic reports a ValueError as an error of the field
    return Decimal(repr(value)) if isinstance(value, float) else value


def _to_wire_precision(moment: datetime) -> datetime:
    """In UTC and milliseconds, so that what was sent back equals what is stored."""
    try:
        return clock.in_milliseconds(moment)
    except OverflowError as error:
        raise ValueError("is not a time in UTC") from error


W = TypeVar("W", bound="Wire")

Line = Annotated[str, StringConstraints(max_length=300)]
Text = Annotated[str, StringConstraints(max_length=50_000)]
Required = Annotated[str, StringConstraints(max_length=300, min_length=1, strip_whitespace=True)]
State = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Zip = Annotated[str, StringConstraints(pattern=r"^\d{5}(-\d{4})?$")]
Cents = Annotated[int, Field(ge=0, le=10**13)]  # whole cents, up to a hundred billion dollars
Percent = Annotated[
    Decimal,
    BeforeValidator(_only_numbers),
    Field(ge=0, le=100, decimal_places=3),
    PlainSerializer(float, when_used="json"),
]
Moment = Annotated[AwareDatetime, AfterValidator(_to_wire_precision), PlainSerializer(clock.to_wire, when_used="json")]


class Wire(BaseModel):
    """camelCase on the wire, snake_case in Python; names nobody declared are refused."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, extra="forbid", frozen=True
    )


def parse(model: type[W], document: dict[str, Any]) -> W:
    """The model that a JSON document in wire form describes. Raises Invalid, naming every wrong field."""
    try:
        return model.model_validate_json(json.dumps(document), strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        raise invalid(*((".".join(map(str, one["loc"])), one["msg"]) for one in error.errors())) from error


class Record(Wire):
    """What every record has beside its module's fields. Absent optional fields are left out, never null."""

    id: str
    version: int
    room: str
    visibility: Visibility = "team"
    team_id: str | None = None  # chosen when it is created; where it goes when its visibility is `team`
    owner_id: str
    archived: bool = False
    created_at: Moment
    created_by: str
    updated_at: Moment
    updated_by: str
    status: str

    def wire(self) -> dict[str, Any]:
        """The JSON document a client sees."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def item(self) -> dict[str, Any]:
        """The attributes the table keeps: the same document under snake_case names."""
        return self.model_dump(mode="json", exclude_none=True)


ASSIGNED = frozenset(
    {"id", "version", "room", "owner_id", "created_at", "created_by", "updated_at", "updated_by"}
)  # by the server, in every module


@dataclass(frozen=True, kw_only=True)
class Numbering:
    """A readable number `PREFIX-YEAR-001`, counted without gaps per brokerage and year."""

    field: str
    prefix: str

    def text(self, year: int, count: int) -> str:
        return f"{self.prefix}-{year}-{count:03d}"


@dataclass(frozen=True, kw_only=True)
class Module:
    noun: str  # names the events and the records' keys
    path: str  # the plural in the URL
    model: type[Record]
    moves: dict[str, tuple[str, ...]]  # from each status to those that may follow; the first is the default
    verbs: dict[str, str] = field(default_factory=dict)  # a status whose entering has an event of its own
    searched: tuple[str, ...] = ()  # the fields that `q` looks into
    numbering: Numbering | None = None

    def __post_init__(self) -> None:
        declared = set(get_args(self.model.model_fields["status"].annotation))
        if declared != set(self.moves):
            raise TypeError(f"the statuses of {self.noun} differ between its model and its moves")

    @property
    def first_status(self) -> str:
        return next(iter(self.moves))

    @property
    def id_name(self) -> str:
        """How events name a record's id."""
        return f"{self.noun}Id"

    @property
    def assigned(self) -> frozenset[str]:
        """The fields that no client may write, in camelCase."""
        own = {self.numbering.field} if self.numbering else set()
        return frozenset(map(to_camel, ASSIGNED | own))
