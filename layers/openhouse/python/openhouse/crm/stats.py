"""The figures of rooms, kept up to date within the commits that change their records, and read for dashboards.

One item per room and module, with a version of its own: whoever holds version 7 applies the patch to 8, and nothing
else. Cost: a change that moves a figure reads and writes this one item more; reading takes one per room of the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

from openhouse.core.merge_patch import Document, difference
from openhouse.core.principal import Principal
from openhouse.crm import events, figures
from openhouse.crm.changes import Change
from openhouse.crm.module import Module
from openhouse.rooms.draft import Event
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.keys import stats_key
from openhouse.storage.table import Table, batches
from openhouse.storage.writes import Put, Write, at_version

Counted = dict[tuple[str, str], tuple[int, Document]]  # by room and noun: a version and figures


class Stats:
    """`parallel_map`: a `map`, such as that of a thread pool, for asking about many rooms at once."""

    def __init__(self, table: Table, log: RoomLog, *, parallel_map: Callable[..., Iterable[Any]] = map) -> None:
        self._table = table
        self._log = log
        self._parallel_map = parallel_map

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

    def of_changes(self, changes: Sequence[Change]) -> Counted:
        """The figures, as they are now, of all rooms whose figures these changes or some of them may move."""
        wanted = {(room, change.module.noun): change.module for change in changes for room in sorted(_rooms(change))}
        return self._of_rooms([(room, module) for (room, _), module in wanted.items()])

    def _of_rooms(self, wanted: Sequence[tuple[str, Module]]) -> Counted:
        """Version 0 and zeros where nothing was ever counted."""
        keys = {(room, module.noun): stats_key(room, module.noun) for room, module in wanted}
        items = chain.from_iterable(self._parallel_map(self._table.get_many, batches(list(keys.values()))))
        found = {(item["pk"], item["sk"]): item for item in items}
        answer: Counted = {}
        for room, module in wanted:
            key = keys[room, module.noun]
            item = found.get((key["pk"], key["sk"]))
            kept = figures.add(figures.zero(module), item["figures"] if item else {})
            answer[room, module.noun] = (item["version"] if item else 0, kept)
        return answer


def figure_updates(changes: Sequence[Change], counted: Counted) -> tuple[list[tuple[str, Event]], list[Write]]:
    """The events, by room, and the writes by which the rooms' figures follow these changes. Pure."""
    events_by_room: list[tuple[str, Event]] = []
    writes: list[Write] = []
    modules = {change.module.noun: change.module for change in changes}
    for (room, noun), (version, before) in counted.items():
        if (module := modules.get(noun)) is None:
            continue
        ours = [change for change in changes if change.module.noun == noun and room in _rooms(change)]
        nothing = figures.zero(module)
        added = figures.after_changes(module, nothing, ours, room)
        if added == nothing:
            continue
        after = figures.without_zeros(figures.add(before, added), nothing)
        events_by_room.append((room, events.counted(module, room, version + 1, difference(before, after))))
        item = {**stats_key(room, noun), "version": version + 1, "figures": after}
        writes.append(Put(item, at_version(version)))
    return events_by_room, writes


def _rooms(change: Change) -> set[str]:
    return {record.room for record in (change.before, change.after) if record}
