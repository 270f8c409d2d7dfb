"""Which column of a file becomes which field: decided as the import does, and said at the terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cli.rows import Row
from deployed.terminal import CommandFailed, say
from openhouse.crm.module import Module
from openhouse.importing.mapping import Choice
from openhouse.importing.proposal import Proposal, propose
from openhouse.importing.reader import Reader
from openhouse.importing.targets import OWNER, target_named


def reader_of(
    path: Path,
    names: Sequence[str],
    rows: Sequence[Row],
    module: Module,
    chosen: Mapping[str, str],
    *,
    constants: Mapping[str, str] | None = None,
    time_zone: str | None = None,
) -> Reader:
    """Says which column becomes which field. Raises CommandFailed."""
    proposal = propose(names, (row.cells for row in rows if not row.fault), module)
    try:
        same = {target_named(name, module): value for name, value in (constants or {}).items()}
        mapping = proposal.decide(_choices(proposal, chosen), same)
    except ValueError as error:
        raise CommandFailed(f"{path}: {error}.") from error
    mapped = [f"{column.name} -> {column.target}" for column in mapping.columns if column.target]
    if not mapped:
        raise CommandFailed(
            f"{path}: none of its columns ({', '.join(names)}) is a field of {module.path}. "
            "Is its first line a header? If so, name fields with --map COLUMN=FIELD."
        )
    say("Columns: " + ", ".join(mapped))
    left = [one for one, column in zip(proposal.columns, mapping.columns, strict=True) if not column.target]
    if ignored := [one.name for one in left if not one.candidates]:
        say("Ignored: " + ", ".join(ignored))
    if suggested := [f"{one.name} (may be {', '.join(one.candidates)})" for one in left if one.candidates]:
        say("Not used, unless --map says so: " + ", ".join(suggested))
    say(*(f"{one.name}: {one.remark}" for one in proposal.columns if one.remark))
    return Reader.of(mapping, module, this_year=datetime.now(UTC).year, time_zone=time_zone)


def _choices(proposal: Proposal, chosen: Mapping[str, str]) -> dict[int, Choice]:
    """By the place of the columns that are called so, whatever the case, spaces and signs. Raises ValueError."""
    owners = [index for index, column in enumerate(proposal.columns) if column.target == OWNER]
    found = dict.fromkeys(owners, Choice(None))
    for name, wanted in chosen.items():
        places = [index for index, column in enumerate(proposal.columns) if _plain(column.name) == _plain(name)]
        if not places:
            raise ValueError(f"there is no column {name}; there are {', '.join(one.name for one in proposal.columns)}")
        target = target_named(wanted, proposal.module)
        if target == OWNER:
            raise ValueError("load gives no records to others: they are whose who loads them")
        found |= dict.fromkeys(places, Choice(target))
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()
