"""The plan of an import: a line of JSON for each row of the file, some hundred rows an object, named by their content.

The task's manifest says which objects they are; they are read as they were written, or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from openhouse.core.errors import Conflict
from openhouse.core.merge_patch import Document
from openhouse.storage.bucket import Bucket
from openhouse.storage.object_keys import import_page
from openhouse.tasks.kind import Run

ROWS = 500  # of a page
WRITTEN = ("create", "update")  # what is done of lines of which something is written

Line = Document  # of a row, see deciding.py


_text = json.JSONEncoder(separators=(",", ":")).encode  # in ASCII: cells may hold halves of characters


class Pages:
    """Of one task."""

    def __init__(self, bucket: Bucket, brokerage_id: str, task_id: str) -> None:
        self._bucket = bucket
        self._brokerage_id = brokerage_id
        self._task_id = task_id

    def put(self, lines: Iterable[Line]) -> str:
        """Returns its digest."""
        content = "\n".join(map(_text, lines)).encode()
        digest = _digest(content)
        self._bucket.put(self._key(digest), content, type_="application/x-ndjson")
        return digest

    def read(self, digest: str) -> list[Line]:
        """Raises Conflict if it is not there as it was written: the bucket keeps it for 30 days."""
        content = self._bucket.content(self._key(digest))
        if content is None or _digest(content) != digest:
            raise Conflict("the plan of this import is gone: begin it again")
        return [json.loads(line) for line in content.split(b"\n") if line]

    def _key(self, digest: str) -> str:
        return import_page(self._brokerage_id, self._task_id, digest)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:40]


def noted_of(digest: str, lines: Sequence[Line], failed: Mapping[str, Sequence[str]]) -> Document:
    """What undoing goes by, of a page: `failed` by row, `written`: how many records were made or changed."""
    written = [line for line in lines if line["do"] in WRITTEN and str(line["n"]) not in failed]
    return {"digest": digest, "failed": failed, "written": sum(1 + len(line.get("with", ())) for line in written)}


def pages_of(run: Run) -> Pages:
    """Of its task, or of the one that it undoes."""
    return Pages(run.tools.bucket, run.principal.brokerage_id, run.work.undoes or run.work.task_id)


def phase_of(what: str, number: int) -> str:
    """What the manifest calls that of a run: a plan that is made again is another one."""
    return f"{what}-{number}"
