"""What in a new OpenAPI or AsyncAPI document breaks clients of the old one, each change named in a sentence. Pure.

Our own, because no kept library for Python or Node knows OpenAPI 3.1, AsyncAPI and the direction of a value: oasdiff
and libopenapi are Go, npm's openapi-diff stops at OpenAPI 3.0, openapi-schema-diff tells changes but not which break.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from contractgen.compatibility import Compare, Spot, input_breaks, output_breaks, resolved

Document = dict[str, Any]


def breaking_changes(old: Document, new: Document) -> list[str]:
    """Of two documents of the same kind, in the order of the old one."""
    compare = _openapi if "openapi" in old else _asyncapi
    return list(dict.fromkeys(compare(old, new)))


def _openapi(old: Document, new: Document) -> Iterator[str]:
    known = {_call(method, path): call for path, calls in new["paths"].items() for method, call in calls.items()}
    for path, calls in old["paths"].items():
        for method, call in calls.items():
            name = f"{method.upper()} {path}"
            if found := known.get(_call(method, path)):
                yield from _parameters(Spot(old, new, name), call, found)
                yield from _body(Spot(old, new, f"{name}, body"), call, found)
                yield from _answers(Spot(old, new, name), call, found)
            else:
                yield f"{name} is gone"


def _call(method: str, path: str) -> tuple[str, str]:
    """What a client sees of it: how a path calls its parameters is not on the wire."""
    return method, re.sub(r"{\w+}", "{}", path)


def _parameters(spot: Spot, old: Document, new: Document) -> Iterator[str]:
    olds, news = _by_name(spot.old, old), _by_name(spot.new, new)
    for key, parameter in olds.items():
        place = Spot(spot.old, spot.new, f"{spot.place}, {key[0]} parameter {key[1]}")
        if key not in news:
            yield f"{place.place} is gone"
            continue
        found = news[key]
        if found.get("required") and not parameter.get("required"):
            yield f"{place.place} is required now"
        if any(parameter.get(how) != found.get(how) for how in ("style", "explode")):
            yield f"{place.place} is written differently"
        yield from input_breaks(place, parameter["schema"], found["schema"])
    for key, parameter in news.items():
        if key not in olds and parameter.get("required"):
            yield f"{spot.place}, {key[0]} parameter {key[1]} is required now"


def _by_name(document: Document, call: Document) -> dict[tuple[str, str], Document]:
    """The parameters beside those in the path, which are its own."""
    found = (resolved(document, parameter) for parameter in call.get("parameters", []))
    return {(each["in"], each["name"]): each for each in found if each["in"] != "path"}


def _body(spot: Spot, old: Document, new: Document) -> Iterator[str]:
    body, found = resolved(spot.old, old.get("requestBody")), resolved(spot.new, new.get("requestBody"))
    if found and found.get("required") and not (body and body.get("required")):
        yield f"{spot.place} is required now"
    if body and not found:
        yield f"{spot.place} is no longer taken"
    if body and found:
        for kind, content in body["content"].items():
            if kind in found["content"]:
                yield from input_breaks(spot, content["schema"], found["content"][kind]["schema"])
            else:
                yield f"{spot.place} is no longer taken as {kind}"


def _answers(spot: Spot, old: Document, new: Document) -> Iterator[str]:
    for status, response in old["responses"].items():
        place = Spot(spot.old, spot.new, f"{spot.place}, answer {status}")
        if status not in new["responses"]:
            yield f"{place.place} is gone"
            continue
        answer, found = resolved(spot.old, response), resolved(spot.new, new["responses"][status])
        for name in answer.get("headers", {}):
            if name not in found.get("headers", {}):
                yield f"{place.place}: the header {name} is gone"
        for kind, content in answer.get("content", {}).items():
            if kind in found.get("content", {}):
                yield from output_breaks(place, content["schema"], found["content"][kind]["schema"])
            else:
                yield f"{place.place} is no longer told as {kind}"


def _asyncapi(old: Document, new: Document) -> Iterator[str]:
    for name, operation in old["operations"].items():
        if name not in new["operations"]:
            yield f"the operation {name} is gone"
            continue
        found = new["operations"][name]
        compare = input_breaks if operation["action"] == "receive" else output_breaks
        yield from _messages(Spot(old, new, f"{name}, message"), operation, found, compare)
        replies = operation.get("reply", {}), found.get("reply", {})
        yield from _messages(Spot(old, new, f"{name}, reply"), *replies, output_breaks)


def _messages(spot: Spot, old: Document, new: Document, compare: Compare) -> Iterator[str]:
    known = {each["$ref"]: each for each in new.get("messages", [])}
    for reference in old.get("messages", []):
        name = reference["$ref"].rpartition("/")[2]
        place = Spot(spot.old, spot.new, f"{spot.place} {name}")
        if reference["$ref"] not in known:
            yield f"{place.place} is gone"
            continue
        message, found = resolved(spot.old, reference), resolved(spot.new, known[reference["$ref"]])
        yield from compare(place, message["payload"], found["payload"])
