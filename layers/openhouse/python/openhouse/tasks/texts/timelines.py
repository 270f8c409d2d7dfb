"""The phases of `escrow_timeline`: dates of an agreement are proposed with their sentences, and kept once confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from openhouse.core import clock
from openhouse.core.errors import Invalid, NotFound, invalid
from openhouse.core.merge_patch import Document
from openhouse.core.wire import parse
from openhouse.crm import changes
from openhouse.crm.changes import Change
from openhouse.crm.module import Record
from openhouse.crm.records import ANYTHING
from openhouse.crm.time_zones import begin_of
from openhouse.rooms.draft import Draft
from openhouse.tasks.imports.ids import record_id
from openhouse.tasks.kind import Confirmed, Progress, Run
from openhouse.tasks.taking_back import row_of
from openhouse.tasks.texts.asked import DatesToKeep, TimelineInput
from openhouse.tasks.texts.asking import once, shown, today, with_words
from openhouse.tasks.work import Work

# Fields that an escrow has for a date; all others come onto its timeline.
_FIELDS = {
    "opened": "openedDate",
    "contingency_removal": "contingencyRemovalDate",
    "close_of_escrow": "closeOfEscrowDate",
    "closed": "actualCloseDate",
}
_TIMELINE = "timeline"
_SEVERAL = "The text has more than one date of this; choose."


def plan(run: Run, now: datetime) -> Draft[Progress]:
    """Raises NotFound of an escrow that cannot be reached."""
    from openhouse.language.timelines import escrow_timeline  # noqa: PLC0415

    asked = parse(TimelineInput, run.input)
    escrow = run.tools.records.read(run.module("escrow"), run.principal, asked.escrow)
    day = today(now, asked.time_zone)
    timeline = once(
        run, lambda asker: escrow_timeline(run.tools.language, asker, asked.text, today=day), now
    ).document()
    dates = [*_proposed(timeline["dates"], escrow, asked.text)]
    unresolved = [{**each, "sentence": with_words(each["sentence"], asked.text)} for each in timeline["unresolved"]]
    found = len(dates)
    message = f"{found} date{'s' * (found != 1)} found in the text" if found else "The text has no date that is clear"
    ended = {**timeline, "escrow": escrow.id, "dates": dates, "unresolved": unresolved, **shown(asked.text)}
    cursor = {"today": day.isoformat()}
    progress = Progress(
        cursor=cursor, done=1, total=1, message=message, counted={"found": found}, ended=ended, in_vain=not dates
    )
    return Draft(progress)


def _proposed(dates: list[Document], escrow: Record, text: str) -> Iterator[Document]:
    """`target`: where it is kept, if nothing is said; none where the person has to choose. `current`: what is there."""
    labels = [each["label"] for each in dates]
    for number, each in enumerate(dates, 1):
        target = _FIELDS.get(each["label"], _TIMELINE)
        is_one = labels.count(each["label"]) == 1
        notes = [*each["notes"], *([] if is_one else [_SEVERAL])]
        current = escrow.wire().get(target) if target != _TIMELINE else None
        yield {
            **each,
            "key": str(number),
            "span": with_words(each["span"], text),
            "sentence": with_words(each["sentence"], text),
            "anchor": with_words(each["anchor"], text) if each["anchor"] else None,
            "notes": notes,
            "target": target if is_one else None,
            **({"current": current} if current else {}),
        }


def confirmed(work: Work, proposal: Document, answer: DatesToKeep) -> Confirmed:
    """The cursor of the writing: `dates: [{label, day, title, target}]`. Raises Invalid."""
    proposed = {each["key"]: each for each in proposal["dates"]}
    kept = [*_kept(proposed, answer)]
    targets = [each["target"] for each in kept if each["target"] != _TIMELINE]
    if twice := {target for target in targets if targets.count(target) > 1}:
        raise invalid(("answer.dates", f"{', '.join(sorted(twice))} can have one date"))
    if not kept:
        raise invalid(("answer.dates", "nothing is left to be kept: cancel the task instead"))
    return Confirmed(cursor={**work.cursor, "dates": kept, "appointments": answer.appointments})


def _kept(proposed: Mapping[str, Document], answer: DatesToKeep) -> Iterator[Document]:
    if answer.dates is None:
        yield from (_date(each) for each in proposed.values() if each["target"])
        return
    keys = [each.key for each in answer.dates]
    for place, each in enumerate(answer.dates):
        if each.key not in proposed or each.key in keys[:place]:
            raise invalid((f"answer.dates.{place}.key", "no such date was proposed, or it is there twice"))
        said = each.model_dump(mode="json", exclude_none=True)
        kept = _date({**proposed[each.key], **said})
        if kept["target"] is None:
            raise invalid((f"answer.dates.{place}.target", "say where it is to be kept"))
        yield kept


def _date(each: Mapping[str, Any]) -> Document:
    return {name: each[name] for name in ("label", "day", "title", "target")}


def write(run: Run, now: datetime) -> Draft[Progress]:
    """The escrow and the appointments in one transaction. Raises what keeps it from being made."""
    asked = parse(TimelineInput, run.input)
    module = run.module("escrow")
    found = run.tools.records.read_stored(module, run.principal, [asked.escrow]).get(asked.escrow)
    if found is None:
        raise NotFound("the escrow was deleted, or moved to where you cannot reach it")
    ANYTHING.check(run.principal, found, now)
    change = changes.update(module, run.principal, found.record, _patch(run.cursor, asked.time_zone), now=now)
    wanted = [found.changed_by(change)] if change else []
    wanted += _appointments(run, asked, found.record, now)
    dates, count = len(run.cursor["dates"]), len(wanted)
    result = {"kept": dates, "appointments": count - (change is not None), "escrow": asked.escrow}
    message = f"Kept {dates} date{'s' * (dates != 1)}!"
    counted = {"kept": dates}
    progress = Progress(cursor=run.cursor, done=1, total=1, message=message, counted=counted, ended=result)
    if not wanted:
        return Draft(progress)
    judged = run.tools.commit_builder.judge(run.principal, wanted)
    for each in judged:
        if isinstance(each, Invalid):
            raise each
    guarded = [each for each in judged if isinstance(each, Change)]
    prepared = run.tools.commit_builder.prepare(run.principal, guarded, now)
    rows = [row_of(each) for each in prepared.changes]
    return prepared.draft(progress, run.manifest.page("write", 0, rows, now))


def _patch(cursor: Document, time_zone: str) -> Document:
    """An entry of the timeline is named by what it is and its day: kept again, it is the same one."""
    patch: Document = {}
    for each in cursor["dates"]:
        if each["target"] != _TIMELINE:
            patch[each["target"]] = each["day"]
            continue
        day = date.fromisoformat(each["day"])
        is_past = each["label"] == "acceptance" and each["day"] <= cursor["today"]
        entry = {"at": clock.to_wire(begin_of(day, time_zone)), "title": each["title"], "done": is_past}
        patch.setdefault(_TIMELINE, {})[f"{each['label']}-{each['day']}"] = entry
    return patch


def _appointments(run: Run, asked: TimelineInput, escrow: Record, now: datetime) -> Iterator[Change]:
    """Whole days, in the room of the escrow."""
    if not run.cursor["appointments"]:
        return
    known = escrow.wire()
    place = {name: known[name] for name in ("visibility", "teamId") if known.get(name)}
    coming = [
        each for each in run.cursor["dates"] if each["target"] == _TIMELINE and each["day"] >= run.cursor["today"]
    ]
    for number, each in enumerate(coming):
        day = date.fromisoformat(each["day"])
        document = {
            **place,
            "title": each["title"],
            "startsAt": clock.to_wire(begin_of(day, asked.time_zone)),
            "endsAt": clock.to_wire(begin_of(day + timedelta(days=1), asked.time_zone)),
            "allDay": True,
            "timeZone": asked.time_zone,
            "location": ", ".join(known[name] for name in ("propertyAddress", "city") if known.get(name)),
            **({"listingId": known["listingId"]} if known.get("listingId") else {}),
        }
        id_ = record_id(run.work.task_id, number)
        yield changes.create(run.module("appointment"), run.principal, document, id_=id_, now=now)
