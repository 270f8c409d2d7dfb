"""Which column of a dumped table is what here: proposed, written into a file that people correct, and read from it.

Whatever an import could fill is proposed as an import would; what only another system's table has (its rows' ids, whose
they are, what they name) is known by its name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic.alias_generators import to_camel

from cli.migration.dumps import TEAMS
from cli.migration.nested import nested_fields
from deployed.terminal import CommandFailed
from openhouse.crm.module import Module
from openhouse.importing.mapping import Choice
from openhouse.importing.proposal import Proposal, propose
from openhouse.importing.targets import OWNER, targets_of

KEY, CREATED, DELETED, ACTIVE, TEAM = "key", "created", "deleted", "active", "team"
EMAIL, NAME, FIRST, LAST, ROLE, SUBJECT = "email", "name", "firstName", "lastName", "role", "subject"
OF_TEAMS = (KEY, NAME, DELETED)
OF_USERS = (KEY, EMAIL, NAME, FIRST, LAST, ROLE, TEAM, DELETED, ACTIVE)

# What columns are called, likeliest first, in snake_case.
_STRUCTURAL = {
    CREATED: ("created_at", "created_on", "created", "date_created", "inserted_at"),
    DELETED: ("deleted_at", "is_deleted", "deleted"),
    OWNER: ("owner_id", "agent_id", "assigned_to_id", "assigned_agent_id", "listing_agent_id", "user_id", "owner"),
    TEAM: ("team_id",),
    "archived": ("archived", "is_archived"),
    "visibility": ("visibility",),
}
_OF_PEOPLE = {
    EMAIL: ("email", "email_address"),
    NAME: ("name", "full_name", "display_name", "team_name"),
    FIRST: ("first_name",),
    LAST: ("last_name",),
    ROLE: ("role", "user_role"),
    TEAM: ("team_id",),
    DELETED: _STRUCTURAL[DELETED],
    ACTIVE: ("is_active", "active", "enabled"),
}


@dataclass(frozen=True)
class TableMapping:
    """`columns`: what each column is, nothing for one that is not moved. `words`: by column, what its words mean; ""
    for one that nobody has decided on, None for one that means nothing. `readings`: how a column's values are read, as
    in the mapping of an import. `constants`: fields that are the same in all rows; of users `subject`, the column that
    has what their tokens call them (`sub`), where another issuer than the deployment's own pool makes these.
    """

    file: str
    columns: Mapping[str, str | None]
    words: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    readings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    def column(self, role: str) -> str | None:
        return next((name for name, what in self.columns.items() if what == role), None)


@dataclass(frozen=True)
class MigrationMapping:
    """`source`: what the other system is called. Ids are made of it too, so two systems may come into one brokerage."""

    source: str
    tables: Mapping[str, TableMapping]

    @classmethod
    def load(cls, path: Path) -> MigrationMapping:
        """Raises CommandFailed."""
        try:
            document = json.loads(path.read_text())
            tables = {name: TableMapping(**table) for name, table in document["tables"].items()}
            return cls(str(document["source"]), tables)
        except OSError as error:
            raise CommandFailed(f"Cannot read {path}: {error.strerror}.") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CommandFailed(
                f"{path} is no mapping ({error}). Delete it, and --dry-run writes a new one."
            ) from error

    def save(self, path: Path) -> None:
        document = {"source": self.source, "tables": {name: vars(table) for name, table in self.tables.items()}}
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


# Proposing ------------------------------------------------------------------------------------------------------------


def proposed_people(name: str, file: str, columns: Sequence[str]) -> TableMapping:
    """Of `teams` or of `users`."""
    taken, known = OF_TEAMS if name == TEAMS else OF_USERS, {**_OF_PEOPLE, KEY: _keys_of(name, name.removesuffix("s"))}
    found = dict(_named(columns, {role: known[role] for role in taken if role in known}))
    return TableMapping(file, {column: found.get(column) for column in columns})


def proposed(module: Module, file: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> TableMapping:
    """Of the records of a module."""
    proposal = propose(columns, rows, module)
    known = {**_STRUCTURAL, **_references(module), **_nested(module), KEY: _keys_of(module.path, module.noun)}
    named = dict(_named(columns, known))
    taken = {*named.values()}
    found: dict[str, str | None] = {}
    words: dict[str, dict[str, str | None]] = {}
    for column in proposal.columns:
        sure = column.target if column.target not in taken else None
        found[column.name] = named.get(column.name) or sure or _number_of(module, column.name)
        if column.name not in named and sure and column.unknown_words:
            words[column.name] = {word: _meaning(module, sure, word) for word in column.unknown_words}
    return TableMapping(file, found, words)


def decided(module: Module, mapping: TableMapping, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Proposal:
    """What the rows show, for a reader that follows the mapping. Raises CommandFailed of a mapping that cannot be."""
    allowed = {*targets_of(module), *_STRUCTURAL, *_references(module), *_nested(module), KEY}
    for column, what in mapping.columns.items():
        if what is not None and what not in allowed:
            raise CommandFailed(f"{module.path}: {column} cannot be {what}; there are {', '.join(sorted(allowed))}.")
    if mapping.column(KEY) is None:
        raise CommandFailed(f"{module.path}: no column is the key, by which rows are known when it is run again.")
    return propose(columns, rows, module)


def choices(module: Module, mapping: TableMapping, columns: Sequence[str]) -> dict[int, Choice]:
    """Of every column, so that nothing is filled that the mapping does not say."""
    others = {*_STRUCTURAL, *_references(module), *_nested(module), KEY} - {"archived", "visibility"}
    found: dict[int, Choice] = {}
    for index, column in enumerate(columns):
        target = mapping.columns.get(column)
        words = {word: meant for word, meant in mapping.words.get(column, {}).items() if meant != ""}
        taken = target if target not in others else None
        found[index] = Choice(taken, mapping.readings.get(column, {}) if taken else {}, words if taken else {})
    return found


def _keys_of(path: str, noun: str) -> tuple[str, ...]:
    return ("id", f"{noun}_id", f"{path}_id", "uuid")


def _references(module: Module) -> dict[str, tuple[str, ...]]:
    """By the field on the wire: `clientIds` is also filled by a column `client_id`."""
    found: dict[str, tuple[str, ...]] = {}
    for name in module.references:
        one = name.removesuffix("_ids")
        found[to_camel(name)] = (name, f"{one}_id", f"{one}s") if name.endswith("_ids") else (name,)
    return found


def _nested(module: Module) -> dict[str, tuple[str, ...]]:
    return {name: (snake(name),) for name in nested_fields(module)}


def _named(columns: Sequence[str], known: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Columns by what they are called, each role once."""
    plain = {snake(column): column for column in reversed(columns)}
    for role, names in known.items():
        if column := next((plain[name] for name in names if name in plain), None):
            yield column, role


def snake(name: str) -> str:
    return re.sub(r"[\W_]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)).strip("_").lower()


def _number_of(module: Module, column: str) -> str | None:
    """Numbers are given anew here: the former one stays findable in the notes."""
    numbering = module.numbering
    return to_camel(module.notes[0]) if numbering and module.notes and snake(column) == numbering.field else None


def _meaning(module: Module, target: str, word: str) -> str | None:
    """Nothing begins as what only converting makes: it becomes what it was before. All else is undecided."""
    conversion = module.conversion
    if target == "status" and conversion and word.casefold() == conversion.status:
        return next(status for status, next_ in module.transitions.items() if conversion.status in next_)
    return ""
