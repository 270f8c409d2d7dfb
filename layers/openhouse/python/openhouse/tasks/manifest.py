"""What a phase of a task notes for those after it: pages of rows, written in the transactions of its parts.

The undoing of a task reads what its writing has noted, and so knows what every record was before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from openhouse.core import clock
from openhouse.core.json_text import compact
from openhouse.core.merge_patch import Document
from openhouse.storage.keys import manifest_key, manifest_range
from openhouse.storage.table import Table
from openhouse.storage.writes import ABSENT, Put
from openhouse.tasks.task import WAITS
from openhouse.tasks.work import KEPT


class Manifest:
    """Of one task."""

    def __init__(self, table: Table, room: str, task_id: str) -> None:
        self._table = table
        self._room = room
        self._task_id = task_id

    def page(self, phase: str, number: int, rows: Sequence[Document], now: datetime) -> Put:
        """To be written with what it is about. The part that notes a page says which: so none is noted twice."""
        key = manifest_key(self._room, self._task_id, phase, number)
        return Put({**key, "rows": compact([*rows]), "ttl": clock.seconds(now + WAITS + KEPT)}, ABSENT)

    def pages(self, phase: str) -> Iterator[list[Document]]:
        """In their order."""
        items = self._table.query(*manifest_range(self._room, self._task_id, phase))
        return (json.loads(item["rows"]) for item in items)

    def rows(self, phase: str, number: int = 0) -> list[Document]:
        """Of one page; none if it was not noted."""
        item = self._table.get(manifest_key(self._room, self._task_id, phase, number))
        rows: list[Document] = json.loads(item["rows"]) if item else []
        return rows
