"""Columns of JSON whose field here is a map of items (a timeline, checklists, links): read as they stand. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic.alias_generators import to_camel

from openhouse.crm.module import Module
from openhouse.importing.targets import targets_of

_NOT_SAID = frozenset({"ownerId", "teamId"})  # by columns of their own


def nested_fields(module: Module) -> frozenset[str]:
    """On the wire: what a client may write, and what no text of a cell fills."""
    others = {*targets_of(module), *module.assigned_at_first, *map(to_camel, module.assigned_at_first)}
    others |= {*map(to_camel, module.references)} | _NOT_SAID
    fields = frozenset(map(to_camel, module.model.model_fields)) - others
    return frozenset(name for name in fields if name.removesuffix("s") not in others)  # further e-mail addresses


def nested_of(cell: str) -> dict[str, Any]:
    """A list of items becomes a map of them, in their order. Raises ValueError of what is no JSON of that kind."""
    if not cell.strip():
        return {}
    found = _mapped(json.loads(cell))
    if not isinstance(found, dict):
        raise ValueError("it is neither a list nor an object")  # noqa: TRY004 - as json raises of what is no JSON
    return found


def _mapped(value: Any) -> Any:
    if isinstance(value, list):
        return {str(place): _mapped(_named(item)) for place, item in enumerate(value, 1)}
    if isinstance(value, Mapping):
        return {to_camel(str(name)): _mapped(item) for name, item in value.items()}
    return value


def _named(item: Any) -> Any:
    """Of links to pictures people keep the address alone."""
    return {"url": item} if isinstance(item, str) else item
