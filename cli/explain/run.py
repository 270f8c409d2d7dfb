"""`openhouse explain`: finds what is meant, gathers what is known of it, and says it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cli.explain import report
from cli.explain.commit import explain_commit
from cli.explain.finding import CommitFound, PersonFound, RecordFound, find
from cli.explain.logs import Logs
from cli.explain.person import explain_person
from cli.explain.record import explain_record
from cli.explain.seen import person_meant, seen_by
from cli.operating.installation import Installation
from cli.operating.look import show
from cli.operating.people_names import names_of
from deployed.terminal import CommandFailed
from openhouse.core import clock


def explain(
    installation: Installation, text: str, whom: str | None = None, *, as_json: bool, now: datetime | None = None
) -> None:
    """`whom`: who does not see it. Raises CommandFailed, and what boto3 raises."""
    now = now or clock.utc_now()
    services, cloud = installation.services, installation.cloud
    logs, found = Logs(cloud), find(services, text)
    person = person_meant(services, whom) if whom is not None else None
    if person and isinstance(found, PersonFound):
        raise CommandFailed("--for goes with a commit or a record: whether somebody has seen it.")
    names = names_of(services, {found.brokerage_id, *([person.brokerage_id] if person else [])})
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
    document = story.wire()
    if person:
        seen = seen_by(services, person, story, names, now)
        document, lines = document | {"for": seen.wire()}, [*report.seen_lines(seen, names), "", *lines]
    show(document, lines, as_json=as_json)
