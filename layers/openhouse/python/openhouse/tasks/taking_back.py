"""Taking back what a task has noted of each record that it wrote, the last page first, where nobody has touched it.

A row of a page: `{noun, id, version}`, what the record is at by this, and what leads back: `new` of one that was made,
`gone` of one that was deleted, else a merge patch `back`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from openhouse.core.errors import RequestError
from openhouse.core.merge_patch import Document
from openhouse.crm import changes, merging
from openhouse.crm.changes import Change
from openhouse.crm.module import Module
from openhouse.crm.record_items import Stored
from openhouse.crm.records import ANYTHING
from openhouse.rooms.draft import Draft, largest_that_fits
from openhouse.tasks.kind import ROOM_FOR_PROGRESS, Progress, Run


def row_of(change: Change) -> Document:
    """What undoing goes by."""
    before, after = change.before, change.after
    if before is None:
        assert after is not None
        return {"noun": change.module.noun, "id": after.id, "version": after.version, "new": True}
    row = {"noun": change.module.noun, "id": before.id}
    if after is None:
        return {**row, "version": before.version + 1, "gone": True}
    return {**row, "version": after.version, "back": merging.taken_back(change.module, before, after)}


@dataclass
class _Row:
    """`change`: by which it is taken back; None of what is left."""

    noted: Document
    change: Change | None = None


def take_back(run: Run, now: datetime) -> Draft[Progress]:
    """As much of a page as one transaction holds, but what somebody has changed since."""
    pages = run.memo.get("pages")
    if pages is None:
        pages = run.memo["pages"] = [*run.manifest.pages("write")]
    cursor = {"done": 0, "row": 0, "made": {}, **run.cursor}
    if cursor["done"] == len(pages):
        return Draft(_ended(run, len(pages)))
    noted: list[Document] = pages[len(pages) - cursor["done"] - 1]
    rows = _judged(run, [_Row(each) for each in noted[::-1][cursor["row"] :]], cursor["made"], now)
    wanted = [row.change for row in rows if row.change]
    if not wanted:
        return Draft(_progress(cursor, rows, len(noted), len(pages)))
    prepared = run.tools.commit_builder.prepare(run.principal, wanted, now)

    def draft_of(count: int) -> Draft[Progress]:
        return prepared.draft(_progress(cursor, [*_first(rows, count)], len(noted), len(pages)), first=count)

    return largest_that_fits(draft_of, len(wanted), room_for=ROOM_FOR_PROGRESS)


def _progress(cursor: Document, rows: Sequence[_Row], noted: int, pages: int) -> Progress:
    changed = [row.change for row in rows if row.change]
    removed = sum(change.after is None for change in changed)
    counted = {"removed": removed, "restored": len(changed) - removed, "left": len(rows) - len(changed)}
    at = cursor["row"] + len(rows)
    done = cursor["done"] + (at == noted)
    made = {**cursor["made"], **{change.after.id: change.after.version for change in changed if change.after}}
    return Progress(
        cursor={"done": done, "row": 0 if at == noted else at, "made": made},
        done=done,
        total=pages,
        message=f"Taking back {min(done + 1, pages)}/{pages}...",
        counted={name: count for name, count in counted.items() if count or name != "removed"},
    )


def _first(rows: Sequence[_Row], count: int) -> Iterator[_Row]:
    """Those before the change that is the next after so many."""
    for row in rows:
        count -= row.change is not None
        if count < 0:
            return
        yield row


def allowed(run: Run, module: Module, found: Stored, patch: Document, now: datetime) -> Change | None:
    """A change that whoever began the task may make; None where there is none."""
    if not patch:
        return None
    try:
        ANYTHING.check(run.principal, found, now)
        change = changes.update(module, run.principal, found.record, patch, now=now)
    except RequestError:
        return None
    return found.changed_by(change) if change else None


def _ended(run: Run, pages: int) -> Progress:
    counts = {name: run.work.counts.get(name, 0) for name in ("removed", "restored", "left")}
    done = [f"{name} {counts[name]}" for name in ("removed", "restored") if counts[name]] or ["nothing taken back"]
    told = ", ".join(done)
    message = f"{told[0].upper()}{told[1:]}"
    if counts["left"]:
        message += f", left {counts['left']} that somebody has changed since"
    return Progress(cursor=run.cursor, done=pages, total=pages, message=message, ended=counts)


def _judged(run: Run, rows: list[_Row], made: dict[str, int], now: datetime) -> list[_Row]:
    for row in rows:
        row.change = _change(run, row.noted, made, now)
    changing = [row for row in rows if row.change]
    judged = run.tools.commit_builder.judge(run.principal, [row.change for row in changing if row.change])
    for row, judgement in zip(changing, judged, strict=True):
        row.change = judgement if isinstance(judgement, Change) else None
    return rows


def _change(run: Run, row: Document, made: dict[str, int], now: datetime) -> Change | None:
    module = run.module(row["noun"])
    try:
        found = run.tools.records.with_history(module, run.principal, row["id"])
        is_there = row["id"] in run.tools.records.read_stored(module, run.principal, [row["id"]])
        if found.record.version != made.get(row["id"], row["version"]) or is_there == bool(row.get("gone")):
            return None
        if row.get("gone"):
            return found.changed_by(changes.recover(module, run.principal, found.record, now=now))
        if row.get("new"):
            ANYTHING.check(run.principal, found, now)
            return found.changed_by(changes.delete(module, run.principal, found.record, now=now))
        return allowed(run, module, found, row["back"], now)
    except RequestError:
        return None
