"""The JSON Schema of events: one document, in which each event stands by itself under `$defs`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contractgen import socket_examples
from contractgen.schemas import DIALECT, GENERATED, OUTPUT, Schema, schemas_of
from openhouse.contract.registry import CONTRACT_VERSION, events_of
from openhouse.crm.module import Module


def event_schema(modules: Sequence[Module]) -> Schema:
    """Any event: `type` tells which."""
    events = events_of(modules)
    schemas = schemas_of([], events.values())
    return {
        "$comment": f"{GENERATED} Contract version {CONTRACT_VERSION}.",
        "$schema": DIALECT,
        "$id": "urn:openhouse:events",
        "title": "Event",
        "description": "One change of a record, or of a room's figures. Ignore events and fields that you do not know.",
        "oneOf": [schemas.ref(model, OUTPUT) for model in events.values()],
        "$defs": with_examples(schemas.definitions, modules),
    }


def with_examples(definitions: Mapping[str, Schema], modules: Sequence[Module]) -> dict[str, Schema]:
    """The same schemas; those of events with examples of them."""
    examples = {
        model.__name__: list(socket_examples.events_of(module)[type_].values())
        for module in modules
        for type_, model in events_of([module]).items()
    }
    return {
        name: {**schema, "examples": examples[name]} if name in examples else schema
        for name, schema in definitions.items()
    }
