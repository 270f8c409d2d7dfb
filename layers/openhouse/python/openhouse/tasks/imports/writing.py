"""The second phase of an import: writes what was planned, in order, as many rows at a time as one transaction holds.

Of each page of the plan the manifest notes what did not go as planned: with the plan it is what undoing goes by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from openhouse.core.errors import Invalid, Locked, RequestError
from openhouse.core.json_text import size
from openhouse.core.merge_patch import Document
from openhouse.core.text import quoted
from openhouse.crm import changes
from openhouse.crm.changes import Change
from openhouse.crm.module import Module
from openhouse.crm.record_items import Stored
from openhouse.crm.records import ANYTHING
from openhouse.importing.sameness import Facts
from openhouse.rooms.draft import BATCHED_COMMIT_BYTES, Draft, largest_that_fits
from openhouse.rooms.head import Head
from openhouse.rooms.position import Position
from openhouse.storage.writes import Write
from openhouse.tasks.imports import report
from openhouse.tasks.imports.asked import asked_of, module_of
from openhouse.tasks.imports.deciding import is_warned, reason_of
from openhouse.tasks.imports.known import Strangers
from openhouse.tasks.imports.linking import without_links
from openhouse.tasks.imports.pages import Line
from openhouse.tasks.imports.planning import pages_of, phase_of
from openhouse.tasks.kind import ROOM_FOR_PROGRESS, Progress, Run

AT_ONCE = 40  # rows of a part: of most modules a transaction has room for half of them
WRITTEN = ("create", "update")
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
class _Memo:
    module: Module
    compared: bool
    strangers: Strangers
    page: int = -1
    digest: str = ""
    lines: Sequence[Line] = ()


@dataclass
class _Row:
    """`beside`: the records that it links, which are made with it."""

    line: Line
    change: Change | None = None
    failed: Failed | None = None
    beside: list[Change] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        return [*self.beside, self.change] if self.change else []


@dataclass
class _Outcome:
    """`failed`: by row, what was planned to be written and was not."""

    counts: Counter[str] = field(default_factory=Counter)
    failed: dict[str, list[str]] = field(default_factory=dict)
    written: int = 0  # or failed: what was to be written is done

    def note(self, row: _Row) -> None:
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
    rows = _made(run, memo, memo.lines[cursor["row"] :], bool(strangers is None or strangers), now)
    while True:
        drafted = _drafted(run, memo, cursor, rows, now)
        if drafted.is_possible and drafted.leaves_room(ROOM_FOR_PROGRESS):
            return drafted
        first = next(row for row in rows if row.change)
        first.change, first.failed = None, Failed.of("large")


def _turn_to(run: Run, memo: _Memo, page: int) -> None:
    if memo.page == page:
        return
    (noted,) = next(run.manifest.pages(phase_of("plan", run.cursor["plan"]), page))
    memo.page, memo.digest = page, noted["digest"]
    memo.lines = pages_of(run).read(memo.digest)


# Changes --------------------------------------------------------------------------------------------------------------


def _made(run: Run, memo: _Memo, lines: Sequence[Line], has_strangers: bool, now: datetime) -> list[_Row]:
    """The next rows, with what is to be written of them."""
    rows = [_Row(line) for line in _next_few(lines)]
    wanted = [row.line["id"] for row in rows if row.line["do"] == "update"]
    stored = run.tools.records.read_stored(memo.module, run.principal, wanted) if wanted else {}
    for row in rows:
        if row.line["do"] in WRITTEN:
            made = _change(run, memo, row.line, stored, has_strangers, now)
            row.change, row.failed = (None, made) if isinstance(made, Failed) else (made, None)
            if row.change:
                row.beside = [*_beside(run, row.line, now)]
    unlinked = [row for row in _judged(run, rows) if _unlink(run, memo.module, row, now)]
    _judged(run, unlinked)
    return rows


def _beside(run: Run, line: Line, now: datetime) -> Iterator[Change]:
    """Raises nothing that the row's own change has not raised: it has the same owner, in the same room."""
    for new in line.get("with", ()):
        yield changes.create(run.module(new["noun"]), run.principal, new["doc"], id_=new["id"], now=now)


def _judged(run: Run, rows: Sequence[_Row]) -> list[_Row]:
    """The others are guarded by what they rely on; those that cannot be written have failed."""
    changing = [row for row in rows if row.change]
    judged = iter(run.tools.commit_builder.judge(run.principal, [each for row in changing for each in row.changes]))
    faulty: list[_Row] = []
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


def _unlink(run: Run, module: Module, row: _Row, now: datetime) -> bool:
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
    run: Run, memo: _Memo, line: Line, stored: Mapping[str, Stored], has_strangers: bool, now: datetime
) -> Change | Failed:
    try:
        if line["do"] == "update":
            return _update(run, memo.module, line, stored.get(line["id"]), now)
        if has_strangers and memo.strangers.known().find(Facts.of_document(memo.module, line["doc"])).same:
            return Failed.of("duplicate")
        return changes.create(memo.module, run.principal, line["doc"], id_=line["id"], now=now)
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


# Parts ----------------------------------------------------------------------------------------------------------------


def _drafted(run: Run, memo: _Memo, cursor: Document, rows: Sequence[_Row], now: datetime) -> Draft[Progress]:
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


def _seen_after(seen: Document, heads: Mapping[str, Head], rows: Sequence[_Row]) -> Document:
    """What this part adds to the logs is no news. Where somebody was in between it is looked at, with theirs."""
    new = [change.after for row in rows for change in row.changes if not change.before]
    rooms = {record.room for record in new if record}
    ours = {
        room: heads[room].position for room in rooms if room in heads and heads[room].position.wire() == seen.get(room)
    }
    return {**seen, **{room: Position(at.epoch, at.seq + 1).wire() for room, at in ours.items()}}


def _first(rows: Sequence[_Row], count: int) -> Sequence[_Row]:
    """Those before the change that is the next after so many."""
    for place, row in enumerate(rows):
        if row.change:
            count -= 1
        if count < 0:
            return rows[:place]
    return rows


def _progress(
    run: Run, memo: _Memo, cursor: Document, rows: Sequence[_Row], now: datetime
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
        planned = sum(line["do"] in WRITTEN for line in memo.lines)
        noted = {
            "digest": memo.digest,
            "failed": failed,
            "written": planned - len(failed) + sum(len(line.get("with", ())) for line in memo.lines),
            "told": report.is_told(memo.lines) or bool(failed),
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
