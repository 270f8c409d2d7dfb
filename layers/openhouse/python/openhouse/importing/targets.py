"""What columns can fill: the fields of a module's records, and the parts that several columns give of one field.

All of it follows from the module's declaration, so it is there for a module that nobody has thought of here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.alias_generators import to_camel

from openhouse.core.wire import Moment
from openhouse.crm import fields
from openhouse.crm.module import Module


class Kind(StrEnum):
    """How the texts of a column are meant."""

    TEXT = "text"
    LONG_TEXT = "longText"
    MONEY = "money"
    WHOLE = "whole"
    DECIMAL = "decimal"
    PERCENT = "percent"
    DAY = "day"
    TIME = "time"
    MOMENT = "moment"
    BOOLEAN = "boolean"
    WORDS = "words"  # one of the choices of a vocabulary
    PHONE = "phone"
    EMAIL = "email"
    STATE = "state"
    ZIP = "zip"
    TIME_ZONE = "timeZone"
    URL = "url"
    TAGS = "tags"
    IDS = "ids"
    NAME = "name"  # of a person or a company, whole
    PLACE = "place"  # `Davis, CA 95616`
    LABEL = "label"  # what the telephone or e-mail address beside it is
    UNIT = "unit"  # in what the numbers beside it are
    OWNER = "owner"  # whose record it is: somebody's name or e-mail address


NUMBERS = frozenset({Kind.MONEY, Kind.WHOLE, Kind.DECIMAL, Kind.PERCENT})
COUNTS = frozenset({Kind.WHOLE, Kind.DECIMAL})

_KINDS: tuple[tuple[Any, Kind], ...] = (
    (fields.Cents, Kind.MONEY),
    (fields.Count, Kind.WHOLE),
    (fields.Whole, Kind.WHOLE),
    (fields.Percent, Kind.PERCENT),
    (fields.Quarters, Kind.DECIMAL),
    (fields.Latitude, Kind.DECIMAL),
    (fields.Longitude, Kind.DECIMAL),
    (fields.ShortText, Kind.TEXT),
    (fields.RequiredText, Kind.TEXT),
    (fields.LongText, Kind.LONG_TEXT),
    (fields.Remark, Kind.LONG_TEXT),
    (fields.Url, Kind.URL),
    (fields.Day, Kind.DAY),
    (Moment, Kind.MOMENT),
    (fields.Phone, Kind.PHONE),
    (fields.Email, Kind.EMAIL),
    (fields.State, Kind.STATE),
    (fields.PostalCode, Kind.ZIP),
    (fields.TimeZone, Kind.TIME_ZONE),
    (fields.TagSet, Kind.TAGS),
    (fields.Id, Kind.IDS),
    (fields.UserId, Kind.IDS),
    (fields.IdSet, Kind.IDS),
    (fields.UserIdSet, Kind.IDS),
    (bool, Kind.BOOLEAN),
    (str, Kind.TEXT),
    (int, Kind.WHOLE),
    (float, Kind.DECIMAL),
)

# Ids are ours, and a foreign system's look like them; who sees a record and whether it is put away people decide here.
_BY_CHOICE_ONLY = frozenset({"archived", "visibility"})

STREET_PARTS = ("number", "prefix", "name", "suffix", "direction", "unit")  # in the order in which they are written
BATHS = {"full": "1", "threeQuarter": "0.75", "half": "0.5", "quarter": "0.25"}
OWNER = "owner"
FULL_NAME = "fullName"
PLACE = "place"
PRICE = "price"  # what it was sold for in the rows that are sold, else what is asked
NAME_PARTS = ("first", "last")  # of somebody who is one field here, such as a buyer
_OWN_NAMES = frozenset({"firstName", "lastName"})
ADDRESSES = ("address", "propertyAddress")  # a field that holds the line of a street


@dataclass(frozen=True)
class Target:
    """`name`: a field on the wire, or `field.part`. `automatic`: whether a header alone may fill it."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()
    required: bool = False
    automatic: bool = True

    @property
    def field(self) -> str:
        return self.name.partition(".")[0]

    @property
    def part(self) -> str:
        return self.name.partition(".")[2]


