"""Live states of rooms: versioned, told of by events, and listed; without the statuses, history and figures of records.

Where order matters to people, a change is a commit of its room, and waits for its turn at the room's HEAD. An unordered
state is written alone: the table's stream tells the room of its newest version, once, as a hint (an ephemeral event),
and whoever misses that finds it in the list. So those who write many of them never wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openhouse.core import clock
from openhouse.core.json_text import compact
from openhouse.core.merge_patch import difference
from openhouse.core.wire import Moment
from openhouse.rooms.draft import Draft, Event
from openhouse.rooms.entity import Entity, Versioned
from openhouse.rooms.room_log import RETENTION_SECONDS, RoomLog
from openhouse.storage.keys import Item, state_key, state_range
from openhouse.storage.table import Table
from openhouse.storage.writes import Put, at_version

Fields = Mapping[str, Any]  # an entity's own, in snake_case


class State(Versioned):
    """What every live state has beside its entity's own fields."""

    updated_at: Moment
    updated_by: str


@dataclass(frozen=True, kw_only=True, eq=False)
class LiveEntity(Entity):
    """`ordered`: its changes are commits of the room."""

    model: type[State]
    ordered: bool = True


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
        """An ordered one tells what changed; an unordered one all there is, as any before it may have been missed."""
        content: dict[str, Any]
        if self.after is None:
            verb, content = "deleted", {"room": self.room}
        elif self.before is None or not self.entity.ordered:
            verb, content = "created" if self.entity.ordered else "updated", {self.entity.noun: self.after.wire()}
        else:
            verb, content = "updated", {"changes": difference(self.before.wire(), self.after.wire())}
        return self.entity.event(verb, self.id, self.version, self.by, content)

    @property
    def write(self) -> Put:
        """One that has ended stays, out of sight, for as long as a log remembers: its versions must not begin anew."""
        item: Item = {
            **state_key(self.room, self.entity.noun, self.id, ordered=self.entity.ordered),
            "version": self.version,
        }
        if self.after is None:
            item["ttl"] = clock.seconds(self.at) + RETENTION_SECONDS
        else:
            item["state"] = self.after.item()
        if not self.entity.ordered:
            item["ephemeral"] = compact(self.event)
        return Put(item, at_version(self.version - 1))

    @property
    def events(self) -> dict[str, list[Event]]:
        """By room: what its commit says of it."""
        return {self.room: [self.event]} if self.entity.ordered else {}


class LiveStates:
    """`parallel_map`: a `map`, such as that of a thread pool, for asking many rooms at once."""

    def __init__(self, table: Table, log: RoomLog, *, parallel_map: Callable[..., Iterable[Any]] = map) -> None:
        self._table = table
        self._log = log
        self._parallel_map = parallel_map

    def read(self, entity: LiveEntity, room: str, id_: str) -> State | None:
        item = self._table.get(state_key(room, entity.noun, id_, ordered=entity.ordered))
        return _state(entity, item)

    def page(self, entity: LiveEntity, rooms: Sequence[str]) -> dict[str, Any]:
        """`{items, positions}`: those of these rooms in wire form. Positions are read first, as for records."""
        positions = self._log.positions(rooms)
        of_rooms = self._parallel_map(lambda room: self._of_room(entity, room), rooms)
        return {"items": [state.wire() for states in of_rooms for state in states], "positions": positions}

    def _of_room(self, entity: LiveEntity, room: str) -> list[State]:
        items = self._table.query(*state_range(room, entity.noun, ordered=entity.ordered))
        return [state for item in items if (state := _state(entity, item))]

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

        def draft(now: datetime) -> Draft[State | None]:
            before, change = self._decided(entity, room, id_, decide, now, by)
            return Draft(change.after, change.events, [change.write]) if change else Draft(before)

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
        item = self._table.get(state_key(room, entity.noun, id_, ordered=entity.ordered))
        before, version = _state(entity, item), (item["version"] if item else 0) + 1
        fields = decide(before, now)
        after = None
        if fields is not None:
            about = {"id": id_, "version": version, "room": room, "updated_at": now, "updated_by": by}
            after = entity.model.model_validate({**fields, **about})
        if _content(before) == _content(after):
            return before, None
        return before, StateChange(entity, room, id_, version, before, after, by, now)


def _state(entity: LiveEntity, item: Item | None) -> State | None:
    return entity.model.model_validate(item["state"]) if item and "state" in item else None


def _content(state: State | None) -> dict[str, Any] | None:
    """Its own fields: what it is, without who last said so and when."""
    return state.model_dump(exclude=set(State.model_fields)) if state else None
