"""Tables as other systems export them, and what is expected of them: which column is which field, and what each row is.

A layout is two files in `import_layouts`: a table with made-up people, and JSON with `module`, `columns` (each header
with the field it fills, or null) and `documents` (by row; null where it is not looked at, "rejected" where there is to
be no record), written by hand before it is tried.

Those in `held_out` are there to be counted alone: no rule was ever made for what they show, and none may be.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.importing.proposal import Proposal, propose
from openhouse.importing.reader import Read, Reader

_FOLDER = Path(__file__).parent / "import_layouts"
THIS_YEAR, TIME_ZONE = 2026, "America/Los_Angeles"


@dataclass(frozen=True)
class Layout:
    name: str
    module: Module
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    expected: tuple[str | None, ...]
    documents: tuple[Any, ...]


@dataclass(frozen=True)
class Judged:
    """`right`: columns mapped as expected. `wrong`: columns that were filled with something else, without a question.
    `values`: rows and fields that are not what is expected, without a warning of it; `filled`: those of them that are
    not just empty.
    """

    layout: Layout
    proposal: Proposal
    reads: tuple[Read, ...]
    right: int
    wrong: tuple[str, ...]
    values: tuple[str, ...]
    filled: int


@cache
def layouts() -> tuple[Layout, ...]:
    """Those that rules were made for."""
    return _in(_FOLDER)


@cache
def held_out() -> tuple[Layout, ...]:
    return _in(_FOLDER / "held_out")


def _in(folder: Path) -> tuple[Layout, ...]:
    modules = {module.path: module for module in MODULES}
    return tuple(_layout(path, modules) for path in sorted(folder.glob("*.json")))


def _layout(path: Path, modules: dict[str, Module]) -> Layout:
    expected = json.loads(path.read_text("utf-8"))
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        header, *rows = map(tuple, csv.reader(file))
    assert [name for name, _ in expected["columns"]] == list(header), path
    return Layout(
        path.stem,
        modules[expected["module"]],
        header,
        tuple(rows),
        tuple(target for _, target in expected["columns"]),
        tuple(expected["documents"]),
    )


def judged(layout: Layout) -> Judged:
    """As the first preview has it: without help."""
    proposal = propose(layout.columns, layout.rows, layout.module)
    reader = Reader.of(proposal.decide(), layout.module, this_year=THIS_YEAR, time_zone=TIME_ZONE)
    reads = tuple(map(reader.read, layout.rows))
    targets = [column.target for column in proposal.columns]
    pairs = list(zip(layout.columns, layout.expected, targets, strict=True))
    return Judged(
        layout,
        proposal,
        reads,
        sum(expected == target for _, expected, target in pairs),
        tuple(f"{name}: {target}" for name, expected, target in pairs if target not in (None, expected)),
        tuple(_wrong_values(layout.documents, reads)),
        sum(_filled_wrong(layout.documents, reads)),
    )


def _wrong_values(documents: Sequence[Any], reads: Sequence[Read]) -> Iterator[str]:
    for number, (expected, read) in enumerate(zip(documents, reads, strict=False), 1):
        if expected is None:
            continue
        if expected == "rejected":
            if read.rejected is None:
                yield f"row {number}: is no record"
            continue
        warned = {field for _, field, _ in read.warnings}
        for name in sorted({*expected, *read.document}):
            if expected.get(name) != read.document.get(name) and name not in warned:
                yield f"row {number}, {name}: {read.document.get(name)!r} instead of {expected.get(name)!r}"


def _filled_wrong(documents: Sequence[Any], reads: Sequence[Read]) -> Iterator[int]:
    """Of each row, how many fields hold what they should not, and nobody is told."""
    for expected, read in zip(documents, reads, strict=False):
        if isinstance(expected, dict):
            warned = {field for _, field, _ in read.warnings}
            held = (name for name, value in read.document.items() if value != expected.get(name))
            yield sum(name not in warned for name in held)
