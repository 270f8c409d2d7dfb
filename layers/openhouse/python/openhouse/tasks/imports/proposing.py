"""What an import proposes to whoever has begun it: its columns, what would become of the rows, and what to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from openhouse.core.merge_patch import Document
from openhouse.core.text import quoted
from openhouse.crm.module import Module
from openhouse.importing.targets import targets_of
from openhouse.tasks.imports.asked import ImportInput
from openhouse.tasks.imports.pages import Line
from openhouse.tasks.imports.reasons import is_told, why_of

MANY = 10_000  # rows, of which people are warned
A_SECOND = 100  # rows that are written
EXAMPLES, REMARKS = 5, 30  # that are shown of a plan
MOST_SHOWN = 120  # characters of a value


def proposal_of(
    asked: ImportInput,
    module: Module,
    about: Document,
    counts: Counter[str],
    noted: Sequence[Document],
    notes: Sequence[str],
) -> Document:
    """`about`: the columns; `noted`: of each page; `notes`: what was noticed in the file."""
    remarks = [remark for each in noted for remark in each["remarks"]][:REMARKS]
    return {
        "file": {"id": asked.file, "name": about["name"]},
        "module": module.noun,
        "rows": about["rows"],
        "columns": about["columns"],
        "targets": [*_targets(module)],
        "missing": about["missing"],
        "refused": about["refused"],
        "header": about["header"],
        "constants": asked.constants,
        "ownerId": about["ownerId"],
        "duplicates": asked.duplicates,
        "update": asked.update,
        "counts": {
            name: counts[name] for name in ("create", "update", "skip", "reject", "warned", "duplicate", "same")
        },
        "linked": [*_linked(asked, about, counts)],
        "examples": [each for page in noted for each in page["examples"]][:EXAMPLES],
        "remarks": [{**remark, "why": in_short(remark["why"], 300)} for remark in remarks],
        "notes": [in_short(note, 300) for note in notes],
        "warnings": [*_warnings(counts)],
    }


def _linked(asked: ImportInput, about: Document, counts: Counter[str]) -> Iterator[Document]:
    """What else the rows tell of; `create`: how many of those are made, if somebody wants them."""
    for each in about["linked"]:
        chosen = each["name"] in asked.linked
        link = {name: each[name] for name in ("name", "noun", "field", "columns")}
        yield {**link, "chosen": chosen, "create": counts[f"with {each['noun']}"] if chosen else 0}


def _targets(module: Module) -> Iterator[Document]:
    """What columns can be."""
    for target in targets_of(module).values():
        choices = {"choices": list(target.choices)} if target.choices else {}
        yield {"name": target.name, "kind": target.kind.value, "required": target.required, **choices}


def _warnings(counts: Counter[str]) -> Iterator[str]:
    written = counts["create"] + counts["update"]
    if written > MANY:
        minutes = -(-written // (A_SECOND * 60))
        yield (
            f"{written:,} records are written one after the other, in some {minutes} minutes, so that nobody else "
            "has to wait. Whoever is away for more than a few of these minutes loads their lists afresh."
        )


def found(counts: Counter[str]) -> str:
    """A sentence."""
    words = [f"{counts[name]:,} to {name}" for name in ("create", "update", "skip") if counts[name]]
    words += [f"{counts['reject']:,} that cannot be read"] if counts["reject"] else []
    return ", ".join(words).capitalize() or "There are no rows"


def remarks_of(lines: Sequence[Line], *, is_first: bool) -> Document:
    """What a page has to be shown: most of it is the first one's."""
    examples = [line["doc"] for line in lines if line["do"] == "create"][:EXAMPLES]
    remarks = [{"line": line["line"], "what": line["do"], "why": why_of(line)} for line in lines if is_told(line)]
    few = REMARKS if is_first else REMARKS // 10
    return {"examples": [_short(each) for each in examples if is_first], "remarks": remarks[:few]}


def _short(document: Document) -> Document:
    return {name: in_short(value) if isinstance(value, str) else value for name, value in document.items()}


def in_short(text: str, most: int = MOST_SHOWN) -> str:
    return quoted(" ".join(text.split()), most)
