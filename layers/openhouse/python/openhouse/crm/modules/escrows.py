"""Escrows: a sale between the accepted offer and the keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Self

from openhouse.core.wire import Moment, Wire
from openhouse.crm.fields import (
    Cents,
    Country,
    Day,
    Files,
    Id,
    IdSet,
    Item,
    Items,
    LongText,
    Percent,
    PostalCode,
    RequiredText,
    ShortText,
    State,
    Url,
)
from openhouse.crm.file_types import FileKind
from openhouse.crm.module import Module, Numbering, Record, Sameness, Totals


class Milestone(Item):
    at: Moment
    title: RequiredText
    done: bool = False


class Step(Item):
    title: RequiredText
    done: bool = False


class Checklists(Wire):
    loan: Items[Step] = {}
    house: Items[Step] = {}
    admin: Items[Step] = {}


class Paper(Item):
    name: RequiredText
    url: Url


class Escrow(Record):
    status: Literal["opened", "pending", "closed", "cancelled"] = "opened"
    escrow_number: str | None = None
    property_address: RequiredText
    city: ShortText | None = None
    country: Country = "US"
    state: State | None = None
    zip: PostalCode | None = None
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
    client_ids: IdSet = {}
    notes: LongText | None = None
    timeline: Items[Milestone] = {}
    checklists: Checklists = Checklists()
    documents: Items[Paper] = {}
    files: Files = {}


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


def warnings(escrow: Escrow) -> Iterator[tuple[str, str]]:
    """What is hardly meant, though nothing forbids it."""
    opened, closing, closed = escrow.opened_date, escrow.close_of_escrow_date, escrow.actual_close_date
    if opened and closing and closing < opened:
        yield "closeOfEscrowDate", "is before openedDate"
    if opened and closed and closed < opened:
        yield "actualCloseDate", "is before openedDate"
    if escrow.contingency_removal_date and closing and closing < escrow.contingency_removal_date:
        yield "contingencyRemovalDate", "is after closeOfEscrowDate"
    price = escrow.purchase_price_cents
    for field, cents in (
        ("loanAmountCents", escrow.loan_amount_cents),
        ("earnestDepositCents", escrow.earnest_deposit_cents),
        ("commissionTotalCents", escrow.commission_total_cents),
    ):
        if price is not None and cents is not None and cents > price:
            yield field, "is more than purchasePriceCents"
    total, own = escrow.commission_total_cents, escrow.agent_commission_cents
    if total is not None and own is not None and own > total:
        yield "agentCommissionCents", "is more than commissionTotalCents"


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
        "timeline": {"inspection": {"at": "2026-03-09T17:00:00.000Z", "title": "Inspection"}},
    },
    verbs={"closed": "closed"},
    searched=(
        "escrow_number",
        "property_address",
        "city",
        "zip",
        "buyer_name",
        "seller_name",
        "escrow_company",
        "title_company",
        "lender_name",
        "notes",
    ),
    filtered={"city": "city", "clientId": "client_ids", "listingId": "listing_id"},
    dated_by="close_of_escrow_date",
    named_by=("property_address", "city"),
    priced_by="purchase_price_cents",
    references={"listing_id": "listing", "client_ids": "client"},
    holds_files={"files": FileKind.ANY},
    totals=EscrowTotals,
    numbering=Numbering(field="escrow_number", prefix="ESC"),
    same_by=Sameness(
        keys=(
            ("escrow_number",),
            ("property_address", "buyer_name"),
            ("property_address", "close_of_escrow_date"),
            ("property_address",),
        ),
        apart=("zip",),
    ),
    warnings=warnings,
)
