"""The rows of a file that a person should look at, as CSV: what became of each, why in words, and what it said.

No text of the file becomes a formula in it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from openhouse.core import clock
from openhouse.core.merge_patch import Document
from openhouse.crm.export import BEGIN, cell
from openhouse.crm.file_rows import IMPORT, FileRow
from openhouse.crm.files import object_of
from openhouse.crm.uploads import KEPT_IMPORTED
from openhouse.storage.keys import file_key
from openhouse.storage.writes import Put, Write, absent_or
from openhouse.tasks.imports.pages import Line, pages_of, phase_of
from openhouse.tasks.imports.reasons import is_told, why_of
from openhouse.tasks.kind import Run

_TYPE = "text/csv"
_ENDED = {"create": "imported, but not in full", "update": "updated, but not in full", "skip": "skipped"}


def written(run: Run, now: datetime) -> tuple[Document, list[Write]]:
    """What the result tells of the file of these rows, and what lists it; nothing if there are none."""
    (about,) = run.manifest.rows(phase_of("mapping", run.cursor["plan"]))
    out = io.StringIO()
    writer = csv.writer(out)
    out.write(BEGIN)
    writer.writerow([*("Line", "What became of it", "Why"), *(cell(column["name"]) for column in about["columns"])])
    count = 0
    for told in _rows(run):
        writer.writerow(told)
        count += 1
    if not count:
        return {}, []
    content = out.getvalue().encode(errors="replace")
    name = f"{PurePath(about['name']).stem} - rows to look at.csv"[-120:]
    row = FileRow(
        id=f"{run.work.task_id}-rows",
        noun=IMPORT,
        record_id="",
        field="",
        name=name,
        type=_TYPE,
        size=len(content),
        by=run.principal.user_id,
        ends_at=clock.seconds(now + KEPT_IMPORTED),
        kept=True,
    )
    run.tools.bucket.put(object_of(run.principal, row), content, type_=_TYPE)
    item = row.item(run.principal.brokerage_id)
    assert item.items() >= file_key(run.principal.brokerage_id, row.id).items()
    return {"report": {"fileId": row.id, "name": name, "rows": count}}, [Put(item, absent_or(by=row.by))]


def _rows(run: Run) -> Iterator[Sequence[Any]]:
    pages = pages_of(run)
    for page in run.manifest.pages("write"):
        for noted in page:
            if noted["told"]:
                yield from _told(pages.read(noted["digest"]), noted["failed"])


def _told(lines: Sequence[Line], failed: Mapping[str, Sequence[str]]) -> Iterator[Sequence[Any]]:
    for line in lines:
        code, why = failed.get(str(line["n"]), ("", ""))
        if code:
            ended = "rejected" if code in ("refused", "large") and line["do"] == "create" else "skipped"
            yield [line["line"], ended, cell("; ".join(filter(None, [why, why_of(line)]))), *map(cell, line["cells"])]
        elif is_told(line):
            ended = _ENDED.get(line["do"], "rejected")
            yield [line["line"], ended, cell(why_of(line)), *map(cell, line["cells"])]
