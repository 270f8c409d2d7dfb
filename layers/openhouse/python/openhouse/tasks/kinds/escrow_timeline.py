"""Key dates of an escrow from its agreement: proposed with their sentences, kept in the escrow once confirmed.

Days such as `17 days after acceptance` are counted by code. It is no legal advice, and the proposal says so.
"""

from __future__ import annotations

from datetime import datetime

from openhouse.core.merge_patch import Document
from openhouse.rooms.draft import Draft
from openhouse.tasks.kind import Confirmed, Progress, Run, TaskKind
from openhouse.tasks.taking_back import take_back
from openhouse.tasks.texts.asked import DatesToKeep, TimelineInput
from openhouse.tasks.work import Work


def _plan(run: Run, now: datetime) -> Draft[Progress]:
    from openhouse.tasks.texts.timelines import plan  # noqa: PLC0415

    return plan(run, now)


def _confirmed(work: Work, proposal: Document, answer: DatesToKeep) -> Confirmed:
    from openhouse.tasks.texts.timelines import confirmed  # noqa: PLC0415

    return confirmed(work, proposal, answer)


def _write(run: Run, now: datetime) -> Draft[Progress]:
    from openhouse.tasks.texts.timelines import write  # noqa: PLC0415

    return write(run, now)


KIND = TaskKind(
    name="escrow_timeline",
    title="Looking for dates",
    input=TimelineInput,
    example={
        "escrow": "0199c2a0-0000-7000-8000-000000000001",
        "text": "Accepted on March 2, 2026. Buyer shall remove all contingencies within 17 days after acceptance.",
        "timeZone": "America/Los_Angeles",
    },
    plan=_plan,
    write=_write,
    undo=take_back,
    about="escrow",
    answer=DatesToKeep,
    answer_example={"dates": [{"key": "1"}, {"key": "2", "day": "2026-03-20"}], "appointments": True},
    confirmed=_confirmed,
    seconds=900,
    plan_percent=60,
)
