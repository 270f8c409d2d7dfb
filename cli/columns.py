"""From the columns of somebody's table to the fields of a module: which is which, and how its texts are meant. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic.alias_generators import to_camel

from openhouse.crm.module import Module

# What columns are called elsewhere, without case, spaces and underscores: the first field that the module has counts.
SYNONYMS: Mapping[str, Sequence[str]] = {
    "street": ("propertyAddress", "address"),
    "streetaddress": ("propertyAddress", "address"),
    "address": ("propertyAddress", "address"),
    "zipcode": ("zip",),
    "postalcode": ("zip",),
    "price": ("purchasePriceCents", "listPriceCents"),
    "saleprice": ("purchasePriceCents", "soldPriceCents"),
    "saledate": ("closeOfEscrowDate", "soldDate"),
    "closingdate": ("closeOfEscrowDate",),
    "buyer": ("buyerName",),
    "seller": ("sellerName",),
    "lender": ("lenderName",),
    "beds": ("bedrooms",),
    "baths": ("bathrooms",),
    "sqft": ("squareFeet",),
    "type": ("propertyType",),
}

_DATE_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d %b %Y", "%b %d, %Y", "%b %d %Y")
# As Unix's `date` and Java print it: Wed May 21 00:00:00 EDT 2008. The calendar day is meant, whatever the zone.
_UNIX_DATE = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) \d\d:\d\d:\d\d (?:[A-Z]{2,5} )?(\d{4})")

_MOST_DIGITS = 20


class Unreadable(ValueError):
    """A text that is not of its field's kind; the message says what it should be."""


@dataclass(frozen=True)
class Column:
    """`read` turns a cell that is not empty into the value for the wire; raises Unreadable."""

    name: str
    field: str
    read: Callable[[str], Any]


@dataclass(frozen=True)
class Mapped:
    columns: tuple[Column, ...]
    ignored: tuple[str, ...]  # columns that no field takes

    def document(self, row: Mapping[str, str]) -> dict[str, Any]:
        """The fields of a row; an empty cell is a field without a value. Raises Unreadable naming the column."""
        found: dict[str, Any] = {}
        for column in self.columns:
            if text := row[column.name].strip():
                try:
                    found[column.field] = column.read(text)
                except Unreadable as error:
                    raise Unreadable(f"{column.name}: {text!r} is not {error}") from error
        return found


def fields_of(module: Module) -> dict[str, Mapping[str, Any]]:
    """The fields that a table can fill, by their name on the wire, each with its JSON schema."""
    schema = module.model.model_json_schema(by_alias=True)
    return {
        name: content
        for name, declared in schema["properties"].items()
        if name not in module.assigned and (content := _value_of(declared))
    }


def map_columns(names: Sequence[str], module: Module, chosen: Mapping[str, str]) -> Mapped:
    """`chosen`: the fields of columns, as somebody decided. Raises ValueError with a sentence about what is wrong."""
    fields = fields_of(module)
    targets = {_plain(name): _field_named(field, fields, module) for name, field in chosen.items()}
    if missing := [name for name in chosen if _plain(name) not in map(_plain, names)]:
        raise ValueError(f"there is no column {missing[0]}; there are {', '.join(names)}")
    columns: list[Column] = []
    for name in names:
        field = targets.get(_plain(name)) or _field_for(name, fields)
        if field is None:
            continue
        if taken := next((column.name for column in columns if column.field == field), None):
            raise ValueError(f"the columns {taken} and {name} are both {field}; say which with --map {name}=<field>")
        columns.append(Column(name, field, _reader(name, field, fields[field])))
    mapped = {column.name for column in columns}
    return Mapped(tuple(columns), tuple(name for name in names if name not in mapped))


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()


def _field_for(column: str, fields: Mapping[str, Any]) -> str | None:
    plain = _plain(column)
    by_name = {_plain(field): field for field in fields}
    same = by_name.get(plain) or by_name.get(f"{plain}cents")
    return same or next((field for field in SYNONYMS.get(plain, ()) if field in fields), None)


def _field_named(name: str, fields: Mapping[str, Any], module: Module) -> str:
    field = next((field for field in fields if field in (name, to_camel(name))), None)
    if field is None:
        raise ValueError(f"{module.path} have no field {name} that a column could fill; there are {', '.join(fields)}")
    return field


def _value_of(declared: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The schema of a field's value, if it is a single one or a set of texts."""
    choices = list(_choices(declared))
    kinds = {choice.get("type") for choice in choices}
    if kinds <= {"string", "integer", "number", "boolean"}:
        return choices[0]
    is_set = kinds == {"object"} and choices[0].get("additionalProperties", {}).get("const") is True
    return choices[0] if is_set else None


def _choices(declared: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "anyOf" in declared:
        for choice in declared["anyOf"]:
            yield from _choices(choice)
    elif declared.get("type") != "null":
        yield declared


def _reader(column: str, field: str, schema: Mapping[str, Any]) -> Callable[[str], Any]:
    if schema["type"] == "integer":
        in_dollars = field.endswith("Cents") and not _plain(column).endswith("cents")
        return cents if in_dollars else whole_number
    if schema["type"] == "object":
        return tagged
    if "enum" in schema:
        return _one_of(schema["enum"])
    readers = {"number": number, "boolean": yes_or_no}
    return calendar_date if schema.get("format") == "date" else readers.get(schema["type"], str)


def cents(text: str) -> int:
    """An amount in dollars, exactly."""
    amount = _decimal(text, "an amount in dollars").scaleb(2)
    if amount != amount.to_integral_value():
        raise Unreadable("an amount in dollars and whole cents")
    return int(amount)


def whole_number(text: str) -> int:
    value = _decimal(text, "a whole number")
    if value != value.to_integral_value():
        raise Unreadable("a whole number")
    return int(value)


def number(text: str) -> float:
    return float(_decimal(text.removesuffix("%"), "a number"))


def calendar_date(text: str) -> str:
    if unix := _UNIX_DATE.fullmatch(text):
        text = " ".join(unix.groups())
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    raise Unreadable("a date such as 2008-05-21, 5/21/2008 or Wed May 21 00:00:00 EDT 2008")


def yes_or_no(text: str) -> bool:
    if text.casefold() in ("true", "yes", "y", "1"):
        return True
    if text.casefold() in ("false", "no", "n", "0"):
        return False
    raise Unreadable("yes or no")


def tagged(text: str) -> dict[str, bool]:
    """`vip; first home` as the set that a record holds."""
    return {part.strip(): True for part in text.split(";") if part.strip()}


def _one_of(choices: Sequence[str]) -> Callable[[str], str]:
    by_name = {_plain(choice): choice for choice in choices}

    def read(text: str) -> str:
        if _plain(text) not in by_name:
            raise Unreadable(f"one of {', '.join(choices)}")
        return by_name[_plain(text)]

    return read


def _decimal(text: str, kind: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "").replace("$", "").strip())
    except InvalidOperation as error:
        raise Unreadable(kind) from error
    # Beyond Decimal's 28 digits it would round.
    if not value.is_finite() or value.adjusted() > _MOST_DIGITS or len(value.as_tuple().digits) > _MOST_DIGITS:
        raise Unreadable(kind)
    return value
