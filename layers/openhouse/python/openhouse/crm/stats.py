"""The figures of rooms, kept up to date within the commits that change their records, and read for dashboards.

Those of one room and module have a version of their own: whoever holds version 7 applies the patch to 8, nothing else.
They lie in the room's HEAD, which every commit reads and writes anyway, for as long as that stays under a kilobyte: the
figures of a module that would not fit any more move to an item of their own, for good, and cost what an item costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from openhouse.core import json_text
from openhouse.core.merge_patch import Document, difference
from openhouse.core.principal import Principal
from openhouse.crm import events, figures
from openhouse.crm.changes import Change
from openhouse.crm.module import Module
from openhouse.rooms.draft import Event
from openhouse.rooms.head import Head
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.keys import Item, stats_key
from openhouse.storage.table import Table, batches
from openhouse.storage.writes import ABSENT, Put, Write, at_version

# As JSON, of all that a HEAD keeps: DynamoDB counts seven tenths of it, and 60 bytes for what else is in the item.
MOST_IN_HEAD = 1_200


@dataclass(frozen=True)
class Figures:
    """`apart`: they lie in an item of their own."""

    version: int
    document: Document
    apart: bool = False


@dataclass(frozen=True)
class Counted:
    """The figures of these heads, by room and noun."""

    heads: Mapping[str, Head]
    figures: Mapping[tuple[str, str], Figures]


@dataclass(frozen=True)
class FigureUpdates:
    """Events by room, what the rooms' HEADs keep from now on, and writes of what lies apart."""

    events: list[tuple[str, Event]] = field(default_factory=list)
    kept: dict[str, Item] = field(default_factory=dict)
    writes: list[Write] = field(default_factory=list)


class Stats:
    """`parallel_map`: a `map`, such as that of a thread pool, for asking about many rooms at once."""

    def __init__(self, table: Table, log: RoomLog, *, parallel_map: Callable[..., Iterable[Any]] = map) -> None:
        self._table = table
        self._log = log
        self._parallel_map = parallel_map

    def read(self, module: Module, principal: Principal) -> dict[str, Any]:
        """`{total, rooms: {room: {version, ...figures}}, positions}`. What is older than a position is counted."""
        counted = self._of_rooms([(room, module) for room in principal.rooms])
        total = figures.zero(module)
        for found in counted.figures.values():
            total = figures.add(total, found.document)
        return {
            "total": total,
            "rooms": {
                room: {"version": found.version, **found.document} for (room, _), found in counted.figures.items()
            },
            "positions": {room: head.position.wire() for room, head in counted.heads.items()},
        }

    def of_changes(self, changes: Sequence[Change]) -> Counted:
        """The figures, as they are now, of all rooms whose figures these changes or some of them may move."""
        wanted = {(room, change.module.noun): change.module for change in changes for room in sorted(_rooms(change))}
        return self._of_rooms([(room, module) for (room, _), module in wanted.items()])

    def _of_rooms(self, wanted: Sequence[tuple[str, Module]]) -> Counted:
        """Version 0 and zeros where nothing was ever counted."""
        heads = self._log.whole_heads(list(dict.fromkeys(room for room, _ in wanted)))
        inside = {(room, module.noun): figures_in(heads[room].kept, module) for room, module in wanted}
        apart = [stats_key(*where) for where, found in inside.items() if found.apart]
        read = chain.from_iterable(self._parallel_map(self._table.get_many, batches(apart)))
        items = {(item["pk"], item["sk"]): item for item in read}
        answer: dict[tuple[str, str], Figures] = {}
        for room, module in wanted:
            key = stats_key(room, module.noun)
            found = inside[room, module.noun]
            item = items.get((key["pk"], key["sk"])) if found.apart else None
            answer[room, module.noun] = figures_apart(item, module) if item else found
        return Counted(heads, answer)


def figures_in(kept: Mapping[str, Any], module: Module) -> Figures:
    """Those that a HEAD keeps; or none yet, but that they are apart."""
    held = kept.get(_name(module.noun))
    if held is None:
        return Figures(0, figures.zero(module))
    return Figures(held.get("version", 0), _whole(module, held.get("figures", {})), apart="version" not in held)


def figures_apart(item: Item, module: Module) -> Figures:
    return Figures(item["version"], _whole(module, item["figures"]), apart=True)


def figure_updates(changes: Sequence[Change], counted: Counted) -> FigureUpdates:
    """How the rooms' figures follow these changes. Pure."""
    updates = FigureUpdates()
    modules = {change.module.noun: change.module for change in changes}
    for (room, noun), before in counted.figures.items():
        if (module := modules.get(noun)) is None:
            continue
        ours = [change for change in changes if change.module.noun == noun and room in _rooms(change)]
        nothing = figures.zero(module)
        added = figures.after_changes(module, nothing, ours, room)
        if added == nothing:
            continue
        after = figures.without_zeros(figures.add(before.document, added), nothing)
        patch = difference(before.document, after)
        updates.events.append((room, events.counted(module, room, before.version + 1, patch)))
        held = {"version": before.version + 1, "figures": figures.without_zeros(after, {})}
        kept = {**counted.heads[room].kept, **updates.kept.get(room, {}), _name(noun): held}
        if not before.apart and json_text.size(kept) <= MOST_IN_HEAD:
            updates.kept.setdefault(room, {})[_name(noun)] = held
            continue
        if not before.apart:
            updates.kept.setdefault(room, {})[_name(noun)] = {"apart": True}
        unchanged = at_version(before.version) if before.apart else ABSENT
        updates.writes.append(Put({**stats_key(room, noun), **held}, unchanged))
    return updates


def _name(noun: str) -> str:
    """Of the attribute that holds a module's figures in a HEAD."""
    return f"figures_{noun}"


def _whole(module: Module, document: Document) -> Document:
    """Zeros are not kept."""
    return figures.add(figures.zero(module), document)


def _rooms(change: Change) -> set[str]:
    return {record.room for record in (change.before, change.after) if record}
