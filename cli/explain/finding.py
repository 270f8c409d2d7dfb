"""What somebody means by a text: a commit, a record or a person; and where it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cli.operating.installation import brokerages, person
from cli.operating.room_called import room_called
from cli.operating.rooms import no_log, position_of
from cli.rooms import rooms_of
from deployed.terminal import CommandFailed
from openhouse.core import clock
from openhouse.core.room_names import is_of_kind
from openhouse.crm.modules import MODULES
from openhouse.identity.directory import User
from openhouse.rooms.room_log import commit_of
from openhouse.services import Services
from openhouse.storage.keys import Item, deleted_noun, entry_key, history_range, record_key

COMMIT = re.compile(r"((?:broker|team|user):.*\S)\s*#(\d{1,12})")
WHAT = (
    "a commit (team:north#42, or its id: for 7 days), a record (escrow:ID, or its id) "
    "or a person (their e-mail address, or their id)"
)
CLOCKS = timedelta(seconds=5)  # that those of two functions may differ by, with the time that an attempt took

Commit = dict[str, Any]  # in wire form


@dataclass(frozen=True)
class CommitFound:
    brokerage_id: str
    commit: Commit
    expires_at: datetime  # when the log forgets it


@dataclass(frozen=True)
class RecordFound:
    """`item`: as its table has it; None of one that is gone for good. `steps`: items of its history, the last first."""

    brokerage_id: str
    noun: str
    id: str
    room: str
    deleted: bool
    item: Item | None
    steps: list[Item]


@dataclass(frozen=True)
class PersonFound:
    """`user`: None of one who was removed."""

    brokerage_id: str
    user_id: str
    user: User | None


def find(services: Services, text: str) -> CommitFound | RecordFound | PersonFound:
    """Raises CommandFailed."""
    if not (text := text.strip()):
        raise CommandFailed(f"Name {WHAT}.")
    if named := COMMIT.fullmatch(text):
        return _commit_at(services, room_called(services, named[1]), int(named[2]))
    if is_of_kind(text, ("broker", "team", "user")):
        raise CommandFailed(
            f"{text} is a room. Name a commit of it, such as '{text}#42': "
            f"`openhouse replay {text}` shows the last ones."
        )
    if "@" in text:
        brokerage_id, user = person(services, text, brokerages(services))
        return PersonFound(brokerage_id, user.user_id, user)
    noun, _, id_ = text.rpartition(":")
    if membership := None if noun else services.directory.membership(id_):
        return PersonFound(membership.brokerage_id, id_, membership.user)
    if noun and noun not in (module.noun for module in MODULES):
        raise CommandFailed(f"There are no records called {noun}: {', '.join(module.noun for module in MODULES)}.")
    found = _record(services, noun, id_) or (None if noun else _commit_called(services, id_))
    if found is None:
        raise CommandFailed(f"Nothing is known of {text}. Name {WHAT}.")
    return found


def commits_near(services: Services, room: str, at: datetime) -> Iterator[Commit]:
    """The room's commits of about that time, in order. The log is sorted by time as well as clocks agree."""
    ends = position_of(services, room)
    if ends is None:
        return
    low, high = 1, ends.seq + 1
    while low < high:
        middle = (low + high) // 2
        commit = _entry(services, room, middle)
        if commit is None or _at(commit) < at - CLOCKS:
            low = middle + 1
        else:
            high = middle
    keys = (entry_key(room, seq)["sk"] for seq in (low, ends.seq + 1))
    for commit in filter(None, map(commit_of, services.table.query(entry_key(room, low)["pk"], *keys, page_size=100))):
        if _at(commit) > at + CLOCKS:
            return
        yield commit


def _commit_at(services: Services, room: str, seq: int) -> CommitFound:
    item = services.table.get(entry_key(room, seq))
    if item is not None and (commit := commit_of(item)):
        brokerage_id = services.directory.brokerage_of(room) or ""
        return CommitFound(brokerage_id, commit, clock.from_seconds(item["ttl"]))
    ends = position_of(services, room)
    if ends is None:
        raise CommandFailed(no_log(room))
    if item is not None:
        raise CommandFailed(f"What stands at #{seq} of {room} is no commit: something else has written there.")
    if seq > ends.seq or seq < 1:
        raise CommandFailed(f"The log of {room} ends at #{ends.seq}.")
    raise CommandFailed(
        f"The log of {room} has forgotten #{seq}: it keeps commits for 7 days. The history of a record stays: "
        "`openhouse explain` its id."
    )


def _commit_called(services: Services, id_: str) -> CommitFound | None:
    """Its id begins with the time at which it was written."""
    try:
        uuid = UUID(id_)
    except ValueError:
        return None
    if uuid.version != 7:
        return None
    at = clock.from_milliseconds(uuid.int >> 80)
    for brokerage_id in brokerages(services):
        for room in rooms_of(services.directory, brokerage_id):
            for commit in commits_near(services, room, at):
                if commit["id"] == str(uuid):
                    return _commit_at(services, room, commit["seq"])
    return None


def _record(services: Services, noun: str, id_: str) -> RecordFound | None:
    nouns = [noun] if noun else [module.noun for module in MODULES]
    for brokerage_id in brokerages(services):
        for each in nouns:
            steps = [*services.table.query(*history_range(brokerage_id, each, id_), backwards=True)]
            if steps:
                room, deleted = steps[0]["room"], bool(steps[0]["deleted"])
                key = record_key(room, deleted_noun(each) if deleted else each, id_)
                return RecordFound(brokerage_id, each, id_, room, deleted, services.table.get(key), steps)
    return None


def _entry(services: Services, room: str, seq: int) -> Commit | None:
    item = services.table.get(entry_key(room, seq))
    return commit_of(item) if item else None


def _at(commit: Commit) -> datetime:
    return datetime.fromisoformat(commit["at"])
