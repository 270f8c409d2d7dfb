"""What in a new schema breaks clients of the old one, by the direction in which the value goes. Pure.

What clients send (input): everything that was taken must still be taken. What they receive (output): everything that
they could rely on must still hold. By policy they ignore fields, members of enumerations, and members of unions that a
constant tells apart (events), if they do not know them: those may be added to what they receive.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

Document = dict[str, Any]
Schema = dict[str, Any]
Compare = Callable[["Spot", Schema, Schema], list[str]]

_LOWERED = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")  # narrower, the lower they are
_RAISED = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_CHANGED = ("pattern", "format", "multipleOf", "uniqueItems")


@dataclass(frozen=True)
class Spot:
    """A place in both documents. `path`: within a body, an answer or a message."""

    old: Document
    new: Document
    place: str
    path: str = ""

    def within(self, step: str) -> Spot:
        """Of a field, or of what is in brackets: `[]` any item of a list, `[*]` of a map, `[tag]` of a union."""
        if step.startswith("["):
            return replace(self, path=self.path.removesuffix("[]") + step)
        return replace(self, path=f"{self.path}.{step}".lstrip("."))

    def says(self, what: str) -> str:
        return f"{self.place}: `{self.path}` {what}" if self.path else f"{self.place} {what}"


def input_breaks(spot: Spot, old: Schema, new: Schema) -> list[str]:
    """Of something that clients send."""
    olds, news = _choices(spot.old, old), _choices(spot.new, new)
    found: list[str] = []
    for taken in olds:
        fitting = _alike(taken, [choice for choice in news if _holds(choice, taken)])
        if not fitting:
            found.append(spot.says(f"no longer takes {_kind(taken)}"))
        found += _fewest(_narrowed(spot, taken, choice) for choice in fitting)
    return found


def output_breaks(spot: Spot, old: Schema, new: Schema) -> list[str]:
    """Of something that clients receive."""
    olds, news = _choices(spot.old, old), _choices(spot.new, new)
    if tag := _tag(spot, olds, news):
        return list(_tagged_breaks(spot, tag, olds, news))
    found: list[str] = []
    for choice in news:
        fitting = _alike(choice, [old for old in olds if _holds(old, choice)])
        if not fitting:
            found.append(spot.says(f"may be {_kind(choice)} now"))
        found += _fewest(_loosened(spot, old, choice) for old in fitting)
    return found


def resolved(document: Document, value: Any) -> Any:
    """What a reference leads to, with what stands beside it."""
    while isinstance(value, dict) and "$ref" in value:
        target: Any = document
        for step in value["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        value = {**target, **{key: each for key, each in value.items() if key != "$ref"}}
    return value


def _narrowed(spot: Spot, old: Schema, new: Schema) -> list[str]:
    """Of values of one type that clients send."""
    found = [*_values(spot, old, new, "no longer takes {}"), *_limits(spot, old, new), *_changes(spot, old, new)]
    if "values" in new and "values" not in old:
        found.append(spot.says(f"takes only {_listed(new['values'])} now"))
    found += [spot.within(name).says("is required now") for name in new["required"] if name not in old["required"]]
    if new.get("additionalProperties") is False:
        if old.get("additionalProperties") is not False:
            found.append(spot.says("no longer takes fields that are not declared"))
        found += [
            spot.within(name).says("is no longer taken") for name in old["properties"] if name not in new["properties"]
        ]
    return found + _inner(spot, old, new, input_breaks)


def _loosened(spot: Spot, old: Schema, new: Schema) -> list[str]:
    """Of values of one type that clients receive."""
    found = [*_values(spot, old, new, "is never {} any more"), *_formats(spot, old, new)]
    found += [spot.within(name).says("is gone") for name in old["properties"] if name not in new["properties"]]
    found += [
        spot.within(name).says("may be absent now")
        for name in old["required"]
        if name in new["properties"] and name not in new["required"]
    ]
    return found + _inner(spot, old, new, output_breaks)


def _inner(spot: Spot, old: Schema, new: Schema, compare: Compare) -> list[str]:
    found: list[str] = []
    for name, schema in old["properties"].items():
        if name in new["properties"]:
            found += compare(spot.within(name), schema, new["properties"][name])
    for key, step in (("items", "[]"), ("additionalProperties", "[*]")):
        if isinstance(old.get(key), dict) and isinstance(new.get(key), dict):
            found += compare(spot.within(step), old[key], new[key])
    return found


def _values(spot: Spot, old: Schema, new: Schema, says: str) -> list[str]:
    if "values" not in old or "values" not in new:
        return []
    gone = [value for value in old["values"] if value not in new["values"]]
    return [spot.says(says.format(_listed(gone)))] if gone else []


def _limits(spot: Spot, old: Schema, new: Schema) -> Iterator[str]:
    for keys, narrower in ((_LOWERED, operator.lt), (_RAISED, operator.gt)):
        for key in keys:
            if key in new and (key not in old or narrower(new[key], old[key])):
                yield spot.says(f"has the {key} {new[key]} now, and had {old.get(key, 'none')}")


def _changes(spot: Spot, old: Schema, new: Schema) -> Iterator[str]:
    for key in _CHANGED:
        if key in new and new[key] != old.get(key):
            yield spot.says(f"has the {key} {new[key]} now, and had {old.get(key, 'none')}")


def _formats(spot: Spot, old: Schema, new: Schema) -> Iterator[str]:
    if "format" in old and new.get("format") != old["format"]:
        yield spot.says(f"was a {old['format']}, and is {new.get('format', 'any text')} now")


def _choices(document: Document, schema: Any) -> list[Schema]:
    """The schema as a union of schemas of one type; `values` are what `const` or `enum` lists."""
    schema = _flat(document, schema)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            rest = {name: value for name, value in schema.items() if name not in (key, "title")}
            return [found for choice in schema[key] for found in _choices(document, {"allOf": [rest, choice]})]
    types = schema.get("type")
    if isinstance(types, list):
        return [found for each in types for found in _choices(document, {**schema, "type": each})]
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    listed = {} if values is None else {"values": values}
    return [{"properties": {}, "required": [], **schema, **listed}]


def _flat(document: Document, schema: Any) -> Schema:
    """Without references and `allOf`."""
    schema = resolved(document, {} if schema is True else schema)
    parts = [_flat(document, part) for part in schema.get("allOf", [])]
    return reduce(_both, parts, {key: value for key, value in schema.items() if key != "allOf"})


def _both(one: Schema, other: Schema) -> Schema:
    properties = dict(one.get("properties", {}))
    for name, schema in other.get("properties", {}).items():
        properties[name] = {"allOf": [properties[name], schema]} if name in properties else schema
    required = list(dict.fromkeys([*one.get("required", []), *other.get("required", [])]))
    merged = {**other, **one, "properties": properties, "required": required}
    if "enum" in one and "enum" in other:
        merged["enum"] = [value for value in one["enum"] if value in other["enum"]]
    return merged


def _holds(wide: Schema, narrow: Schema) -> bool:
    """Whether every value of the one's type is one of the other's type."""
    types = (wide.get("type"), narrow.get("type"))
    return types[0] in (None, types[1]) or types == ("number", "integer")


def _alike(schema: Schema, choices: Sequence[Schema]) -> Sequence[Schema]:
    """Those of the same name, else all."""
    same = [choice for choice in choices if "title" in schema and choice.get("title") == schema["title"]]
    return same or choices


def _fewest(ways: Iterable[list[str]]) -> list[str]:
    return min(ways, key=len, default=[])


def _tag(spot: Spot, olds: Sequence[Schema], news: Sequence[Schema]) -> str | None:
    """The property whose constant tells all members of both unions apart."""
    if len(olds) < 2 or not news:
        return None
    for name in olds[0]["properties"]:
        before = [_constant(spot.old, choice, name) for choice in olds]
        now = [_constant(spot.new, choice, name) for choice in news]
        if all(None not in tags and len(set(tags)) == len(tags) for tags in (before, now)):
            return str(name)
    return None


def _constant(document: Document, schema: Schema, name: str) -> Any:
    return resolved(document, schema["properties"].get(name, {})).get("const")


def _tagged_breaks(spot: Spot, tag: str, olds: Sequence[Schema], news: Sequence[Schema]) -> Iterator[str]:
    known = {_constant(spot.new, choice, tag): choice for choice in news}
    for choice in olds:
        name = _constant(spot.old, choice, tag)
        if name in known:
            yield from _loosened(spot.within(f"[{name}]"), choice, known[name])
        else:
            yield spot.says(f"is never `{name}` any more")


def _kind(schema: Schema) -> str:
    return str(schema.get("type", "anything"))


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(f"`{value}`" for value in values)
