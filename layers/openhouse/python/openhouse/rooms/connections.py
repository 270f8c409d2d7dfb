"""Sockets: the tickets that open them, the connections they are, the members of rooms they become.

A member row is written only while its connection's row exists, and deleted after it: no ghost can be left behind
by a join that races a disconnect. Rows expire with the token behind them; `ttl` only sweeps up.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from openhouse.core import clock, ids
from openhouse.core.clock import Clock
from openhouse.core.errors import Busy, Flooding, RateLimited, SessionExpired, SessionUnknown, TicketInvalid
from openhouse.core.principal import Principal
from openhouse.core.room_names import shard_of, shards_of, user_room
from openhouse.rooms.allowance import LUMP, REFUSAL, REFUSAL_LUMP, Allowance, lumped
from openhouse.settings import SocketSettings
from openhouse.storage.keys import Item, Key, connection_key, member_key, ticket_key
from openhouse.storage.table import MAX_TRANSACTION_ITEMS, Table, WriteConflict
from openhouse.storage.writes import (
    PRESENT,
    AllOf,
    AnyOf,
    Equals,
    Lacks,
    Put,
    Update,
    Write,
    absent_or,
    alive,
    equals,
)

TICKET_SECONDS = 30
JOIN_ATTEMPTS = 5
CHARGE_ATTEMPTS = 20  # each that fails is one that another succeeded with
SWEEP_SECONDS = 3600  # how long after its end a row may be deleted by DynamoDB


@dataclass(frozen=True)
class Connection:
    id: str
    principal: Principal
    rooms: tuple[str, ...]  # the rooms it has joined
    since: int  # when it connected, in milliseconds since 1970
    allowance: Allowance


@dataclass(frozen=True)
class Member:
    connection_id: str
    user_id: str
    expires_at: int
    lagging: bool = False  # a post to it has failed since it last heard something
    since: int = 0  # when its connection began, in milliseconds since 1970


class Connections:
    def __init__(
        self,
        table: Table,
        *,
        brokerage_shards: int = SocketSettings.brokerage_shards,
        now: Clock = clock.utc_now,
        new_ticket: Callable[[], str] = ids.token,
        chance: Callable[[], float] = random.random,
        sleep: Callable[[float], None] = time.sleep,
        forgotten: Callable[[str, Principal], None] = lambda _connection_id, _principal: None,
    ) -> None:
        """`forgotten` is told of each connection that is forgotten, once, and whose it was."""
        self._table = table
        self._brokerage_shards = brokerage_shards
        self._now = now
        self._new_ticket = new_ticket
        self._chance = chance
        self._sleep = sleep
        self._forgotten = forgotten

    def issue_ticket(self, principal: Principal, *, origin: str | None = None) -> tuple[str, datetime]:
        """A one-use ticket and when it ends. Only its hash is stored, so the table cannot open sockets.

        `origin`: of the page that asks for it; then no other page opens a socket with it.
        """
        ticket = self._new_ticket()
        ends = clock.seconds(self._now()) + TICKET_SECONDS
        document = principal.document()
        item = {**ticket_key(_digest(ticket)), "principal": document, "user_id": principal.user_id, "ttl": ends}
        if origin is not None:
            item["origin"] = origin
        self._table.write(Put(item, absent_or(ttl=ends)))  # or a retry of ours
        return ticket, clock.from_seconds(ends)

    def redeem(self, ticket: str, *, of: str | None = None, origin: str | None = None) -> Principal:
        """Uses a ticket up, if it is of the user `of`, who has a socket already; else, if a page of that `origin` opens
        one. Somebody else's stays as it is.

        Raises TicketInvalid when it is unknown, used, older than 30 s or somebody else's.
        """
        if of is not None and self._table.get(ticket_key(_digest(ticket))) is None:
            raise TicketInvalid("the ticket is unknown, used or expired; ask for a new one")  # guesses write nothing
        usable = alive(clock.seconds(self._now()))
        its = AnyOf((Lacks("origin"), Equals("origin", origin or ""))) if of is None else Equals("user_id", of)
        when = AllOf((usable, its))
        item = self._table.delete_returning(ticket_key(_digest(ticket)), when)
        if item is None:
            raise TicketInvalid("the ticket is unknown, used or expired; ask for a new one")
        return Principal.from_document(item["principal"])

    def connect(self, connection_id: str, principal: Principal) -> None:
        """Keeps the connection. It is in no room yet: a post to a socket that is not open would be a 410."""
        since = clock.milliseconds(self._now())
        item = {
            **connection_key(connection_id),
            **self._row(principal),
            "rooms": [],
            "since": since,
            "allowance": Allowance.full(since).document(),
        }
        self._table.write(Put(item, absent_or(expires_at=principal.expires_at)))  # or a retry of ours

    def find(self, connection_id: str, *, lately: bool = False) -> Connection:
        """`lately`: as it is, or was a moment ago. That it is no good is looked up as of now in any case.

        Raises SessionUnknown when there is no such connection, SessionExpired when its token has ended.
        """
        item = self._table.get(connection_key(connection_id), consistent=not lately)
        if lately and (item is None or item["expires_at"] <= clock.seconds(self._now())):
            return self.find(connection_id)
        if item is None:
            raise SessionUnknown("connect again with a new ticket")
        if item["expires_at"] <= clock.seconds(self._now()):
            raise SessionExpired("connect again with a new ticket")
        return Connection(
            connection_id,
            Principal.from_document(item["principal"]),
            tuple(item["rooms"]),
            item["since"],
            Allowance.read(item["allowance"]),
        )

    def rooms_of(self, connection_id: str) -> tuple[str, ...] | None:
        """The rooms it has joined; None if it is gone."""
        item = self._table.get(connection_key(connection_id))
        return tuple(item["rooms"]) if item else None

    def join(self, connection: Connection, principal: Principal) -> None:
        """Makes the connection a member of exactly its principal's rooms, for as long as their token lasts.

        Rooms it has lost are left first: whatever fails in between, the row still tells of them, and the next join
        begins again. Raises SessionExpired if it is gone, Busy if another message of the socket changes it too.
        """
        rooms = principal.rooms
        lost = [room for room in connection.rooms if room not in rooms]
        self._table.delete_all(self._member_keys(connection.id, lost))
        row = Update(
            connection_key(connection.id),
            {**self._row(principal), "rooms": list(rooms)},
            equals(expires_at=connection.principal.expires_at),
        )
        for start in range(0, len(rooms), MAX_TRANSACTION_ITEMS - 1):
            members = [
                self._member(room, connection, principal) for room in rooms[start : start + MAX_TRANSACTION_ITEMS - 1]
            ]
            self._join_some([row, *members], connection.id)
            # The row tells of all rooms by now: the next members only need it to be there still.
            row = Update(row.key, _expiry(principal), equals(expires_at=principal.expires_at))

    def _join_some(self, writes: Sequence[Write], connection_id: str) -> None:
        for _ in range(JOIN_ATTEMPTS):
            try:
                self._table.transact(writes)
            except WriteConflict:
                self.find(connection_id)  # gone, or only busy with another message of the same socket?
            else:
                return
        raise Busy("another message of this socket is changing its rooms; try again")

    def extend(self, connection_id: str, principal: Principal) -> None:
        """A connection that has not joined yet lives as long as this principal's token."""
        try:
            self._table.write(Update(connection_key(connection_id), self._row(principal), PRESENT))
        except WriteConflict as conflict:
            raise SessionExpired("connect again with a new ticket") from conflict

    def forget(self, connection_id: str, found_in: Sequence[str] = ()) -> Principal | None:
        """Deletes that connection's rows and nothing else. `found_in`: rooms where a member row of it was seen.

        Whose it was; None if somebody else has forgotten it before.
        """
        item = self._table.delete_returning(connection_key(connection_id), PRESENT)
        joined = item["rooms"] if item else []
        self._table.delete_all(self._member_keys(connection_id, sorted({*joined, *found_in})))
        if item is None:
            return None
        principal = Principal.from_document(item["principal"])
        self._forgotten(connection_id, principal)
        return principal

    def shards(self, room: str) -> range:
        """The partitions that hold a room's members."""
        return shards_of(room, self._brokerage_shards)

    def members(self, room: str, shard: int | None = None) -> list[Member]:
        """Everyone in a room, or in one shard of it, the expired included: they must be neither served nor kept."""
        return [
            _member(item)
            for each in (self.shards(room) if shard is None else [shard])
            for item in self._table.query(member_key(room, each, "")["pk"], " ", "~")
        ]

    def memberships(self, connection_id: str, rooms: Sequence[str]) -> dict[str, Member]:
        """As what a connection is in each of these rooms that it is in."""
        keys = dict(zip(rooms, self._member_keys(connection_id, rooms), strict=True))
        items = {item["pk"]: item for item in self._table.get_many([*keys.values()])}
        return {room: _member(items[key["pk"]]) for room, key in keys.items() if key["pk"] in items}

    def still_in(self, room: str, connection_ids: Iterable[str]) -> set[str]:
        """Those of these connections that are members of the room now."""
        now = clock.seconds(self._now())
        keys = [key for id_ in connection_ids for key in self._member_keys(id_, [room])]
        return {item["sk"] for item in self._table.get_many(keys) if item["expires_at"] > now}

    def mark(self, room: str, connection_id: str, *, lagging: bool) -> None:
        """Remembers whether a member has missed something. A new member, or one that has left, has not."""
        (key,) = self._member_keys(connection_id, [room])
        with suppress(WriteConflict):
            self._table.write(Update(key, {"lagging": lagging}, PRESENT))

    def of_user(self, user_id: str) -> list[str]:
        """The joined connections of one user, the oldest first."""
        members = sorted(self.members(user_room(user_id)), key=lambda member: (member.since, member.connection_id))
        return [member.connection_id for member in members]

    def admit(self, connection: Connection, cost: int) -> None:
        """Lets a request of this cost wait, the longer the less the connection has left.

        Raises RateLimited if it has used up what it may ask for, and Flooding if it goes on asking all the same.
        """
        left = connection.allowance.refilled(clock.milliseconds(self._now()))
        try:
            left.check(cost)
        except RateLimited as refused:
            if not isinstance(refused, Flooding):
                self._spend(connection, lumped(REFUSAL, self._chance(), REFUSAL_LUMP))
            raise
        if pause := left.pause:
            self._sleep(pause)

    def charge(self, connection: Connection, cost: int) -> None:
        """Remembers what a request has cost."""
        self._spend(connection, lumped(cost, self._chance(), LUMP))

    def _spend(self, connection: Connection, units: int) -> None:
        """Also if others of the same socket spend something at the same time."""
        for _ in range(CHARGE_ATTEMPTS if units else 0):
            known = connection.allowance
            left = known.refilled(clock.milliseconds(self._now())).spent(units)
            try:
                self._table.write(
                    Update(
                        connection_key(connection.id),
                        {"allowance": left.document()},
                        equals(allowance=known.document()),
                    )
                )
            except WriteConflict:
                connection = self.find(connection.id)
            else:
                return

    def _member(self, room: str, connection: Connection, principal: Principal) -> Put:
        key = member_key(room, shard_of(room, connection.id, self._brokerage_shards), connection.id)
        item = {**key, **_expiry(principal), "user_id": principal.user_id, "since": connection.since}
        # Repeats are expected; the transaction's condition on the connection's row is what guards it.
        return Put(item, absent_or(user_id=principal.user_id))

    def _member_keys(self, connection_id: str, rooms: Sequence[str]) -> list[Key]:
        return [
            member_key(room, shard_of(room, connection_id, self._brokerage_shards), connection_id) for room in rooms
        ]

    def _row(self, principal: Principal) -> Item:
        return {"principal": principal.document(), **_expiry(principal)}


def _member(item: Item) -> Member:
    return Member(item["sk"], item["user_id"], item["expires_at"], item.get("lagging", False), item["since"])


def _expiry(principal: Principal) -> Item:
    return {"expires_at": principal.expires_at, "ttl": principal.expires_at + SWEEP_SECONDS}


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
