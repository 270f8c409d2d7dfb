"""What is in the table, and what a client makes of a room's log that it reads from the beginning. They are the same."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from openhouse.core.merge_patch import Document, merge
from openhouse.crm import figures
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.crm.record_items import from_item
from openhouse.crm.stats import figures_apart, figures_in
from openhouse.rooms.head import Head
from openhouse.storage.table import from_stream
from tests.functional.conftest import World
from tests.functional.logs import events


class Counted(NamedTuple):
    version: int
    figures: Document


class Copy:
    """A client's copy of a room, kept by merge patches alone. Each event must be the one after what it is about."""

    def __init__(self, world: World, room: str) -> None:
        self.records: dict[str, dict[str, Document]] = {module.noun: {} for module in MODULES}  # by noun and id
        self.figures = {module.noun: Counted(0, figures.zero(module)) for module in MODULES}
        for event in events(world, room):
            noun, _, verb = event["type"].partition(":")
            data = event["data"]
            if verb == "stats":
                before = self.figures[noun]
                assert (data["room"], data["version"]) == (room, before.version + 1)
                self.figures[noun] = Counted(data["version"], merge(before.figures, data["changes"]))
            elif f"{noun}Id" in data and noun in self.records:  # of what else is told here, others keep copies
                self._apply(self.records[noun], noun, verb, data)

    def _apply(self, known: dict[str, Document], noun: str, verb: str, data: Document) -> None:
        id_ = data[f"{noun}Id"]
        if verb == "created":
            assert id_ not in known
            known[id_] = data[noun]
        else:
            assert known[id_]["version"] == data["version"] - 1
            before = known.pop(id_)
            if verb != "deleted":
                known[id_] = merge(before, data["changes"])


class Truth:
    """The table as it is now."""

    def __init__(self, world: World) -> None:
        modules = {module.noun: module for module in MODULES}
        self._records = defaultdict(list)
        self._figures: dict[tuple[str, str], Counted] = {}
        self.rooms: list[str] = []
        for item in map(from_stream, world.items()):
            kind, _, room = item["pk"].partition("#")
            if kind == "R":
                if module := modules.get(item["sk"].partition("#")[0]):  # what is deleted lies under another noun
                    self._records[room, module.noun].append(from_item(module, item))
            elif kind == "S":
                apart = figures_apart(item, modules[item["sk"]])
                self._figures[room, item["sk"]] = Counted(apart.version, apart.document)
            elif item["sk"] == "HEAD":
                self.rooms.append(room)
                for module in MODULES:
                    kept = figures_in(Head.of(item).kept, module)
                    if kept.version:
                        self._figures[room, module.noun] = Counted(kept.version, kept.document)

    def records(self, module: Module, room: str) -> dict[str, Document]:
        return {record.id: record.wire() for record in self._records[room, module.noun]}

    def figures(self, module: Module, room: str) -> Counted:
        """As they are kept."""
        return self._figures.get((room, module.noun), Counted(0, figures.zero(module)))

    def recount(self, module: Module, *rooms: str) -> Document:
        """The figures of the records that are there."""
        total = figures.zero(module)
        for room in rooms:
            for record in self._records[room, module.noun]:
                total = figures.add(total, figures.contribution(module, record))
        return figures.without_zeros(total, figures.zero(module))
