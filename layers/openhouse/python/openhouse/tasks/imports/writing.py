"""The second phase of an import: writes what was planned, in order, as many rows at a time as one transaction holds.

Of each page of the plan the manifest notes what did not go as planned: with the plan it is what undoing goes by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from openhouse.core.merge_patch import Document
from openhouse.crm.module import Module
from openhouse.rooms.draft import Draft, largest_that_fits
from openhouse.rooms.head import Head
from openhouse.rooms.position import Position
from openhouse.storage.writes import Write
from openhouse.tasks.imports import report
from openhouse.tasks.imports.asked import asked_of, module_of
from openhouse.tasks.imports.known import Strangers
from openhouse.tasks.imports.making import Failed, Row, rows_of
from openhouse.tasks.imports.pages import WRITTEN, Line, noted_of, pages_of, phase_of
from openhouse.tasks.imports.reasons import is_told, is_warned
from openhouse.tasks.kind import ROOM_FOR_PROGRESS, Progress, Run


@dataclass
class _Memo:
    module: Module
    compared: bool
    strangers: Strangers
    page: int = -1
    digest: str = ""
    lines: Sequence[Line] = ()


@dataclass
class _Outcome:
    """`failed`: by row, what was planned to be written and was not."""

    counts: Counter[str] = field(default_factory=Counter)
    failed: dict[str, list[str]] = field(default_factory=dict)
    written: int = 0  # or failed: what was to be written is done

    def note(self, row: Row) -> None:
        line = row.line
        self.written += line["do"] in WRITTEN
        if row.failed:
            self.failed[str(line["n"])] = [row.failed.code, row.failed.why]
            # What the plan made of it is no record, or not what was read: either way nothing is written.
            ending = "rejected" if row.failed.code in ("refused", "large") and line["do"] == "create" else "skipped"
            self.counts[ending] += 1
            self.counts["warned"] += ending == "skipped" and row.failed.code != "duplicate"
            self.counts["duplicates"] += row.failed.code == "duplicate"
            return
        self.counts["linked"] += len(row.beside)
        self.counts[_ENDINGS[line["do"]]] += 1
        self.counts["duplicates"] += line["do"] == "skip" and line["code"] == "duplicate"
        self.counts["warned"] += is_warned(line) and line["do"] != "reject"


_ENDINGS = {"create": "created", "update": "updated", "skip": "skipped", "reject": "rejected"}
NUMBERS = ("created", "updated", "skipped", "rejected", "warned", "duplicates", "linked")


def write(run: Run, now: datetime) -> Draft[Progress]:
    memo: _Memo | None = run.memo.get("write")
    if memo is None:
        asked = asked_of(run.input)
        module = module_of(asked)
        memo = run.memo["write"] = _Memo(module, asked.duplicates != "create", Strangers(run, module))
    cursor = run.cursor
    if cursor["page"] >= cursor["pages"]:
        return _end(run, memo.module, now)
    _turn_to(run, memo, cursor["page"])
    seen, strangers = cursor["seen"], cursor["strangers"]
    if memo.compared:
        seen, strangers = memo.strangers.since(seen, strangers)
    cursor = {**cursor, "seen": seen, "strangers": strangers}
    others = memo.strangers.known() if strangers is None or strangers else None
    rows = rows_of(run, memo.module, memo.lines[cursor["row"] :], others, now)
    while True:
        drafted = _drafted(run, memo, cursor, rows, now)
        if drafted.is_possible and drafted.leaves_room(ROOM_FOR_PROGRESS):
            return drafted
        first = next(row for row in rows if row.change)
        first.change, first.failed = None, Failed.of("large")


def _turn_to(run: Run, memo: _Memo, page: int) -> None:
    if memo.page == page:
        return
    (noted,) = run.manifest.rows(phase_of("plan", run.cursor["plan"]), page)
    memo.page, memo.digest = page, noted["digest"]
    memo.lines = pages_of(run).read(memo.digest)


# Parts ----------------------------------------------------------------------------------------------------------------


def _drafted(run: Run, memo: _Memo, cursor: Document, rows: Sequence[Row], now: datetime) -> Draft[Progress]:
    """Of as many of the rows as fit into one transaction."""
    wanted = [change for row in rows for change in row.changes]
    if not wanted:
        return Draft(*_progress(run, memo, cursor, rows, now))
    prepared = run.tools.commit_builder.prepare(run.principal, wanted, now)
    changing = [row for row in rows if row.change]

    def draft_of(count: int) -> Draft[Progress]:
        some = _first(rows, count)
        first = sum(len(row.changes) for row in changing[:count])
        after = {**cursor, "seen": _seen_after(cursor["seen"], prepared.counted.heads, some)}
        progress, _, writes = _progress(run, memo, after, some, now)
        return prepared.draft(progress, *writes, first=first)

    return largest_that_fits(draft_of, len(changing), room_for=ROOM_FOR_PROGRESS)


def _seen_after(seen: Document, heads: Mapping[str, Head], rows: Sequence[Row]) -> Document:
    """What this part adds to the logs is no news. Where somebody was in between it is looked at, with theirs."""
    new = [change.after for row in rows for change in row.changes if not change.before]
    rooms = {record.room for record in new if record}
    ours = {
        room: heads[room].position for room in rooms if room in heads and heads[room].position.wire() == seen.get(room)
    }
    return {**seen, **{room: Position(at.epoch, at.seq + 1).wire() for room, at in ours.items()}}


def _first(rows: Sequence[Row], count: int) -> Sequence[Row]:
    """Those before the change that is the next after so many."""
    for place, row in enumerate(rows):
        if row.change:
            count -= 1
        if count < 0:
            return rows[:place]
    return rows


def _progress(
    run: Run, memo: _Memo, cursor: Document, rows: Sequence[Row], now: datetime
) -> tuple[Progress, dict[str, list[Document]], list[Write]]:
    outcome = _Outcome()
    for row in rows:
        outcome.note(row)
    failed = {**cursor.get("failed", {}), **outcome.failed}
    row, done = cursor["row"] + len(rows), run.work.done + outcome.written
    writes: list[Write] = []
    if row < len(memo.lines):
        following = {**cursor, "row": row, "failed": failed}
    else:
        noted = {
            **noted_of(memo.digest, memo.lines, failed),
            "told": any(map(is_told, memo.lines)) or bool(failed),
        }
        writes.append(run.manifest.page("write", cursor["page"], [noted], now))
        following = {**cursor, "page": cursor["page"] + 1, "row": 0, "failed": {}}
    total = cursor["planned"]
    verb = "Updating" if any(row.line["do"] == "update" for row in rows[-1:]) else "Creating"
    message = f"{verb} {memo.module.noun} {min(done + 1, total)}/{total}..." if done < total else "Finishing..."
    counted = {name: count for name, count in outcome.counts.items() if count}
    return Progress(cursor=following, done=done, total=total, message=message, counted=counted), {}, writes


def _end(run: Run, module: Module, now: datetime) -> Draft[Progress]:
    """The result, with a file of what a person should look at."""
    told, writes = report.written(run, now)
    counts = run.work.counts
    result: Document = {name: counts.get(name, 0) for name in NUMBERS}
    imported = result["created"] + result["updated"]
    message = f"Imported {imported:,} {module.noun if imported == 1 else module.path}!"
    total = run.cursor["planned"]
    progress = Progress(
        cursor=run.cursor, done=total, total=total, message=message, ended={**result, "module": module.noun, **told}
    )
    return Draft(progress, {}, writes)
