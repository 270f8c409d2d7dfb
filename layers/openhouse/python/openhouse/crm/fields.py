"""The kinds of fields that records are made of: what each accepts, and the one form in which it is stored.

What can be read in one way only is taken, however it is written; everything else is refused; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)

from openhouse.core import text
from openhouse.core.ids import MAX_ID_LENGTH
from openhouse.core.wire import Moment, Wire
from openhouse.crm import contact_details, places, time_zones
from openhouse.crm.places import Country as Country  # noqa: PLC0414 - a kind of field like those below

M = TypeVar("M")

# A host, and nothing that ends an attribute or a line. Bare: what stands in a schema has no flags.
_URL = r"""^https?://[^\s\x00-\x1f\x7f"'<>\\^`{|}/?#]+[^\s\x00-\x1f\x7f"'<>\\^`{|}]*$"""
_PHOTO = "https://example.com/photo.jpg"
_DAY = re.compile(r"(19|2[01])\d\d-\d\d-\d\d", re.ASCII)


# Numbers ------------------------------------------------------------------------------------------------------------


def _only_numbers(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("must be a number")  # noqa: TRY004 - pydantic reports a ValueError as an error of the field
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _rounded(places: int) -> Callable[[Decimal], Decimal]:
    def rounded(value: Decimal) -> Decimal:
        try:
            return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN).normalize() + 0  # no zeros, no -0
        except InvalidOperation:  # it has too many digits, and is out of bounds
            return value

    return rounded


def _in_quarters(value: Decimal) -> Decimal:
    if value % Decimal("0.25"):
        raise ValueError("must be in quarters, such as 1.75")
    return value


def _number(least: int, most: int, *, decimal_places: int | None = None, quarters: bool = False) -> Any:
    """A number with its schema: pydantic's own would also allow text."""
    schema = {"type": "number", "minimum": least, "maximum": most, **({"multipleOf": 0.25} if quarters else {})}
    stored = _in_quarters if quarters else _rounded(decimal_places or 0)
    return Annotated[
        Decimal,
        BeforeValidator(_only_numbers),
        Field(ge=least, le=most),
        AfterValidator(stored),
        PlainSerializer(float, when_used="json"),
        WithJsonSchema(schema),
    ]


