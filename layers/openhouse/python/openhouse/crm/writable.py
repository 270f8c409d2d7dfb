"""What a client's document may say of a record: what the server assigns, what must stay, what is not there at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic.alias_generators import to_camel

from openhouse.core.errors import invalid
from openhouse.core.merge_patch import Document, blanks_as_null, same
from openhouse.core.wire import Wire
from openhouse.crm.module import ABOUT_THE_CALLER, NON_NULLABLE, Module, Record

_NON_NULLABLE = sorted(map(to_camel, NON_NULLABLE))


def writable(module: Module, document: Document, before: Record | None = None) -> Document:
    """The part of a document, or of a merge patch of `before`, that can be merged; an empty text is a null in it.

    In a patch the server's own fields may stand as they are, and what answers say of the caller is ignored: many clients
    send back all that they were answered. Raises Invalid.
    """
    present = before.wire() if before else {}
    named = module.assigned & document.keys()
    if changed := sorted(name for name in named if name not in present or not same(document[name], present[name])):
        raise invalid(*((name, "is assigned by the server") for name in changed))
    ignored = named.union(ABOUT_THE_CALLER) if before else named
    patch = blanks_as_null({name: value for name, value in document.items() if name not in ignored})
    _refuse_removal(module, patch)
    return patch


def _refuse_removal(module: Module, patch: Document) -> None:
    """Of what a record must have, and of what it cannot have: merging would make nothing of a null there."""
    if removed := [name for name in _NON_NULLABLE if name in patch and patch[name] is None]:
        raise invalid(*((name, "cannot be removed") for name in removed))
    if unknown := list(_unknown(module.model, patch)):
        raise invalid(*((name, "there is no such field") for name in unknown))


def _unknown(model: type[Wire], patch: Document) -> Iterator[str]:
    """Names under a null that the model does not declare."""
    fields = {info.alias: info.annotation for info in model.model_fields.values()}
    for name, value in patch.items():
        if value is None and name not in fields:
            yield name
        elif isinstance(value, dict):
            yield from (f"{name}.{inner}" for inner in _unknown_within(fields.get(name), value))


def _unknown_within(kind: Any, patch: Document) -> Iterator[str]:
    if isinstance(kind, type) and issubclass(kind, Wire):
        yield from _unknown(kind, patch)
    elif get_origin(kind) is dict:
        item = get_args(kind)[1]
        for id_, value in patch.items():
            if isinstance(value, dict):
                yield from (f"{id_}.{inner}" for inner in _unknown_within(item, value))
