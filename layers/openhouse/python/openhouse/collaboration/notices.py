"""Whom a change of records concerns beside its author: who gets a record from somebody else, and who is mentioned.

They are told in the commit of the change itself, one notification for a person and a kind, however many records there
are. Each costs three items of the transaction: the notification, and the HEAD and the log entry of the person's room.
A change that concerns nobody else reads and writes nothing for this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from openhouse.collaboration.notification import About, Kind, Message, addition, first_step
from openhouse.collaboration.preferences import StoredPreferences
from openhouse.core import ids
from openhouse.core.principal import Principal
from openhouse.core.room_names import user_room
from openhouse.core.text import quoted
from openhouse.crm.access import can_read
from openhouse.crm.changes import Change
from openhouse.crm.mentions import mentioned
from openhouse.crm.module import Module, Record
from openhouse.identity.directory import Directory
from openhouse.rooms.draft import Addition
from openhouse.rooms.live_states import StateChange

MOST_MENTIONED = 20  # people who are told of one change, the first of the text
MOST_LOOKED_UP = 50  # that one change may name: a text has room for thousands, and each who is nobody costs a read
_NAMED = 3  # records that a text names
_LONGEST_NAME = 100

Told = tuple[str, Kind]  # a person and what they are told of


class RecordNotices:
    def __init__(
        self,
        preferences: StoredPreferences,
        directory: Directory,
        *,
        new_id: Callable[[datetime], str] = ids.uuid7,
    ) -> None:
        self._preferences = preferences
        self._directory = directory
        self._new_id = new_id

    def prepare(self, principal: Principal, changes: Sequence[Change], now: datetime) -> PreparedNotices:
        concerned = [*self._concerned(principal, changes)]
        wanted = self._preferences.who_want(told for told, _ in concerned) if concerned else set()
        told = [(each, change) for each, change in concerned if each in wanted]
        ids_ = {each: self._new_id(now) for each in dict.fromkeys(each for each, _ in told)}
        return PreparedNotices(principal, now, told, ids_)

    def lock_taken(
        self, principal: Principal, holder: str, module: Module, record: Record, now: datetime
    ) -> Sequence[StateChange]:
        """That this principal has taken a record's lock over from its holder: what to write in the commit of that.

        Nothing for a holder who may not read the record any more.
        """
        told: Told = (holder, "lock_taken")
        if holder == principal.user_id or told not in self._preferences.who_want([told]):
            return ()
        user = self._directory.some_users(principal.brokerage_id, [holder]).get(holder)
        if user is None or not can_read(user, holder, record):
            return ()
        message = Message(
            kind="lock_taken",
            level="warning",
            title=f"{_author(principal)} took over {_one(module)} that you were editing",
            text=quoted(module.name_of(record), _LONGEST_NAME),
            about=About(noun=module.noun, id=record.id),
            from_=principal.user_id,
        )
        return (first_step(user_room(holder), self._new_id(now), message, by=principal.user_id, now=now),)

    def _concerned(self, principal: Principal, changes: Sequence[Change]) -> Iterator[tuple[Told, Change]]:
        """Each person and kind with the change, in the order of the changes."""
        mentions = {number: added_mentions(change) for number, change in enumerate(changes)}
        named = {user_id for found in mentions.values() for user_id in found}
        people = self._directory.some_users(principal.brokerage_id, named) if named else {}
        for number, change in enumerate(changes):
            after = change.after
            if after is None:
                continue
            if is_assigned(change):
                yield (after.owner_id, "assigned"), change
            readers = [id_ for id_ in mentions[number] if id_ in people and can_read(people[id_], id_, after)]
            yield from (((user_id, "mentioned"), change) for user_id in readers[:MOST_MENTIONED])


@dataclass(frozen=True)
class PreparedNotices:
    """`told`: who is told of which change; `ids`: of the one notification to each."""

    principal: Principal
    now: datetime
    told: Sequence[tuple[Told, Change]]
    ids: Mapping[Told, str]

    def of(self, changes: Sequence[Change], most: int | None) -> Addition:
        if not self.told:
            return Addition()
        some = {id(change) for change in changes}
        grouped: dict[Told, list[Change]] = {}
        for told, change in self.told:
            if id(change) in some:
                grouped.setdefault(told, []).append(change)
        by = self.principal.user_id
        return addition(
            [
                first_step(user_room(told[0]), self.ids[told], self._message(told[1], of_them), by=by, now=self.now)
                for told, of_them in [*grouped.items()][:most]
            ]
        )

    def _message(self, kind: Kind, changes: Sequence[Change]) -> Message:
        modules = {change.module.noun: change.module for change in changes}
        first, record = changes[0].module, changes[0].after
        assert record is not None
        plural = first.path if len(modules) == 1 else "records"
        what = _one(first) if len(changes) == 1 else f"{len(changes)} {plural}"
        author = _author(self.principal)
        records = [(change.module, change.after) for change in changes[:_NAMED] if change.after]
        names = [quoted(module.name_of(each), _LONGEST_NAME) for module, each in records]
        more = f" and {len(changes) - _NAMED} more" if len(changes) > _NAMED else ""
        return Message(
            kind=kind,
            level="info",
            title=f"{author} assigned {what} to you" if kind == "assigned" else f"{author} mentioned you in {what}",
            text=", ".join(filter(None, names)) + more,
            about=About(noun=first.noun, id=record.id) if len(changes) == 1 else None,
            from_=self.principal.user_id,
        )


def is_assigned(change: Change) -> bool:
    """Whether somebody gets a record by it that was not theirs, from somebody else."""
    before, after = change.before or change.origin or change.recovered, change.after
    if after is None or after.owner_id == change.by:
        return False
    return before is None or before.owner_id != after.owner_id


def added_mentions(change: Change) -> list[str]:
    """Whom a change mentions anew, but its author: the first of them."""
    before, after = change.before or change.origin or change.recovered, change.after
    known = {change.by, *_mentioned(change.module, before)}
    new = (user_id for user_id in _mentioned(change.module, after) if user_id not in known)
    return [*islice(new, MOST_LOOKED_UP)]


def _mentioned(module: Module, record: Record | None) -> list[str]:
    texts = (getattr(record, field, None) for field in module.notes)
    return list(dict.fromkeys(user_id for text in texts if text for user_id in mentioned(text)))


def _one(module: Module) -> str:
    return f"{'an' if module.noun[0] in 'aeiou' else 'a'} {module.noun}"


def _author(principal: Principal) -> str:
    return quoted(principal.name, _LONGEST_NAME, otherwise="Somebody")
