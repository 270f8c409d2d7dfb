"""Notifications: sent, listed with what their reader has read, and read.

One that is for many is stored once, in the room of those it is for. What somebody has read is a state of their own, in
their room: so it is live on all their devices, and nobody else hears of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice, takewhile
from typing import Any

from openhouse.collaboration.notification import (
    NOTIFICATIONS,
    NOTIFIED,
    READINGS,
    Kind,
    Message,
    Notification,
    Reading,
    addition,
    first_step,
    read_one,
    read_up_to,
)
from openhouse.collaboration.preferences import StoredPreferences
from openhouse.core import clock, ids
from openhouse.core.errors import Forbidden, NotFound, invalid
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.core.room_names import brokerage_room, team_room, user_room
from openhouse.crm.reach import Reach
from openhouse.identity.audit import AuditTrail, Author, Deed
from openhouse.identity.directory import Directory
from openhouse.rooms.draft import Draft
from openhouse.rooms.head import Head
from openhouse.rooms.live_states import Fields, LiveStates, State
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.idempotency import IdempotencyKey, IdempotencyStore
from openhouse.storage.keys import LAST_ID, state_key
from openhouse.storage.table import Table, batches
from openhouse.storage.writes import Write

MOST_UNREAD = 100  # that are counted
_PAGE = 25  # items that are read at once: mostly a read unit or two


@dataclass(frozen=True, kw_only=True)
class Recipients:
    """One of them."""

    user_id: str | None = None
    team_id: str | None = None
    brokerage: bool = False


@dataclass(frozen=True)
class Reader:
    """What decides of a notification whether somebody sees it, and has read it."""

    user_id: str
    reading: Reading | None
    hidden: frozenset[Kind]

    def sees(self, state: Notification) -> bool:
        return state.kind not in self.hidden

    def has_read(self, state: Notification) -> bool:
        """One's own messages, too."""
        return state.from_ == self.user_id or (self.reading is not None and self.reading.covers(state.id))


