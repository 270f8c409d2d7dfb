"""A module that nobody has built anything for: one declaration. Tests see that everything else follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field

from openhouse.crm.fields import Cents, Day, Id, LongText, RequiredText, ShortText
from openhouse.crm.module import Module, Numbering, Record, Totals
from openhouse.crm.modules import MODULES


class Offer(Record):
    status: Literal["made", "countered", "accepted", "declined"] = "made"
    offer_number: str | None = None
    buyer_name: RequiredText
    price_cents: Cents
    earnest_cents: Cents | None = None
    closing_date: Day | None = None
    financing: Literal["cash", "loan"] | None = None
    contingencies: Annotated[list[ShortText], Field(max_length=20)] = []
    listing_id: Id | None = None
    notes: LongText | None = None

    def cross_field_errors(self) -> Iterator[tuple[str, str]]:
        """`earnestCents` is no more than `priceCents`."""
        if (self.earnest_cents or 0) > self.price_cents:
            yield "earnestCents", "must be no more than priceCents"


class OfferTotals(Totals):
    accepted_cents: int = 0

    @classmethod
    def of(cls, offer: Offer) -> Self:
        return cls(accepted_cents=offer.price_cents if offer.status == "accepted" else 0)


OFFERS = Module(
    noun="offer",
    path="offers",
    model=Offer,
    transitions={
        "made": ("countered", "accepted", "declined"),
        "countered": ("accepted", "declined"),
        "accepted": (),
        "declined": (),
    },
    example={"buyerName": "Sam Ortiz", "priceCents": 40_000_000, "closingDate": "2026-04-30", "financing": "loan"},
    verbs={"accepted": "accepted"},
    searched=("buyer_name", "notes"),
    filtered={"listingId": "listing_id"},
    dated_by="closing_date",
    named_by=("buyer_name",),
    priced_by="price_cents",
    references={"listing_id": "listing"},
    totals=OfferTotals,
    numbering=Numbering(field="offer_number", prefix="OFF"),
)
SIX = (*MODULES, OFFERS)
