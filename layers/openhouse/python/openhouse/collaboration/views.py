"""Who looks at a record, and who types in it: rows that end by themselves, and hints straight to the other viewers.

Nothing of it is committed. Whatever somebody misses is told again within ten seconds, or over by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.errors import NotFound
from openhouse.core.json_text import compact
from openhouse.core.principal import Principal
from openhouse.crm.reach import Named, Reach
from openhouse.rooms.connections import Connection, Connections
from openhouse.rooms.draft import Event
from openhouse.rooms.gateway import Delivery, Frame, FrameKind, Gateway, Outcome, pack
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.keys import Item, Key, view_key, view_range
from openhouse.storage.table import WRITTEN_AT_ONCE, Table, WriteConflict
from openhouse.storage.writes import PRESENT, MoreThan, Update, absent_or_at_most, equals

LASTS = 10_000  # milliseconds for which looking and typing count
FRESH = 5_000  # of these that are left while a repeat says nothing new
QUIET = 60_000  # milliseconds for which somebody counts who looks alone, and will speak up when another one comes
AGAIN = 8_000  # until whoever looks says so again
CALM = 1_000  # after typing was told, until it can be told in another field
OVER = 60_000  # milliseconds after their end from when on rows are swept: nobody's clock is off by so much
MOST_VIEWERS = 20  # sockets, of one record: with more there would be 20 * 20 posts every 8 s
MOST_OF_ONE = 3  # of these that are one person's: nobody keeps the others out
PATIENCE = 0.3  # seconds that a post may take: a hint is soon old news
COST_OF_WRITE = 60  # of the connection's allowance; that of a post is 1


@dataclass(frozen=True)
class Place:
    """A record where it is now."""

    room: str
    noun: str
    id: str

    def key(self, connection_id: str) -> Key:
        return view_key(self.room, self.noun, self.id, connection_id)

    def hint(self, verb: str, user_id: str, **more: Any) -> Event:
        data = {"userId": user_id, "noun": self.noun, "recordId": self.id, **more}
        return {"type": f"user:{verb}", "data": data}


@dataclass(frozen=True)
class View:
    """One socket's. Times are in milliseconds since 1970."""

    connection_id: str
    user_id: str
    until: int
    field: str | None = None
    field_until: int = 0

    @classmethod
    def of(cls, item: Item) -> View:
        typing = item.get("field"), item.get("field_until", 0)
        return cls(item["sk"], item["user_id"], item["until"], *typing)

    def typing(self, now: int) -> str | None:
        return self.field if self.field_until > now else None

    def has_news(self, field: str | None, now: int) -> bool:
        """Whether that one types there is to be told: not before it is nearly over, nor what changes at once."""
        if field is None:
            return self.typing(now) is not None
        left = self.field_until - now
        return left <= FRESH if field == self.typing(now) else left <= LASTS - CALM


class Looked(NamedTuple):
    """`cost`: in units of the connection's allowance. `again`: milliseconds until it is to be said again."""

    cost: int
    again: int = AGAIN


