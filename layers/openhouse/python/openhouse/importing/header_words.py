"""What a column's header says, whatever its case, signs, order of words and abbreviations; and the key of a layout."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BESIDE = re.compile(r"\([^()]{25,}\)")  # a remark for people
_DIGITS = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")
_SIGNS = (
    (re.compile(r"\$\s*/\s*"), " price per "),
    (re.compile(r"/\s*(?=sq|sf)"), " per "),
    (re.compile(r"\(s\)"), "s"),
    (re.compile(r"['\u2019]s?\b"), ""),
    (re.compile("#"), " number "),
    (re.compile("%"), " percent "),
    (re.compile(r"\$"), " dollar "),
    (re.compile("&"), " and "),
    (re.compile(r"\be[ -]?mail"), " email"),
    (re.compile(r"\b(sq|square)[\s._]*(ft|feet|foot|footage)\b|\bsf\b|\bsqft\b"), " sqft "),
    (re.compile(r"\b(sq|square)[\s._]*(m|meters?|metres?)\b|\bsqm\b|\bm[2²]"), " sqm "),
    (
        re.compile(
            r"\bzip\b[\s._/-]*(?:or\s+)?(?:postal\b)?[\s._-]*(?:code)?\b|\bpostal\b[\s._-]*(?:code)?|\bpostcode\b"
        ),
        " zip ",
    ),
    (re.compile(r"\bzipcode\b|\bpostalcode\b|\bplz\b"), " zip "),
    (re.compile(r"\bm\.?l\.?s\.?\b|\bml\b(?=[\s#]*(?:number|#|$))"), " mls "),
)

# One word for what is written in several ways.
_SAME = {
    written: word
    for word, several in {
        "number": "no num nbr nr numbers",
        "appointment": "appt appts",
        "address": "addr adr addresses adress",
        "phone": "ph tel telephone phones fone telefon",
        "mobile": "cell cellular cellphone mob handy",
        "date": "dt on",
        "amount": "amt",
        "commission": "comm comms commissions",
        "beds": "bed bedroom bedrooms bdrm bdrms bdr br brs bd bds",
        "baths": "bath bathroom bathrooms ba bth bths",
        "year": "yr",
        "company": "co",
        "organization": "organisation org",
        "description": "desc descr",
        "percent": "pct percentage",
        "latitude": "lat",
        "longitude": "lon lng long",
        "first": "given fore",
        "last": "family sur",
        "buyer": "buyers purchaser purchasers",
        "seller": "sellers vendors",
        "price": "prices",
        "closing": "close closes coe",
        "sold": "sale sales sell selling",
        "list": "listing listed lst",
        "apt": "apartment",
        "unit": "suite ste",
        "approx": "apx approximate",
        "half": "halfs hf",
        "status": "state_",
        "monthly": "mo month",
        "annually": "annual yearly",
        "space": "spaces stalls",
        "note": "notes",
        "comment": "comments",
        "remark": "remarks",
        "tag": "tags hashtag hashtags",
        "label": "labels",
        "total": "tot ttl",
        "begin": "start starts begins",
        "end": "ends finish",
        "spouse": "husband wife partner",
        "acres": "acre acreage ac",
        "street": "str",
        "state": "st province prov",
        "direction": "dir",
        "loan": "mortgage",
        "web": "website",
        "dollar": "usd dollars",
        "client": "clients",
        "agent": "agents realtor",
        "contingency": "contingencies",
        "removal": "removed",
        "property": "prop",
        "frequency": "freq",
        "estimated": "est",
        "building": "bldg",
        "acceptance": "accept accepted accepting",
        "living": "liv",
        "average": "avg",
        "maximum": "max",
        "minimum": "min",
        "required": "req",
    }.items()
    for written in several.split()
}
_EMPTY_WORDS = frozenset(
    ["the", "of", "a", "an", "your", "is", "value", "field", "in", "what", "please", "enter", "select"]
)
# What changes nothing about the words beside it.
_WEAK_WORDS = ("full", "approx", "info", "information", "details", "current", "actual", "complete", "estimated", "code")

# In what a column's numbers are, when its header says so.
_UNITS = {
    "acres": "acres",
    "sqft": "sqft",
    "sqm": "sqm",
    "hectares": "hectares",
    "ha": "hectares",
    "cents": "cents",
    "dollar": "dollars",
    "percent": "percent",
    "monthly": "monthly",
    "quarterly": "quarterly",
    "annually": "annually",
}


@dataclass(frozen=True)
class Header:
    """`words`: in order. `number`: the 2 of `Phone 2`. `unit`: in what the numbers are, as far as the header says."""

    words: tuple[str, ...]
    number: int | None = None
    unit: str = ""
    numbered_at_end: bool = False  # as `Address 2` is, and not `Address 2 - Street`

    @property
    def phrase(self) -> str:
        """The same for the same words in any order."""
        return " ".join(sorted(self.words))

    def without(self, *words: str) -> Header:
        return replace(self, words=tuple(word for word in self.words if word not in words))

    @property
    def without_unit(self) -> Header:
        rest = tuple(word for word in self.words if word not in _UNITS)
        return replace(self, words=rest) if rest else self

    @property
    def without_weak_words(self) -> Header:
        return self.without(*_WEAK_WORDS) if not _STRONG.intersection(self.words) else self


# Beside these they say which: a full bath is no bath, an estimated value no price.
_STRONG = frozenset({"baths", "name", "closing", "price", "value", "date"})


def header_of(text: str) -> Header:
    spelled = _spelled(text)
    words = tuple(word for word in spelled if not word.isdigit())
    numbers = [int(word) for word in spelled if word.isdigit() and len(word) < 3]
    unit = next((_UNITS[word] for word in reversed(words) if word in _UNITS), "")
    return Header(words, numbers[0] if numbers else None, unit, bool(spelled) and spelled[-1].isdigit())


def alternatives(text: str) -> list[str]:
    """`Tags` and `Groups` of `Tags/Groups`; none of a header that does not name several."""
    parts = [part.strip() for part in re.split(r"/| or ", text) if part.strip()]
    return parts if len(parts) > 1 else []


def phrase_of(text: str) -> str:
    """The phrase of a header that is written out in a list of synonyms."""
    return header_of(text).phrase


def layout_key(columns: Sequence[str]) -> str:
    """The same for the same headers in the same order, whatever their case, spaces and signs."""
    plain = [re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", name)).strip().casefold() for name in columns]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:32]


def _spelled(text: str) -> list[str]:
    plain = _BESIDE.sub(" ", unicodedata.normalize("NFKC", text).replace("_", " "))
    plain = _CAMEL.sub(" ", plain).casefold() if not plain.isupper() else plain.casefold()
    for sign, words in _SIGNS:
        plain = sign.sub(words, plain)
    split = _DIGITS.sub(" ", re.sub(r"[\W_]+", " ", plain)).split()
    return list(_meant(split))


def _meant(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        same = _SAME.get(word, word)
        if same not in _EMPTY_WORDS:
            yield same
