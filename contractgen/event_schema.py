"""The JSON Schema of events: one document, in which each event stands by itself under `$defs`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contractgen import hint_examples, socket_examples, state_examples
from contractgen.lifecycle import Named
from contractgen.schemas import DIALECT, GENERATED, OUTPUT, Schema, schemas_of
from openhouse.contract.hints import HINTS
from openhouse.contract.registry import CONTRACT_VERSION, events_of
from openhouse.crm.module import Module
from openhouse.rooms.entity import Entity


def event_schema(entities: Sequence[Entity]) -> Schema:
    """Any event: `type` tells which."""
    events = {**events_of(entities), **HINTS}
    schemas = schemas_of([], events.values())
    return {
        "$comment": f"{GENERATED} Contract version {CONTRACT_VERSION}.",
        "$schema": DIALECT,
        "$id": "urn:openhouse:events",
        "title": "Event",
        "description": "A change of a record or of a room's figures, or a hint. Ignore what you do not know.",
        "oneOf": [schemas.ref(model, OUTPUT) for model in events.values()],
        "$defs": with_examples(schemas.definitions, entities),
    }


def with_examples(definitions: Mapping[str, Schema], entities: Sequence[Entity]) -> dict[str, Schema]:
    """The same schemas; those of events with examples of them."""
    examples = {
        model.__name__: list(_examples_of(entity)[type_].values())
        for entity in entities
        for type_, model in events_of([entity]).items()
    }
    examples |= {HINTS[type_].__name__: list(named.values()) for type_, named in hint_examples.events().items()}
    return {
        name: {**schema, "examples": examples[name]} if name in examples else schema
        for name, schema in definitions.items()
    }


def _examples_of(entity: Entity) -> Mapping[str, Named]:
    """By type."""
    if isinstance(entity, Module):
        return socket_examples.events_of(entity)
    return state_examples.events_of(entity)
