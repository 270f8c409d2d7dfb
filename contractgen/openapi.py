"""The OpenAPI document (3.1): every operation of REST."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import TypeAdapter
from pydantic.alias_generators import to_camel

from contractgen.examples import answers_of, bodies_of, module_of
from contractgen.lifecycle import Named, modules_of
from contractgen.problems import HEADERS, Problems
from contractgen.schemas import GENERATED, INPUT, OUTPUT, Schema, Schemas, parameters_of, schemas_of
from openhouse.api.http import CURSOR_HEADER, ETAGS, LOCK_TOKEN, MAX_BODY_BYTES, MAX_BULK_BYTES, REQUEST_KEY
from openhouse.contract.operations import DocumentedOperation, GatewayMessage, documented_operations
from openhouse.contract.registry import CONTRACT_VERSION, Problem, models_of
from openhouse.crm.fields import Id
from openhouse.crm.module import USER, Module
from openhouse.identity.directory import ID
from openhouse.rooms.entity import Entity

Document = dict[str, Any]

_ABOUT = f"""The records of a brokerage, over REST. Changes are announced over a socket: see the AsyncAPI document.

**Ignore what you do not know**: fields, and members of enumerations in answers, may be added at any time. A field
without a value is left out, never `null`; in a merge patch `null` takes a value away. Times are ISO 8601 in UTC, money
is whole cents.

Errors are problems (RFC 9457) with a stable `code`. With `retryable: true` the same request may succeed later: send it
again with the same `Idempotency-Key`. API Gateway itself answers `{{"message": ...}}` when no route matches (404), when
it throttles requests (429), and when a function fails (500) or is too slow (503).

