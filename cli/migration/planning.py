"""What the rows of one module's table become: records with ids of their own, whose references lead to records here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pydantic.alias_generators import to_camel

from cli.migration import mapping as roles
from cli.migration.dumps import Dump, cells_of, elements
from cli.migration.ids import UNDATED, as_uuid, created_of, id_of
from cli.migration.mapping import TableMapping, choices, decided
from cli.migration.nested import nested_fields, nested_of
from cli.migration.people import People
from cli.migration.tables import Moved, is_deleted
from cli.rows import Row
from deployed.terminal import CommandFailed
from openhouse.core.errors import Invalid, RequestError
from openhouse.core.principal import Principal
from openhouse.crm import changes
from openhouse.crm.changes import Change
from openhouse.crm.module import USER, Module
from openhouse.identity.directory import User
from openhouse.importing.reader import Reader
from openhouse.importing.targets import OWNER, Kind, targets_of

_SEVERAL = frozenset({Kind.TAGS, Kind.EMAIL, Kind.PHONE})


@dataclass(frozen=True)
class Planned:
    """A record to be. `by`: its owner, who is taken for its author, as nobody is to be told of what was theirs."""

    row: Row
    key: str
    id: str
    module: Module
    document: Mapping[str, Any]
    by: Principal
    created: datetime

    def change(self, now: datetime) -> Change:
        """Raises RequestError."""
        made = changes.create(self.module, self.by, {**self.document}, id_=self.id, now=now)
        if self.created == UNDATED or made.after is None:
            return made
        return replace(made, after=made.after.model_copy(update={"created_at": min(self.created, now)}))


@dataclass
class Known:
    """What tables before this one have come to: ids and rooms by the key, for each noun."""

    records: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)


@dataclass
class Planner:
    """Of one table. `fallback`: whose the records are whose owner nobody knows."""

    module: Module
    mapping: TableMapping
    source: str
    people: People
    known: Known
    every_team: Sequence[str]
    fallback: User | None
    now: datetime
    time_zone: str | None

    def plan(self, dump: Dump) -> tuple[Moved, list[Planned]]:
        """Raises CommandFailed of a mapping that cannot be."""
        moved, planned = Moved.of(dump), list[Planned]()
        reader = self._reader(dump)
        own = self.known.records.setdefault(self.module.noun, {})
        for row in dump.rows:
            cells = cells_of(dump, row)
            key = as_uuid(cells.get(self.mapping.column(roles.KEY) or "", ""))
            if moved.leaves_out(row, key, deleted=is_deleted(self.mapping, cells)):
                continue
            try:
                one, room = self._planned(dump.columns, row, key, cells, reader, moved)
            except RequestError as error:
                moved.reject(row, key, reason_of(error))
            except ValueError as error:
                moved.reject(row, key, str(error))
            else:
                own[key] = one.id, room
                planned.append(one)
        return moved, planned

    def _reader(self, dump: Dump) -> Reader:
        rows = [row.cells for row in dump.rows if not row.fault]
        proposal = decided(self.module, self.mapping, dump.columns, rows)
        try:
            mapped = proposal.decide(choices(self.module, self.mapping, dump.columns), self.mapping.constants)
            return Reader.of(mapped, self.module, this_year=self.now.year, time_zone=self.time_zone)
        except ValueError as error:
            raise CommandFailed(f"{self.module.path}: {error}.") from error

    def _written_out(self, column: str, cell: str) -> str:
        """An array as people write several values into one cell."""
        target = targets_of(self.module).get(self.mapping.columns.get(column) or "")
        several = target is not None and target.kind in _SEVERAL and cell[:1] in ("{", "[")
        return "; ".join(elements(cell)) if several else cell

    def _planned(
        self, columns: Sequence[str], row: Row, key: str, cells: Mapping[str, str], reader: Reader, moved: Moved
    ) -> tuple[Planned, str]:
        """With its room. Raises RequestError, or ValueError with why the row is no record."""
        read = reader.read([self._written_out(name, cell) for name, cell in zip(columns, row.cells, strict=False)])
        for column, name, reason in read.warnings:
            moved.warn(row.line, key, f"{column or name}: {reason}")
        if read.rejected:
            raise ValueError(read.rejected)
        by = self._owner(cells, row, key, moved)
        document = {**read.document, **self._team(cells, by)}
        document |= self._references(cells, by, row, key, moved) | self._nested(cells, row, key, moved)
        created = created_of(cells.get(self.mapping.column(roles.CREATED) or "", ""))
        id_ = id_of(self.people.brokerage_id, f"{self.source}/{self.module.noun}", key, created)
        return self._tried(Planned(row, key, id_, self.module, document, by, created), moved)

    def _tried(self, one: Planned, moved: Moved) -> tuple[Planned, str]:
        """With its room; without those maps of items that are refused. Raises RequestError of all else."""
        while True:
            try:
                change = one.change(self.now)
            except Invalid as invalid:
                faults = [fault["field"].partition(".")[0] for fault in invalid.extra["errors"]]
                refused = nested_fields(self.module).intersection(faults) & one.document.keys()
                if not refused:
                    raise
                moved.warn(one.row.line, one.key, f"left out: {reason_of(invalid)}")
                kept = {name: value for name, value in one.document.items() if name not in refused}
                one = replace(one, document=kept)
            else:
                assert change.after is not None
                return one, change.after.room

    def _nested(self, cells: Mapping[str, str], row: Row, key: str, moved: Moved) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in sorted(nested_fields(self.module)):
            try:
                items = nested_of(cells.get(self.mapping.column(name) or "", ""))
            except ValueError as error:
                moved.warn(row.line, key, f"{name}: {error}")
            else:
                found |= {name: items} if items else {}
        return found

    def _owner(self, cells: Mapping[str, str], row: Row, key: str, moved: Moved) -> Principal:
        """Raises ValueError if there is nobody to own it."""
        named = cells.get(self.mapping.column(OWNER) or "", "").strip()
        user = self.people.user(named) if named else None
        if user is None and named:
            moved.warn(row.line, key, f"its owner {named} is nobody who is moved")
        if user is None and self.fallback is None:
            raise ValueError("it has no owner here: --owner names whose such records become")
        return self.people.principal(user or self.fallback, self.every_team)  # type: ignore[arg-type]

    def _team(self, cells: Mapping[str, str], by: Principal) -> dict[str, str]:
        """Raises ValueError of one that is not its owner's."""
        named = cells.get(self.mapping.column(roles.TEAM) or "", "").strip()
        if not named:
            return {}
        team_id = self.people.teams.get(as_uuid(named))
        if team_id is None:
            raise ValueError(f"its team {named} is none of those that are moved")
        if team_id not in by.team_ids:
            raise ValueError(f"its owner {by.email} is not in its team {named}")
        return {"teamId": team_id}

    def _references(self, cells: Mapping[str, str], by: Principal, row: Row, key: str, moved: Moved) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, noun in self.module.references.items():
            cell = cells.get(self.mapping.column(to_camel(name)) or "", "")
            ids = [id_ for one in elements(cell) if (id_ := self._named(noun, one, by, row, key, moved))]
            if ids:
                found[to_camel(name)] = dict.fromkeys(ids, True) if name.endswith("_ids") else ids[0]
        return found

    def _named(self, noun: str, named: str, by: Principal, row: Row, key: str, moved: Moved) -> str | None:
        """The id here of what a row names; nothing of what its owner could not name either."""
        if noun == USER:
            if user := self.people.user(named):
                return user.user_id
            moved.warn(row.line, key, f"it names the user {named}, who is nobody here")
            return None
        id_, room = self.known.records.get(noun, {}).get(as_uuid(named), (None, ""))
        if id_ is None:
            moved.warn(row.line, key, f"it names the {noun} {named}, which is not moved")
        elif room not in by.rooms:
            moved.warn(row.line, key, f"it names the {noun} {named}, which its owner {by.email} could not see")
            return None
        return id_


def reason_of(error: RequestError) -> str:
    """In words."""
    details = [f"{fault['field']}: {fault['message']}" for fault in error.extra.get("errors", [])]
    return "; ".join(details) or error.message
