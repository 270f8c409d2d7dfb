"""What the texts of a column show: whether they are of a kind, and how they are to be read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from statistics import median

from openhouse.crm import places
from openhouse.crm.module import Module
from openhouse.importing import addresses, days, numbers, vocabularies
from openhouse.importing.cells import UnreadableCell, one_line, perhaps_several, yes_or_no
from openhouse.importing.header_words import header_of
from openhouse.importing.sample import FITS, Sample, is_day, share
from openhouse.importing.targets import NUMBERS, Kind, Target

_MOST = 0.5  # a value in more rows than this is no person's own
_FEWEST_ALIKE = 3
_MOST_WORDS = 30  # of a vocabulary; more are free text
_WHOLE = 100  # percent
_MOST_SHOWN = 200  # words that wait for a decision: nobody makes more
SMALLEST_AREA = 200  # square feet of a house or its land: less is meant in another unit

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_NO_MAILBOX = re.compile(
    r"(?:no-?e?-?mail|none|n/?a|noreply|no-reply|donotreply|unknown|notprovided|not-provided|test)@", re.IGNORECASE
)
# Fields that are percents of others: of which, and what shows it.
_PROOFS: Mapping[str, tuple[str, str, bool]] = {
    "commissionPercent": ("purchasePriceCents", "commissionTotalCents", False),
    "downPaymentPercent": ("purchasePriceCents", "loanAmountCents", True),  # the rest is paid down
}


def fits(target: Target, texts: Sequence[str], module: Module, *, named: bool = True) -> bool:
    """Whether a column's texts are mostly of a field's kind. None at all speak against nothing. `named`: by a header
    that can hardly mean anything else, so words may all be unknown.
    """
    if not texts:
        return True
    if target.kind is Kind.WORDS:
        known = share(texts, lambda text: vocabularies.meaning(text, target, module) is not None)
        return known > 0 or (named and len(set(texts)) <= _MOST_WORDS)
    return share(texts, lambda text: _is_of(target, text)) >= FITS


def _is_of(target: Target, text: str) -> bool:
    kind = target.kind
    if kind in NUMBERS:
        return _is_numeric(target, text)
    if kind in (Kind.DAY, Kind.MOMENT):
        return is_day(text)
    if kind is Kind.TEXT:
        return _is_words(target, text)
    if kind is Kind.LONG_TEXT:
        return not re.fullmatch(r"[$\d.,%\s-]+", text)
    if kind in _TESTS:
        return _TESTS[kind](text)
    return True


def _is_numeric(target: Target, text: str) -> bool:
    written = numbers.taken_apart(text)
    if written is None or (written.negative and target.kind is not Kind.DECIMAL):
        return False
    if target.kind is Kind.PERCENT:
        is_share = not written.currency and not written.power and written.unit in ("", "percent")
        return is_share and (_value(text, "") or 0) <= _WHOLE
    if target.kind is Kind.MONEY:
        return written.unit not in numbers.AREAS | {"percent"}
    if target.field in AREA_FIELDS:
        return written.unit in numbers.AREAS | {""} and not written.currency
    return not written.currency and written.unit == ""


def _is_words(target: Target, text: str) -> bool:
    if target.part or target.field.lower().endswith("address") or target.field == "mlsNumber":
        return not _EMAIL.fullmatch(text) and (target.field != "mlsNumber" or any(map(str.isdigit, text)))
    return any(map(str.isalpha, text)) and not (_EMAIL.fullmatch(text) or text.startswith(("http://", "https://")))


def _is_email(text: str) -> bool:
    return any(_EMAIL.fullmatch(one.partition("<")[2].rstrip(">") or one) for one in perhaps_several(text))


def _is_phone(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return digits >= 7 and digits >= sum(map(str.isalpha, text)) and not re.fullmatch(r"[\d.,]*[.,]\d{1,2}", text)


def _is_state(text: str) -> bool:
    for country in ("US", "CA"):
        try:
            places.area(text, country)
        except ValueError:
            continue
        return True
    return False


def _is_boolean(text: str) -> bool:
    try:
        yes_or_no(text)
    except UnreadableCell:
        return False
    return True


def _is_time(text: str) -> bool:
    try:
        days.time_of(text)
    except UnreadableCell:
        return False
    return True


def _is_zip(text: str) -> bool:
    return bool(re.fullmatch(r"\d{3,5}(?:\.0)?|\d{5}-?\d{4}|\d{7,8}|[A-Za-z]\d[A-Za-z][ -]?\d[A-Za-z]\d", text))


_TESTS: Mapping[Kind, Callable[[str], bool]] = {
    Kind.EMAIL: _is_email,
    Kind.PHONE: _is_phone,
    Kind.STATE: _is_state,
    Kind.ZIP: _is_zip,
    Kind.BOOLEAN: _is_boolean,
    Kind.TIME: _is_time,
    Kind.PLACE: lambda text: bool(addresses.split_place(text)),
    Kind.NAME: lambda text: _is_phone(text) or (any(map(str.isalpha, text)) and not _EMAIL.fullmatch(text)),
    Kind.LABEL: lambda text: not _EMAIL.fullmatch(text) and not _is_phone(text),
}
AREA_FIELDS = frozenset({"squareFeet", "lotSizeSqft"})

# What the texts of a column without a known header may be, surest first.
GUESSES: Sequence[tuple[str, Callable[[str], object]]] = (
    ("email", _is_email),
    ("phone", lambda text: _is_phone(text) and not re.fullmatch(r"\d{1,9}", text) and not is_day(text)),
    ("address", lambda text: bool(addresses.split_address(text))),
    ("propertyAddress", lambda text: bool(addresses.split_address(text))),
    ("place", lambda text: bool(addresses.split_place(text))),
    ("state", lambda text: _is_state(text) and len(text) == 2),
    ("zip", lambda text: bool(re.fullmatch(r"\d{5}(-\d{4})?", text))),
    ("fullName", lambda text: bool(re.fullmatch(r"[^\W\d_]+(?:[ .'&-]+[^\W\d_]+){1,4}", text))),
)


def reading_of(
    sample: Sample, index: int, target: Target, module: Module, filled: Mapping[str, int]
) -> dict[str, object]:
    """How a column is to be read as a field, JSON. `filled`: the columns that fill other fields, by the field."""
    texts = sample.texts[index]
    return dict(_reading(sample, index, target, module, filled, texts))


def _reading(
    sample: Sample, index: int, target: Target, module: Module, filled: Mapping[str, int], texts: Sequence[str]
) -> Iterator[tuple[str, object]]:
    unit = header_of(sample.columns[index]).unit
    if target.kind in NUMBERS:
        yield "decimalSign", numbers.decimal_sign_of(texts) or sample.numeric_sign
    if target.kind is Kind.MONEY:
        yield "unit", unit if unit in ("cents", "monthly", "quarterly", "annually") else ""
        yield "bare", _currency(texts)
    if target.kind is Kind.PERCENT:
        yield "scale", _scale(sample, index, target, filled, texts)
    if target.field in AREA_FIELDS and target.kind is Kind.WHOLE:
        yield (
            "unit",
            unit if unit in numbers.AREAS else _area_unit(texts, has_unit=f"{target.field}.unit" in filled),
        )
    if target.kind in (Kind.DAY, Kind.MOMENT):
        shown = days.order_of(texts)
        yield "order", shown or sample.day_order or days.MONTH_FIRST
        if not shown and not sample.day_order and any(map(days.needs_order, texts)):
            yield "assumed", True
    if target.kind in (Kind.EMAIL, Kind.PHONE):
        yield "standIns", stand_ins(sample, index, email=target.kind is Kind.EMAIL)
    if target.kind is Kind.WORDS:
        words = islice(dict.fromkeys(map(one_line, texts)), _MOST_SHOWN)
        yield "words", {word: vocabularies.meaning(word, target, module) for word in words}


def _currency(texts: Sequence[str]) -> str:
    """In which the amounts of a column are that do not say it: as most of those that do."""
    said = Counter(written.currency for text in texts if (written := numbers.taken_apart(text)) and written.currency)
    return said.most_common(1)[0][0] if said else "USD"


def stand_ins(sample: Sample, index: int, *, email: bool) -> list[str]:
    """What the source gives to everyone, and so belongs to nobody."""
    texts = [text.casefold() for text in sample.texts[index]]
    counted = Counter(texts)
    common = {text for text, count in counted.items() if count >= _FEWEST_ALIKE and count > _MOST * len(texts)}
    empty = {text for text in counted if email and _NO_MAILBOX.match(text)}
    return sorted(common | empty)


def _scale(sample: Sample, index: int, target: Target, filled: Mapping[str, int], texts: Sequence[str]) -> str:
    """`percent`, `fraction`, or nothing if it may be either: 0.025 is 2.5 % or 0.025 %."""
    sign = numbers.decimal_sign_of(texts) or sample.numeric_sign
    if proof := _PROOFS.get(target.field):
        whole, part, is_rest = (filled.get(proof[0]), filled.get(proof[1]), proof[2])
        if whole is not None and part is not None:
            proven = Counter(_proven(row[index], row[whole], row[part], sign, is_rest) for row in sample.rows)
            percent, fraction = proven["percent"], proven["fraction"]
            if percent or fraction:
                return "percent" if percent > fraction else "fraction"
    values = [value for text in texts if (value := _value(text, sign)) is not None]
    if any("%" in text for text in texts) or any(value > 1 for value in values) or not any(values):
        return "percent"
    return ""


def _proven(rate: str, whole: str, part: str, sign: str, is_rest: bool) -> str:
    found = [_value(text, sign) for text in (rate, whole, part)]
    if "%" in rate or None in found or not all(found):
        return ""
    share_, price, amount = (Decimal(each or 0) for each in found)
    actual = (price - amount if is_rest else amount) / price
    if abs(actual - share_ / 100) <= actual / 50:
        return "percent"
    return "fraction" if abs(actual - share_) <= actual / 50 else ""


def _area_unit(texts: Sequence[str], *, has_unit: bool) -> str:
    """Square feet unless the numbers are too small for that: then nothing, as they may be acres or square metres."""
    values = [value for text in texts if (value := _value(text, ".")) is not None]
    bare = [text for text in texts if (written := numbers.taken_apart(text)) and not written.unit]
    if has_unit or not bare or not values:
        return "sqft"
    return "sqft" if median(values) >= SMALLEST_AREA else ""


def _value(text: str, sign: str) -> Decimal | None:
    try:
        return numbers.number_of(text, sign, whole=False)[0]
    except UnreadableCell:
        return None
