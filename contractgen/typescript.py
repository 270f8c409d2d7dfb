"""TypeScript types of everything that crosses the wire, made of the same schemas by json-schema-to-typescript."""

from __future__ import annotations

import json
from collections.abc import Sequence

from contractgen import socket_examples
from contractgen.node import run_script
from contractgen.schemas import GENERATED, INPUT, OUTPUT, Schema, Schemas, parameters_of, schemas_of
from openhouse.contract.frames import REPLIES, Closing, EphemeralFrame, GatewayFault
from openhouse.contract.operations import DocumentedOperation, GatewayMessage, documented_operations
from openhouse.contract.registry import Problem, frame_of
from openhouse.core.wire import Wire
from openhouse.rooms.entity import Entity


def typescript(entities: Sequence[Entity]) -> str:
    """Raises CommandFailed if the generator does."""
    return run_script("typescript.mjs", json.dumps(_schema(entities)), GENERATED)


def _schema(entities: Sequence[Entity]) -> Schema:
    """An object from which everything can be reached: what it does not name, the generator leaves out."""
    calls, requests = documented_operations(entities), list(socket_examples.requests())
    frames: list[type[Wire]] = [frame_of(entities), EphemeralFrame, Closing, GatewayFault]
    schemas = schemas_of(
        [*requests, *(call.body for call in calls if call.body)],
        [*frames, *REPLIES, Problem, GatewayMessage, *(call.answer for call in calls if call.answer)],
    )
    queries = {
        call.query.__name__: {"type": "object", "properties": parameters_of(call.query)} for call in calls if call.query
    }
    named: dict[str, Schema] = {
        "Calls": {
            "description": "REST, by `operationId`.",
            **_object({call.name: _call(call, schemas) for call in calls}),
        },
        "ClientMessage": {
            "description": "What a client says over its socket.",
            "oneOf": [schemas.ref(model, INPUT) for model in requests],
        },
        "Reply": {"anyOf": [schemas.ref(model, OUTPUT) for model in REPLIES]},
        "ServerFrame": {
            "description": "What a client hears from its socket.",
            "anyOf": [*(schemas.ref(frame, OUTPUT) for frame in frames), {"$ref": "#/$defs/Reply"}],
        },
    }
    root = ("Calls", "Problem", "GatewayMessage", "ClientMessage", "ServerFrame")
    return {
        "title": "Contract",
        "description": "All that crosses the wire. A call that is refused answers a Problem or a GatewayMessage.",
        **_object({name: {"$ref": f"#/$defs/{name}"} for name in root}),
        "$defs": {**schemas.definitions, **queries, **named},
    }


def _call(call: DocumentedOperation, schemas: Schemas) -> Schema:
    parts: dict[str, Schema] = {}
    if call.query:
        parts["query"] = {"$ref": f"#/$defs/{call.query.__name__}"}
    if call.body:
        parts["body"] = schemas.ref(call.body, INPUT)
    if call.answer:
        parts["answer"] = schemas.ref(call.answer, OUTPUT)
    return {**_object(parts), "description": f"{call.method} {call.path}: {call.summary}."}


def _object(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}
