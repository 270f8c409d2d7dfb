"""Lists of a module's records: newest first, merged over the caller's rooms.

Cost: a strongly consistent read of every record looked at, in each room up to one page more than needed.
A filtered list looks at no more than `LOOKED_AT` records per call; its page may be short, the cursor goes on.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge as merge_sorted
from typing import Any

from openhouse import ids, json_text
from openhouse.errors import BadParameter
from openhouse.module import Module
from openhouse.records import from_item
from openhouse.room_log import RoomLog
from openhouse.rooms import Principal
from openhouse.table import Item, Table, record_key

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
LOOKED_AT = 1_000
PAGE_BYTES = 4_000_000  # Lambda answers no more than 6 MB
LONGEST_CURSOR = 200


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list shall hold. None and empty mean: do not care."""

    limit: int = DEFAULT_LIMIT
    after: str | None = None  # the id of the last record looked at
    statuses: frozenset[str] = frozenset()
    archived: bool | None = None
    owner_id: str | None = None
    text: str = ""

    def matches(self, module: Module, item: Item) -> bool:
        return (
            (not self.statuses or item["status"] in self.statuses)
            and (self.archived is None or item["archived"] == self.archived)
            and (self.owner_id is None or item["owner_id"] == self.owner_id)
            and (not self.text or self._found_in(module, item))
        )

    def _found_in(self, module: Module, item: Item) -> bool:
        text = self.text.casefold()
        return any(text in str(item.get(name, "")).casefold() for name in module.searched)

    @property
    def filters(self) -> bool:
        return bool(self.statuses or self.text or self.owner_id) or self.archived is not None


class Lists:
    def __init__(self, table: Table, log: RoomLog) -> None:
        self._table = table
        self._log = log

    def page(self, module: Module, principal: Principal, wanted: Wanted) -> dict[str, Any]:
        """`{items, cursor, positions}`. Positions are read before the items: later commits are replayed, not lost."""
        positions = self._log.heads(principal.rooms)
        rooms = [self._newest_first(module, room, wanted) for room in principal.rooms]
        items: list[dict[str, Any]] = []
        size = 0
        last = None
        newest_first = merge_sorted(*rooms, key=lambda item: str(item["id"]), reverse=True)
        for looked_at, item in enumerate(newest_first):
            if len(items) == wanted.limit or looked_at == LOOKED_AT or size > PAGE_BYTES:
                break
            last = item["id"]
            if wanted.matches(module, item):
                items.append(from_item(module, item).wire())
                size += json_text.size(items[-1])
        else:
            last = None  # every room has been read to its end
        page: dict[str, Any] = {
            "items": items,
            "positions": {room: head.wire() for room, head in positions.items()},
        }
        return {**page, "cursor": encode_cursor(last)} if last else page

    def _newest_first(self, module: Module, room: str, wanted: Wanted) -> Iterator[Item]:
        low, high = record_key(room, module.noun, ""), record_key(room, module.noun, wanted.after or "~")
        page_size = MAX_LIMIT if wanted.filters else wanted.limit + 2
        found = self._table.query(low["pk"], low["sk"], high["sk"], backwards=True, page_size=page_size)
        return (item for item in found if item["id"] != wanted.after)


def encode_cursor(after: str) -> str:
    return base64.urlsafe_b64encode(json.dumps({"after": after}).encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> str:
    """Raises BadParameter for anything that `encode_cursor` did not make."""
    try:
        after = json.loads(base64.urlsafe_b64decode(cursor[:LONGEST_CURSOR] + "=" * (-len(cursor) % 4)))["after"]
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise BadParameter("the cursor is not one of ours; start again without it") from error
    if not isinstance(after, str) or not after.isascii() or not 0 < len(after) <= ids.MAX_LENGTH:
        raise BadParameter("the cursor is not one of ours; start again without it")
    return after
