"""What an import compares its rows with: the records of its module that whoever imports can reach, as they are now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from openhouse.crm.module import Module
from openhouse.importing.sameness import Facts, Records
from openhouse.storage.keys import Item, RecordPlace, record_range
from openhouse.tasks.imports.ids import is_of
from openhouse.tasks.kind import Run

MOST_STRANGERS = 300  # that were added or changed meanwhile; of more, all records are read again
MOST_COMMITS = 500  # of a room that are looked at for that

Seen = Mapping[str, Any]  # by room, where its log ended: `{epoch, seq}`


def all_known(run: Run, module: Module) -> Records:
    """Reads them room by room: a unit for each 4 KB, and some hundred records in 50 ms."""
    known = Records(module)
    for room in run.principal.rooms:
        for item in run.tools.table.query(*record_range(room, module.noun)):
            _add(known, module, item)
    return known


def _add(known: Records, module: Module, item: Item) -> None:
    known.add(RecordPlace.of(item).id, Facts.of(module, item.get))


def seen_now(run: Run) -> dict[str, Any]:
    return run.tools.log.positions(run.principal.rooms)


class Strangers:
    """Records that somebody has added or changed since the rows were compared with all there were.

    `ids`: of those, as the cursor of the task keeps them; None: too many, or nobody knows.
    """

    def __init__(self, run: Run, module: Module) -> None:
        self._run = run
        self._module = module
        self._known: Records | None = None
        self._ids: list[str] | None = []

    def since(self, seen: Seen, ids: Sequence[str] | None) -> tuple[dict[str, Any], list[str] | None]:
        """What there is to see now, and whom it has brought beside those."""
        now = seen_now(self._run)
        news = [*ids] if ids is not None else None
        for room, position in now.items():
            if position == seen.get(room) or news is None:
                continue
            found = self._named(room, seen.get(room), position)
            news = None if found is None else [*dict.fromkeys([*news, *found])]
        if news is not None and len(news) > MOST_STRANGERS:
            news = None
        if news != self._ids:
            self._ids, self._known = news, None
        return now, news

    def known(self) -> Records:
        if self._known is None:
            self._known = self._read()
        return self._known

    def _read(self) -> Records:
        if self._ids is None:
            known = Records(self._module)
            for other in all_known(self._run, self._module).by_id.values():
                if not is_of(self._run.work.task_id, other.id):
                    known.add(other.id, other.facts)
            return known
        known = Records(self._module)
        found = self._run.tools.records.read_stored(self._module, self._run.principal, self._ids)
        for each in found.values():
            known.add(each.record.id, Facts.of(self._module, each.record.item().get))
        return known

    def _named(self, room: str, before: Any, now: Any) -> list[str] | None:
        """The records that commits tell of; None if some of these are gone, or too many."""
        if before is None or before["epoch"] != now["epoch"] or now["seq"] - before["seq"] > MOST_COMMITS:
            return None
        texts = self._run.tools.log.commits(room, before["seq"] + 1, now["seq"])
        if len(texts) < now["seq"] - before["seq"]:
            return None
        return [*_ids_in(texts, self._module, self._run.work.task_id)]


def _ids_in(commits: Iterable[str], module: Module, task_id: str) -> Iterator[str]:

    for text in commits:
        for event in json.loads(text)["events"]:
            id_ = event["data"].get(module.id_name)
            if event["type"].startswith(f"{module.noun}:") and id_ and not is_of(task_id, id_):
                yield id_
