"""Listings: property for sale or rent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from openhouse.crm.fields import (
    Cents,
    Count,
    Country,
    Day,
    Files,
    Item,
    Items,
    Latitude,
    Longitude,
    LongText,
    PostalCode,
    Quarters,
    RequiredText,
    ShortText,
    State,
    Url,
    Whole,
)
from openhouse.crm.file_types import FileKind
from openhouse.crm.module import Module, Record, Sameness


class Image(Item):
    url: Url


class Listing(Record):
    status: Literal["active", "coming_soon", "pending", "sold", "withdrawn", "expired"] = "active"
    mls_number: ShortText | None = None
    address: RequiredText
    city: RequiredText
    country: Country = "US"
    state: State
    zip: PostalCode
    list_price_cents: Cents | None = None
    sold_price_cents: Cents | None = None
    bedrooms: Annotated[Whole, Field(ge=0, le=1_000)] | None = None
    bathrooms: Quarters | None = None
    square_feet: Count | None = None
    lot_size_sqft: Count | None = None
    property_type: (
        Literal["residential", "condo", "townhouse", "manufactured", "multi_family", "land", "farm", "commercial"]
        | None
    ) = None
    listing_type: Literal["sale", "rent"] | None = None
    description: LongText | None = None
    images: Items[Image] = {}
    photos: Files = {}
    hoa_fee_cents: Cents | None = None
    hoa_frequency: Literal["none", "monthly", "quarterly", "annually"] | None = None
    parking_spaces: Annotated[Whole, Field(ge=0, le=10_000)] | None = None
    year_built: Annotated[Whole, Field(ge=1600, le=2199)] | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    list_date: Day | None = None
    sold_date: Day | None = None
    notes: LongText | None = None

    def cross_field_errors(self) -> Iterator[tuple[str, str]]:
        """A listing that is `sold` has a `soldPriceCents` and a `soldDate`."""
        if self.status == "sold":
            for name, value in (("soldPriceCents", self.sold_price_cents), ("soldDate", self.sold_date)):
                if value is None:
                    yield name, "is needed for a listing to be sold"


def warnings(listing: Listing) -> Iterator[tuple[str, str]]:
    """What is hardly meant, though nothing forbids it."""
    if listing.list_date and listing.sold_date and listing.sold_date < listing.list_date:
        yield "soldDate", "is before listDate"


LISTINGS = Module(
    noun="listing",
    path="listings",
    model=Listing,
    transitions={
        "active": ("pending", "sold", "withdrawn", "expired"),
        "coming_soon": ("active", "withdrawn"),
        "pending": ("active", "sold", "withdrawn", "expired"),
        "sold": (),
        "withdrawn": ("active",),
        "expired": ("active", "withdrawn"),
    },
    example={
        "mlsNumber": "226012345",
        "address": "3526 High St",
        "city": "Sacramento",
        "state": "CA",
        "zip": "95838",
        "listPriceCents": 39_900_000,
        "bedrooms": 3,
        "bathrooms": 2.5,
        "squareFeet": 1_836,
        "propertyType": "residential",
        "listingType": "sale",
        "latitude": 38.631913,
        "longitude": -121.434879,
    },
    verbs={"sold": "sold"},
    looked_up={"mls_number": "MLS number"},
    searched=("mls_number", "address", "city", "zip", "description", "notes"),
    filtered={"city": "city"},
    dated_by="sold_date",
    named_by=("address", "city"),
    priced_by="list_price_cents",
    holds_files={"photos": FileKind.IMAGES},
    same_by=Sameness(keys=(("mls_number",), ("address", "city")), apart=("zip",)),
    warnings=warnings,
)
