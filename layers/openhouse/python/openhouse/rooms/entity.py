"""What a room holds in versions and tells of by events: the least that records and every other live state declare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openhouse.core.json_text import size
from openhouse.core.merge_patch import Document
from openhouse.core.wire import Wire
from openhouse.rooms.draft import Event

MAX_EVENT_BYTES = 30_000  # API Gateway bills a frame per 32 KB and a commit must fit into one


class Versioned(Wire):
    """What every record and every live state has. Absent optional fields are left out, never null."""

    id: str
    version: int
    room: str

    def wire(self) -> dict[str, Any]:
        """The JSON document a client sees."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def item(self) -> dict[str, Any]:
        """The attributes the table keeps: the same document under snake_case names."""
        return self.model_dump(mode="json", exclude_none=True)


@dataclass(frozen=True, kw_only=True, eq=False)
class Entity:
    """`example`: a new one's own fields in wire form."""

    noun: str  # names the events and the keys
    path: str  # the plural in the URL
    model: type[Versioned]
    example: Document

    @property
    def id_name(self) -> str:
        """How events name its id."""
        return f"{self.noun}Id"

    def event(self, verb: str, id_: str, version: int, by: str, content: Document) -> Event:
        """An oversized one says `ref: true` instead of its content; the client fetches what it is about."""
        data: dict[str, Any] = {self.id_name: id_, "version": version, "updatedBy": by}
        event = {"type": f"{self.noun}:{verb}", "data": {**data, **content}}
        if size(event) <= MAX_EVENT_BYTES:
            return event
        return {**event, "data": {**data, "ref": True}}
