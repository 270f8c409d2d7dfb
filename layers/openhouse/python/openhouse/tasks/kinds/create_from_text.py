"""Records that a text is about: proposed with where it says what, and made, linked to each other, once confirmed.

What the text does not say is left empty. Undoing deletes those that nobody has touched since.
"""

from __future__ import annotations

from datetime import datetime

from openhouse.rooms.draft import Draft
from openhouse.tasks.kind import Progress, Run, TaskKind
from openhouse.tasks.taking_back import take_back
from openhouse.tasks.texts.asked import RecordsToMake, TextInput
from openhouse.tasks.texts.confirming import confirmed


def _plan(run: Run, now: datetime) -> Draft[Progress]:
    from openhouse.tasks.texts.creating import plan  # noqa: PLC0415

    return plan(run, now)


def _write(run: Run, now: datetime) -> Draft[Progress]:
    from openhouse.tasks.texts.creating import write  # noqa: PLC0415

    return write(run, now)


KIND = TaskKind(
    name="create_from_text",
    title="Reading the text",
    input=TextInput,
    example={
        "text": "Escrow for 123 Main St, Bakersfield CA 93301, buyer Ana Ruiz, $540,000, closing August 3",
        "timeZone": "America/Los_Angeles",
    },
    plan=_plan,
    write=_write,
    undo=take_back,
    answer=RecordsToMake,
    answer_example={
        "records": [
            {"ref": "escrow-1", "fields": {"purchasePriceCents": 54_500_000}},
            {"ref": "client-1", "use": "0199c2a0-0000-7000-8000-000000000001"},
        ]
    },
    confirmed=confirmed,
    seconds=900,
    plan_percent=60,
)
