"""What a text says of a property: rooms, areas, years, dues, kinds; and who handles escrow, title and loan. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openhouse.language.engine import Mention
from openhouse.language.labels import Label
from openhouse.language.written_amounts import COUNT


def _form(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_AREA = r"(?<![\d,.])(?:\d{1,3}(?:,\d{3})+|\d{3,6})"
_SQUARE = rf"{_AREA}\s*(?:sq\.?\s*-?\s*(?:ft|feet)\.?|sqft|sf\b|square\s+(?:feet|foot))"
_KINDS = (
    r"town ?(?:house|home)|condo(?:minium)?|duplex|triplex|fourplex|multi-?family|manufactured\s+home|mobile\s+home"
    r"|vacant\s+land|single[- ]family(?:\s+(?:home|house|residence))?|warehouse|retail\s+space|office\s+building"
)
_OFTEN = r"(?:/\s*|per\s+|a\s+)?(?:mo(?:nth)?|quarter|qtr|year|yr|annum)|monthly|quarterly|annually"
# Of each label, what is said first counts.
_FEATURES: tuple[tuple[Label, re.Pattern[str]], ...] = (
    ("bedrooms", _form(rf"\b(?P<value>{COUNT}[ -]?(?:bed(?:room)?s?|bd|br|bdrm))\b")),
    (
        "bathrooms",
        _form(rf"(?<![\d.])(?P<value>(?:\d(?:\.\d{{1,2}})?|{COUNT})[ -]?(?:full\s+)?(?:bath(?:room)?s?|ba|bth))\b"),
    ),
    ("lot_size", _form(rf"(?P<value>{_SQUARE})\s*lot\b")),
    ("lot_size", _form(rf"\blot(?:\s+size)?(?:\s+of|:)?\s*(?P<value>{_SQUARE})")),
    ("lot_size", _form(r"(?P<value>\b\d{1,4}(?:\.\d+)?\s*-?acres?)\b")),
    ("square_feet", _form(rf"(?P<value>{_SQUARE})(?!\s*lot)")),
    ("square_feet", _form(rf"\bsquare\s+footage[^:\n]{{0,20}}:\s*(?P<value>{_AREA})")),
    ("year_built", _form(r"\b(?:built(?:\s+in)?|year\s+built:?)\s+(?P<value>(?:1[6-9]|20)\d\d)\b")),
    (
        "parking_spaces",
        _form(rf"\b(?P<value>{COUNT}[ -](?:car\s+garage|parking\s+spaces?|car\s+parking|garage\s+spaces?))\b"),
    ),
    ("property_type", _form(rf"\b(?P<value>{_KINDS})\b")),
    ("listing_type", _form(r"\b(?P<value>for\s+rent|for\s+lease|monthly\s+rent|for\s+sale)\b")),
    ("mls_number", _form(r"\bmls\s*(?:#|no\.?|number|id)?\s*:?\s*\#?\s*(?P<value>[A-Z]{0,4}\d{5,12})\b")),
    ("hoa_frequency", _form(rf"\b(?:hoa|dues)\b[^.\n]{{0,30}}?\$[\d,.]+\s*(?P<value>{_OFTEN})\b")),
)
_PART = r"[A-Z][\w&'-]*(?:\.(?=\w)[\w&'-]*)*"
_NAME = rf"{_PART}(?:\s+(?:of|&|and)?\s*{_PART}){{0,4}}"
_LENDS = r"(?:Mortgage|Lending|Home Loans|Credit Union|Bank)"
_COMPANIES: tuple[tuple[Label, re.Pattern[str]], ...] = (
    ("escrow_company", re.compile(rf"\b[Ee]scrow(?:\s+[Cc]ompany)?\s*:\s*(?P<value>{_NAME})(?=\s*(?:\n|$|[;,.]))")),
    ("escrow_company", re.compile(rf"\b[Ee]scrow\s+with\s+(?P<value>{_NAME}?)(?=\s*(?:\n|$|[;,.]))")),
    ("escrow_company", re.compile(rf"\bwith\s+(?P<value>{_NAME}?\s+Escrow)\b(?!\s+[A-Z])")),
    ("title_company", re.compile(rf"\b[Tt]itle(?:\s+[Cc]ompany)?\s*:\s*(?P<value>{_NAME}?)(?=\s*(?:\n|$|[;,.]))")),
    ("lender", re.compile(rf"\b[Ll]ender\s*:?\s+(?P<value>{_NAME}?)(?=\s*(?:\n|$|[;,.]))")),
    ("lender", re.compile(rf"(?:\bw/|\bwith|,)\s+(?P<value>{_NAME}?\s{_LENDS})\b")),
    ("lender", re.compile(rf"\b[Ll]oan[^\n.;]{{0,40}}\bwith\s+(?P<value>{_NAME}?)(?=\s*(?:\n|$|[;,.]))")),
)  # fmt: skip
_TRANSACTION = _form(
    r"\bescrow\b|\bpurchase\s+(?:agreement|contract)\b|\brpa\b|\bin\s+contract\b|\boffer\s+to\s+purchase\b|\bcash\s+offer\b|\boffer\s+summary\b|\bsale\s+of\b|\bagree(?:d|s)?\s+to\s+the\s+sale\b|\bcommission\s+instructions\b|\bcontract\s+summary\b|\baddendum\b"
)
_WISHED = re.compile(r"\blooking\s+(?:to\s+buy|for)\b[^.\n]*", re.IGNORECASE)


def find(text: str) -> Iterator[Mention]:
    wished = [each.span() for each in _WISHED.finditer(text)]
    known: dict[Label, Mention] = {}
    for label, form in _FEATURES:
        for found in form.finditer(text):
            if not any(start <= found.start() < end for start, end in wished):
                mention = Mention(*found.span("value"), label)
                known[label] = min(mention, known.get(label, mention))
                break
    for label, form in _COMPANIES:
        if label not in known and (named := form.search(text)):
            known[label] = Mention(*named.span("value"), label)
    yield from known.values()


def transaction(text: str) -> Mention | None:
    found = _TRANSACTION.search(text)
    return Mention(*found.span(), "transaction") if found else None
