"""Clients: people who buy or sell."""

from __future__ import annotations

from typing import Literal

from openhouse.crm.fields import Email, LongText, Phone, RequiredText, ShortText, State, Tags, Zip
from openhouse.crm.module import Module, Record


class Client(Record):
    status: Literal["active", "prospecting", "under_contract", "closed", "inactive", "lost"] = "active"
    first_name: RequiredText
    last_name: RequiredText
    email: Email | None = None
    phone: Phone | None = None
    address: ShortText | None = None
    city: ShortText | None = None
    state: State | None = None
    zip: Zip | None = None
    client_type: Literal["buyer", "seller", "both"] | None = None
    tags: Tags = []
    notes: LongText | None = None


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
        "tags": ["first home"],
    },
    searched=("first_name", "last_name", "email", "phone", "address", "city", "zip", "notes"),
)
