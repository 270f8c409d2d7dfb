"""What becomes of each row of a file: a record is created or changed, or the row is skipped or rejected, and why.

A decision is a line of the plan: `{n, line, do, cells}` (the row from 0, where it begins in the file, what is to be
done), then `id`, `doc` (the record, or the patch of one), `version` and `back` (what is changed, and what leads back),
`code` and `why` (of what is not done), `warn` (`[[column, field, what was left out and why]]`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pydantic.alias_generators import to_camel

from openhouse.core.errors import Forbidden, Invalid, InvalidTransition, RequestError
from openhouse.core.merge_patch import Document, difference
from openhouse.core.principal import Principal
from openhouse.crm import changes
from openhouse.crm.changes import Change
from openhouse.crm.commit_builder import CommitBuilder
from openhouse.crm.module import Module
from openhouse.crm.record_items import Stored
from openhouse.importing.reader import Reader
from openhouse.importing.sameness import Facts, Found
from openhouse.importing.sameness import Records as KnownRecords
from openhouse.importing.tables import Row
from openhouse.tasks.imports.asked import ImportInput
from openhouse.tasks.imports.ids import record_id
from openhouse.tasks.imports.linking import Linker
from openhouse.tasks.imports.pages import Line
from openhouse.tasks.imports.people import People
from openhouse.tasks.imports.reasons import reason_of

Do = Literal["create", "update", "skip", "reject"]

WHOSE = frozenset({"ownerId", "teamId", "visibility", "archived"})


@dataclass
class Wanted:
    """A row on its way. `found`: what it may be already."""

    n: int
    row: Row
    document: Document
    has_owner: bool = False  # whom the file names
    warnings: list[tuple[str, str, str]] = field(default_factory=list)
    facts: Facts | None = None
    found: Found = field(default_factory=Found)
    change: Change | None = None
    line: Line | None = None  # once it is decided


@dataclass(frozen=True, kw_only=True)
class Decider:
    """`known`: what is there, and what rows before have brought. `number_column`: where the file has our numbers."""

    task_id: str
    module: Module
    principal: Principal
    asked: ImportInput
    reader: Reader
    people: People
    known: KnownRecords
    commit_builder: CommitBuilder
    read_stored: Any  # (ids) -> {id: Stored}
    number_column: int | None = None
    linker: Linker

    def decide(self, first: int, rows: Sequence[Row], now: datetime) -> list[Line]:
        """Of rows in a row, the first of which has this number. Writes nothing."""
        wanted = [self._read(first + place, row) for place, row in enumerate(rows)]
        changed = [each for each in wanted if each.line is None and self._is_changed(each, now)]
        stored = self.read_stored(sorted({each.found.same[0].id for each in changed})) if changed else {}
        for each in changed:
            self._plan_update(each, stored.get(each.found.same[0].id), now)
        self._judge(wanted, now)
        return [each.line for each in wanted if each.line is not None]

    def remember(self, line: Line) -> None:
        """What was decided before, for the rows that follow."""
        if line["do"] == "create":
            self.known.add(line["id"], self.facts(line["doc"], line["cells"]), line["line"])
            self.linker.remember(line)
        elif (known := self.known.by_id.get(line.get("id", ""))) and not known.line:
            known.line = line["line"]

    # A row as a document ----------------------------------------------------------------------------------------------

    def _read(self, n: int, row: Row) -> Wanted:
        wanted = Wanted(n, row, {})
        if row.fault:
            return self._reject(wanted, "faulty", row.fault)
        read = self.reader.read(row.cells)
        wanted.warnings += read.warnings
        wanted.document = read.document
        if read.rejected is not None:
            return self._reject(wanted, "invalid", read.rejected)
        if read.owner:
            self._name_owner(wanted, read.owner)
        wanted.facts = self.facts(wanted.document, row.cells)
        return wanted

    def _name_owner(self, wanted: Wanted, text: str) -> None:
        id_, why = self.people.owner(text)
        wanted.has_owner = id_ is not None
        if why:
            whose = "as you have chosen" if self._whose else "yours"
            wanted.warnings.append(("", "ownerId", f"{why}, so it is {whose}"))
        elif id_ and id_ != self.principal.user_id:
            wanted.document["ownerId"] = id_

    def facts(self, document: Document, cells: Sequence[str]) -> Facts:
        numbering = self.module.numbering
        if numbering and self.number_column is not None:
            document = {**document, to_camel(numbering.field): cells[self.number_column].strip()}
        return Facts.of_document(self.module, document)

    # What it is already -----------------------------------------------------------------------------------------------

    def _is_changed(self, wanted: Wanted, now: datetime) -> bool:
        """Whether a record that is there may be changed by this row; otherwise it is decided, or one is created."""
        assert wanted.facts is not None
        if self.asked.duplicates != "create":
            wanted.found = self.known.find(wanted.facts)
        if wanted.found.same:
            return not self._settle(wanted)
        self._plan_new(wanted, now)
        if wanted.line is None:
            self.known.add(record_id(self.task_id, wanted.n), wanted.facts, wanted.row.line)
        return False

    def _settle(self, wanted: Wanted) -> bool:
        """Of a row that is there already: whether there is nothing to be changed."""
        first = wanted.found.same[0]
        if first.line:
            self._skip(wanted, "duplicate", f"the file has it already, in line {first.line}", first.id)
        elif self.asked.duplicates == "skip":
            first.line = wanted.row.line
            self._skip(wanted, "duplicate", "it is there already", first.id)
        elif len(wanted.found.same) > 1:
            first.line = wanted.row.line
            self._skip(wanted, "several", f"it may be any of {len(wanted.found.same)} that are there", first.id)
        else:
            first.line = wanted.row.line
            return False
        return True

    # What is to be done -----------------------------------------------------------------------------------------------

    def _plan_new(self, wanted: Wanted, now: datetime) -> None:
        if not wanted.has_owner:
            wanted.document = {**wanted.document, **self._whose}
        for near in wanted.found.near:
            wanted.warnings.append(("", "", _near(near.line)))
        try:
            wanted.change = self._created(wanted, now)
        except RequestError as error:
            self._reject(wanted, "refused", reason_of(error))

    @property
    def _whose(self) -> Document:
        """Of a new record of which the file says nothing else."""
        id_ = self.asked.owner_id
        return {"ownerId": id_} if id_ and id_ != self.principal.user_id else {}

    def _created(self, wanted: Wanted, now: datetime) -> Change:
        id_ = record_id(self.task_id, wanted.n)
        try:
            return changes.create(self.module, self.principal, wanted.document, id_=id_, now=now)
        except Forbidden:
            if "ownerId" not in wanted.document:
                raise
            self._leave_out(wanted, "ownerId", "you may not give it to them, so it is yours")
            return changes.create(self.module, self.principal, wanted.document, id_=id_, now=now)

    def _plan_update(self, wanted: Wanted, before: Stored | None, now: datetime) -> None:
        if before is None:
            self._skip(wanted, "changed", "it has been deleted or moved just now", wanted.found.same[0].id)
            return
        record = before.record
        patch = _patch(record.wire(), wanted.document, only_empty=self.asked.update == "empty")
        try:
            change = self._updated(wanted, before, patch, now)
        except RequestError as error:
            self._skip(wanted, "refused", reason_of(error), record.id)
            return
        if change is None:
            self._skip(wanted, "same", "it is there already, and the file says nothing new", record.id)
        wanted.change = change
        wanted.document = patch

    def _updated(self, wanted: Wanted, before: Stored, patch: Document, now: datetime) -> Change | None:
        try:
            return changes.update(self.module, self.principal, before.record, patch, now=now)
        except InvalidTransition as error:
            patch.pop("status", None)
            wanted.warnings.append(("", "status", f"{error.message}: it stays as it is"))
            return changes.update(self.module, self.principal, before.record, patch, now=now)

    def _judge(self, wanted: Sequence[Wanted], now: datetime) -> None:
        """What a document names must be in reach; what is not is left out."""
        for attempt in range(2):
            some = [each for each in wanted if each.line is None and each.change is not None]
            judged = self.commit_builder.judge(self.principal, [each.change for each in some if each.change])
            faulty = [(each, one) for each, one in zip(some, judged, strict=True) if isinstance(one, Invalid)]
            for each, error in faulty:
                self._mend(each, error, now, last=attempt == 1)
            if not faulty:
                break
        for each in wanted:
            if each.line is None and each.change is not None:
                self._accept(each, each.change)

    def _mend(self, wanted: Wanted, error: Invalid, now: datetime, *, last: bool) -> None:
        named = {fault["field"].split(".")[0] for fault in error.extra["errors"]}
        if last or wanted.change is None or wanted.change.before or not named & wanted.document.keys():
            self._reject(wanted, "refused", reason_of(error))
            return
        for fault in error.extra["errors"]:
            self._leave_out(wanted, fault["field"].split(".")[0], fault["message"])
        try:
            wanted.change = self._created(wanted, now)
        except RequestError as refused:
            self._reject(wanted, "refused", reason_of(refused))

    # Decided ----------------------------------------------------------------------------------------------------------

    def _leave_out(self, wanted: Wanted, name: str, why: str) -> None:
        wanted.document = {field: value for field, value in wanted.document.items() if field != name}
        wanted.warnings.append(("", name, why))

    def _accept(self, wanted: Wanted, change: Change) -> None:
        before, after = change.before, change.after
        assert after is not None
        wanted.warnings += [("", to_camel(name), why) for name, why in self.module.warnings(after)]
        if before is None:
            whose = {name: value for name, value in wanted.document.items() if name in WHOSE}
            links = self.linker.links(wanted.n, wanted.row, whose, change.at)
            line = {**_beginning(wanted, "create"), "id": after.id, "doc": {**wanted.document, **links.fields}}
            wanted.line = {**line, "with": links.new} if links.new else line
            return
        back = difference(after.wire(), before.wire())
        back = {name: value for name, value in back.items() if name not in self.module.assigned}
        version = {"id": before.id, "version": before.version, "doc": wanted.document, "back": back}
        wanted.line = {**_beginning(wanted, "update"), **version}

    def _skip(self, wanted: Wanted, code: str, why: str, id_: str) -> None:
        wanted.line = {**_beginning(wanted, "skip"), "code": code, "why": why, "id": id_}

    def _reject(self, wanted: Wanted, code: str, why: str) -> Wanted:
        wanted.line = {**_beginning(wanted, "reject"), "code": code, "why": why}
        return wanted


def _beginning(wanted: Wanted, do: Do) -> Line:
    warned = {"warn": [list(one) for one in wanted.warnings]} if wanted.warnings else {}
    return {"n": wanted.n, "line": wanted.row.line, "do": do, "cells": list(wanted.row.cells), **warned}


def _near(line: int) -> str:
    where = f"line {line} of the file" if line else "a record that is there"
    return f"it has the same e-mail address, number or address as {where}, which is another one by its name"


def _patch(before: Document, document: Document, *, only_empty: bool) -> Document:
    """What a row says that the record does not: of what holds several, what is new."""
    return dict(_news(before, document, only_empty=only_empty))


def _news(before: Document, document: Document, *, only_empty: bool) -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        current = before.get(name)
        if only_empty and (current or current == 0 or name in WHOSE or name == "status"):
            continue
        if isinstance(value, dict) and isinstance(current, dict):
            known = {_text(each) for each in current.values() if each is not True}
            new = {key: each for key, each in value.items() if key not in current and _text(each) not in known}
            if new:
                yield name, new
        else:
            yield name, value


def _text(entry: Any) -> str:
    return str(entry.get("value", entry)).casefold() if isinstance(entry, dict) else ""
