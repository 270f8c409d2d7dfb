"""Amounts as they are written: money, percentages, counts, areas. What can be read in one way only, else None. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

SQUARE_FEET_OF_AN_ACRE = 43_560
_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "seventeen": 17, "twenty": 20, "thirty": 30,
}  # fmt: skip
COUNT = rf"(?:\d{{1,3}}|{'|'.join(_WORDS)})"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d+)?"
MONEY = re.compile(rf"(?:US)?\$ ?(?:{_DIGITS})(?: ?(?:k|m|mm|thousand|million|mil)\b)?(?![\w%])", re.IGNORECASE)
# Without a dollar sign it takes a `k`, an `m`, or as many digits as a price has.
BARE_MONEY = re.compile(
    r"(?<![\w.,#$/-])"
    r"(?:\d{1,3}(?:,\d{3})+|\d{2,4}(?:k| thousand)|\d(?:\.\d{1,3})?(?:m| million)|\d{6,8})(?![\w%]|[,.-]\d)",
    re.IGNORECASE,
)
PERCENT = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3})? ?(?:%|percent\b)", re.IGNORECASE)
_TIMES = {"k": 1_000, "thousand": 1_000, "m": 10**6, "mm": 10**6, "million": 10**6, "mil": 10**6}
_LONGEST = 200  # characters of an amount with what is around it
_AMOUNT = re.compile(rf"\D*?(?P<digits>{_DIGITS}) ?(?P<times>[a-z]+)?\W*", re.IGNORECASE)


def cents(text: str) -> int | None:
    """Of `$540,000`, `540k`, `$1.25M`."""
    found = _AMOUNT.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if not found or (found["times"] and found["times"].lower() not in _TIMES):
        return None
    amount = Decimal(found["digits"].replace(",", "")) * _TIMES.get((found["times"] or "").lower(), 1) * 100
    return int(amount) if amount == int(amount) and 0 < amount <= 10**13 else None


def percent(text: str) -> float | None:
    found = re.search(r"\d{1,3}(?:\.\d{1,3})?(?= ?(?:%|percent))", text, re.IGNORECASE)
    value = float(found.group()) if found else -1
    return value if 0 <= value <= 100 else None


def count(text: str) -> int | None:
    """The first whole number of a text, in digits or words: `3-car garage`, `two parking spaces`, `1,836 sf`."""
    found = re.search(rf"\d{{1,3}}(?:,\d{{3}})+|\d+|\b(?:{'|'.join(_WORDS)})\b", text, re.IGNORECASE)
    if not found:
        return None
    word = found.group().lower()
    return _WORDS.get(word) or int(word.replace(",", "")) if not word.isdigit() else int(word)


def quarters(text: str) -> float | None:
    """`2.5 baths`, `2 1/2 ba`, `2 full`."""
    found = re.search(r"(\d{1,2})(?:\.(\d{1,2})| (1/2|\u00bd))?", text)
    if not found:
        number = count(text)
        return float(number) if number is not None else None
    value = float(f"{found[1]}.{found[2] or (5 if found[3] else 0)}")
    return value if value * 4 == int(value * 4) else None


def square_feet(text: str) -> int | None:
    """Of an area in square feet or acres."""
    found = re.search(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|\.\d+", text)
    if not found:
        return None
    number = Decimal(found.group().replace(",", ""))
    if re.search(r"\bac(?:res?)?\b", text, re.IGNORECASE):
        return round(number * SQUARE_FEET_OF_AN_ACRE)
    return int(number) if number == int(number) else None
