"""The AsyncAPI document (3.0): the socket in both directions, made of the models that it carries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contractgen import hint_examples, socket_examples
from contractgen.event_schema import with_examples
from contractgen.lifecycle import Named, modules_of
from contractgen.schemas import GENERATED, INPUT, OUTPUT, Schema, Schemas, schemas_of
from openhouse.api.actions import ACTIONS
from openhouse.api.actions.action import Action
from openhouse.api.protocol import MAX_FRAME_BYTES
from openhouse.contract.frames import REFUSALS, Closing, EphemeralFrame, GatewayFault, Refusal
from openhouse.contract.registry import CONTRACT_VERSION, frame_of
from openhouse.core.wire import Wire
from openhouse.rooms.entity import Entity

Document = dict[str, Any]

STAGE = "live"  # as infra/websocket_api.py names it

_ABOUT = f"""The changes in a brokerage, as commits to rooms (`broker:<id>`, `team:<id>`, `user:<id>`), numbered without
gaps.

Ask REST for a ticket (`POST /realtime/tickets`), connect to its `url` within 30 s, and send `sync` with the positions
of your lists: the commits you missed are posted, then new ones as they happen. Apply a commit if its `seq` is your
position + 1, drop it if it is lower, and `sync` again if it is higher.

**Ignore what you do not know**: kinds of frames, events, fields, and members of enumerations may be added at any time.
Expect repeats, and expect frames to come late or not at all: the sequence numbers show it. A frame that you send may
hold {MAX_FRAME_BYTES:,} bytes.
"""


def asyncapi(entities: Sequence[Entity]) -> Document:
    modules = modules_of(entities)
    frame, requests = frame_of(entities), socket_examples.requests()
    replies = socket_examples.replies(modules[0])
    frames: list[type[Wire]] = [frame, EphemeralFrame, Closing, GatewayFault]
    schemas = schemas_of(requests, [*frames, *replies], place="#/components/schemas/")
    messages = {
        **{action.name: _request(action, requests[action.request], schemas) for action in ACTIONS},
        **{_name(model): _reply(model, named, schemas) for model, named in replies.items()},
        "commits": _message("Commits", frame, socket_examples.commits_frame(modules), schemas),
        "ephemeral": _message("Ephemeral", EphemeralFrame, hint_examples.frame(), schemas),
        "closing": _message("Closing", Closing, socket_examples.closing(), schemas),
        "gatewayFault": _message("GatewayFault", GatewayFault, socket_examples.gateway_fault(), schemas),
    }
    return {
        "x-generated": GENERATED,
        "asyncapi": "3.0.0",
        "info": {
            "title": "Openhouse, live",
            "version": CONTRACT_VERSION,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "deployment": {
                "host": "{api}.execute-api.{region}.amazonaws.com",
                "protocol": "wss",
                "description": "The `url` of a ticket contains the whole address.",
                "variables": {"api": {"default": "api"}, "region": {"default": "us-east-1"}},
                "security": [{"$ref": "#/components/securitySchemes/ticket"}],
            }
        },
        "channels": {
            "socket": {
                "address": f"/{STAGE}",
                "title": "The socket",
                "description": "Text frames, each one JSON object.",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
                "bindings": {"ws": {"method": "GET", "query": _TICKET_QUERY}},
            }
        },
        "operations": _operations(),
        "components": {
            "messages": messages,
            "schemas": with_examples(schemas.definitions, entities),
            "securitySchemes": {
                "ticket": {
                    "type": "httpApiKey",
                    "name": "ticket",
                    "in": "query",
                    "description": "Works once, within 30 s. A handshake without one gets 401, with a wrong one 403.",
                }
            },
        },
    }


_TICKET_QUERY: Schema = {
    "type": "object",
    "properties": {"ticket": {"type": "string", "description": "From `POST /realtime/tickets`."}},
    "required": ["ticket"],
}


def _operations() -> Document:
    """As AsyncAPI means them, seen from the server: it receives requests, and sends replies and commits."""
    refused = f"It can be refused with one of: {', '.join(f'`{error.code}`' for error in REFUSALS)}."
    receive = {
        action.name: {
            "action": "receive",
            "summary": action.summary,
            "description": f"Every request gets exactly one reply, with the same `id`. {refused}",
            "channel": {"$ref": "#/channels/socket"},
            "messages": [_in_channel(action.name)],
            "reply": {
                "channel": {"$ref": "#/channels/socket"},
                "messages": [_in_channel(_name(action.reply)), _in_channel(_name(Refusal))],
            },
        }
        for action in ACTIONS
    }
    return {
        **receive,
        "commits": {
            "action": "send",
            "summary": "Announces every change in your rooms, in order, from your first sync on",
            "channel": {"$ref": "#/channels/socket"},
            "messages": [_in_channel("commits")],
        },
        "ephemeral": {
            "action": "send",
            "summary": "Hints at who else looks at what you look at, and types there: kept nowhere, over in 10 s",
            "channel": {"$ref": "#/channels/socket"},
            "messages": [_in_channel("ephemeral")],
        },
        "closing": {
            "action": "send",
            "summary": "Says why the socket is about to be closed; connect again only if that is retryable",
            "channel": {"$ref": "#/channels/socket"},
            "messages": [_in_channel("closing")],
        },
        "gatewayFault": {
            "action": "send",
            "summary": "API Gateway's own words when it throttled a request or its function failed",
            "channel": {"$ref": "#/channels/socket"},
            "messages": [_in_channel("gatewayFault")],
        },
    }


def _in_channel(name: str) -> Document:
    return {"$ref": f"#/channels/socket/messages/{name}"}


def _name(model: type[Wire]) -> str:
    return model.__name__[0].lower() + model.__name__[1:]


def _request(action: Action[Any], examples: Named, schemas: Schemas) -> Document:
    message = _message(action.request.__name__, action.request, examples, schemas, incoming=True)
    return {**message, "summary": action.summary, "correlationId": {"location": "$message.payload#/id"}}


def _reply(model: type[Wire], examples: Named, schemas: Schemas) -> Document:
    answer = _message(model.__name__, model, examples, schemas)
    return {**answer, "correlationId": {"location": "$message.payload#/reply"}}


def _message(name: str, model: type[Wire], examples: Named, schemas: Schemas, *, incoming: bool = False) -> Document:
    return {
        "name": name[0].lower() + name[1:],
        "title": name,
        "payload": schemas.ref(model, INPUT if incoming else OUTPUT),
        "examples": [
            {"name": title.replace(" ", "-"), "summary": title, "payload": value} for title, value in examples.items()
        ],
    }