def _whole(value: Any) -> Any:
    """`3.0` is a whole number, too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(_whole)]
Cents = Annotated[Whole, Field(ge=0, le=10**13)]  # whole cents, up to a hundred billion dollars
Count = Annotated[Whole, Field(ge=0, le=10**9)]
Percent = _number(0, 100, decimal_places=3)
Quarters = _number(0, 100, quarters=True)
Latitude = _number(-90, 90, decimal_places=6)  # to ten centimetres
Longitude = _number(-180, 180, decimal_places=6)


# Texts --------------------------------------------------------------------------------------------------------------


def _only_days(value: Any) -> Any:
    """Of 1900 to 2199. Without this, digits alone would be read as seconds since 1970."""
    if not isinstance(value, str):
        return value
    if not _DAY.fullmatch(value.strip()):
        raise ValueError("must be a day from 1900 to 2199, such as 2026-03-02")
    year, month, day = map(int, value.strip().split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("is not a day that exists") from None


def _text_with(stored: str, example: str) -> tuple[WithJsonSchema, WithJsonSchema]:
    """A text whose stored form is narrower than what is accepted."""
    accepted = {"type": "string", "minLength": 1, "maxLength": 300, "examples": [example]}
    return (
        WithJsonSchema(accepted, mode="validation"),
        WithJsonSchema({"type": "string", "pattern": stored, "examples": [example]}, mode="serialization"),
    )


def _stored(normalise: Callable[[str], str]) -> AfterValidator:
    """Brings a text into its stored form. One that is stored already is not judged anew: what the libraries know of
    phone numbers and domains changes, and a record has to stay readable.
    """

    def validate(sent: str, info: ValidationInfo) -> str:
        return sent if (info.field_name, sent) in (info.context or ()) else normalise(sent)

    return AfterValidator(validate)


def _stored_in_country(normalise: Callable[[str, str], str]) -> AfterValidator:
    """The same of a text that depends on the field `country`, which the model declares before it."""

    def validate(sent: str, info: ValidationInfo) -> str:
        if "country" not in info.data:
            return sent  # it is wrong, and named already
        country, known = info.data["country"] or places.HOME, info.context or ()
        stored = (info.field_name, sent) in known and ("country", country) in known
        return sent if stored else normalise(sent, country)

    return AfterValidator(validate)


def _web_address(address: str) -> str:
    if not re.search(_URL, address):
        raise ValueError(f"is not a web address, such as {_PHOTO}")
    return address


_short = StringConstraints(min_length=1, max_length=300)

ShortText = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True), _stored(text.one_line)]
LongText = Annotated[str, StringConstraints(max_length=50_000), _stored(text.lines)]
Remark = Annotated[str, StringConstraints(max_length=2_000), _stored(text.lines)]
RequiredText = Annotated[
    str, StringConstraints(max_length=300, min_length=1, strip_whitespace=True), _stored(text.required_line)
]
Id = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_LENGTH, strip_whitespace=True)]
UserId = Annotated[str, StringConstraints(min_length=1, max_length=128, strip_whitespace=True)]
Url = Annotated[
    str,
    StringConstraints(max_length=2_000, strip_whitespace=True),
    _stored(_web_address),
    WithJsonSchema({"type": "string", "maxLength": 2_000, "pattern": _URL, "examples": [_PHOTO]}),
]
Day = Annotated[date, BeforeValidator(_only_days), Field(examples=["2026-03-02"])]

Phone = Annotated[
    str, _short, _stored(contact_details.phone), *_text_with(r"^\+[1-9]\d{1,14}(;ext=\d+)?$", "+14155550123")
]
Email = Annotated[str, _short, _stored(contact_details.email), *_text_with(r"^[^@]+@[^@]+$", "zoe@example.com")]
State = Annotated[str, _short, _stored_in_country(places.area), *_text_with(r"^[A-Z]{2}$", "CA")]
PostalCode = Annotated[
    str,
    _short,
    _stored_in_country(places.postal_code),
    *_text_with(r"^(\d{5}(-\d{4})?|[A-Z]\d[A-Z] \d[A-Z]\d)$", "95814"),
]
TimeZone = Annotated[str, _short, _stored(time_zones.time_zone), *_text_with(r"^[A-Za-z]", "America/Los_Angeles")]


# What several people change at once: maps, so that merge patches which name different entries both hold ---------------

MAX_ORDER_KEY = 100

ItemId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
OrderKey = Annotated[str, StringConstraints(pattern=rf"^[0-9A-Za-z]{{1,{MAX_ORDER_KEY}}}$")]  # compared as plain text
Items = Annotated[dict[ItemId, M], Field(max_length=200)]
FewItems = Annotated[dict[ItemId, M], Field(max_length=20)]

Tag = Annotated[
    str, StringConstraints(min_length=1, max_length=50, strip_whitespace=True), AfterValidator(text.required_line)
]


class Item(Wire):
    """What an entry of `Items` has beside its own fields. Without a `position` it comes after those that are there."""

    filled_in: ClassVar[frozenset[str]] = frozenset({"position"})

    position: OrderKey | None = None


class LabelledEmail(Item):
    label: ShortText | None = None
    value: Email


class LabelledPhone(Item):
    label: ShortText | None = None
    value: Phone


def _only_true(value: Any) -> Any:
    """In Python 1 equals True, in JSON it does not."""
    if value is not True:
        raise ValueError("must be true")
    return value


Mark = Annotated[Literal[True], BeforeValidator(_only_true)]


def _once_by_case(tags: dict[str, Literal[True]]) -> dict[str, Literal[True]]:
    """Of tags that differ only in case the first stays."""
    first: dict[str, str] = {}
    for tag in tags:
        first.setdefault(tag.casefold(), tag)
    return dict.fromkeys(first.values(), True)


TagSet = Annotated[dict[Tag, Mark], AfterValidator(_once_by_case), Field(max_length=50)]
IdSet = Annotated[dict[Id, Mark], Field(max_length=50)]
UserIdSet = Annotated[dict[UserId, Mark], Field(max_length=50)]


# Files: their content is in the bucket, and what is told of them in the record that they belong to --------------------

MOST_FILES = 200  # of one record

FileName = Annotated[
    str, StringConstraints(max_length=200, min_length=1, strip_whitespace=True), _stored(text.file_name)
]
_MEDIA_NAME = "[a-z0-9][a-z0-9!#$&^_.+-]{0,80}"  # of RFC 6838, in lower case
MediaType = Annotated[str, StringConstraints(pattern=rf"^{_MEDIA_NAME}/{_MEDIA_NAME}$")]


class StoredFile(Item):
    """People rename it, move it among the others and take it out; all else the server says once it is there.

    `type` is the one that its content has been held against, `size` is in bytes.
    """

    assigned: ClassVar[frozenset[str]] = frozenset({"type", "size", "by", "at"})

    name: FileName
    type: MediaType
    size: Count
    by: UserId
    at: Moment


Files = Annotated[dict[ItemId, StoredFile], Field(max_length=MOST_FILES)]
