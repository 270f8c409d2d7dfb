"""The phases of `describe_listing`: a description is told sentence by sentence, and kept if it is accepted."""

from __future__ import annotations

from datetime import datetime

from openhouse.core.errors import Conflict, Forbidden, Invalid, NotFound, invalid
from openhouse.core.merge_patch import Document
from openhouse.core.text import quoted
from openhouse.core.wire import parse
from openhouse.crm import changes
from openhouse.crm.access import Right, rights
from openhouse.crm.changes import Change
from openhouse.crm.record_items import Stored
from openhouse.crm.records import ANYTHING
from openhouse.rooms.draft import Draft
from openhouse.tasks.kind import Confirmed, Progress, Run
from openhouse.tasks.taking_back import row_of
from openhouse.tasks.texts.asked import DescriptionToKeep, ListingInput
from openhouse.tasks.texts.asking import once
from openhouse.tasks.work import Work

_LONGEST_MESSAGE = 2_000  # as a remark's


def plan(run: Run, now: datetime) -> Draft[Progress]:
    """Asks the engine, then tells a sentence more in each part. Raises LanguageErrors, NotFound, Forbidden."""
    written: Document = run.cursor.get("written") or _written(run, now)
    told = run.cursor.get("told", -1) + 1  # the first part asks, and tells none
    sentences = written["sentences"]
    message = quoted(" ".join(sentences[:told]), _LONGEST_MESSAGE, otherwise="Writing...")
    progress = Progress(
        cursor={"written": written, "told": told},
        done=told + 1,
        total=len(sentences) + 1,
        message=message,
        counted={"refused": len(written["refused"])} if told == 0 and written["refused"] else {},
        ended=written if told == len(sentences) else None,
    )
    return Draft(progress)


def _written(run: Run, now: datetime) -> Document:
    from openhouse.language.descriptions import describe_listing, facts_of  # noqa: PLC0415

    id_ = parse(ListingInput, run.input).listing
    listing = run.tools.records.read(run.module("listing"), run.principal, id_)
    if Right.EDIT not in rights(run.principal, listing):
        raise Forbidden("you may read this listing, and not change it")
    known = listing.wire()
    description = once(run, lambda asker: describe_listing(run.tools.language, asker, known), now)
    return {**description.document(), "listing": id_, "facts": facts_of(known)}


def confirmed(_work: Work, proposal: Document, answer: DescriptionToKeep) -> Confirmed:
    """What somebody has changed may hold what they know, but no word that no description may hold. Raises Invalid."""
    if answer.text is None:
        text = proposal["text"]
    else:
        from openhouse.language.fair_housing import concerns  # noqa: PLC0415

        text = answer.text
        if found := concerns(text):
            raise invalid(
                *(
                    ("answer.text", f"“{each.term}” can tell a preference by {each.about} ({each.source})")
                    for each in found
                )
            )
    return Confirmed(cursor={"text": text, "facts": proposal["facts"]})


def write(run: Run, now: datetime) -> Draft[Progress]:
    """Raises Conflict if the facts are others by now, and what else keeps it from being kept."""
    from openhouse.language.descriptions import facts_of  # noqa: PLC0415

    id_ = parse(ListingInput, run.input).listing
    module = run.module("listing")
    found = run.tools.records.read_stored(module, run.principal, [id_]).get(id_)
    if found is None:
        raise NotFound("the listing was deleted, or moved to where you cannot reach it")
    if facts_of(found.record.wire()) != run.cursor["facts"]:
        raise Conflict("the listing has changed since it was described; describe it again")
    change = _described(run, found, now)
    result = {"listing": id_, "saved": True}
    progress = Progress(
        cursor=run.cursor, done=1, total=1, message="Description saved!", counted={"saved": 1}, ended=result
    )
    if change is None:
        return Draft(progress)
    prepared = run.tools.commit_builder.prepare(run.principal, [change], now)
    return prepared.draft(progress, run.manifest.page("write", 0, [row_of(change)], now))


def _described(run: Run, found: Stored, now: datetime) -> Change | None:
    ANYTHING.check(run.principal, found, now)
    patch = {"description": run.cursor["text"]}
    change = changes.update(run.module("listing"), run.principal, found.record, patch, now=now)
    if change is None:
        return None
    (judged,) = run.tools.commit_builder.judge(run.principal, [found.changed_by(change)])
    if isinstance(judged, Invalid):
        raise judged
    return judged
