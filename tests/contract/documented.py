"""The documents of a set of modules, and whether something that crosses the wire is as they say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from pydantic import ValidationError

from contractgen.asyncapi import asyncapi
from contractgen.compatibility import resolved
from contractgen.event_schema import event_schema
from contractgen.openapi import openapi
from openhouse.contract.operations import DocumentedOperation, GatewayMessage, documented_operations
from openhouse.contract.registry import Problem, events_of, frame_of
from openhouse.core.wire import Wire
from openhouse.rooms.entity import Entity

Document = dict[str, Any]


class Operation(NamedTuple):
    """A call, and what the document says of it."""

    call: DocumentedOperation
    told: Document


class Book:
    """A document with schemas in it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._validator = Draft202012Validator(document, format_checker=Draft202012Validator.FORMAT_CHECKER)

    def faults(self, schema: Any, value: Any) -> list[str]:
        """`schema` is part of the document."""
        found = self._validator.evolve(schema=schema).iter_errors(value)
        return [f"{'.'.join(map(str, fault.absolute_path))}: {fault.message:.300}" for fault in found]

    def check(self, schema: Any, value: Any) -> None:
        assert self.faults(schema, value) == []

    def resolved(self, value: Any) -> Any:
        return resolved(self.document, value)


class Documented:
    def __init__(self, entities: Sequence[Entity]) -> None:
        self.entities = tuple(entities)
        self.openapi = Book(openapi(entities))
        self.asyncapi = Book(asyncapi(entities))
        self.events = Book(event_schema(entities))
        self._event_models, self._frame = events_of(entities), frame_of(entities)

    @cached_property
    def operations(self) -> list[Operation]:
        paths = self.openapi.document["paths"]
        return [Operation(call, paths[call.path][call.method.lower()]) for call in documented_operations(self.entities)]

    def operation(self, method: str, path: str) -> Operation:
        """The one that serves a request: a fixed path comes before one with parameters."""
        found = [each for each in self.operations if each.call.method == method and _serves(each.call.path, path)]
        return min(found, key=lambda each: each.call.path.count("{"))

    def check_answer(self, operation: Operation, status: int, content: Any, headers: dict[str, str]) -> None:
        """Status, headers and content are among those that the document tells, and nothing undeclared is in it."""
        name = operation.call.name
        assert str(status) in operation.told["responses"], f"{name} is not to answer {status}: {content}"
        response = self.openapi.resolved(operation.told["responses"][str(status)])
        for header, told in response.get("headers", {}).items():
            if header.lower() not in headers and self.openapi.resolved(told).get("required") is False:
                continue
            assert header.lower() in headers, f"{name} answers {status} without {header}"
            schema, text = self.openapi.resolved(told)["schema"], headers[header.lower()]
            self.openapi.check(schema, int(text) if schema.get("type") == "integer" else text)
        if "content" not in response:
            assert content is None
            return
        kind = headers["content-type"].partition(";")[0]
        self.openapi.check(response["content"][kind]["schema"], content)
        model = Problem if kind == "application/problem+json" else operation.call.answer
        if model is None:
            assert kind == operation.call.media_type.partition(";")[0] == "text/csv"
            return
        check_model(model, content)

    def check_event(self, event: Document) -> None:
        check_model(self._event_models[event["type"]], event)
        self.events.check(self.events.document, event)
        self.asyncapi.check({"$ref": "#/components/schemas/Event"}, event)

    def check_frame(self, frame: Document) -> None:
        """Of commits."""
        self.check_message("commits", frame)
        check_model(self._frame, frame)

    def check_message(self, name: str, payload: Document) -> None:
        """Of the socket, by the name of the message."""
        self.asyncapi.check(self.asyncapi.document["components"]["messages"][name]["payload"], payload)


def check_model(model: type[Wire], value: Any) -> None:
    """By the registry's own model, which refuses what nobody declared."""
    try:
        model.model_validate_json(json.dumps(value), strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        raise AssertionError(f"{model.__name__}: {error}") from error


def rest_examples(documented: Documented, tag: str) -> Iterator[tuple[str, Any, type[Wire], Any]]:
    """Every example of the calls of a tag: where it stands, its schema and model, and itself."""
    for call, told in documented.operations:
        if call.tag != tag:
            continue
        if call.body:
            (content,) = told["requestBody"]["content"].values()
            for name, example in content["examples"].items():
                yield f"{call.name} body {name}", content["schema"], call.body, example["value"]
        for status, answer in told["responses"].items():
            for kind, content in documented.openapi.resolved(answer).get("content", {}).items():
                problem = Problem if kind == "application/problem+json" else GatewayMessage
                model = call.answer if int(status) == call.status else problem
                if model is None:  # of no JSON
                    continue
                for name, example in content["examples"].items():
                    value = documented.openapi.resolved(example)["value"]
                    yield f"{call.name} {status} {name}", content["schema"], model, value


def _serves(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path) is not None
