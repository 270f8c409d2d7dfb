"""All documents of the contract as the texts that are committed, and what stands between those and the code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from contractgen.access import access_page
from contractgen.asyncapi import asyncapi
from contractgen.breaking import breaking_changes
from contractgen.event_schema import event_schema
from contractgen.fields import field_tables, list_tables
from contractgen.lifecycle import modules_of
from contractgen.openapi import openapi
from contractgen.search_vectors import search_vectors
from contractgen.typescript import typescript
from deployed.terminal import CommandFailed
from openhouse.rooms.entity import Entity

ACCESS = Path("docs/access.md")
OPENAPI, ASYNCAPI = Path("docs/openapi.json"), Path("docs/asyncapi.json")
EVENTS, TYPES = Path("docs/events.schema.json"), Path("web/client/src/contract.ts")
FIELDS, LISTED = Path("web/client/src/fields.ts"), Path("web/client/src/listed.ts")
PREVIOUS = Path("docs/previous")  # what clients that are at work were made by
VECTORS = Path("docs/search-vectors.json")

_MADE: dict[Path, Callable[[Sequence[Entity]], dict[str, Any]]] = {
    OPENAPI: openapi,
    ASYNCAPI: asyncapi,
    EVENTS: event_schema,
    VECTORS: search_vectors,
}


def contract(entities: Sequence[Entity], root: Path, *, check: bool) -> dict[Path, str]:
    """All documents by their paths, written, or compared with the committed ones. Raises CommandFailed."""
    made = documents(entities)
    refuse_breaking(made, root)
    (refuse_difference if check else write)(made, root)
    return made


def documents(entities: Sequence[Entity]) -> dict[Path, str]:
    """By their paths in the repository."""
    made = {path: _text(path, tuple(entities)) for path in _MADE}
    modules = modules_of(entities)
    of_modules = {FIELDS: field_tables(modules), LISTED: list_tables(modules), ACCESS: access_page(modules)}
    return {**made, TYPES: typescript(entities), **of_modules}


def refuse_breaking(made: dict[Path, str], root: Path) -> None:
    """Raises CommandFailed, naming what breaks clients of the committed documents or of the previous ones, unless the
    version says that it may: by its major part, or of previous documents before 1.0.0 by its minor part.

    Committed documents of major version 0 were never released: they may break.
    """
    broken: list[str] = []
    for path in (OPENAPI, ASYNCAPI):
        new = json.loads(made[path])
        committed, previous = _read(root / path), _read(root / PREVIOUS / path.name)
        if committed and 0 < _version(committed)[0] >= _version(new)[0]:
            broken += breaking_changes(committed, new)
        if previous and not _may_break(previous, new):
            broken += breaking_changes(previous, new)
    if broken:
        named = "\n".join(f"  {change}" for change in dict.fromkeys(broken))
        raise CommandFailed(
            f"This breaks clients:\n{named}\n"
            "Add beside what is there, or raise the major part of CONTRACT_VERSION in openhouse/contract/registry.py."
        )


def keep_as_previous(root: Path) -> list[Path]:
    """The committed documents become those that the next ones may not break. Returns where they are. For a release."""
    (root / PREVIOUS).mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copy(root / path, root / PREVIOUS / path.name)) for path in (OPENAPI, ASYNCAPI)]


def refuse_difference(made: dict[Path, str], root: Path) -> None:
    """Raises CommandFailed if a committed document is not what the code says."""
    for path, text in made.items():
        if not (root / path).exists() or (root / path).read_text() != text:
            raise CommandFailed(f"{path} is not what the code says: run make contract")


def write(made: dict[Path, str], root: Path) -> None:
    for path, text in made.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


@cache  # the same entities always make the same
def _text(path: Path, entities: tuple[Entity, ...]) -> str:
    return json.dumps(_MADE[path](entities), ensure_ascii=False, indent=2) + "\n"


def _read(path: Path) -> dict[str, Any] | None:
    return dict(json.loads(path.read_text())) if path.exists() else None


def _may_break(old: dict[str, Any], new: dict[str, Any]) -> bool:
    before, after = _version(old), _version(new)
    return after[0] > before[0] or (before[0] == after[0] == 0 and after[1] > before[1])


def _version(document: dict[str, Any]) -> tuple[int, ...]:
    return tuple(map(int, document["info"]["version"].split(".")))
