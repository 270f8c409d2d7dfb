"""What a client's document may say of a record: what the server assigns, what must stay, what is not there at all."""

from __future__ import annotations

from pydantic.alias_generators import to_camel

from openhouse.core.errors import invalid
from openhouse.core.merge_patch import Document, blanks_as_null, same
from openhouse.core.screening import NO_SUCH_FIELD, undeclared
from openhouse.core.wire import refuse_many_undeclared
from openhouse.crm.fields import StoredFile
from openhouse.crm.module import ABOUT_THE_CALLER, NON_NULLABLE, Module, Record

_NON_NULLABLE = sorted(map(to_camel, NON_NULLABLE))


def writable(module: Module, document: Document, before: Record | None = None) -> Document:
    """The part of a document, or of a merge patch of `before`, that can be merged; an empty text is a null in it.

    In a patch the server's own fields may stand as they are, and what answers say of the caller is ignored: many
    clients send back all that they were answered. Raises Invalid.
    """
    refuse_many_undeclared(module.model, document)
    present = before.wire() if before else {}
    assigned = module.assigned if before else frozenset(map(to_camel, module.assigned_at_first))
    named = assigned & document.keys()
    if changed := sorted(name for name in named if name not in present or not same(document[name], present[name])):
        raise invalid(*((name, "is assigned by the server") for name in changed))
    ignored = named.union(ABOUT_THE_CALLER) if before else named
    patch = blanks_as_null({name: value for name, value in document.items() if name not in ignored})
    _refuse_made_up_files(module, patch, present)
    _refuse_removal(module, patch)
    return patch


def _refuse_removal(module: Module, patch: Document) -> None:
    """Of what a record must have, and of what it cannot have: merging would make nothing of a null there."""
    if removed := [name for name in _NON_NULLABLE if name in patch and patch[name] is None]:
        raise invalid(*((name, "cannot be removed") for name in removed))
    if unknown := [name for name, value in undeclared(module.model, patch) if value is None]:
        raise invalid(*((name, NO_SUCH_FIELD) for name in unknown))


def _refuse_made_up_files(module: Module, patch: Document, present: Document) -> None:
    """A file is there once it was uploaded, and what is known of it is not for anybody to say."""
    wrong: list[tuple[str, str]] = []
    for field in map(to_camel, module.holds_files):
        sent, known = patch.get(field), present.get(field, {})
        for id_, entry in sent.items() if isinstance(sent, dict) else ():
            if entry is not None and id_ not in known:
                wrong.append((f"{field}.{id_}", "is no file of this record: POST /files adds one"))
            elif isinstance(entry, dict):
                said = StoredFile.assigned & entry.keys()
                changed = sorted(name for name in said if not same(entry[name], known[id_][name]))
                wrong += [(f"{field}.{id_}.{name}", "is assigned by the server") for name in changed]
    if wrong:
        raise invalid(*wrong)
