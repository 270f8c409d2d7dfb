"""Leads: people who may become clients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from openhouse.core.merge_patch import Document
from openhouse.crm.fields import (
    Cents,
    Email,
    FewItems,
    Id,
    LabelledEmail,
    LabelledPhone,
    LongText,
    Phone,
    ShortText,
    TagSet,
    Whole,
)
from openhouse.crm.module import Conversion, Module, Record, Sameness
from openhouse.crm.modules.clients import CLIENTS

_HANDED_ON = ("firstName", "lastName", "company", "email", "phone", "emails", "phones", "tags", "notes")


class Lead(Record):
    status: Literal["new", "contacted", "qualified", "unqualified", "converted", "lost"] = "new"
    first_name: ShortText | None = None
    last_name: ShortText | None = None
    company: ShortText | None = None
    email: Email | None = None
    phone: Phone | None = None
    emails: FewItems[LabelledEmail] = {}  # beside the main one
    phones: FewItems[LabelledPhone] = {}
    source: Literal["zillow", "referral", "open_house", "website", "cold_call", "social", "other"] | None = None
    budget_cents: Cents | None = None
    score: Annotated[Whole, Field(ge=0, le=100)] | None = None
    tags: TagSet = {}
    notes: LongText | None = None
    client_id: Id | None = None  # whom the lead became

    def cross_field_errors(self) -> Iterator[tuple[str, str]]:
        """A lead has an `email` or a `phone`."""
        if self.email is None and self.phone is None:
            yield "email", "a lead needs an e-mail address or a phone number"


def _client_of(lead: Lead) -> Document:
    known = lead.wire()
    return {name: known[name] for name in _HANDED_ON if known.get(name)}


LEADS = Module(
    noun="lead",
    path="leads",
    model=Lead,
    transitions={
        "new": ("contacted", "qualified", "unqualified", "lost"),
        "contacted": ("qualified", "unqualified", "lost"),
        "qualified": ("converted", "unqualified", "lost"),
        "unqualified": ("contacted",),
        "lost": ("contacted",),
        "converted": (),
    },
    example={
        "firstName": "Sam",
        "lastName": "Ortiz",
        "phone": "+19165550144",
        "source": "open_house",
        "budgetCents": 60_000_000,
        "score": 70,
    },
    verbs={"converted": "converted"},
    looked_up={
        "email": "e-mail address",
        "emails": "e-mail address",
        "phone": "phone number",
        "phones": "phone number",
    },
    searched=("first_name", "last_name", "company", "email", "phone", "emails", "phones", "tags", "notes"),
    filtered={"tag": "tags", "source": "source", "clientId": "client_id"},
    named_by=("last_name", "first_name", "company"),
    same_by=Sameness(
        keys=(("e-mail address",), ("phone number",)),
        any_key=True,
        otherwise=("last_name", "first_name", "company"),
        apart=("first_name",),
    ),
    priced_by="budget_cents",
    references={"client_id": "client"},
    conversion=Conversion(status="converted", into=CLIENTS, link="client_id", new_record=_client_of),
)