class Views:
    """What is asked for over a socket returns its cost, in units of the connection's allowance."""

    def __init__(
        self,
        table: Table,
        reach: Reach,
        log: RoomLog,
        connections: Connections,
        gateway: Callable[[], Gateway],
        *,
        now: Clock = clock.utc_now,
    ) -> None:
        self._table = table
        self._reach = reach
        self._log = log
        self._connections = connections
        self._gateway = gateway
        self._now = now

    def of_record(self, principal: Principal, named: Named) -> dict[str, Any]:
        """`{items, positions}`: who looks at it now, each person once. Raises NotFound."""
        place = self._place(principal, named)
        positions = self._log.positions([place.room])
        now = clock.milliseconds(self._now())
        people = _people(_live(self._rows(place), now))
        return {"items": [_wire(place, view, now) for view in people], "positions": positions}

    def look(self, connection: Connection, named: Named, *, quiet: bool = False) -> Looked:
        """Tells the others, and a new viewer of the others. Raises NotFound.

        A repeat says nothing new as long as what was said lasts. Who finds too many, of all or of one's own, is told of
        them, and not counted. `quiet`: who looks alone says so again once a minute, or when they hear of another one.
        """
        place, now = self._place_for(connection, named), clock.milliseconds(self._now())
        rows = self._rows(place)
        own, others = _split(self._there(place.room, _live(rows, now), now), connection.id)
        alone = quiet and not others
        left = own.until - now if own else 0
        if own and (left > LASTS + FRESH if alone else FRESH < left <= LASTS):
            return Looked(0, max(AGAIN, left - LASTS))
        if own is None:
            self._sweep(rows, now)
        if own is None and _is_full(others, connection.principal.user_id):
            return Looked(self._post(place.room, {connection.id: list(_hints(place, others, now))}))
        until = now + (QUIET if alone else LASTS)
        row = {"user_id": connection.principal.user_id, "until": until, "ttl": _ttl(until)}
        # Whoever was alone counts for less long from now on.
        as_before = equals(until=own.until) if own and own.until > until else absent_or_at_most(until=until)
        try:
            self._table.write(Update(place.key(connection.id), row, as_before))
        except WriteConflict:
            return Looked(COST_OF_WRITE)  # a later message of the same socket was faster
        told: dict[str, Sequence[Event]] = {}
        if own is None:  # of two who come at the same time, the later one finds the other now
            _, others = _split(self._there(place.room, _live(self._rows(place), now), now), connection.id)
            told[connection.id] = list(_hints(place, others, now))
        hint = place.hint("viewing", connection.principal.user_id, until=_moment(now + LASTS))
        told |= {view.connection_id: [hint] for view in others}
        again = AGAIN if others or not alone else QUIET - LASTS
        return Looked(COST_OF_WRITE + self._post(place.room, told), again)

    def leave(self, connection: Connection, named: Named) -> int:
        """Tells the others, unless the same person still looks from elsewhere. May be repeated."""
        try:
            place = self._place_for(connection, named)
        except NotFound:
            return 0  # out of reach by now: it ends by itself, and nobody is told
        now = clock.milliseconds(self._now())
        own, others = _split(_live(self._rows(place), now), connection.id)
        if own is None or self._table.delete_returning(place.key(connection.id), PRESENT) is None:
            return 0
        hints = [*_stopped_typing(place, own, others, now)]
        if all(view.user_id != own.user_id for view in others):
            hints.append(place.hint("stopped_viewing", own.user_id))
        return COST_OF_WRITE + self._post(place.room, {view.connection_id: hints for view in others})

    def type(self, connection: Connection, named: Named, field: str | None) -> int:
        """Tells the others which field the person types in, None: in none any more. Raises NotFound.

        Of somebody who does not look at the record it is told to nobody. Whoever goes on typing says so again.
        """
        place, now = self._place_for(connection, named), clock.milliseconds(self._now())
        own, others = _split(_live(self._rows(place), now), connection.id)
        if own is None or not own.has_news(field, now):
            return 0
        until = now + LASTS
        row = {"field": field, "field_until": until if field else own.field_until}
        with suppress(WriteConflict):  # left meanwhile: then this is nobody's typing
            self._table.write(Update(place.key(connection.id), row, MoreThan("until", now)))
            hints = [*_stopped_typing(place, own, others, now)] if field != own.typing(now) else []
            if field:
                hints.append(place.hint("typing", own.user_id, field=field, until=_moment(until)))
            return COST_OF_WRITE + self._post(place.room, {view.connection_id: hints for view in others})
        return COST_OF_WRITE

    def _place_for(self, connection: Connection, named: Named) -> Place:
        """In one of the rooms that the connection has joined. Raises NotFound."""
        place = self._place(connection.principal, named)
        if place.room not in connection.rooms:
            raise NotFound("there is no such record, or you cannot see it; and before your first sync you see none")
        return place

    def _place(self, principal: Principal, named: Named) -> Place:
        room = self._reach.room_of(principal, named)
        if room is None:
            raise NotFound("there is no such record, or you cannot see it")
        return Place(room, *named)

    def _rows(self, place: Place) -> list[Item]:
        return list(self._table.query(*view_range(place.room, place.noun, place.id)))

    def _there(self, room: str, views: Sequence[View], now: int) -> list[View]:
        """Without those who said for long that they look alone, and whose socket is gone since."""
        quiet = {view.connection_id for view in views if view.until - now > LASTS}
        gone = quiet - self._connections.still_in(room, quiet) if quiet else quiet
        return [view for view in views if view.connection_id not in gone]

    def _sweep(self, rows: Iterable[Item], now: int) -> None:
        """What ended long ago: DynamoDB may take two days to do so, and everyone who looks would read it."""
        over = [{"pk": row["pk"], "sk": row["sk"]} for row in rows if row["until"] < now - OVER]
        self._table.delete_all(over[:WRITTEN_AT_ONCE])

    def _post(self, room: str, told: Mapping[str, Sequence[Event]]) -> int:
        """To those of these sockets that are in the room still. Whatever becomes of it, it is not tried again."""
        wanted = {id_: hints for id_, hints in told.items() if hints}
        by_frame: dict[Frame, list[str]] = {}
        for id_ in sorted(self._connections.still_in(room, wanted)) if wanted else ():
            (frame,) = pack(FrameKind.EPHEMERAL, map(compact, wanted[id_]))
            by_frame.setdefault(frame, []).append(id_)
        deliveries = [Delivery(ids, [frame], patience=PATIENCE) for frame, ids in by_frame.items()]
        for missed in self._gateway().post(deliveries) if deliveries else ():
            for id_ in (id_ for id_, outcome in missed.items() if outcome is Outcome.GONE):
                self._connections.forget(id_, found_in=[room])
        return sum(delivery.posts for delivery in deliveries)


