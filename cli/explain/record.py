"""A record, explained: where it is, its last steps with the commits that told them, and what became of the last one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cli.explain.commit import CommitStory, explain_commit
from cli.explain.finding import Commit, CommitFound, RecordFound, commits_near
from cli.explain.logs import Logs
from openhouse.core import clock
from openhouse.crm.steps import Step, unpacked
from openhouse.rooms.room_log import RETENTION_SECONDS
from openhouse.services import Services
from openhouse.storage.keys import entry_key

STEPS = 10


@dataclass(frozen=True)
class Told:
    """A step of its history, and the commit that told of it, where the log of its room still has that."""

    step: Step
    commit: Commit | None

    def wire(self) -> dict[str, Any]:
        place = {name: self.commit[name] for name in ("room", "seq", "id")} if self.commit else None
        return {**self.step, "commit": place}


@dataclass(frozen=True)
class RecordStory:
    """`version`: None of one of which only the history is left. `latest`: of the last commit about it."""

    found: RecordFound
    version: int | None
    owner_id: str | None
    steps: Sequence[Told]
    latest: CommitStory | None
    unknown: Sequence[str]

    def wire(self) -> dict[str, Any]:
        return {
            "kind": "record",
            "brokerageId": self.found.brokerage_id,
            "noun": self.found.noun,
            "id": self.found.id,
            "room": self.found.room,
            "deleted": self.found.deleted,
            "version": self.version,
            "ownerId": self.owner_id,
            "steps": [each.wire() for each in self.steps],
            "latest": self.latest.wire() if self.latest else None,
            "unknown": list(self.unknown),
        }


def explain_record(services: Services, logs: Logs, found: RecordFound, now: datetime) -> RecordStory:
    steps = [*_steps(found)][:STEPS]
    told = [Told(step, _commit_of(services, found, step, now)) for step in steps]
    latest = next((each.commit for each in told if each.commit), None)
    story = None
    if latest:
        item = services.table.get(entry_key(latest["room"], latest["seq"])) or {"ttl": 0}
        commit = CommitFound(found.brokerage_id, latest, clock.from_seconds(item["ttl"]))
        story = explain_commit(services, logs, commit, now)
    item = found.item or {}
    return RecordStory(found, item.get("version"), item.get("owner_id"), told, story, _unknown(found, told))


def _steps(found: RecordFound) -> Iterator[Step]:
    """The last first. The latest may lie in the record's own item."""
    recent = unpacked(found.item.get("_steps", "")) if found.item else []
    yield from reversed(recent)
    for item in found.steps:
        yield from reversed(unpacked(item["steps"]))


def _commit_of(services: Services, found: RecordFound, step: Step, now: datetime) -> Commit | None:
    """A step that moved the record is told in both rooms; that of the room where it is counts."""
    at = datetime.fromisoformat(step["at"])
    if (now - at).total_seconds() > RETENTION_SECONDS:
        return None
    rooms = [found.room, *(item["room"] for item in found.steps if item["room"] != found.room)]
    for room in dict.fromkeys(rooms):
        for commit in commits_near(services, room, at):
            if commit["at"] == step["at"] and any(_is_about(event, found) for event in commit["events"]):
                return commit
    return None


def _is_about(event: dict[str, Any], found: RecordFound) -> bool:
    return bool(event["data"].get(f"{found.noun}Id") == found.id)


def _unknown(found: RecordFound, told: Sequence[Told]) -> list[str]:
    said = []
    if found.item is None:
        said.append("The record itself is gone for good; its history tells what it was.")
    if missing := sum(each.commit is None for each in told):
        said.append(
            f"Of {missing} of these steps the log of the room has forgotten the commit: it keeps them for 7 days."
        )
    if found.steps and len(told) == STEPS:
        said.append(f"Only the last {STEPS} steps are shown; the history in the app has all.")
    return said
