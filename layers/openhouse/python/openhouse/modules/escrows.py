"""Escrows: a sale between the accepted offer and the keys."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field

from openhouse.fields import Cents, Day, Id, Line, Percent, Required, State, Text, Url, Zip
from openhouse.module import Module, Numbering, Record, Totals
from openhouse.wire import Moment, Wire


class Milestone(Wire):
    at: Moment
    title: Required
    done: bool = False


class Step(Wire):
    title: Required
    done: bool = False


class Checklists(Wire):
    loan: Annotated[list[Step], Field(max_length=100)] = []
    house: Annotated[list[Step], Field(max_length=100)] = []
    admin: Annotated[list[Step], Field(max_length=100)] = []


class Paper(Wire):
    name: Required
    url: Url


class Escrow(Record):
    status: Literal["opened", "pending", "closed", "cancelled"] = "opened"
    escrow_number: str | None = None
    property_address: Required
    city: Line | None = None
    state: State | None = None
    zip: Zip | None = None
    purchase_price_cents: Cents | None = None
    earnest_deposit_cents: Cents | None = None
    down_payment_percent: Percent | None = None
    loan_amount_cents: Cents | None = None
    opened_date: Day | None = None
    contingency_removal_date: Day | None = None
    close_of_escrow_date: Day | None = None
    actual_close_date: Day | None = None
    buyer_name: Line | None = None
    seller_name: Line | None = None
    escrow_company: Line | None = None
    title_company: Line | None = None
    lender_name: Line | None = None
    commission_percent: Percent | None = None
    commission_total_cents: Cents | None = None
    agent_commission_cents: Cents | None = None
    listing_id: Id | None = None
    client_ids: Annotated[list[Id], Field(max_length=50)] = []
    notes: Text | None = None
    timeline: Annotated[list[Milestone], Field(max_length=200)] = []
    checklists: Checklists = Checklists()
    documents: Annotated[list[Paper], Field(max_length=200)] = []


class EscrowTotals(Totals):
    open_volume_cents: int = 0  # purchase prices of what is opened or pending, and not archived
    commission_cents: dict[str, int] = {}  # commissions of what is closed, by month: {"2026-03": 1250000}

    @classmethod
    def of(cls, escrow: Escrow) -> Self:
        """A closed escrow counts in the month it closed, else in the one it was to close; else under `undated`."""
        if escrow.status in ("opened", "pending") and not escrow.archived:
            return cls(open_volume_cents=escrow.purchase_price_cents or 0)
        if escrow.status == "closed":
            closed = escrow.actual_close_date or escrow.close_of_escrow_date
            month = f"{closed:%Y-%m}" if closed else "undated"
            return cls(commission_cents={month: escrow.commission_total_cents or 0})
        return cls()


ESCROWS = Module(
    noun="escrow",
    path="escrows",
    model=Escrow,
    moves={
        "opened": ("pending", "closed", "cancelled"),
        "pending": ("opened", "closed", "cancelled"),
        "closed": (),
        "cancelled": ("opened",),
    },
    example={
        "propertyAddress": "12 Harbor Way",
        "city": "Sacramento",
        "state": "CA",
        "zip": "95814",
        "purchasePriceCents": 42_500_000,
        "closeOfEscrowDate": "2026-04-15",
        "commissionPercent": 2.5,
        "commissionTotalCents": 1_062_500,
        "buyerName": "Zoë Hart",
        "timeline": [{"at": "2026-03-09T17:00:00.000Z", "title": "Inspection"}],
    },
    verbs={"closed": "closed"},
    searched=("escrow_number", "property_address", "city", "zip", "buyer_name", "seller_name", "notes"),
    dated_by="close_of_escrow_date",
    references={"listing_id": "listing", "client_ids": "client"},
    totals=EscrowTotals,
    numbering=Numbering(field="escrow_number", prefix="ESC"),
)
