"""How duplicates are looked for and merged: the phases of the kind `find_duplicates`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple

from openhouse.core.errors import Locked, RequestError
from openhouse.core.merge_patch import Document
from openhouse.core.text import quoted
from openhouse.crm import changes, merging
from openhouse.crm.access import Right, rights
from openhouse.crm.changes import Change
from openhouse.crm.cursors import Cursor, Order
from openhouse.crm.list_query import MAX_LIMIT, ListQuery
from openhouse.crm.module import Module, Record
from openhouse.crm.record_items import Stored
from openhouse.crm.records import ANYTHING
from openhouse.crm.search_terms import Trait
from openhouse.language.duplicates import Pair, Person, find_duplicates
from openhouse.rooms.draft import Draft
from openhouse.tasks.kind import Progress, Run
from openhouse.tasks.taking_back import allowed, row_of

MOST_PAIRS = 60  # of one task: as many as an event and somebody's patience hold
AT_ONCE = 200  # records that are looked at in a part
SURE = 0.9  # more than that: an address or a number is the same, and the names are alike
MOST_NAMING = 15  # records that name the one that goes, in one transaction: more are changed before, as many at a time
_MOST_LOOKED_UP = 300  # pairs of which the records are read again: not all may be this person's to merge
_LONGEST_NAME = 80
_NO_NAME = "(no name)"


# Looking --------------------------------------------------------------------------------------------------------------


def look(run: Run, now: datetime) -> Draft[Progress]:
    """Notes what tells people apart, a page of records in each part; the last one compares them all."""
    among = run.input.get("among", ["client", "lead"])
    at, done = run.cursor.get("noun", among[0]), run.cursor.get("done", 0)
    total = run.cursor.get("total") or _how_many(run, among)
    if run.cursor.get("read"):
        return Draft(_compared(run, total))
    module, after = run.module(at), run.cursor.get("after")
    query = ListQuery(limit=AT_ONCE, cursor=Cursor.read(after, Order.NEWEST) if after else None)
    records, further = run.tools.lists.records(module, run.principal, query)
    page, done = run.cursor.get("pages", 0), done + len(records)
    following = among[among.index(at) + 1 :]
    cursor = {"noun": at if further else next(iter(following), at), "done": done, "total": total, "pages": page + 1}
    cursor |= {"after": further.text()} if further else {}
    cursor |= {"read": True} if not (further or following) else {}
    progress = Progress(
        cursor=cursor,
        done=done,
        total=total + 1,
        message=f"Looking at records, {done} so far...",
        counted={"compared": len(records)},
    )
    rows = [_person_row(module, record) for record in records]
    return Draft(progress, writes=[run.manifest.page("plan", page, rows, now)])


def _how_many(run: Run, among: Iterable[str]) -> int:
    figures = [run.tools.stats.read(run.module(noun), run.principal)["total"] for noun in among]
    return sum(sum(each["counts"].values()) for each in figures)


def _person_row(module: Module, record: Record) -> Document:
    person = Person.of(module.noun, record.wire())
    return {name: value for name, value in asdict(person).items() if value}


def _compared(run: Run, total: int) -> Progress:
    people = [Person.from_document(row) for page in run.manifest.pages("plan") for row in page]
    # A lead is no client twice: it is converted.
    found = [pair for noun in ("client", "lead") for pair in find_duplicates(p for p in people if p.noun == noun)]
    found.sort(key=lambda pair: -pair.confidence)
    pairs = _starred(_pairs(run, found[:_MOST_LOOKED_UP]))
    proposed = [{name: value for name, value in pair.items() if name != "says"} for pair in pairs[:MOST_PAIRS]]
    count = len(proposed)
    complete = len(pairs) <= MOST_PAIRS and len(found) <= _MOST_LOOKED_UP
    return Progress(
        cursor=run.cursor,
        done=total + 1,
        total=total + 1,
        message=f"{count} pair{'s' * (count != 1)} found" if count else "No duplicates found",
        counted={"found": count},
        ended={"pairs": proposed, "complete": complete},
        in_vain=not count,
    )


def _pairs(run: Run, found: Sequence[Pair]) -> Iterator[Document]:
    """Of those that are there still."""
    known: dict[tuple[str, str], Record] = {}
    for noun in dict.fromkeys(pair.one[0] for pair in found):
        ids = {id_ for pair in found for kind, id_ in (pair.one, pair.other) if kind == noun}
        records = run.tools.records.read_some(run.module(noun), run.principal, ids)
        known |= {(noun, id_): record for id_, record in records.items()}
    for pair in found:
        one, other = known.get(pair.one), known.get(pair.other)
        if one and other and (proposed := _proposed(run, pair, one, other)):
            yield proposed


def _proposed(run: Run, pair: Pair, one: Record, other: Record) -> Document | None:
    """None if nobody but others may merge them."""
    module = run.module(pair.one[0])
    first, second = sorted((one, other), key=lambda record: (-merging.filled(record), record.id))
    for keep, drop in ((first, second), (second, first)):
        if Right.EDIT in rights(run.principal, keep) and Right.DELETE in rights(run.principal, drop):
            return {
                "noun": module.noun,
                "keep": keep.id,
                "drop": drop.id,
                "names": [_name(module, keep), _name(module, drop)],
                "reasons": [quoted(reason.text, _LONGEST_NAME) for reason in pair.reasons],
                "confidence": round(100 * pair.confidence),
                "sure": pair.confidence > SURE,
                "versions": [keep.version, drop.version],
                "says": merging.filled(keep),
            }
    return None


def _starred(pairs: Iterable[Document]) -> list[Document]:
    """Of several that are one person, all but one go into that one: none goes twice, or is kept and goes."""
    kept: set[str] = set()
    gone: set[str] = set()
    found: list[Document] = []
    for pair in sorted(pairs, key=lambda pair: (-pair["confidence"], -pair["says"])):
        if {pair["keep"], pair["drop"]} & gone or pair["drop"] in kept:
            continue
        kept.add(pair["keep"])
        gone.add(pair["drop"])
        found.append(pair)
    return found


def _name(module: Module, record: Record) -> str:
    return quoted(module.name_of(record), _LONGEST_NAME, otherwise=_NO_NAME)


# Merging --------------------------------------------------------------------------------------------------------------


class _Skipped(Exception):
    """`why`: as it is counted."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _Merge(NamedTuple):
    changes: list[Change]
    is_whole: bool  # else some that name the one that goes are changed first


