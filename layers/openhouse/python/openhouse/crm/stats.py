"""The figures of rooms, kept up to date within the commits that change their records, and read for dashboards.

One item per room and module, with a version of its own: whoever holds version 7 applies the patch to 8, and nothing
else. Cost: a change that moves a figure reads and writes this one item more; reading takes one per room of the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openhouse.core.merge_patch import Document, difference
from openhouse.core.principal import Principal
from openhouse.crm import events, figures
from openhouse.crm.changes import Change
from openhouse.crm.module import Module
from openhouse.rooms.room_log import Event, RoomLog
from openhouse.storage.keys import stats_key
from openhouse.storage.table import Table
from openhouse.storage.writes import ABSENT, Put, Write, equals


class Stats:
    def __init__(self, table: Table, log: RoomLog) -> None:
        self._table = table
        self._log = log

    def read(self, module: Module, principal: Principal) -> dict[str, Any]:
        """`{total, rooms: {room: {version, ...figures}}, positions}`. Positions are read first, as for a list."""
        positions = self._log.positions(principal.rooms)
        rooms = self._of_rooms([(room, module) for room in principal.rooms])
        total = figures.zero(module)
        for _, found in rooms.values():
            total = figures.add(total, found)
        return {
            "total": total,
            "rooms": {room: {"version": version, **found} for (room, _), (version, found) in rooms.items()},
            "positions": positions,
        }

    def updates(self, changes: Sequence[Change]) -> tuple[list[tuple[str, Event]], list[Write]]:
        """The events, by room, and the writes by which the rooms' figures follow these changes."""
        modules = {change.module.noun: change.module for change in changes}
        added: dict[tuple[str, str], Document] = {}  # by room and noun
        for noun, module in modules.items():
            ours = [change for change in changes if change.module.noun == noun]
            rooms = {record.room for change in ours for record in (change.before, change.after) if record}
            nothing = figures.zero(module)
            moved = {room: figures.after_changes(module, nothing, ours, room) for room in sorted(rooms)}
            added |= {(room, noun): more for room, more in moved.items() if more != nothing}
        events_by_room: list[tuple[str, Event]] = []
        writes: list[Write] = []
        for (room, noun), (version, before) in self._of_rooms([(room, modules[noun]) for room, noun in added]).items():
            module = modules[noun]
            after = figures.without_zeros(figures.add(before, added[room, noun]), figures.zero(module))
            events_by_room.append((room, events.counted(module, room, version + 1, difference(before, after))))
            item = {**stats_key(room, noun), "version": version + 1, "figures": after}
            writes.append(Put(item, equals(version=version) if version else ABSENT))
        return events_by_room, writes

    def _of_rooms(self, wanted: Sequence[tuple[str, Module]]) -> dict[tuple[str, str], tuple[int, Document]]:
        """Versions and figures by room and noun; version 0 and zeros where nothing was ever counted."""
        keys = {(room, module.noun): stats_key(room, module.noun) for room, module in wanted}
        found = {(item["pk"], item["sk"]): item for item in self._table.get_many(list(keys.values()))}
        answer: dict[tuple[str, str], tuple[int, Document]] = {}
        for room, module in wanted:
            key = keys[room, module.noun]
            item = found.get((key["pk"], key["sk"]))
            kept = figures.add(figures.zero(module), item["figures"] if item else {})
            answer[room, module.noun] = (item["version"] if item else 0, kept)
        return answer
