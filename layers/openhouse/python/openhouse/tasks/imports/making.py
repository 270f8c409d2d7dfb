"""From lines of a plan to changes of records, as far as they can be made by now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from openhouse.core.errors import Invalid, Locked, RequestError
from openhouse.core.json_text import size
from openhouse.core.text import quoted
from openhouse.crm import changes
from openhouse.crm.changes import Change
from openhouse.crm.module import Module
from openhouse.crm.record_items import Stored
from openhouse.crm.records import ANYTHING
from openhouse.importing.sameness import Facts, Records
from openhouse.rooms.draft import BATCHED_COMMIT_BYTES
from openhouse.tasks.imports.linking import without_links
from openhouse.tasks.imports.pages import WRITTEN, Line
from openhouse.tasks.imports.reasons import reason_of
from openhouse.tasks.kind import Run

AT_ONCE = 40  # rows of a part: of most modules a transaction has room for half of them
_SHOWN = 200

_WORDS = {
    "changed": "somebody has changed it since the preview",
    "gone": "it was deleted or moved since the preview",
    "locked": "somebody is at work on it",
    "duplicate": "somebody has added it since the preview",
    "large": "it is too large to be written",
}


@dataclass(frozen=True)
class Failed:
    """Why a row is not written after all."""

    code: str
    why: str

    @classmethod
    def of(cls, code: str) -> Failed:
        return cls(code, _WORDS[code])


@dataclass
class Row:
    """`beside`: the records that it links, which are made with it."""

    line: Line
    change: Change | None = None
    failed: Failed | None = None
    beside: list[Change] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        return [*self.beside, self.change] if self.change else []


def rows_of(run: Run, module: Module, lines: Sequence[Line], others: Records | None, now: datetime) -> list[Row]:
    """The next rows, with what is to be written of them. `others`: what somebody has added since the preview."""
    rows = [Row(line) for line in _next_few(lines)]
    wanted = [row.line["id"] for row in rows if row.line["do"] == "update"]
    stored = run.tools.records.read_stored(module, run.principal, wanted) if wanted else {}
    for row in rows:
        if row.line["do"] in WRITTEN:
            made = _change(run, module, row.line, stored, others, now)
            row.change, row.failed = (None, made) if isinstance(made, Failed) else (made, None)
            if row.change:
                row.beside = [*_beside(run, row.line, now)]
    unlinked = [row for row in _judged(run, rows) if _unlink(run, module, row, now)]
    _judged(run, unlinked)
    return rows


def _beside(run: Run, line: Line, now: datetime) -> Iterator[Change]:
    """Raises nothing that the row's own change has not raised: it has the same owner, in the same room."""
    for new in line.get("with", ()):
        yield changes.create(run.module(new["noun"]), run.principal, new["doc"], id_=new["id"], now=now)


def _judged(run: Run, rows: Sequence[Row]) -> list[Row]:
    """The others are guarded by what they rely on; those that cannot be written have failed."""
    changing = [row for row in rows if row.change]
    judged = iter(run.tools.commit_builder.judge(run.principal, [each for row in changing for each in row.changes]))
    faulty: list[Row] = []
    for row in changing:
        found = list(islice(judged, len(row.changes)))
        guarded = [each for each in found if isinstance(each, Change)]
        if len(guarded) == len(found):
            *row.beside, row.change = guarded
            continue
        row.beside, row.change = [], None
        row.failed = next(_refused(each) for each in found if isinstance(each, Invalid))
        faulty.append(row)
    return faulty


def _unlink(run: Run, module: Module, row: Row, now: datetime) -> bool:
    """What a row's record names may be gone by now: then it is made without. Whether there was anything of it."""
    line = row.line
    alone = without_links(module, line["doc"])
    if line["do"] != "create" or alone.keys() == line["doc"].keys():
        return False
    row.failed, row.change = None, changes.create(module, run.principal, alone, id_=line["id"], now=now)
    return True


def _next_few(lines: Sequence[Line]) -> Sequence[Line]:
    """As many as a transaction may have room for; those of which nothing is written take none."""
    count = bytes_ = 0
    for place, line in enumerate(lines):
        if line["do"] not in WRITTEN:
            continue
        count, bytes_ = count + 1, bytes_ + size([line["doc"], line.get("with", ())])
        if count > AT_ONCE or (count > 1 and bytes_ > BATCHED_COMMIT_BYTES):
            return lines[:place]
    return lines


def _change(
    run: Run, module: Module, line: Line, stored: Mapping[str, Stored], others: Records | None, now: datetime
) -> Change | Failed:
    try:
        if line["do"] == "update":
            return _update(run, module, line, stored.get(line["id"]), now)
        if others and others.find(Facts.of_document(module, line["doc"])).same:
            return Failed.of("duplicate")
        return changes.create(module, run.principal, line["doc"], id_=line["id"], now=now)
    except Locked:
        return Failed.of("locked")
    except RequestError as error:
        return _refused(error)


def _update(run: Run, module: Module, line: Line, found: Stored | None, now: datetime) -> Change | Failed:
    """Raises Locked, and others that keep it from being written."""
    if found is None:
        return Failed.of("gone")
    if found.record.version != line["version"]:
        return Failed.of("changed")
    ANYTHING.check(run.principal, found, now)
    change = changes.update(module, run.principal, found.record, line["doc"], now=now)
    return found.changed_by(change) if change else Failed.of("changed")


def _refused(error: RequestError) -> Failed:
    return Failed("refused", quoted(reason_of(error), _SHOWN))
