"""Escrows: a sale between the accepted offer and the keys."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from openhouse.module import (
    Cents,
    Line,
    Module,
    Moment,
    Numbering,
    Percent,
    Record,
    Required,
    State,
    Text,
    Wire,
    Zip,
)


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
    url: Annotated[str, Field(max_length=2_000, pattern=r"^https?://")]


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
    opened_date: date | None = None
    contingency_removal_date: date | None = None
    close_of_escrow_date: date | None = None
    actual_close_date: date | None = None
    buyer_name: Line | None = None
    seller_name: Line | None = None
    escrow_company: Line | None = None
    title_company: Line | None = None
    lender_name: Line | None = None
    commission_percent: Percent | None = None
    commission_total_cents: Cents | None = None
    agent_commission_cents: Cents | None = None
    listing_id: Line | None = None
    client_ids: Annotated[list[Line], Field(max_length=50)] = []
    notes: Text | None = None
    timeline: Annotated[list[Milestone], Field(max_length=200)] = []
    checklists: Checklists = Checklists()
    documents: Annotated[list[Paper], Field(max_length=200)] = []


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
    verbs={"closed": "closed"},
    searched=("escrow_number", "property_address", "city", "zip", "buyer_name", "seller_name", "notes"),
    numbering=Numbering(field="escrow_number", prefix="ESC"),
)
