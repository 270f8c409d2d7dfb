"""The phases of `create_from_text`: records that a text is about are proposed, and made once confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from openhouse.core.errors import Invalid
from openhouse.core.folding import words
from openhouse.core.merge_patch import Document
from openhouse.core.text import quoted
from openhouse.core.wire import parse
from openhouse.crm import changes
from openhouse.crm.changes import Change
from openhouse.crm.list_query import ListQuery
from openhouse.crm.module import Module
from openhouse.importing.sameness import Facts, Records
from openhouse.rooms.draft import Draft, largest_that_fits
from openhouse.tasks.kind import ROOM_FOR_PROGRESS, Progress, Run
from openhouse.tasks.taking_back import row_of
from openhouse.tasks.texts.asked import TextInput
from openhouse.tasks.texts.asking import once, shown, today, with_words

MOST_ALIKE = 5  # records that are there, which a proposed one may be
_LOOKED_AT = 50
_LONGEST_NAME = 80
# By whose words those are looked for which a proposed record may be. An appointment is looked for by nothing.
_LOOKED_FOR = {"client": ("email", "phone"), "listing": ("address",), "escrow": ("propertyAddress",)}
_NAMES = ("firstName", "lastName", "company")


def plan(run: Run, now: datetime) -> Draft[Progress]:
    from openhouse.language.proposals import create_from_text  # noqa: PLC0415

    asked = parse(TextInput, run.input)
    proposal = once(
        run,
        lambda asker: create_from_text(
            run.tools.language, asker, asked.text, today=today(now, asked.time_zone), time_zone=asked.time_zone
        ),
        now,
    ).document()
    records = [_shown(run, each, asked.text) for each in proposal["records"]]
    warnings = [with_words(each, asked.text) for each in proposal["warnings"]]
    count = len(records)
    message = f"{count} record{'s' * (count != 1)} found in the text" if records else "The text is about no record"
    place = {"needsTeam": len(run.principal.team_ids) != 1}
    ended = {"engine": proposal["engine"], "records": records, "warnings": warnings, **place, **shown(asked.text)}
    found = {"found": count}
    progress = Progress(cursor={}, done=1, total=1, message=message, counted=found, ended=ended, in_vain=not records)
    return Draft(progress)


def write(run: Run, now: datetime) -> Draft[Progress]:
    """As many records as one transaction holds: mostly all of them. Raises what keeps one from being made."""
    records: list[Document] = run.cursor["records"]
    at = run.cursor.get("at", 0)
    prepared = run.tools.commit_builder.prepare(run.principal, _judged(run, [*_made(run, records[at:], now)]), now)

    def draft_of(count: int) -> Draft[Progress]:
        rows = [row_of(change) for change in prepared.changes[:count]]
        return prepared.draft(_progress(run, at + count), run.manifest.page("write", at, rows, now), first=count)

    return largest_that_fits(draft_of, len(prepared.changes), room_for=ROOM_FOR_PROGRESS)


def _made(run: Run, records: Sequence[Document], now: datetime) -> Iterator[Change]:
    for each in records:
        yield changes.create(run.module(each["noun"]), run.principal, each["doc"], id_=each["id"], now=now)


def _judged(run: Run, wanted: list[Change]) -> list[Change]:
    judged = run.tools.commit_builder.judge(run.principal, wanted)
    for each in judged:
        if isinstance(each, Invalid):
            raise each
    return [each for each in judged if isinstance(each, Change)]


def _progress(run: Run, done: int) -> Progress:
    records: list[Document] = run.cursor["records"]
    total = len(records)
    made = [{"noun": each["noun"], "id": each["id"]} for each in records]
    is_last = done == total
    message = f"Created {total} record{'s' * (total != 1)}!" if is_last else f"Creating record {done + 1}/{total}..."
    return Progress(
        cursor={**run.cursor, "at": done},
        done=done,
        total=total,
        message=message,
        counted={"created": done - run.cursor.get("at", 0)},
        ended={"created": total, "records": made} if is_last else None,
    )


# What is there already ------------------------------------------------------------------------------------------------


def _shown(run: Run, record: Document, text: str) -> Document:
    fields = {name: with_words(field, text) for name, field in record["fields"].items()}
    return {**record, "fields": fields, "alike": [*_alike(run, record)]}


def _alike(run: Run, record: Document) -> Iterator[Document]:
    """Those that it may be, for the person to decide: found by their words, compared as an import does, or by name."""
    module = run.module(record["noun"])
    values = {name: field["value"] for name, field in record["fields"].items()}
    known = Records(module)
    names: dict[str, str] = {}
    for text in _looked_for(module, values):
        found, _ = run.tools.lists.records(module, run.principal, ListQuery(text=text, limit=_LOOKED_AT))
        for each in found:
            known.add(each.id, Facts.of(module, each.item().get))
            names[each.id] = quoted(module.name_of(each), _LONGEST_NAME, otherwise=module.noun)
    same = [each.id for each in known.find(Facts.of_document(module, values)).same]
    if module.noun == "client":
        name = _words(_name(values))
        same += [id_ for id_, other in names.items() if name and _words(other) == name]
    for id_ in [*dict.fromkeys(same)][:MOST_ALIKE]:
        yield {"id": id_, "name": names[id_]}


def _looked_for(module: Module, values: Document) -> Iterator[str]:
    yield from (str(values[name]) for name in _LOOKED_FOR.get(module.noun, ()) if values.get(name))
    if name := _name(values) if module.noun == "client" else "":
        yield name


def _name(values: Document) -> str:
    return " ".join(str(values[name]) for name in _NAMES if values.get(name))


def _words(name: str) -> Sequence[str]:
    return sorted(words(name))
