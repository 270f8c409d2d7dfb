"""What somebody's day has, whenever they ask: the same that they are told in the morning (`tasks/mornings.py`)."""

from __future__ import annotations

from datetime import datetime

from openhouse.core.wire import parse
from openhouse.rooms.draft import Draft
from openhouse.tasks.kind import Progress, Run, TaskKind
from openhouse.tasks.texts.asked import BriefInput


def _plan(run: Run, now: datetime) -> Draft[Progress]:
    from openhouse.tasks.briefs import brief_of  # noqa: PLC0415

    brief = brief_of(run.tools, run.principal, now, parse(BriefInput, run.input).time_zone)
    told = {"level": brief.level, "title": brief.title, "text": brief.text} if brief else {}
    message = brief.title if brief else "Nothing is waiting for you today"
    return Draft(Progress(cursor={}, done=1, total=1, message=message, ended=told))


KIND = TaskKind(
    name="daily_brief",
    title="Looking at your day",
    input=BriefInput,
    example={"timeZone": "America/Los_Angeles"},
    plan=_plan,
    seconds=300,
)
