"""Whether a sentence about a property says only what its record says: every number, place and feature. Pure.

A word that is neither among those below nor in the record may name a feature, so it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from openhouse.language.fair_housing import concerns
from openhouse.language.written_amounts import SQUARE_FEET_OF_AN_ACRE

# Words that say nothing of a property.
WORDS = frozenset({
    "a", "an", "the", "this", "these", "it", "its", "is", "are", "was", "with", "and", "of", "in", "at", "on", "for",
    "to", "by", "there", "here", "that", "which", "has", "have", "offers", "offer", "includes", "include",
    "including", "comes", "home", "property", "residence", "address", "located", "situated", "found", "presented",
    "offered", "listed", "list", "listing", "price", "priced", "asking", "available", "total", "totaling", "overall",
    "area", "space", "spaces", "measures", "measuring", "size", "sized", "about", "approximately", "you", "your",
    "we", "our", "us", "call", "contact", "schedule", "arrange", "visit", "tour", "showing", "viewing", "see",
    "details", "information", "today", "welcome", "feet", "foot", "square",
})  # fmt: skip

# Words that need a fact: the field that has it. A count also needs its number before it.
_OF_FIELDS: dict[str, str] = {
    **dict.fromkeys(("bedroom", "bedrooms"), "bedrooms"),
    **dict.fromkeys(("bathroom", "bathrooms"), "bathrooms"),
    **dict.fromkeys(("living", "interior"), "squareFeet"),
    **dict.fromkeys(("lot", "acre", "acres", "land"), "lotSizeSqft"),
    **dict.fromkeys(("parking",), "parkingSpaces"),
    **dict.fromkeys(("built", "year"), "yearBuilt"),
    **dict.fromkeys(("hoa", "dues", "association", "fee", "fees"), "hoaFeeCents"),
    **dict.fromkeys(("month", "monthly", "per", "quarterly", "quarter", "annually", "annual"), "hoaFrequency"),
    **dict.fromkeys(("sale", "rent", "lease", "rental"), "listingType"),
    **dict.fromkeys(("city",), "city"),
}  # fmt: skip
_TYPES: dict[str, tuple[str, ...]] = {
    "residential": ("house", "residential"),
    "condo": ("condo", "condominium"),
    "townhouse": ("townhouse", "townhome"),
    "manufactured": ("manufactured",),
    "multi_family": ("multi", "family", "multifamily"),
    "land": ("land", "vacant", "lot"),
    "farm": ("farm",),
    "commercial": ("commercial",),
}
_LISTING_TYPES = {"sale": ("sale",), "rent": ("rent", "lease", "rental")}
_FREQUENCIES = {
    "monthly": ("month", "monthly", "per"),
    "quarterly": ("quarter", "quarterly", "per"),
    "annually": ("year", "annual", "annually", "per"),
}
_NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_SPELLED = re.compile(rf"\b({'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_AMOUNT = r"(?<![\w.,])(\d[\d,]*(?:\.\d+)?)"
_COUNTS = (
    ("bedrooms", re.compile(rf"{_AMOUNT}[ -](?:bedrooms?)\b", re.IGNORECASE)),
    ("bathrooms", re.compile(rf"{_AMOUNT}[ -](?:bathrooms?)\b", re.IGNORECASE)),
    ("parkingSpaces", re.compile(rf"{_AMOUNT} parking spaces?\b", re.IGNORECASE)),
    ("yearBuilt", re.compile(rf"\b(?:built in|year built:?) {_AMOUNT}", re.IGNORECASE)),
    ("lotSizeSqft", re.compile(rf"\blot\b[^.;,]*? {_AMOUNT} square feet\b", re.IGNORECASE)),
    ("lotSizeSqft", re.compile(rf"{_AMOUNT} square[- ]f(?:ee|oo)t lot\b", re.IGNORECASE)),
    ("squareFeet", re.compile(rf"{_AMOUNT} square feet\b|{_AMOUNT} square[- ]foot\b", re.IGNORECASE)),
)  # fmt: skip
_ACRES = re.compile(rf"{_AMOUNT}[ -]acres?\b", re.IGNORECASE)
_MONEY = re.compile(r"\$ ?(\d[\d,]*(?:\.\d\d)?)")
_DUES = re.compile(r"\b(?:hoa|dues|association|fees?)\b", re.IGNORECASE)


def faults(sentence: str, facts: Mapping[str, Any]) -> list[str]:
    """What a sentence says beside the record, in words; `facts`: a listing's fields in wire form."""
    rest = _without_texts(sentence, facts)
    found = [f"“{each.term}” can tell a preference by {each.about}" for each in concerns(rest)]
    rest = _SPELLED.sub(lambda number: str(_NUMBERS.index(number.group().lower())), rest)
    wrong: list[str] = []
    rest = _take_money(rest, facts, wrong)
    for field, form in _COUNTS:
        rest = _take(rest, form, partial(_is_fact, facts, field), wrong)
    rest = _take(rest, _ACRES, partial(_is_lot_in_acres, facts), wrong)
    wrong += [f"the number {each} is not in the record" for each in re.findall(r"\d[\d,.]*\d|\d", rest)]
    return [*found, *wrong, *_foreign_words(rest, facts)]


