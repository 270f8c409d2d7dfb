"""Mentions read into values of the modules' fields: by code, from the words themselves. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from openhouse.crm import contact_details, places
from openhouse.crm.places import Country
from openhouse.language import written_amounts as amounts
from openhouse.language.labels import Label

_TYPES = (
    ("townhouse", r"town ?-?(?:house|home)"),
    ("condo", r"\bcondo"),
    ("manufactured", r"manufactured|mobile home"),
    ("multi_family", r"multi-? ?family|duplex|triplex|fourplex|apartment (?:building|complex)"),
    ("commercial", r"commercial|retail space|office (?:building|space)|warehouse"),
    ("farm", r"\bfarm\b|ranch land|vineyard property"),
    ("land", r"\bland\b|\bvacant lot|\blot for"),
    ("residential", r"single[- ]family|\bhouse\b|\bsfr\b"),
)
_FREQUENCIES = (
    ("monthly", r"mo\b|month"),
    ("quarterly", r"quarter|qtr"),
    ("annually", r"year|annual|yr\b|annum"),
)


def _word(text: str) -> str | None:
    return " ".join(text.split()) or None


def _one_of(kinds: tuple[tuple[str, str], ...]) -> Callable[[str], str | None]:
    return lambda text: next((kind for kind, words in kinds if re.search(words, text, re.IGNORECASE)), None)


def _year(text: str) -> int | None:
    found = re.search(r"\b(1[6-9]|20|21)\d\d\b", text)
    return int(found.group()) if found else None


def _valid(normalise: Callable[[str], str]) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        try:
            return normalise(text)
        except ValueError:
            return None

    return read


def _listing_type(text: str) -> str | None:
    return "rent" if re.search(r"\brent|\blease|\blet\b", text, re.IGNORECASE) else "sale"


_READERS: dict[Label, Callable[[str], Any]] = {
    "client_email": _valid(contact_details.email),
    "client_phone": _valid(contact_details.phone),
    "escrow_company": _word,
    "title_company": _word,
    "lender": _word,
    "street": _word,
    "city": _word,
    "purchase_price": amounts.cents,
    "earnest_deposit": amounts.cents,
    "loan_amount": amounts.cents,
    "down_payment_percent": amounts.percent,
    "commission_percent": amounts.percent,
    "commission_total": amounts.cents,
    "agent_commission": amounts.cents,
    "mls_number": _word,
    "list_price": amounts.cents,
    "bedrooms": amounts.count,
    "bathrooms": amounts.quarters,
    "square_feet": amounts.square_feet,
    "lot_size": amounts.square_feet,
    "year_built": _year,
    "property_type": _one_of(_TYPES),
    "listing_type": _listing_type,
    "hoa_fee": amounts.cents,
    "hoa_frequency": _one_of(_FREQUENCIES),
    "parking_spaces": amounts.count,
}


def value(label: Label, text: str, country: Country = "US") -> Any:
    """What these words say as this label, in wire form; None if they do not say it."""
    if label in ("state", "zip"):
        normalise = places.area if label == "state" else places.postal_code
        return _valid(lambda written: normalise(written, country))(text)
    reader = _READERS.get(label)
    return reader(text) if reader else None


def country_of(state: str, postal_code: str) -> Country:
    """Where an address lies, by its state's or province's name, or by the shape of its postal code."""
    for country in ("US", "CA"):
        for text, normalise in ((postal_code, places.postal_code), (state, places.area)):
            if text and _valid(lambda written, n=normalise, c=country: n(written, c))(text):  # type: ignore[misc]
                return country
    return "US"
