"""A listing's description from its facts, told sentence by sentence, and saved once it is accepted.

Nothing is in it that is not in the record, and no word that fair-housing rules speak against; what was refused is told.
"""

from __future__ import annotations

from datetime import datetime

from openhouse.core.merge_patch import Document
from openhouse.rooms.draft import Draft
from openhouse.tasks.kind import Confirmed, Progress, Run, TaskKind
from openhouse.tasks.taking_back import take_back
from openhouse.tasks.texts.asked import DescriptionToKeep, ListingInput
from openhouse.tasks.work import Work


def _plan(run: Run, now: datetime) -> Draft[Progress]:
    from openhouse.tasks.texts.describing import plan  # noqa: PLC0415

    return plan(run, now)


def _confirmed(work: Work, proposal: Document, answer: DescriptionToKeep) -> Confirmed:
    from openhouse.tasks.texts.describing import confirmed  # noqa: PLC0415

    return confirmed(work, proposal, answer)


def _write(run: Run, now: datetime) -> Draft[Progress]:
    from openhouse.tasks.texts.describing import write  # noqa: PLC0415

    return write(run, now)


KIND = TaskKind(
    name="describe_listing",
    title="Describing the listing",
    input=ListingInput,
    example={"listing": "0199c2a0-0000-7000-8000-000000000001"},
    plan=_plan,
    write=_write,
    undo=take_back,
    about="listing",
    answer=DescriptionToKeep,
    answer_example={"text": "This house for sale is located at 12 Harbor Way, Sacramento, CA."},
    confirmed=_confirmed,
    planned_a_second=3,  # sentences: fewer than are told in one
    seconds=900,
    plan_percent=90,
)