def _without_texts(sentence: str, facts: Mapping[str, Any]) -> str:
    texts = [str(facts[name]) for name in ("address", "city", "zip") if facts.get(name)]
    for text in sorted(texts, key=len, reverse=True):
        sentence = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", " ", sentence, flags=re.IGNORECASE)
    state = facts.get("state")
    return re.sub(rf"\b{re.escape(state)}\b", " ", sentence) if state else sentence


def _take_money(rest: str, facts: Mapping[str, Any], wrong: list[str]) -> str:
    def is_known(found: re.Match[str]) -> bool:
        before = rest[max(0, found.start() - 40) : found.start()]
        field = "hoaFeeCents" if _DUES.search(before) else "listPriceCents"
        return facts.get(field) is not None and Decimal(found[1].replace(",", "")) * 100 == facts[field]

    wrong += [f"the amount {each.group()} is not in the record" for each in _MONEY.finditer(rest) if not is_known(each)]
    return _MONEY.sub(" ", rest)


def _take(rest: str, form: re.Pattern[str], is_known: Callable[[Decimal], bool], wrong: list[str]) -> str:
    """Without what `form` finds; its number is checked, its other words stay."""
    for found in form.finditer(rest):
        number = next(each for each in found.groups() if each)
        if not is_known(Decimal(number.replace(",", ""))):
            wrong.append(f"“{found.group()}” is not in the record")
    return form.sub(lambda found: re.sub(r"\d[\d,.]*", " ", found.group()), rest)


def _is_fact(facts: Mapping[str, Any], field: str, value: Decimal) -> bool:
    return facts.get(field) is not None and value == Decimal(str(facts[field]))


def _is_lot_in_acres(facts: Mapping[str, Any], value: Decimal) -> bool:
    size = facts.get("lotSizeSqft")
    places = -int(value.as_tuple().exponent)
    return size is not None and round(Decimal(size) / SQUARE_FEET_OF_AN_ACRE, places) == value


def _foreign_words(rest: str, facts: Mapping[str, Any]) -> Iterator[str]:
    allowed = words_for(facts)
    for word in dict.fromkeys(re.findall(r"[^\W\d_][\w'\u2019]*", rest)):
        if word.casefold() not in allowed:
            yield f"“{word}” is not in the record"


def words_for(facts: Mapping[str, Any]) -> frozenset[str]:
    """All that a description of these facts may hold, beside their own texts and numbers."""
    limited = {"listingType", "hoaFrequency"}
    words = {word for word, field in _OF_FIELDS.items() if facts.get(field) is not None and field not in limited}
    words |= {*_TYPES.get(facts.get("propertyType") or "", ())}
    words |= {*_LISTING_TYPES.get(facts.get("listingType") or "", ())}
    return WORDS | words | {*_FREQUENCIES.get(facts.get("hoaFrequency") or "", ())}
