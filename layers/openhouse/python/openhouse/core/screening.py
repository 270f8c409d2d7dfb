"""What is wrong with a document at first sight: names that its model does not declare, and maps that hold too much.

Faults come one by one, so that whoever needs the first few pays for no others. pydantic would list them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel

NO_SUCH_FIELD = "there is no such field"


@dataclass(frozen=True)
class _Map:
    """A field that is a map of things of one kind. `most`: how many it may hold; None if that is not limited."""

    of: _Kind | None
    most: int | None


_Kind = type[BaseModel] | _Map


def undeclared(model: type[BaseModel], document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The names in a document in wire form that the model does not declare, wherever they stand, with their values."""
    kinds = _kinds(model)
    for name, value in document.items():
        if name not in kinds:
            yield name, value
        elif isinstance(value, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in _undeclared_within(kinds[name], value))


def overfull(model: type[BaseModel], document: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The names of maps that hold too much, and how much they may."""
    for name, kind in _kinds(model).items():
        value = document.get(name)
        if isinstance(value, dict):
            yield from _overfull_within(name, kind, value)


def _undeclared_within(kind: _Kind | None, value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(kind, _Map):
        for id_, item in value.items() if kind.of else ():
            if isinstance(item, dict):
                yield from ((f"{id_}.{inner}", one) for inner, one in _undeclared_within(kind.of, item))
    elif kind:
        yield from undeclared(kind, value)


def _overfull_within(name: str, kind: _Kind | None, value: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    if not isinstance(kind, _Map):
        yield from ((f"{name}.{inner}", most) for inner, most in (overfull(kind, value) if kind else ()))
    elif kind.most is not None and len(value) > kind.most:
        yield name, kind.most
    else:
        for id_, item in value.items() if kind.of else ():
            if isinstance(item, dict):
                yield from _overfull_within(f"{name}.{id_}", kind.of, item)


@cache
def _kinds(model: type[BaseModel]) -> Mapping[str, _Kind | None]:
    """Of every field, by its name on the wire; None if it is neither a model nor a map."""
    return {info.alias or name: _kind(info.annotation, info.metadata) for name, info in model.model_fields.items()}


def _kind(annotation: Any, metadata: Iterable[Any] = ()) -> _Kind | None:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if origin is Annotated:
        inner, *more = arguments
        return _kind(inner, [each for one in more for each in getattr(one, "metadata", [one])])
    if origin is dict:
        limits = [one.max_length for one in metadata if hasattr(one, "max_length")]
        return _Map(_kind(arguments[1]), min(limits, default=None))
    return next((kind for kind in map(_kind, arguments) if kind), None)  # a union's; others have none
