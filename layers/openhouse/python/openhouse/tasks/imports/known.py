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

    Their ids are in the cursor of the task; None: too many, or nobody knows. Then all records are read once a step.
    """

    def __init__(self, run: Run, module: Module) -> None:
        self._run = run
        self._module = module
        self._known: Records | None = None

    def since(self, seen: Seen, ids: Sequence[str] | None) -> tuple[dict[str, Any], list[str] | None]:
        """What there is to see now, and whom it has brought beside those."""
        now = seen_now(self._run)
        found = self._between(seen, now)
        if found is None:
            self._known = None  # there may be any
            return now, None
        if self._known is not None:
            self._add(self._known, found)
        if ids is None:
            return now, None
        news = [*dict.fromkeys([*ids, *found])]
        if len(news) > MOST_STRANGERS:
            return now, None
        if self._known is None:
            self._known = Records(self._module)
            self._add(self._known, news)
        return now, news

    def known(self) -> Records:
        if self._known is None:
            self._known = Records(self._module)
            for other in all_known(self._run, self._module).by_id.values():
                if not is_of(self._run.work.task_id, other.id):
                    self._known.add(other.id, other.facts)
        return self._known

    def _add(self, known: Records, ids: Sequence[str]) -> None:
        found = self._run.tools.records.read_stored(self._module, self._run.principal, ids) if ids else {}
        for each in found.values():
            known.add(each.record.id, Facts.of(self._module, each.record.item().get))

    def _between(self, seen: Seen, now: Mapping[str, Any]) -> list[str] | None:
        found: list[str] = []
        for room, position in now.items():
            if position != seen.get(room):
                named = self._named(room, seen.get(room), position)
                if named is None:
                    return None
                found += named
        return found

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
