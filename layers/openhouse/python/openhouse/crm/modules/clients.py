"""Clients: people, couples, trusts and companies who buy or sell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from openhouse.crm.fields import (
    Country,
    Email,
    FewItems,
    LabelledEmail,
    LabelledPhone,
    LongText,
    Phone,
    PostalCode,
    ShortText,
    State,
    TagSet,
)
from openhouse.crm.module import Module, Record, Sameness


class Client(Record):
    status: Literal["active", "prospecting", "under_contract", "closed", "inactive", "lost"] = "active"
    first_name: ShortText | None = None
    last_name: ShortText | None = None
    company: ShortText | None = None  # also a trust, or a couple under one name
    email: Email | None = None
    phone: Phone | None = None
    emails: FewItems[LabelledEmail] = {}  # beside the main one
    phones: FewItems[LabelledPhone] = {}
    address: ShortText | None = None
    city: ShortText | None = None
    country: Country = "US"
    state: State | None = None
    zip: PostalCode | None = None
    client_type: Literal["buyer", "seller", "both"] | None = None
    tags: TagSet = {}
    notes: LongText | None = None

    def cross_field_errors(self) -> Iterator[tuple[str, str]]:
        """A client has a `firstName`, a `lastName` or a `company`."""
        if not (self.first_name or self.last_name or self.company):
            yield "lastName", "a client needs a first name, a last name or a company"


CLIENTS = Module(
    noun="client",
    path="clients",
    model=Client,
    transitions={
        "active": ("prospecting", "under_contract", "closed", "inactive", "lost"),
        "prospecting": ("active", "under_contract", "lost"),
        "under_contract": ("closed", "active", "lost"),
        "closed": ("active",),
        "inactive": ("active", "lost"),
        "lost": ("active",),
    },
    example={
        "firstName": "Zoë",
        "lastName": "Hart",
        "email": "zoe@example.com",
        "phone": "+14155550123",
        "city": "Davis",
        "state": "CA",
        "clientType": "buyer",
        "tags": {"first home": True},
    },
    looked_up={
        "email": "e-mail address",
        "emails": "e-mail address",
        "phone": "phone number",
        "phones": "phone number",
    },
    searched=(
        "first_name",
        "last_name",
        "company",
        "email",
        "phone",
        "emails",
        "phones",
        "tags",
        "address",
        "city",
        "zip",
        "notes",
    ),
    filtered={"tag": "tags", "city": "city"},
    named_by=("last_name", "first_name", "company"),
    same_by=Sameness(
        keys=(("e-mail address",), ("phone number",)),
        any_key=True,
        otherwise=("last_name", "first_name", "company", "address", "city"),
        apart=("first_name",),
    ),
)
