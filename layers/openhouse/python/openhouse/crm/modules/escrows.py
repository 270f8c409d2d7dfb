"""Escrows: a sale between the accepted offer and the keys."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field

from openhouse.core.wire import Moment, Wire
from openhouse.crm.fields import Cents, Day, Id, LongText, Percent, RequiredText, ShortText, State, Url, Zip
from openhouse.crm.module import Module, Numbering, Record, Totals


class Milestone(Wire):
    at: Moment
    title: RequiredText
    done: bool = False


class Step(Wire):
    title: RequiredText
    done: bool = False


class Checklists(Wire):
    loan: Annotated[list[Step], Field(max_length=100)] = []
    house: Annotated[list[Step], Field(max_length=100)] = []
    admin: Annotated[list[Step], Field(max_length=100)] = []


class Paper(Wire):
    name: RequiredText
    url: Url


class Escrow(Record):
    status: Literal["opened", "pending", "closed", "cancelled"] = "opened"
    escrow_number: str | None = None
    property_address: RequiredText
    city: ShortText | None = None
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
    buyer_name: ShortText | None = None
    seller_name: ShortText | None = None
    escrow_company: ShortText | None = None
    title_company: ShortText | None = None
    lender_name: ShortText | None = None
    commission_percent: Percent | None = None
    commission_total_cents: Cents | None = None
    agent_commission_cents: Cents | None = None
    listing_id: Id | None = None
    client_ids: Annotated[list[Id], Field(max_length=50)] = []
    notes: LongText | None = None
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
    transitions={
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
