"""The first phase of an import: what its columns would become, and what would become of each row. Writes no record.

The first part reads the file once and maps its columns; each further one decides some hundred rows, puts them down as a
page of the plan, and notes that page in the manifest. Where a step ends the next one reads on from the same row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from openhouse.core.json_text import size
from openhouse.core.merge_patch import Document
from openhouse.crm.module import Module
from openhouse.importing.linked import propose_linked
from openhouse.importing.mapping import Choice
from openhouse.importing.mapping import Mapping as Decided
from openhouse.importing.proposal import Proposal, propose
from openhouse.importing.reader import Reader
from openhouse.importing.sameness import Records
from openhouse.importing.targets import targets_of
from openhouse.rooms.draft import Draft
from openhouse.storage.writes import Write
from openhouse.tasks.imports.asked import ImportInput, asked_of, module_of
from openhouse.tasks.imports.deciding import Decider
from openhouse.tasks.imports.known import all_known, seen_now
from openhouse.tasks.imports.linking import Linker, Role, mapping_of, role_of
from openhouse.tasks.imports.mappings import remember, remembered
from openhouse.tasks.imports.pages import ROWS, Line, pages_of, phase_of
from openhouse.tasks.imports.people import People
from openhouse.tasks.imports.proposing import found, in_short, proposal_of, remarks_of
from openhouse.tasks.imports.reasons import is_told, is_warned
from openhouse.tasks.imports.sources import Counting, Source, open_source
from openhouse.tasks.kind import Progress, Run

_PAGES_AT_ONCE = 8  # that are read
MOST_COLUMN_BYTES = 90_000  # of all columns in a proposal: samples are left out of what is more

_CHECKING = {
    "listing": "Validating addresses...",
    "escrow": "Validating addresses...",
    "client": "Validating names and contact details...",
    "lead": "Validating names and contact details...",
}


@dataclass
class _Memo:
    """What the parts of one step share. `decided`: the lines from a row on, for a part that is tried again."""

    source: Source
    module: Module
    asked: ImportInput
    about: Document
    decider: Decider
    decided: tuple[int, list[Line], str] | None = None
    next: int = 0  # the row that the decider has come to


def plan(run: Run, now: datetime) -> Draft[Progress]:
    if not run.cursor:
        return _mapped(run, now)
    memo: _Memo | None = run.memo.get("plan")
    at = run.cursor["at"]
    if memo is None or (memo.next != at and (memo.decided is None or memo.decided[0] != at)):
        memo = run.memo["plan"] = _begun(run, now)
    return _decided(run, memo, at, now)


# Columns --------------------------------------------------------------------------------------------------------------


def _mapped(run: Run, now: datetime) -> Draft[Progress]:
    asked = asked_of(run.input)
    module = module_of(asked)
    source = open_source(run, asked)
    counting = Counting(source.table)
    proposal = propose(source.table.columns, counting, module)
    named, brokerage_id = source.table.header, run.principal.brokerage_id
    kept = _remembered(run, brokerage_id, module, proposal) if named else {}
    choices = {place: choice for place, choice in kept.items() if place not in asked.taken_back} | asked.choices
    decided, refused = _decide(proposal, choices, asked)
    about = {
        "name": source.name,
        "rows": counting.rows,
        "mapping": decided.wire(),
        "columns": _columns(proposal, decided, choices),
        "header": named,
        "ownerId": asked.owner_id or run.principal.user_id,
        "missing": _missing(proposal, decided),
        "refused": refused,
        "linked": [mapping_of(each) for each in propose_linked(source.table.columns, proposal.sample.rows, module)],
        "number": _number_column(module, proposal.sample.texts),
    }
    writes: list[Write] = [run.manifest.page(phase_of("mapping", run.work.run), 0, [about], now)]
    if asked.columns and named and not refused:
        writes.append(remember(brokerage_id, module.noun, proposal.layout, choices))
    cursor = {"at": 0, "pages": 0, "counts": {}, "seen": seen_now(run)}
    progress = Progress(cursor=cursor, done=0, total=counting.rows, message=f"Reading {in_short(source.name)}...")
    return Draft(progress, {}, writes)


def _remembered(run: Run, brokerage_id: str, module: Module, proposal: Proposal) -> dict[int, Choice]:
    """Of what was decided of such columns before, what these files still have."""
    width = len(proposal.columns)
    found = remembered(run.tools.table, brokerage_id, module.noun, proposal.layout)
    known = targets_of(module)
    return {
        place: choice
        for place, choice in found.items()
        if place < width and (choice.target is None or choice.target in known)
    }


def _decide(proposal: Proposal, choices: Mapping[int, Choice], asked: ImportInput) -> tuple[Decided, str]:
    """The mapping, and why it cannot be as somebody wants it."""
    try:
        return proposal.decide(choices, asked.constants), ""
    except ValueError as error:
        return proposal.decide({}, {}), str(error)


def _missing(proposal: Proposal, decided: Decided) -> list[str]:
    """Required fields that no column and no constant fills."""
    filled = {(column.target or "").partition(".")[0] for column in decided.columns} | decided.constants.keys()
    return [name for name in proposal.missing if name.partition(".")[0] not in filled]


def _columns(proposal: Proposal, decided: Decided, said: Mapping[int, Choice]) -> list[Document]:
    """As they are shown: `target` is what it will be, `choice` what somebody has said of it."""
    columns = [
        {
            **shown.wire(),
            "target": column.target,
            "samples": [in_short(text) for text in shown.samples],
            "reading": dict(column.reading),
            "by": "choice" if place in said else "evidence",
            **({"choice": said[place].wire()} if place in said else {}),
        }
        for place, (shown, column) in enumerate(zip(proposal.columns, decided.columns, strict=True))
    ]
    if size(columns) > MOST_COLUMN_BYTES:
        columns = [{**column, "samples": [], "reading": {}, "unknownWords": []} for column in columns]
    return columns


def _number_column(module: Module, texts: Sequence[Sequence[str]]) -> int | None:
    """Where the file has the numbers that we give: it was exported from here."""
    if module.numbering is None:
        return None
    ours = re.compile(rf"{module.numbering.prefix}-\d{{4}}-\d{{3,}}")
    return next((place for place, all_ in enumerate(texts) if all_ and all(map(ours.fullmatch, all_))), None)


# Rows -----------------------------------------------------------------------------------------------------------------


def _begun(run: Run, now: datetime) -> _Memo:
    """All that is needed to go on with a row: what other steps have decided before it, too."""
    asked = asked_of(run.input)
    module = module_of(asked)
    (about,) = run.manifest.rows(phase_of("mapping", run.work.run))
    mapping = Decided.from_wire(about["mapping"])
    compared = asked.duplicates != "create"
    known = all_known(run, module) if compared else Records(module)
    decider = Decider(
        task_id=run.work.task_id,
        module=module,
        principal=run.principal,
        asked=asked,
        reader=Reader.of(mapping, module, this_year=now.year, time_zone=asked.time_zone),
        people=People(run.principal, run.tools.directory.users(run.principal.brokerage_id)),
        known=known,
        commit_builder=run.tools.commit_builder,
        read_stored=lambda ids: run.tools.records.read_stored(module, run.principal, ids),
        number_column=about["number"],
        linker=Linker(run.work.task_id, run.principal, [*_roles(run, asked, about, now.year)]),
    )
    if compared or asked.linked:
        for line in planned_lines(run, run.work.run):
            decider.remember(line)
    return _Memo(open_source(run, asked), module, asked, about, decider, next=run.cursor["at"])


def _roles(run: Run, asked: ImportInput, about: Document, this_year: int) -> Iterator[Role]:
    known: dict[str, Records] = {}
    for kept in about["linked"]:
        if kept["name"] in asked.linked:
            module = run.module(kept["noun"])
            if kept["noun"] not in known:
                known[kept["noun"]] = all_known(run, module)
            yield role_of(kept, module, known[kept["noun"]], this_year=this_year, time_zone=asked.time_zone)


def planned_lines(run: Run, number: int) -> Iterator[Line]:
    """What a run has decided so far. Some pages at a time: to wait for each of 200 takes most of a late beginning."""
    pages = pages_of(run)
    digests = [noted["digest"] for page in run.manifest.pages(phase_of("plan", number)) for noted in page]
    for first in range(0, len(digests), _PAGES_AT_ONCE):
        for lines in run.tools.parallel_map(pages.read, digests[first : first + _PAGES_AT_ONCE]):
            yield from lines


def _decided(run: Run, memo: _Memo, at: int, now: datetime) -> Draft[Progress]:
    if memo.decided is None or memo.decided[0] != at:
        rows = memo.source.take(at, ROWS)
        lines = memo.decider.decide(at, rows, now)
        memo.decided = at, lines, pages_of(run).put(lines) if lines else ""
        memo.next = at + len(rows)
    _, lines, digest = memo.decided
    counts: Counter[str] = Counter(run.cursor["counts"])
    counts.update(_counted(lines))
    total, done = memo.about["rows"], at + len(lines)
    is_last = len(lines) < ROWS or done >= total
    cursor = {**run.cursor, "at": done, "pages": run.cursor["pages"] + bool(lines), "counts": dict(counts)}
    writes = []
    if lines:
        noted = {
            "digest": digest,
            "told": sum(map(is_told, lines)),
            **remarks_of(lines, is_first=not run.cursor["pages"]),
        }
        writes.append(run.manifest.page(phase_of("plan", run.work.run), run.cursor["pages"], [noted], now))
    message, proposal = _CHECKING.get(memo.module.noun, "Validating rows..."), None
    if is_last:
        cursor["planned"] = counts["create"] + counts["update"]
        pages = [each for page in run.manifest.pages(phase_of("plan", run.work.run)) for each in page]
        pages += [noted] if lines else []
        proposal = proposal_of(memo.asked, memo.module, memo.about, counts, pages, memo.source.table.notes)
        message = found(counts)
        memo.source.close()
    progress = Progress(cursor=cursor, done=done, total=total, message=message, ended=proposal)
    return Draft(progress, {}, writes)


def _counted(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        yield line["do"]
        if line["do"] == "skip":
            yield line["code"]
        yield from (f"with {new['noun']}" for new in line.get("with", ()))
        if is_warned(line):
            yield "warned"
