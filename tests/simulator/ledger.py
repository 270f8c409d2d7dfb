"""What the directory and every record were at which moment, as the table was told: nothing of it is asked later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from openhouse.storage.keys import Item, RecordPlace, deleted_noun, user_key
from tests.simulator.access import Person, Place
from tests.simulator.brokerages import EVERYONE
from tests.simulator.world import DEAL, World

T = TypeVar("T")

DELETED = deleted_noun(DEAL.noun)


@dataclass(frozen=True, eq=False)
class State:
    """A record at one version."""

    item: Item
    place: Place
    deleted: bool

    @classmethod
    def of(cls, item: Item) -> State:
        return cls(item, Place.of(item), item["sk"].startswith(DELETED))

    @property
    def id(self) -> str:
        return RecordPlace.of(self.item).id

    @property
    def version(self) -> int:
        return int(self.item["version"])

    @property
    def fields(self) -> dict[str, Any]:
        """What is edited, apart from where the record is."""
        return {name: self.item.get(name) for name in ("status", "city", "archived")}


class Timeline(Generic[T]):
    def __init__(self, first: T) -> None:
        self._values = [(0, first)]

    @property
    def now(self) -> T:
        return self._values[-1][1]

    def add(self, at: int, value: T) -> None:
        self._values.append((at, value))

    def since(self, at: int) -> list[T]:
        """What it was then, and all that it has been from then on."""
        found: list[T] = []
        for when, value in reversed(self._values):
            found.append(value)
            if when <= at:
                break
        return found


class Ledger:
    def __init__(self, world: World) -> None:
        self.moment = 0
        self.people = {id_: Timeline(Person.of(world.table.peek(user_key(id_)) or {})) for id_ in EVERYONE}
        self.records: dict[str, Timeline[State | None]] = {}
        self.versions: dict[tuple[str, int], State] = {}

    def put_person(self, entry: Item) -> None:
        self.moment += 1
        if entry["user_id"] in self.people:
            self.people[entry["user_id"]].add(self.moment, Person.of(entry))

    def state(self, id_: str) -> State | None:
        return self.records[id_].now if id_ in self.records else None

    def states(self, id_: str | None, since: int) -> list[State | None]:
        timeline = self.records.get(id_ or "")
        return timeline.since(since) if timeline else [None]

    def newest(self, id_: str) -> State:
        """As it was last, even if it is gone for good by now."""
        return max(
            (state for (each, _), state in self.versions.items() if each == id_), key=lambda state: state.version
        )

    def put_record(self, id_: str, state: State | None) -> None:
        self.moment += 1
        if id_ not in self.records:
            self.records[id_] = Timeline(None)
        self.records[id_].add(self.moment, state)
        if state is not None:
            self.versions[id_, state.version] = state
