"""What a room holds in versions and tells of by events: the least that records and every other live state declare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openhouse.core.json_text import size
from openhouse.core.merge_patch import Document
from openhouse.core.wire import Wire
from openhouse.rooms.draft import Event

MAX_EVENT_BYTES = 30_000  # API Gateway bills a frame per 32 KB and a commit must fit into one


@dataclass(frozen=True, kw_only=True, eq=False)
class Entity:
    """`example`: a new one's own fields in wire form."""

    noun: str  # names the events and the keys
    path: str  # the plural in the URL
    model: type[Wire]
    example: Document

    @property
    def id_name(self) -> str:
        """How events name its id."""
        return f"{self.noun}Id"

    def event(self, verb: str, id_: str, version: int, content: Document) -> Event:
        """An oversized one says `ref: true` instead of its content; the client fetches what it is about."""
        data: dict[str, Any] = {self.id_name: id_, "version": version}
        event = {"type": f"{self.noun}:{verb}", "data": {**data, **content}}
        if size(event) <= MAX_EVENT_BYTES:
            return event
        by = {name: content[name] for name in ("updatedBy",) if name in content}
        return {**event, "data": {**data, **by, "ref": True}}
