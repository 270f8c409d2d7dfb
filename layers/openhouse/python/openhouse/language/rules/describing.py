"""Sentences about a property from its facts, and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openhouse.language.written_amounts import SQUARE_FEET_OF_AN_ACRE

_TYPES = {
    "residential": "house", "condo": "condo", "townhouse": "townhouse", "manufactured": "manufactured home",
    "multi_family": "multi-family property", "land": "land", "farm": "farm", "commercial": "commercial property",
}  # fmt: skip


def sentences(facts: Mapping[str, Any]) -> list[str]:
    return [*_sentences(facts)]


def _sentences(facts: Mapping[str, Any]) -> Iterator[str]:
    is_rent = facts.get("listingType") == "rent"
    what = _TYPES.get(facts.get("propertyType") or "", "property")
    offered = {"sale": " for sale", "rent": " for rent"}.get(facts.get("listingType") or "", "")
    place = ", ".join(filter(None, (facts.get("address"), facts.get("city"), facts.get("state"))))
    yield f"This {what}{offered} is located at {place}." if place else f"This {what}{offered} is available."
    counts = [
        *_counted(facts.get("bedrooms"), "bedroom"),
        *_counted(facts.get("bathrooms"), "bathroom"),
        *_counted(facts.get("parkingSpaces"), "parking space"),
    ]
    if counts:
        yield f"It has {_listed(counts)}."
    if facts.get("squareFeet"):
        yield f"The living area measures {facts['squareFeet']:,} square feet."
    if lot := facts.get("lotSizeSqft"):
        yield f"The lot measures {_lot(lot)}."
    if facts.get("yearBuilt"):
        yield f"It was built in {facts['yearBuilt']}."
    if facts.get("hoaFeeCents"):
        often = facts.get("hoaFrequency")
        yield f"HOA dues are {_dollars(facts['hoaFeeCents'])}{f' {often}' if often else ''}."
    if facts.get("listPriceCents"):
        yield f"The {'rent' if is_rent else 'list price'} is {_dollars(facts['listPriceCents'])}."


def _counted(count: float | None, noun: str) -> list[str]:
    return [f"{count:g} {noun}{'' if count == 1 else 's'}"] if count else []


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[:-1] else parts)


def _lot(square_feet: int) -> str:
    """In acres where they say it exactly."""
    acres = square_feet / SQUARE_FEET_OF_AN_ACRE
    if acres >= 1 and round(acres, 2) * SQUARE_FEET_OF_AN_ACRE == square_feet:
        return f"{acres:g} acre{'' if acres == 1 else 's'}"
    return f"{square_feet:,} square feet"


def _dollars(cents: int) -> str:
    return f"${cents / 100:,.2f}".removesuffix(".00")