A body may hold {MAX_BODY_BYTES:,} bytes, one of `/bulk` {MAX_BULK_BYTES:,}.
"""

_PARAMETERS = {
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The `ETag` that you know. If the record has another version by now, the answer is 412.",
        "schema": {"type": "string", "pattern": rf"^({ETAGS.pattern}|\s*\*\s*)$", "examples": ['"7"']},
    },
    "LockToken": {
        "name": "Lock-Token",
        "in": "header",
        "description": "The `token` of your lock. While a lock lives, the answer is 423 without it; with a token that "
        "is not the record's last one, always. A write with it releases the lock.",
        "schema": {"type": "string", "pattern": f"^{LOCK_TOKEN.pattern}$", "examples": ["3"]},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Makes retries safe: for 24 h the same key gets the same answer, and nothing is written twice.",
        "schema": {"type": "string", "pattern": rf"^{REQUEST_KEY.pattern}$", "examples": ["5f0c8a2e-1"]},
    },
}
_ETAG = {
    "description": "The record's version, for `If-Match`.",
    "schema": {"type": "string", "pattern": r'^"\d+"$', "examples": ['"7"']},
}
_CURSOR = {
    "description": "There is more: give it back as `cursor` for the next part, which has no line of names.",
    "required": False,
    "schema": {"type": "string", "minLength": 1},
}
_IN_PATHS: dict[str, Schema] = {
    "id": TypeAdapter(Id).json_schema(),
    "teamId": {"type": "string", "pattern": f"^{ID.pattern}$"},
    "userId": {"type": "string", "pattern": f"^{ID.pattern}$"},
}


def openapi(entities: Sequence[Entity]) -> Document:
    calls, modules = documented_operations(entities), modules_of(entities)
    schemas = schemas_of(
        [call.body for call in calls if call.body],
        [
            Problem,
            GatewayMessage,
            *(call.answer for call in calls if call.answer),
            *(models_of(module).record for module in modules),
        ],
        place="#/components/schemas/",
    )
    problems = Problems(schemas, modules)
    paths: Document = {}
    for call in calls:
        operation = _operation(call, entities, schemas, problems)
        paths.setdefault(call.path, {})[call.method.lower()] = operation
    return {
        "x-generated": GENERATED,
        "openapi": "3.1.0",
        "info": {
            "title": "Openhouse",
            "version": CONTRACT_VERSION,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [
            {
                "url": "https://{api}.execute-api.{region}.amazonaws.com",
                "description": "`httpUrl` of a deployment",
                "variables": {"api": {"default": "api"}, "region": {"default": "us-east-1"}},
            }
        ],
        "security": [{"bearer": []}],
        "tags": [
            *(
                {"name": entity.path, "description": f"Events `{entity.noun}:*`."}
                for entity in entities
                if any(call.tag == entity.path for call in calls)
            ),
            {"name": "search", "description": "Records of all modules at once."},
            {"name": "files", "description": "Their content goes to and comes from addresses that these calls give."},
            {"name": "people", "description": "Who is calling, and the brokerage's directory."},
        ],
        "paths": paths,
        "components": {
            "schemas": schemas.definitions,
            "responses": dict(sorted(problems.responses.items())),
            "parameters": _PARAMETERS,
            "examples": dict(sorted(problems.examples.items())),
            "headers": {"ETag": _ETAG, "Cursor": _CURSOR, **HEADERS},
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The ID token of the user pool, or of the issuer that the deployment trusts.",
                }
            },
        },
    }


def _operation(call: DocumentedOperation, entities: Sequence[Entity], schemas: Schemas, problems: Problems) -> Document:
    operation: Document = {"operationId": call.name, "tags": [call.tag], "summary": call.summary}
    module = module_of(call, entities)
    if description := "\n\n".join(filter(None, [_needs(call), _events_of(call, module) if module else ""])):
        operation["description"] = description
    if parameters := _parameters(call):
        operation["parameters"] = parameters
    if call.body:
        body = schemas.ref(call.body, INPUT)
        operation["requestBody"] = {
            "required": not call.body_is_optional,
            "content": {"application/json": {"schema": body, "examples": _named(bodies_of(call, entities))}},
        }
        if call.patch:
            operation["requestBody"]["description"] = (
                "Any content type is accepted, including `application/merge-patch+json`."
            )
    answer: Document = {"description": call.status.phrase}
    if call.answer:
        answer["content"] = {
            "application/json": {
                "schema": schemas.ref(call.answer, OUTPUT),
                "examples": _named(answers_of(call, entities)),
            }
        }
    if call.media_type != "application/json":
        answer["content"] = {call.media_type.partition(";")[0]: {"schema": {"type": "string"}}}
        answer["headers"] = {CURSOR_HEADER: {"$ref": "#/components/headers/Cursor"}}
    if call.tagged:
        answer["headers"] = {"ETag": {"$ref": "#/components/headers/ETag"}}
    operation["responses"] = {str(call.status.value): answer, **problems.of(call, module)}
    return operation


def _parameters(call: DocumentedOperation) -> list[Document]:
    found: list[Document] = []
    for part in call.path.split("/"):
        if part.startswith("{"):
            name = part.strip("{}")
            found.append({"name": name, "in": "path", "required": True, "schema": _IN_PATHS[name]})
    if call.query:
        found += [_query(name, schema) for name, schema in parameters_of(call.query).items()]
    if call.conditional:
        found.append({"$ref": "#/components/parameters/IfMatch"})
    if call.fenced:
        found.append({"$ref": "#/components/parameters/LockToken"})
    if call.idempotent:
        found.append({"$ref": "#/components/parameters/IdempotencyKey"})
    return found


def _query(name: str, schema: Schema) -> Document:
    value_schema = {key: value for key, value in schema.items() if key != "description"}
    parameter = {"name": name, "in": "query", "description": schema.get("description", ""), "schema": value_schema}
    # Several values go into one parameter, with commas between.
    return {**parameter, "style": "form", "explode": False} if value_schema.get("type") == "array" else parameter


def _named(examples: Named) -> Document:
    return {name.replace(" ", "-"): {"summary": name, "value": value} for name, value in examples.items()}


def _needs(call: DocumentedOperation) -> str:
    """What the caller must be, or be to the record."""
    if call.role:
        return f"Needs the role `{call.role}`."
    return f"Needs the right `{call.right}` (docs/access.md)." if call.right else ""


def _events_of(call: DocumentedOperation, module: Module) -> str:
    """What the module declares about a call, for people."""
    if call.query:
        named = ", ".join(f"`{to_camel(name)}`" for name in module.searched)
        return f"`q` searches {named}." if named else ""
    if call.patch:
        names = [f"`{to_camel(name)}` names {_who(noun)}." for name, noun in module.references.items()]
        return "\n".join(["Allowed changes of `status`:\n", *_transitions(module), "", *names])
    return ""


def _transitions(module: Module) -> Iterator[str]:
    for status, following in module.transitions.items():
        allowed = ", ".join(f"`{each}`" for each in following) or "none: it is final"
        event = f" (event `{module.noun}:{module.verbs[status]}`)" if status in module.verbs else ""
        yield f"- from `{status}`{event}: {allowed}"


def _who(noun: str) -> str:
    return "people of the brokerage" if noun == USER else f"{noun} records that the caller can read"
