"""The events that commits carry. Pure: each builder returns `{type, data}` in wire form (camelCase JSON).

One change of one record is one event, named by the most specific verb, so a client applies it once.
"""

from __future__ import annotations

from typing import Literal

from openhouse.core.merge_patch import Document, difference
from openhouse.crm.module import Module, Record
from openhouse.rooms.draft import Event


def created(module: Module, record: Record, *, by: str) -> Event:
    return module.event("created", record.id, record.version, by, {module.noun: record.wire()})


def changed(module: Module, before: Record, after: Record, *, by: str) -> Event:
    """`changes` is the merge patch from the one to the other."""
    patch = difference(before.wire(), after.wire())
    return module.event(verb(module, before, after), after.id, after.version, by, {"changes": patch})


def deleted(module: Module, record: Record, version: int, *, by: str, reason: Literal["deleted", "moved"]) -> Event:
    """`moved`: the record left this room and was created in another, under the same version."""
    return module.event("deleted", record.id, version, by, {"reason": reason})


def counted(module: Module, room: str, version: int, changes: Document) -> Event:
    """The room's figures have changed. `changes`: a merge patch from those of `version - 1`."""
    return {"type": f"{module.noun}:stats", "data": {"room": room, "version": version, "changes": changes}}


def verb(module: Module, before: Record, after: Record) -> str:
    """What the change is called: by its most specific word."""
    if before.status != after.status and after.status in module.verbs:
        return module.verbs[after.status]
    if before.archived != after.archived:
        return "archived" if after.archived else "restored"
    return "updated"