@cache
def targets_of(module: Module) -> Mapping[str, Target]:
    """By name. A module's readable number is given by the server, so no column fills it."""
    declared = {target.name: target for target in _declared(module)}
    return declared | {target.name: target for target in _parts(declared)} | {OWNER: Target(OWNER, Kind.OWNER)}


def target_named(name: str, module: Module) -> str:
    """`list_price_cents` and `listPriceCents` are one. Raises ValueError with a sentence."""
    targets = targets_of(module)
    field, _, part = name.partition(".")
    written = ".".join(filter(None, [to_camel(field), part]))
    for one in (name, written):
        if one in targets:
            return one
    raise ValueError(f"{module.path} have no field {name} that a column could fill; there are {', '.join(targets)}")


def _declared(module: Module) -> Iterator[Target]:
    hints = get_type_hints(module.model, include_extras=True)
    for name, info in module.model.model_fields.items():
        if name in module.assigned_fields or name == "owner_id":
            continue
        if (found := _kind_of(hints[name])) is None:
            continue
        kind, choices = found
        if name == "status":
            choices = module.initial_statuses
        automatic = kind is not Kind.IDS and name not in _BY_CHOICE_ONLY and not name.endswith("_id")
        yield Target(to_camel(name), kind, choices, info.is_required(), automatic)


def _kind_of(hint: Any) -> tuple[Kind, tuple[str, ...]] | None:
    if get_origin(hint) in (Union, UnionType):
        return next(filter(None, map(_kind_of, get_args(hint))), None)
    if get_origin(hint) is Literal:
        return Kind.WORDS, tuple(map(str, get_args(hint)))
    for declared, kind in _KINDS:
        if hint == declared:
            return kind, ()
    inner = get_args(hint)  # Annotated[Whole, Field(ge=0)]: its metadata begin with those of Whole
    return _kind_of(inner[0]) if hasattr(hint, "__metadata__") and inner[0] is not str else None


def _parts(declared: Mapping[str, Target]) -> Iterator[Target]:
    """Each where the fields that it is a part of are there."""
    for needed, parts in _COMPOSED:
        if needed <= declared.keys():
            yield from parts
    for target in declared.values():
        if target.kind in (Kind.PHONE, Kind.EMAIL):
            yield Target(f"{target.name}.label", Kind.LABEL)
        if target.kind is Kind.TEXT and target.name.endswith("Name") and target.name not in _OWN_NAMES:
            yield from (Target(f"{target.name}.{part}", Kind.TEXT) for part in NAME_PARTS)
        if target.kind is Kind.MOMENT:
            yield Target(f"{target.name}.day", Kind.DAY)
            yield Target(f"{target.name}.time", Kind.TIME)


_COMPOSED: tuple[tuple[frozenset[str], tuple[Target, ...]], ...] = (
    (
        frozenset({"firstName", "lastName"}),
        (Target(FULL_NAME, Kind.NAME), Target("firstName.middle", Kind.TEXT), Target("lastName.suffix", Kind.TEXT)),
    ),
    (frozenset({"city", "state", "zip"}), (Target(PLACE, Kind.PLACE),)),
    (frozenset({"listPriceCents", "soldPriceCents"}), (Target(PRICE, Kind.MONEY),)),
    (frozenset({"bathrooms"}), tuple(Target(f"bathrooms.{part}", Kind.WHOLE) for part in BATHS)),
    (frozenset({"squareFeet"}), (Target("squareFeet.unit", Kind.UNIT),)),
    (frozenset({"lotSizeSqft"}), (Target("lotSizeSqft.unit", Kind.UNIT),)),
    *(
        (frozenset({address}), tuple(Target(f"{address}.{part}", Kind.TEXT) for part in STREET_PARTS))
        for address in ADDRESSES
    ),
)