def _live(rows: Iterable[Item], now: int) -> list[View]:
    return [View.of(row) for row in rows if row["until"] > now]


def _split(views: Iterable[View], connection_id: str) -> tuple[View | None, list[View]]:
    """One's own, and those of other sockets, one's own other sockets among them."""
    by_connection = {view.connection_id: view for view in views}
    return by_connection.pop(connection_id, None), list(by_connection.values())


def _is_full(views: Sequence[View], user_id: str) -> bool:
    """Whether this person gets no further place among them."""
    return len(views) >= MOST_VIEWERS or sum(view.user_id == user_id for view in views) >= MOST_OF_ONE


def _people(views: Iterable[View]) -> list[View]:
    """Of each person the view that lasts longest, with what they type on any of their sockets."""
    found: dict[str, View] = {}
    for view in views:
        known = found.get(view.user_id, view)
        typing = max(known, view, key=lambda each: each.field_until)
        until = max(known.until, view.until)
        found[view.user_id] = View(known.connection_id, view.user_id, until, typing.field, typing.field_until)
    return list(found.values())


def _hints(place: Place, views: Iterable[View], now: int) -> Iterator[Event]:
    """What somebody who comes later has not been told."""
    for view in _people(views):
        yield place.hint("viewing", view.user_id, until=_moment(min(view.until, now + LASTS)))
        if field := view.typing(now):
            yield place.hint("typing", view.user_id, field=field, until=_moment(view.field_until))


def _stopped_typing(place: Place, own: View, others: Iterable[View], now: int) -> Iterator[Event]:
    """Unless the same person types there on another socket."""
    field = own.typing(now)
    if field and all((view.user_id, view.typing(now)) != (own.user_id, field) for view in others):
        yield place.hint("stopped_typing", own.user_id, field=field)


def _wire(place: Place, view: View, now: int) -> dict[str, Any]:
    typing = {"field": field} if (field := view.typing(now)) else {}
    about = {"userId": view.user_id, "noun": place.noun, "recordId": place.id}
    return {**about, "until": _moment(min(view.until, now + LASTS)), **typing}


def _moment(milliseconds: int) -> str:
    return clock.to_wire(clock.from_milliseconds(milliseconds))


def _ttl(until: int) -> int:
    return (until + OVER) // 1000
