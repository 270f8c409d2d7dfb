"""Records from a file: its columns are mapped and its rows decided, a person looks at that, and it is written.

Planning reads the file and what is there already; whatever is corrected is planned afresh. Writing goes through the
same commits as bulk, at a pace that leaves colleagues alone. Undoing takes back what nobody has touched since.
"""

from __future__ import annotations

from datetime import datetime

from openhouse.core.merge_patch import Document
from openhouse.identity.audit import Deed
from openhouse.rooms.draft import Draft
from openhouse.tasks.imports.asked import ImportAnswer, ImportInput, check, confirmed
from openhouse.tasks.kind import Confirmed, Progress, Run, TaskKind
from openhouse.tasks.work import Work


# What these need is in the layer of tasks, and whoever begins a task has none of it.
def _plan(run: Run, now: datetime) -> Draft[Progress]:
    from openhouse.tasks.imports.planning import plan  # noqa: PLC0415

    return plan(run, now)


def _write(run: Run, now: datetime) -> Draft[Progress]:
    from openhouse.tasks.imports.writing import write  # noqa: PLC0415

    return write(run, now)


def _undo(run: Run, now: datetime) -> Draft[Progress]:
    from openhouse.tasks.imports.undoing import undo  # noqa: PLC0415

    return undo(run, now)


def _audited(work: Work, proposal: Document, _confirmed: Confirmed) -> Deed:
    counts = {name: str(proposal["counts"][name]) for name in ("create", "update")}
    about = {"module": proposal["module"], **counts}
    return Deed(act="import_confirmed", subject=work.task_id, name=proposal["file"]["name"], after=about)


KIND = TaskKind(
    name="import",
    title="Importing",
    input=ImportInput,
    example={"file": "0199c2a0-0000-7000-8000-000000000001", "module": "client"},
    plan=_plan,
    write=_write,
    undo=_undo,
    answer=ImportAnswer,
    answer_example={"columns": {"3": {"target": "phone"}}, "duplicates": "update", "update": "empty"},
    check=check,
    confirmed=confirmed,
    audited=_audited,
    a_second=100,
    seconds=3 * 3_600,
    plan_percent=20,
)