def merge(run: Run, now: datetime) -> Draft[Progress]:
    """One pair, or some of those that name its record."""
    pairs: list[Document] = run.cursor["pairs"]
    at, page = run.cursor.get("at", 0), run.cursor.get("page", 0)
    if at == len(pairs):
        return Draft(_merged(run, run.cursor, at, {}))
    pair = pairs[at]
    made: dict[str, int] = run.cursor.get("made", {})  # versions that came of merging
    module = run.module(pair["noun"])
    try:
        step = _step(run, module, pair, made, now)
        wanted = _judged(run, step.changes)
        prepared = run.tools.commit_builder.prepare(run.principal, wanted, now)
        rows = [row_of(change) for change in prepared.changes]
        made = {**made, **{row["id"]: row["version"] for row in rows}}
        cursor = {**run.cursor, "at": at + step.is_whole, "page": page + 1, "made": made}
        moved = sum(change.module is not module or change.before is None for change in wanted)
        counted = {"merged": int(step.is_whole), "moved": moved}
        progress = _merged(run, cursor, at + step.is_whole, counted)
        return _possible(prepared.draft(progress, run.manifest.page("write", page, rows, now)))
    except _Skipped as skipped:
        return Draft(_merged(run, {**run.cursor, "at": at + 1}, at + 1, {skipped.why: 1}))


def _judged(run: Run, wanted: Sequence[Change]) -> list[Change]:
    judged = [each for each in run.tools.commit_builder.judge(run.principal, wanted) if isinstance(each, Change)]
    if len(judged) < len(wanted):
        raise _Skipped("skipped")
    return judged


def _possible(drafted: Draft[Progress]) -> Draft[Progress]:
    if not drafted.is_possible:
        raise _Skipped("skipped")
    return drafted


def _merged(run: Run, cursor: Document, done: int, counted: dict[str, int]) -> Progress:
    total = len(cursor["pairs"])
    counts = {**run.work.counts}
    for name, more in counted.items():
        counts[name] = counts.get(name, 0) + more
    merged = counts.get("merged", 0)
    ended = {name: counts.get(name, 0) for name in ("merged", "moved", "changed", "skipped")} if done == total else None
    pairs = f"{merged} pair{'s' * (merged != 1)}"
    message = f"Merged {pairs}!" if ended else f"Merging pair {done + 1}/{total}..."
    counted = {name: count for name, count in counted.items() if count}
    return Progress(cursor=cursor, done=done, total=total, message=message, counted=counted, ended=ended)


def _step(run: Run, module: Module, pair: Document, made: dict[str, int], now: datetime) -> _Merge:
    found = run.tools.records.read_stored(module, run.principal, [pair["keep"], pair["drop"]])
    keep, drop = found.get(pair["keep"]), found.get(pair["drop"])
    if keep is None or drop is None:
        raise _Skipped("changed")
    seen = dict(zip((pair["keep"], pair["drop"]), pair["versions"], strict=True))
    for each in (keep, drop):
        if each.record.version != made.get(each.record.id, seen[each.record.id]):
            raise _Skipped("changed")
    naming = [*_naming(run, module, keep, drop, now)]
    if len(naming) > MOST_NAMING:
        return _Merge(naming[:MOST_NAMING], is_whole=False)
    try:
        for each in (keep, drop):
            ANYTHING.check(run.principal, each, now)
        patch = merging.merged(keep.record, drop.record)
        change = changes.update(module, run.principal, keep.record, patch, now=now)
        gone = changes.delete(module, run.principal, drop.record, now=now)
    except Locked as locked:
        raise _Skipped("changed") from locked
    except RequestError as refused:
        raise _Skipped("skipped") from refused
    own = [keep.changed_by(change)] if change else []
    return _Merge([*naming, *own, drop.changed_by(gone)], is_whole=True)


def _naming(run: Run, module: Module, keep: Stored, drop: Stored, now: datetime) -> Iterator[Change]:
    """Those that name the one that goes, as far as whoever merges may change them."""
    old, new = drop.record.id, keep.record.id
    for other in run.tools.modules:
        for parameter, field in other.filtered.items():
            if other.references.get(field) != module.noun:
                continue
            query = ListQuery(limit=MAX_LIMIT, traits=frozenset({Trait.of(other, parameter, old)}))
            records, _ = run.tools.lists.records(other, run.principal, query)
            stored = run.tools.records.read_stored(other, run.principal, [record.id for record in records])
            for each in stored.values():
                patch = merging.renamed(other, each.record, module.noun, old, new)
                if change := allowed(run, other, each, patch, now):
                    yield change
