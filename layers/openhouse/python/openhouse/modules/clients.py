"""Clients: people who buy or sell."""

from __future__ import annotations

from typing import Literal

from openhouse.fields import Email, Line, Phone, Required, State, Tags, Text, Zip
from openhouse.module import Module, Record


class Client(Record):
    status: Literal["active", "prospecting", "under_contract", "closed", "inactive", "lost"] = "active"
    first_name: Required
    last_name: Required
    email: Email | None = None
    phone: Phone | None = None
    address: Line | None = None
    city: Line | None = None
    state: State | None = None
    zip: Zip | None = None
    client_type: Literal["buyer", "seller", "both"] | None = None
    tags: Tags = []
    notes: Text | None = None


CLIENTS = Module(
    noun="client",
    path="clients",
    model=Client,
    moves={
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
