"""`openhouse explain`: finds what is meant, gathers what is known of it, and says it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cli.explain import report
from cli.explain.commit import explain_commit
from cli.explain.finding import CommitFound, RecordFound, find
from cli.explain.logs import Logs
from cli.explain.person import explain_person
from cli.explain.record import explain_record
from cli.operating.installation import Installation
from cli.operating.look import show
from cli.operating.people_names import names_of
from openhouse.core import clock


def explain(installation: Installation, text: str, *, as_json: bool, now: datetime | None = None) -> None:
    """Raises CommandFailed, and what boto3 raises."""
    now = now or clock.utc_now()
    services, cloud = installation.services, installation.cloud
    logs, found = Logs(cloud), find(services, text)
    names = names_of(services, [found.brokerage_id])
    story: Any
    if isinstance(found, CommitFound):
        story = explain_commit(services, logs, found, now)
        lines = report.commit_lines(story, names, now)
    elif isinstance(found, RecordFound):
        story = explain_record(services, logs, found, now)
        lines = report.record_lines(story, names, now)
    else:
        pool = installation.deployment.endpoints.user_pool_id
        story = explain_person(services, logs, cloud, pool, found, now)
        lines = report.person_lines(story, names, now)
    show(story.wire(), lines, as_json=as_json)
