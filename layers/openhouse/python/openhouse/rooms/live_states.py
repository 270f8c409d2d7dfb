"""Live states of rooms: versioned, told of by events, and listed; without the statuses, history and figures of records.

A change is a commit of its room, and waits for its turn at the room's HEAD.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from openhouse.core import clock
from openhouse.core.merge_patch import Document, difference
from openhouse.core.room_names import RoomKind, is_of_kind
from openhouse.core.wire import Moment
from openhouse.rooms.draft import Draft, Event
from openhouse.rooms.entity import Entity, Versioned
from openhouse.rooms.room_log import RETENTION_SECONDS, RoomLog
from openhouse.storage.keys import Item, state_key, state_range
from openhouse.storage.table import Table
from openhouse.storage.writes import Delete, Put, Write, absent_or_at_most

Fields = Mapping[str, Any]  # an entity's own, in snake_case


class State(Versioned):
    """What every live state has beside its entity's own fields."""

    updated_at: Moment
    updated_by: str


@dataclass(frozen=True)
class OwnTypes:
    """Of events that are not named `<noun>:created` and so on. Each tells the whole state, unless that has ended.

    `of(before, after)`: the type, one of `all`, of a step from and to these states.
    """

    all: tuple[str, ...]
    of: Callable[[Any, Any], str]


@dataclass(frozen=True, kw_only=True, eq=False)
class LiveEntity(Entity):
    """`kept_in`: the kinds of rooms that have any.

    `over(state)`: when it is out of date, and in no list any more, whether or not its end has been told.

    `ends_are_kept`: as nothing else counts versions; otherwise whoever writes its states does, in the same transaction.

    `listed`: by an operation that shows whole states of all rooms; otherwise by one of its own. `more_examples`: so
    that there is one for each type of event.
    """

    model: type[State]
    more_examples: tuple[Document, ...] = ()
    kept_in: tuple[RoomKind, ...] = ("user", "team", "broker")
    own_types: OwnTypes | None = None
    over: Callable[[Any], datetime] | None = None
    ends_are_kept: bool = True
    listed: bool = True


@dataclass(frozen=True)
class StateChange:
    """One step of a state, for a commit of its own or as a part of another. `after` is None: it has ended.

    `version` is the one that the change leads to: it goes on counting over an end.
    """

    entity: LiveEntity
    room: str
    id: str
    version: int
    before: State | None
    after: State | None
    by: str
    at: datetime

    @property
    def event(self) -> Event:
        """It tells what changed; one with types of its own, which changes as a whole, all there is."""
        own = self.entity.own_types
        content: dict[str, Any]
        if self.after is None:
            verb, content = "deleted", {"room": self.room}
        elif self.before is None or own:
            verb, content = "created", {self.entity.noun: self.after.wire()}
        else:
            verb, content = "updated", {"changes": difference(self.before.wire(), self.after.wire())}
        event = self.entity.event(verb, self.id, self.version, self.by, content)
        return {**event, "type": own.of(self.before, self.after)} if own else event

    @property
    def write(self) -> Put | Delete:
        """What has ended, or is over, stays out of sight for as long as a log remembers: no version comes again."""
        key = state_key(self.room, self.entity.noun, self.id)
        # It may have been swept up, or be older than versions that were counted elsewhere.
        is_older = absent_or_at_most(version=self.version - 1)
        if self.after is None and not self.entity.ends_are_kept:
            return Delete(key, is_older)
        item: Item = {**key, "version": self.version}
        if self.after is None:
            item["ttl"] = clock.seconds(self.at) + RETENTION_SECONDS
        else:
            item["state"] = self.after.item()
            if self.entity.over:
                item["ttl"] = clock.seconds(self.entity.over(self.after)) + RETENTION_SECONDS
        return Put(item, is_older)

    @property
    def events(self) -> dict[str, list[Event]]:
        """By room: what its commit says of it."""
        return {self.room: [self.event]}


@dataclass(frozen=True)
class Held:
    """What there is of a state. `state`: None if there is none, or none any more; then `version` is that of its end."""

    state: State | None
    version: int

    @classmethod
    def of(cls, entity: LiveEntity, item: Item | None) -> Self:
        return cls(_state(entity, item), item["version"] if item else 0)

    def step(
        self, entity: LiveEntity, room: str, id_: str, fields: Fields | None, now: datetime, by: str
    ) -> StateChange | None:
        """To what there shall be: the entity's own fields, or None for its end. None if that is what there is."""
        after, version = None, self.version + 1
        if fields is not None:
            about = {"id": id_, "version": version, "room": room, "updated_at": now, "updated_by": by}
            after = entity.model.model_validate({**fields, **about})
        if _content(self.state) == _content(after):
            return None
        return StateChange(entity, room, id_, version, self.state, after, by, now)


