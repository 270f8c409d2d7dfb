"""What one cell means as a value of its field, by the reading of its column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from openhouse.core.clock import to_wire
from openhouse.crm import contact_details
from openhouse.crm.module import Module
from openhouse.importing import days, numbers, vocabularies
from openhouse.importing.cells import UnreadableCell, one_line, perhaps_several, several, tags, yes_or_no
from openhouse.importing.evidence import AREA_FIELDS, SMALLEST_AREA
from openhouse.importing.targets import NUMBERS, Kind, Target

_LONGEST_CONTACT = 300  # characters of a telephone number or an e-mail address; a cell may have a million
_MOST_CONTACTS = 100  # of these that one cell has: a record holds 20 beside the first
_SMALLEST_PERCENT = Decimal("0.1")  # no rate or share of the trade is smaller: a fraction among percents


@dataclass(frozen=True)
class Context:
    """`this_year` decides which century two digits mean; `time_zone`: where clocks hang, if cells do not say it."""

    module: Module
    this_year: int
    time_zone: str | None = None


def value_of(text: str, target: Target, reading: Mapping[str, Any], context: Context) -> Any:
    """On the wire; a moment only where its day and time stand in one cell. Raises UnreadableCell."""
    if target.kind in NUMBERS:
        return _number(text, target, reading)
    match target.kind:
        case Kind.DAY:
            found: Any = days.day_of(text, reading.get("order", ""), context.this_year).isoformat()
        case Kind.MOMENT:
            found = _moment(text, reading.get("order", ""), context)
        case Kind.BOOLEAN:
            found = yes_or_no(text)
        case Kind.WORDS:
            found = _word(text, target, reading, context.module)
        case Kind.TAGS:
            found = tags(text)
        case Kind.IDS:
            found = dict.fromkeys(several(text), True) if target.field.endswith("Ids") else one_line(text)
        case _:
            found = one_line(text)
    return found


def _number(text: str, target: Target, reading: Mapping[str, Any]) -> int | float | None:
    is_whole = target.kind in (Kind.MONEY, Kind.WHOLE)
    value, written = numbers.number_of(text, reading.get("decimalSign", ""), whole=is_whole)
    if target.kind is Kind.MONEY:
        return _cents(value, written, reading)
    if written.currency:
        raise UnreadableCell("a number: it is an amount of money")
    if target.kind is Kind.PERCENT:
        return float(_percent(value, written, reading))
    if target.kind is Kind.DECIMAL:
        if written.unit:
            raise UnreadableCell("a number")
        return float(value)
    if target.field in AREA_FIELDS and not target.part:
        return _area(value, written, reading)
    if written.unit or value != value.to_integral_value():
        raise UnreadableCell("a whole number")
    return int(value)


def _cents(value: Decimal, written: numbers.Written, reading: Mapping[str, Any]) -> int:
    currency = written.currency or reading.get("bare", "USD")
    if currency != reading.get("currency", "USD"):
        raise UnreadableCell(f"an amount in dollars: it is in {currency}")
    if written.unit in numbers.AREAS | {"percent"}:
        raise UnreadableCell("an amount in dollars")
    cents = value if reading.get("unit") == "cents" else value.scaleb(2)
    if cents != cents.to_integral_value():
        raise UnreadableCell("an amount in dollars and whole cents")
    return int(cents)


def _percent(value: Decimal, written: numbers.Written, reading: Mapping[str, Any]) -> Decimal:
    if written.unit not in ("", "percent") or written.power:
        raise UnreadableCell("a percentage")
    if written.unit == "percent" or not value:
        return value
    scale = reading.get("scale", "percent")
    if scale == "fraction":
        if value >= 1:
            raise UnreadableCell("a fraction below 1, as its column has them")
        return value * 100
    if not scale or value < _SMALLEST_PERCENT:
        raise UnreadableCell("clear: it may be a percentage or a fraction")
    return value


def _area(value: Decimal, written: numbers.Written, reading: Mapping[str, Any]) -> int | None:
    """None of zero, which stands for an area that nobody knows."""
    if not value:
        return None
    if written.unit and written.unit not in numbers.AREAS:
        raise UnreadableCell("an area")
    unit = written.unit or reading.get("unit", "")
    if not unit:
        raise UnreadableCell("clear: its unit is not known")
    if unit == "sqft" and not written.unit and 0 < value < SMALLEST_AREA:  # it looks like acres
        raise UnreadableCell("clear: it is too small for square feet")
    return numbers.square_feet(value, unit)


def _word(text: str, target: Target, reading: Mapping[str, Any], module: Module) -> str | None:
    """None where somebody decided that a word means nothing here."""
    words = reading.get("words", {})
    line = one_line(text)
    if words.get(line) is not None:
        return str(words[line])
    if line in reading.get("left", ()):
        return None
    if meant := vocabularies.meaning(line, target, module):
        return meant
    raise UnreadableCell(f"a word we know: it may be {', '.join(target.choices)}")


def _moment(text: str, order: str, context: Context) -> str:
    written = days.taken_apart(text)
    if written is None or not written.time:
        raise UnreadableCell("a day with a time, such as 2026-03-02 14:30")
    day, at = days.day_of(text, order, context.this_year), days.time_of(written.time)
    if (offset := days.offset_of(written.zone)) is not None:
        return to_wire(datetime.combine(day, at, UTC) - offset)
    if written.zone:
        raise UnreadableCell("clear: nobody knows which time zone that is")
    return moment(day, at, context.time_zone)


def moment(day: date, at: time, zone: str | None) -> str:
    """Raises UnreadableCell."""
    if not zone:
        raise UnreadableCell("clear: nobody said in which time zone it is")
    return to_wire(days.moment_of(day, at, zone))


def phones_of(text: str) -> tuple[list[str], list[str]]:
    """Those that are valid, as they are stored, and what is not."""
    return _each(text, contact_details.phone)


def emails_of(text: str) -> tuple[list[str], list[str]]:
    return _each(text, contact_details.email)


def _each(text: str, stored: Callable[[str], str]) -> tuple[list[str], list[str]]:
    """Raises UnreadableCell of a cell that holds too many."""
    valid: list[str] = []
    rest: list[str] = []
    for one in several(text):
        parts = [one] if (known := _stored(one, stored)) else perhaps_several(one)
        for part in parts:
            if len(valid) + len(rest) == _MOST_CONTACTS:
                raise UnreadableCell(f"to be read: it holds more than {_MOST_CONTACTS} of them")
            if found := known or _stored(part, stored):
                valid.append(found)
            else:
                rest.append(part)
    return list(dict.fromkeys(valid)), rest


def _stored(text: str, stored: Callable[[str], str]) -> str:
    """Empty if it is none."""
    if len(text) > _LONGEST_CONTACT:
        return ""
    try:
        return stored(text)
    except ValueError:
        return ""