class Notifications:
    """`parallel_map`: a `map`, such as that of a thread pool, for asking many rooms at once."""

    def __init__(
        self,
        table: Table,
        log: RoomLog,
        live_states: LiveStates,
        preferences: StoredPreferences,
        directory: Directory,
        reach: Reach,
        idempotency: IdempotencyStore,
        audit: AuditTrail,
        *,
        new_id: Callable[[datetime], str] = ids.uuid7,
        parallel_map: Callable[..., Iterable[Any]] = map,
    ) -> None:
        self._table = table
        self._log = log
        self._live_states = live_states
        self._preferences = preferences
        self._directory = directory
        self._reach = reach
        self._idempotency = idempotency
        self._audit = audit
        self._new_id = new_id
        self._parallel_map = parallel_map

    # To whom it concerns ----------------------------------------------------------------------------------------------

    def send(
        self,
        principal: Principal,
        to: Recipients,
        message: Message,
        idempotency_key: IdempotencyKey | None = None,
    ) -> Document:
        """Returns it in wire form. Raises Forbidden, Invalid, Busy, IdempotencyMismatch."""
        room = self._room_for(principal, to)
        if message.about:
            named = (message.about.noun, message.about.id)
            if named not in self._reach.items(principal, [named], only_keys=True):
                raise invalid(("about", "there is no such record that you can reach"))

        def draft(now: datetime) -> Draft[Document]:
            if repeat := self._idempotency.find(idempotency_key, now):
                return Draft(repeat.body)
            step = first_step(room, self._new_id(now), message, by=principal.user_id, now=now)
            assert step.after is not None
            body, told = step.after.wire(), addition([step])
            kept = self._idempotency.keep(idempotency_key, body, now)
            writes = [*told.writes, *kept, *self._told(principal, room, message)]
            return Draft(body, {room: list(told.events[room])}, writes, kept=told.kept)

        return self._log.commit(draft, by=principal.user_id).result

    def _told(self, principal: Principal, room: str, message: Message) -> Sequence[Write]:
        """For administrators, of what many were told; what somebody writes to one person is between these two."""
        if room.startswith("user:"):
            return ()
        deed = Deed(act="message_sent", subject=room, name=message.title)
        return [self._audit.entry(principal.brokerage_id, Author.of(principal), deed)]

    def tell(self, user_id: str, message: Message, *, by: str, id_: str | None = None) -> bool:
        """What the product itself has to say to somebody, unless they do not want to hear of such.

        `id_`: of what must be told once, however often it is asked for (`notification.same_id`). Returns whether it was
        told now. Raises Busy.
        """
        if not self._preferences.who_want([(user_id, message.kind)]):
            return False
        room = user_room(user_id)

        def draft(now: datetime) -> Draft[bool]:
            chosen = id_ or self._new_id(now)
            if id_ and self._table.get(state_key(room, NOTIFICATIONS.noun, id_)):
                return Draft(False)
            told = addition([first_step(room, chosen, message, by=by, now=now)])
            return Draft(True, {room: list(told.events[room])}, told.writes, kept=told.kept)

        return self._log.commit(draft, by=by).result

    def _room_for(self, principal: Principal, to: Recipients) -> str:
        """Leads write to their teams and the people in them, brokers and administrators to all of their brokerage."""
        everywhere = principal.role in ("broker", "admin")
        if not everywhere and principal.role != "lead":
            raise Forbidden("only leads, brokers and administrators send messages")
        if to.brokerage:
            if not everywhere:
                raise Forbidden("only a broker or an administrator may write to the whole brokerage")
            return brokerage_room(principal.brokerage_id)
        if to.team_id is not None:
            return self._team_for(principal, to.team_id, everywhere=everywhere)
        assert to.user_id is not None
        user = self._directory.some_users(principal.brokerage_id, [to.user_id]).get(to.user_id)
        if user is None:
            raise invalid(("to", "there is no such person in your brokerage"))
        if not everywhere and not set(user.team_ids) & set(principal.team_ids):
            raise Forbidden("a lead may write to the people of their teams")
        return user_room(user.user_id)

    def _team_for(self, principal: Principal, team_id: str, *, everywhere: bool) -> str:
        if team_id in principal.team_ids:
            return team_room(team_id)
        if not everywhere:
            raise Forbidden("a lead may write to their own teams")
        if all(team.team_id != team_id for team in self._directory.teams(principal.brokerage_id)):
            raise invalid(("to", "there is no such team in your brokerage"))
        return team_room(team_id)

    # Its readers ------------------------------------------------------------------------------------------------------

    def page(self, principal: Principal, limit: int, cursor: str | None = None) -> Document:
        """`{items, unread, positions, cursor}`: newest first, of the last 30 days; positions are read first.

        `unread` counts no further than MOST_UNREAD. A room of many that has had none for 30 days is not asked.
        """
        heads = self._log.whole_heads(principal.rooms)
        now, reader = self._log.now(), self._reader(principal.user_id)
        rooms = _active(principal, heads, now)
        newest = self._newest(rooms, LAST_ID, max(limit + 1, MOST_UNREAD), reader, now)
        page = newest if cursor is None else self._newest(rooms, cursor, limit + 2, reader, now)
        found = [state for state in page if cursor is None or state.id < cursor][: limit + 1]
        shown = found[:limit]
        unread = sum(not reader.has_read(state) for state in newest[:MOST_UNREAD])
        return {
            "items": [{**state.wire(), "read": reader.has_read(state)} for state in shown],
            "unread": unread,
            "positions": {room: head.position.wire() for room, head in heads.items()},
            **({"cursor": shown[-1].id} if len(found) > limit else {}),
        }

    def mark_read(self, principal: Principal, id_: str) -> None:
        """Raises NotFound, also for what is in others' rooms; Busy."""
        keys = [state_key(room, NOTIFICATIONS.noun, id_) for room in principal.rooms]
        known = len(id_) <= ids.MAX_ID_LENGTH and any(self._parallel_map(self._table.get_many, batches(keys)))
        if not known:
            raise NotFound("there is no such notification")
        self._read(principal, lambda reading: read_one(reading, id_))

    def mark_all_read(self, principal: Principal, until: str | None = None) -> None:
        """All there are, or those up to one of them. Raises Busy."""
        now, everything = self._log.now(), Reader(principal.user_id, None, frozenset())
        rooms = _active(principal, self._log.whole_heads(principal.rooms), now)
        newest = self._newest(rooms, LAST_ID, 1, everything, now)
        if newest:
            last = min(until or newest[0].id, newest[0].id)
            self._read(principal, lambda reading: read_up_to(reading, last))

    def _read(self, principal: Principal, fields: Callable[[Reading | None], Fields]) -> None:
        user_id = principal.user_id

        def decide(before: State | None, _now: datetime) -> Fields:
            return fields(before if isinstance(before, Reading) else None)

        self._live_states.change(READINGS, user_room(user_id), user_id, decide, by=user_id)

    def _reader(self, user_id: str) -> Reader:
        reading = self._live_states.read(READINGS, user_room(user_id), user_id)
        kinds = self._preferences.read(user_id).kinds
        hidden = frozenset(kind for kind, channels in kinds.items() if not channels.in_app)
        return Reader(user_id, reading if isinstance(reading, Reading) else None, hidden)

    def _newest(self, rooms: Sequence[str], until: str, most: int, reader: Reader, now: datetime) -> list[Notification]:
        """So many at most of all these rooms, none later than the id `until`."""
        of_rooms = self._parallel_map(lambda room: [*islice(self._of_room(room, until, reader, now), most)], rooms)
        return sorted(chain.from_iterable(of_rooms), key=lambda state: state.id, reverse=True)[:most]

    def _of_room(self, room: str, until: str, reader: Reader, now: datetime) -> Iterator[Notification]:
        first, last = (state_key(room, NOTIFICATIONS.noun, id_) for id_ in ("", until))
        items = self._table.query(first["pk"], first["sk"], last["sk"], backwards=True, page_size=_PAGE)
        states = (Notification.model_validate(item["state"]) for item in items)
        assert NOTIFICATIONS.over is not None
        over = NOTIFICATIONS.over
        return filter(reader.sees, takewhile(lambda state: over(state) > now, states))


def _active(principal: Principal, heads: Mapping[str, Head], now: datetime) -> list[str]:
    """One's own room, and those with a notification that is not over."""
    own, limit = user_room(principal.user_id), clock.seconds(now)
    return [room for room, head in heads.items() if room == own or head.kept.get(NOTIFIED, 0) > limit]
