"""Clients that were made by the previous contract: what they rely on, and what they say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from contractgen.compatibility import resolved
from contractgen.documents import ASYNCAPI, OPENAPI, PREVIOUS
from deployed import ROOT
from tests.contract.documented import Book, Document


@cache
def previous(path: Path) -> Book:
    """A document as a client reads it that was generated from it, and ignores what it does not know."""
    document = json.loads((ROOT / PREVIOUS / path.name).read_text())
    return Book(tolerant(document, document))


def openapi() -> Book:
    return previous(OPENAPI)


def asyncapi() -> Book:
    return previous(ASYNCAPI)


@cache
def now() -> Book:
    """REST as it is told of today."""
    return Book(json.loads((ROOT / OPENAPI).read_text()))


def tolerant(document: Document, value: Any) -> Any:
    """The schemas in a document, which let pass: fields that they do not name, members of enumerations that they do not
    list, and members of unions that tell by a constant that they are others.
    """
    if isinstance(value, list):
        return [tolerant(document, each) for each in value]
    if not isinstance(value, dict):
        return value
    made = {key: tolerant(document, each) for key, each in value.items()}
    if made.get("additionalProperties") is False and isinstance(made.get("properties"), dict):
        del made["additionalProperties"]
    if isinstance(made.get("enum"), list) and "type" in made:
        del made["enum"]
    if "propertyNames" in made and "properties" not in made:
        del made["propertyNames"]
    if isinstance(made.get("oneOf"), list):
        made["oneOf"] = [*made["oneOf"], *_others(document, value["oneOf"])]
    return made


def _others(document: Document, union: list[Any]) -> Iterator[Document]:
    """Whatever a constant tells from all members that are known."""
    members = [resolved(document, each).get("properties", {}) for each in union]
    for name in members[0]:
        known = [resolved(document, member.get(name, {})).get("const") for member in members]
        if None not in known:
            yield {
                "type": "object",
                "required": [name],
                "properties": {name: {"type": "string", "not": {"enum": known}}},
            }


def told_by(document: Document) -> Iterator[tuple[str, str, str, Document]]:
    """Every operation of REST: its name, method, path, and what the document says of it."""
    for path, calls in document["paths"].items():
        for method, told in calls.items():
            yield f"{method.upper()} {path}", method, path, told


def bodies_of(document: Document, told: Document) -> dict[str, Any]:
    """The examples of what it is sent."""
    body = resolved(document, told.get("requestBody")) or {"content": {}}
    found: dict[str, Any] = {}
    for content in body["content"].values():
        found |= {name: resolved(document, each)["value"] for name, each in content.get("examples", {}).items()}
    return found


def answers_of(document: Document, told: Document) -> Iterator[tuple[str, str, Any]]:
    """The examples of its answers: status, kind of content, and the content."""
    for status, answer in told["responses"].items():
        for kind, content in resolved(document, answer).get("content", {}).items():
            for example in content.get("examples", {}).values():
                yield status, kind, resolved(document, example)["value"]


def events_of(document: Document) -> list[Any]:
    """The examples of all events."""
    schemas = [resolved(document, each) for each in document["components"]["schemas"]["Event"]["oneOf"]]
    return [example for schema in schemas for example in schema["examples"]]
