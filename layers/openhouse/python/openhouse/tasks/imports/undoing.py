"""Taking back an import: what it has created goes, what it has changed is as before, unless somebody touched it since.

It goes by what the import has noted, the last page first, and says what it leaves. An import that was cancelled, or
failed, has not noted the page that it was at: of that one its cursor says how far it came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from openhouse.core.errors import Invalid, RequestError
from openhouse.core.merge_patch import Document
from openhouse.core.text import quoted
from openhouse.crm import changes
from openhouse.crm.changes import Change
from openhouse.crm.module import Module
from openhouse.crm.record_items import Stored
from openhouse.crm.records import ANYTHING
from openhouse.rooms.draft import Draft, largest_that_fits
from openhouse.tasks.imports.asked import asked_of, module_of
from openhouse.tasks.imports.pages import Line, noted_of, pages_of, phase_of
from openhouse.tasks.imports.reasons import reason_of
from openhouse.tasks.kind import ROOM_FOR_PROGRESS, Progress, Run
from openhouse.tasks.moves import Known

AT_ONCE = 40
MOST_LEFT = 30  # that are named in the result
_SHOWN = 120


@dataclass
class _Memo:
    """`pages`: what was noted, the last first; `lines`: those of the page `number`, the last first."""

    module: Module
    pages: Sequence[Document]
    total: int
    number: int = -1
    lines: Sequence[Line] = ()


@dataclass
class _Row:
    line: Line
    change: Change | None = None
    left: str = ""  # why
    name: str = ""


def undo(run: Run, now: datetime) -> Draft[Progress]:
    memo: _Memo | None = run.memo.get("undo")
    if memo is None:
        pages = [noted for page in run.manifest.pages("write") for noted in page]
        pages += _begun(run)
        total = sum(noted["written"] for noted in pages)
        memo = run.memo["undo"] = _Memo(module_of(asked_of(run.input)), pages[::-1], total)
    cursor = {"page": 0, "row": 0, "left": [], **run.cursor}
    if cursor["page"] >= len(memo.pages):
        return Draft(_ended(run, memo, cursor))
    if memo.number != cursor["page"]:
        noted = memo.pages[cursor["page"]]
        lines = pages_of(run).read(noted["digest"])[: noted.get("rows")]
        memo.number = cursor["page"]
        done = [line for line in lines[::-1] if "doc" in line and str(line["n"]) not in noted["failed"]]
        memo.lines = [each for line in done for each in _with_linked(line, memo.module.noun)]
    rows = _made(run, memo.lines[cursor["row"] : cursor["row"] + AT_ONCE], now)
    wanted = [row.change for row in rows if row.change]
    if not wanted:
        return Draft(_progress(run, memo, cursor, rows))
    prepared = run.tools.commit_builder.prepare(run.principal, wanted, now)

    def draft_of(count: int) -> Draft[Progress]:
        return prepared.draft(_progress(run, memo, cursor, [*_first(rows, count)]), first=count)

    return largest_that_fits(draft_of, len(wanted), room_for=ROOM_FOR_PROGRESS)


def _begun(run: Run) -> Iterator[Document]:
    """The page in the middle of which the writing ended, as it would have been noted, with its number of `rows`."""
    assert run.work.undoes is not None
    undone = Known.read(run.tools.table, run.work.room, run.work.undoes)
    assert undone is not None, "it is kept for longer than it can be undone"
    cursor = undone.work.cursor
    if undone.work.phase != "write" or not cursor.get("row"):
        return
    (planned,) = run.manifest.rows(phase_of("plan", cursor["plan"]), cursor["page"])
    lines = pages_of(run).read(planned["digest"])[: cursor["row"]]
    yield {**noted_of(planned["digest"], lines, cursor["failed"]), "rows": cursor["row"]}


def _with_linked(line: Line, noun: str) -> Iterator[Line]:
    """What was made with a row goes after it."""
    yield {**line, "noun": noun}
    for new in line.get("with", ()):
        yield {**new, "do": "create", "line": line["line"]}


def _made(run: Run, lines: Sequence[Line], now: datetime) -> list[_Row]:
    stored: dict[tuple[str, str], Stored] = {}
    for noun in dict.fromkeys(line["noun"] for line in lines):
        ids = [line["id"] for line in lines if line["noun"] == noun]
        known = run.tools.records.read_stored(run.module(noun), run.principal, ids)
        stored |= {(noun, id_): found for id_, found in known.items()}
    rows = [_row(run, line, stored, now) for line in lines]
    changing = [row for row in rows if row.change]
    judged = run.tools.commit_builder.judge(run.principal, [row.change for row in changing if row.change])
    for row, judgement in zip(changing, judged, strict=True):
        if isinstance(judgement, Invalid):
            row.change, row.left = None, reason_of(judgement)
        else:
            row.change = judgement
    return rows


def _row(run: Run, line: Line, stored: Mapping[tuple[str, str], Stored], now: datetime) -> _Row:
    module, found = run.module(line["noun"]), stored.get((line["noun"], line["id"]))
    if found is None:
        return _Row(line, left="it was deleted or moved since")
    name = module.name_of(found.record)
    written = 1 if line["do"] == "create" else line["version"] + 1
    if found.record.version != written:
        return _Row(line, left="somebody has changed it since", name=name)
    try:
        ANYTHING.check(run.principal, found, now)
        if line["do"] == "create":
            return _Row(line, found.changed_by(changes.delete(module, run.principal, found.record, now=now)))
        change = changes.update(module, run.principal, found.record, line["back"], now=now)
        return _Row(line, found.changed_by(change)) if change else _Row(line, left="nothing is to be taken back")
    except RequestError as error:
        return _Row(line, left=reason_of(error), name=name)


def _first(rows: Sequence[_Row], count: int) -> Iterator[_Row]:
    """Those before the change that is the next after so many."""
    for row in rows:
        if row.change:
            count -= 1
        if count < 0:
            return
        yield row


def _progress(run: Run, memo: _Memo, cursor: Document, rows: Sequence[_Row]) -> Progress:
    counted = Counter("left" if row.left else "removed" if row.line["do"] == "create" else "restored" for row in rows)
    left = [
        {
            "noun": row.line["noun"],
            "id": row.line["id"],
            "line": row.line["line"],
            "name": quoted(row.name, _SHOWN),
            "why": row.left,
        }
        for row in rows
        if row.left
    ]
    row, done = cursor["row"] + len(rows), run.work.done + len(rows)
    is_over = row >= len(memo.lines)
    following = {
        "page": cursor["page"] + is_over,
        "row": 0 if is_over else row,
        "left": [*cursor["left"], *left][:MOST_LEFT],
    }
    message = f"Taking back {memo.module.noun} {done}/{memo.total}..."
    return Progress(cursor=following, done=done, total=memo.total, message=message, counted=counted)


def _ended(run: Run, memo: _Memo, cursor: Document) -> Progress:
    counts = run.work.counts
    result: Document = {name: counts.get(name, 0) for name in ("removed", "restored", "left")}
    done = [f"{result['removed']:,} removed", *([f"{result['restored']:,} restored"] if result["restored"] else [])]
    left = f"; {result['left']:,} left, as somebody has touched them since" if result["left"] else ""
    return Progress(
        cursor=cursor,
        done=memo.total,
        total=memo.total,
        message=f"Import taken back: {', '.join(done)}{left}",
        ended={**result, "leftRecords": cursor["left"]},
    )
