"""Numbers as people write them: money, areas, percents. Which sign divides decimals is decided for whole columns."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from openhouse.importing.cells import UnreadableCell

MIXED = "mixed"  # both signs divide decimals in one column: what could be read in two ways is not read
_CLEARLY = 20  # so many times more cells must show one sign than the other

_MOST_DIGITS = 20  # Decimal itself rounds beyond 28

_SCALES = {
    "k": 3,
    "thousand": 3,
    "thou": 3,
    "m": 6,
    "mm": 6,
    "mil": 6,
    "mill": 6,
    "million": 6,
    "b": 9,
    "bn": 9,
    "billion": 9,
}
_CURRENCIES = {
    written: code
    for code, several in {
        "USD": "$ us$ usd dollars dollar",
        "CAD": "c$ ca$ cad",
        "EUR": "€ eur",
        "GBP": "£ gbp",
        "AUD": "a$ aud",
        "MXN": "mxn mex$",
        "CHF": "chf",
        "JPY": "¥ jpy",
        "CNY": "cny",
        "INR": "₹ inr",
    }.items()
    for written in several.split()
}
_UNITS = (
    ("sqft", r"sq\.?\s*ft\.?|sqft|sf|square\s+f(?:ee|oo)t|sq\.?\s*feet|ft2"),
    ("acres", r"acres?|ac\.?"),
    ("sqm", r"m2|sq\.?\s*m(?:eters?|etres?)?|sqm|square\s+met(?:er|re)s?"),
    ("hectares", r"ha|hectares?"),
    ("percent", r"%|percent|pct"),
    ("monthly", r"(?:/|per\s+|a\s+)\s*mon?(?:th)?\.?|monthly|p\.?m\.?"),
    ("quarterly", r"(?:/|per\s+|a\s+)\s*q(?:tr|uarter)\.?|quarterly"),
    ("annually", r"(?:/|per\s+|a\s+)\s*y(?:r|ear)\.?|yearly|annually|p\.?a\.?"),
    ("", r"beds?|bd|br|bedrooms?|baths?|ba|bathrooms?|spaces?|cars?|stalls?"),
)
_CURRENCY = "|".join(sorted(map(re.escape, _CURRENCIES), key=len, reverse=True))
_NUMBER = re.compile(
    rf"""(?P<open>\()? \s* (?P<sign>[-+])? \s* (?P<before>{_CURRENCY})? \s* (?P<inner>[-+])? \s*
    (?P<digits>\d[\d.,'\ ]*\d|\d|[.,]\d+) (?P<exponent>e[-+]?\d{{1,2}})? \.? \s*
    (?P<scale>{"|".join(sorted(_SCALES, key=len, reverse=True))})? \s* (?P<after>{_CURRENCY})? \s*
    (?: {"|".join(f"(?P<u{number}>{pattern})" for number, (_, pattern) in enumerate(_UNITS))} )?
    \s* (?P<close>\))? (?P<last>-)?""",
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST = 100  # characters of a number; a cell may have a million, and what is optional is tried in many ways
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_TO_SQUARE_FEET = {
    "": Decimal(1),
    "sqft": Decimal(1),
    "acres": Decimal(43_560),
    "sqm": 1 / Decimal("0.3048") ** 2,
    "hectares": 10_000 / Decimal("0.3048") ** 2,
}
AREAS = frozenset(_TO_SQUARE_FEET) - {""}


@dataclass(frozen=True)
class Written:
    """A number taken apart. `digits`: with the signs among them, which may mean two things."""

    digits: str
    negative: bool
    power: int
    currency: str
    unit: str

    @property
    def decimal_sign(self) -> str:
        """`.` or `,` if it can be nothing else; empty if there is none, or if either may be meant."""
        return _decimal_sign(self.digits)

    @property
    def is_ambiguous(self) -> bool:
        return not self.decimal_sign and any(sign in self.digits for sign in ".,") and _groups(self.digits) == 1


@lru_cache(maxsize=4096)
def taken_apart(text: str) -> Written | None:
    if len(text) > _LONGEST:
        return None
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).replace("\u2019", "'").strip()
    found = _NUMBER.fullmatch(plain)
    if not found or bool(found["open"]) != bool(found["close"]):
        return None
    minus = [found["open"], found["sign"] == "-", found["inner"] == "-", found["last"]]
    if sum(map(bool, minus)) > 1 or (
        found["before"] and found["after"] and _code(found["before"]) != _code(found["after"])
    ):
        return None
    power = _SCALES[found["scale"].casefold()] if found["scale"] else 0
    power += int(found["exponent"][1:]) if found["exponent"] else 0
    unit = next((name for number, (name, _) in enumerate(_UNITS) if found[f"u{number}"]), "")
    currency = _code(found["before"] or found["after"] or "")
    return Written(found["digits"], any(minus), power, currency, unit)


def decimal_sign_of(texts: Iterable[str]) -> str:
    """What the cells of a column show: `.`, `,`, MIXED, or nothing."""
    signs = Counter(number.decimal_sign for text in texts if (number := taken_apart(text)))
    dots, commas = signs["."], signs[","]
    if dots and commas:
        return "." if dots >= _CLEARLY * commas else "," if commas >= _CLEARLY * dots else MIXED
    return "." if dots else "," if commas else ""


def number_of(text: str, decimal_sign: str, *, whole: bool) -> tuple[Decimal, Written]:
    """Raises UnreadableCell. `whole`: what is written is money or a count, which nobody writes with three decimals."""
    written = taken_apart(text)
    if written is None:
        raise UnreadableCell("a number")
    if written.is_ambiguous and not _is_plain(written, decimal_sign, whole):
        raise UnreadableCell("clear: its sign may divide thousands or decimals")
    sign = written.decimal_sign if decimal_sign == MIXED else decimal_sign or written.decimal_sign or "."
    value = _value(written.digits, sign or ".").scaleb(written.power)
    if value.adjusted() > _MOST_DIGITS or len(value.as_tuple().digits) > _MOST_DIGITS:
        raise UnreadableCell("a number of usual length")
    return (-value if written.negative else value), written


def square_feet(value: Decimal, unit: str) -> int:
    """Whole square feet. Raises UnreadableCell."""
    if unit not in _TO_SQUARE_FEET:
        raise UnreadableCell("an area")
    return int((value * _TO_SQUARE_FEET[unit]).to_integral_value())


def _is_plain(written: Written, decimal_sign: str, whole: bool) -> bool:
    """Whether `1,234` or `1.234` means one thing in its column. Without other signs a comma divides thousands."""
    sign = "." if "." in written.digits else ","
    if decimal_sign == MIXED:
        return False
    if not decimal_sign:
        return sign == "," or not whole or written.power > 0
    return sign != decimal_sign or not whole or written.power > 0


def _code(currency: str) -> str:
    return _CURRENCIES.get(currency.casefold(), "")


def _groups(digits: str) -> int:
    return sum(digits.count(sign) for sign in ".,")


def _decimal_sign(digits: str) -> str:
    dots, commas, spaced = digits.count("."), digits.count(","), " " in digits or "'" in digits
    if dots and commas:
        last = max(digits.rfind("."), digits.rfind(","))
        return digits[last] if digits.count(digits[last]) == 1 else ""
    sign = "." if dots else "," if commas else ""
    if not sign:
        return ""
    if dots + commas > 1:
        return "," if dots else "."
    left, _, right = digits.partition(sign)
    is_decimal = spaced or len(right) != 3 or len(left) > 3 or left in ("", "0") or left.startswith("0")
    return sign if is_decimal else ""


def _value(digits: str, sign: str) -> Decimal:
    other = "," if sign == "." else "."
    whole, divided, fraction = digits.partition(sign)
    thousands = rf"\d{{1,3}}(?:[{other}]\d{{2,3}})*[{other}]\d{{3}}|\d{{1,3}}(?:[' ]\d{{3}})+|\d*"
    if (
        not re.fullmatch(thousands, whole)
        or (divided and not re.fullmatch(r"\d+", fraction))
        or not (whole or fraction)
    ):
        raise UnreadableCell("a number: its signs do not divide thousands and decimals as those of its column do")
    digits = re.sub(r"\D", "", whole) or "0"
    return Decimal(f"{digits}.{fraction or '0'}").normalize()