class LiveStates:
    """`parallel_map`: a `map`, such as that of a thread pool, for asking many rooms at once."""

    def __init__(self, table: Table, log: RoomLog, *, parallel_map: Callable[..., Iterable[Any]] = map) -> None:
        self._table = table
        self._log = log
        self._parallel_map = parallel_map

    def read(self, entity: LiveEntity, room: str, id_: str) -> State | None:
        item = self._table.get(state_key(room, entity.noun, id_))
        return _state(entity, item)

    def read_some(self, entity: LiveEntity, places: Sequence[tuple[str, str]]) -> list[State | None]:
        """Of these pairs of a room and an id, in their order."""
        keys = [state_key(room, entity.noun, id_) for room, id_ in places]
        found = {(item["pk"], item["sk"]): item for item in self._table.get_many(keys)}
        return [_state(entity, found.get((key["pk"], key["sk"]))) for key in keys]

    def page(self, entity: LiveEntity, rooms: Sequence[str]) -> dict[str, Any]:
        """`{items, positions}`: those of these rooms in wire form. Positions are read first, as for records."""
        rooms = [room for room in rooms if is_of_kind(room, entity.kept_in)]
        positions = self._log.positions(rooms)
        of_rooms = self._parallel_map(lambda room: self._of_room(entity, room), rooms)
        return {"items": [state.wire() for states in of_rooms for state in states], "positions": positions}

    def _of_room(self, entity: LiveEntity, room: str) -> list[State]:
        now = self._log.now()
        states = (held.state for held in self.held(entity, room).values() if held.state)
        return [state for state in states if entity.over is None or entity.over(state) > now]

    def held(self, entity: LiveEntity, room: str) -> dict[str, Held]:
        """All of a room by id, those that have ended among them: for whoever changes several in one commit."""
        pk, low, high = state_range(room, entity.noun)
        items = self._table.query(pk, low, high)
        return {item["sk"].removeprefix(low): Held.of(entity, item) for item in items}

    def change(
        self,
        entity: LiveEntity,
        room: str,
        id_: str,
        decide: Callable[[State | None, datetime], Fields | None],
        *,
        by: str,
    ) -> State | None:
        """Makes of a state what `decide(state, now)` says, its own fields or None for its end, and returns it.

        `decide` is asked again whenever somebody else was faster. Raises Busy if that goes on for too long.
        """
        return self._change(entity, room, id_, decide, by)[0]

    def changed(
        self,
        entity: LiveEntity,
        room: str,
        id_: str,
        decide: Callable[[State | None, datetime], Fields | None],
        *,
        by: str,
        also: Callable[[StateChange], Sequence[Write]] = lambda _change: (),
    ) -> bool:
        """The same, and what is `also` written with it; returns whether it was something else before. Raises Busy."""
        return self._change(entity, room, id_, decide, by, also)[1]

    def _change(
        self,
        entity: LiveEntity,
        room: str,
        id_: str,
        decide: Callable[[State | None, datetime], Fields | None],
        by: str,
        also: Callable[[StateChange], Sequence[Write]] = lambda _change: (),
    ) -> tuple[State | None, bool]:
        def draft(now: datetime) -> Draft[tuple[State | None, bool]]:
            before, change = self._decided(entity, room, id_, decide, now, by)
            if change is None:
                return Draft((before, False))
            return Draft((change.after, True), change.events, [change.write, *also(change)])

        return self._log.commit(draft, by=by).result

    def prepare(
        self,
        entity: LiveEntity,
        room: str,
        id_: str,
        decide: Callable[[State | None, datetime], Fields | None],
        now: datetime,
        *,
        by: str,
    ) -> StateChange | None:
        """The same as a step to be written with others, if nobody was faster. None: nothing changes."""
        return self._decided(entity, room, id_, decide, now, by)[1]

    def _decided(
        self,
        entity: LiveEntity,
        room: str,
        id_: str,
        decide: Callable[[State | None, datetime], Fields | None],
        now: datetime,
        by: str,
    ) -> tuple[State | None, StateChange | None]:
        """What there is, and the step to what there shall be, if that is something else."""
        held = Held.of(entity, self._table.get(state_key(room, entity.noun, id_)))
        return held.state, held.step(entity, room, id_, decide(held.state, now), now, by)


def _state(entity: LiveEntity, item: Item | None) -> State | None:
    return entity.model.model_validate(item["state"]) if item and "state" in item else None


def _content(state: State | None) -> dict[str, Any] | None:
    """Its own fields: what it is, without who last said so and when."""
    return state.model_dump(exclude=set(State.model_fields)) if state else None
