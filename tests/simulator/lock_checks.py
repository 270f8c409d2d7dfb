"""What must hold of locks: nobody saves past one, tokens only grow, and none ends but by whoever may end it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from openhouse.core.errors import Locked
from openhouse.storage.keys import Item, RecordPlace
from tests.simulator.access import EDIT, REASSIGN, rights
from tests.simulator.failures import Failure
from tests.simulator.functions import SKEW, Answer
from tests.simulator.ledger import Ledger, State
from tests.simulator.wishes import Wish
from tests.simulator.world import World

if TYPE_CHECKING:
    from tests.simulator.lockers import Asked

GRACE = 2  # seconds after its end in which others leave a lease alone
LOCK = ("_fence", "_lock")


class Held:
    """What an item says of its lock, by our own account."""

    def __init__(self, item: Item | None) -> None:
        item = item or {}
        self.fence: int = item.get("_fence", 0)
        self.version: int = item.get("_lock", {}).get("version", 0)
        self.lease: dict[str, Any] | None = item.get("_lock", {}).get("lease")

    @property
    def until(self) -> float:
        assert self.lease is not None
        return datetime.fromisoformat(self.lease["until"]).timestamp()

    def surely_lives(self, now: float) -> bool:
        """By the clock of any function."""
        return self.lease is not None and now + SKEW < self.until + GRACE

    def is_held(self, user_id: str, token: int | None) -> bool:
        return self.lease is not None and (self.lease["holder"], self.lease["token"]) == (user_id, token)

    def may_refuse(self, user_id: str, token: int | None, began: float) -> bool:
        """A save that began then."""
        if token is not None and token != self.fence:
            return True
        lived = self.lease is not None and began < self.until + GRACE + SKEW
        return lived and not self.is_held(user_id, token)


def is_of_its_lock_alone(old: Item, new: Item) -> bool:
    if old["version"] != new["version"]:
        return False
    return {**old, **{name: new.get(name) for name in LOCK}} == {**new, **{name: new.get(name) for name in LOCK}}


class LockChecks:
    def __init__(self, world: World, ledger: Ledger) -> None:
        self._world = world
        self._ledger = ledger
        self._asking: list[tuple[Asked, int]] = []  # those that are running, the last one on top, since when

    def _now(self) -> float:
        return self._world.clock.now.timestamp()

    # A record is saved -----------------------------------------------------------------------------------------------

    def saved(self, wish: Wish, before: State | None, after: State) -> None:
        old, new = Held(before.item if before else None), Held(after.item)
        told = f"{wish}: fence {old.fence}, lease {old.lease}"
        if wish.token is not None and wish.token != old.fence:
            raise Failure("saved with an old token", told)
        if old.surely_lives(self._now()) and not old.is_held(wish.user_id, wish.token):
            raise Failure("saved past a lock", told)
        if new.fence != old.fence or new.lease is not None:
            raise Failure("a save does not leave the fence alone", f"{told}; then {new.fence}, {new.lease}")

    def unlocked(self, wish: Wish, old_item: Item, new_item: Item) -> None:
        """By a save that changes nothing."""
        old, new = Held(old_item), Held(new_item)
        if not old.is_held(wish.user_id, wish.token) or new.lease is not None or new.fence != old.fence:
            raise Failure("a lock ended that was not to", f"{wish}: {old.lease} -> {new.lease}")

    def refused(self, wish: Wish, error: Exception | None, began: int, at: float) -> None:
        if isinstance(error, Locked):
            states = self._ledger.states(wish.id, began)
            if not any(Held(s.item).may_refuse(wish.user_id, wish.token, at) for s in states if s):
                raise Failure("refused for a lock that nobody held", f"{wish}")

    # A lock is taken, prolonged or ended -----------------------------------------------------------------------------

    @contextmanager
    def asking(self, asked: Asked) -> Iterator[None]:
        self._asking.append((asked, self._ledger.moment))
        try:
            yield
        finally:
            self._asking.pop()

    def stepped(self, old_item: Item, new_item: Item) -> None:
        """The lock of a record, and nothing else of it."""
        old, new, now = Held(old_item), Held(new_item), self._now()
        if self._world.functions.name == "timers":
            if new.lease is not None or new.fence != old.fence or old.lease is None or old.until > now + SKEW:
                raise Failure("a lock ended that was not to", f"by a timer: {old.lease} -> {new.lease}")
            return
        asked, began = self._asking[-1]
        told = f"{asked}: {old.fence} {old.lease} -> {new.fence} {new.lease}"
        if asked.id != RecordPlace.of(new_item).id:
            raise Failure("another lock was touched", told)
        if new.version != old.version + 1:
            raise Failure("a version of a lock was skipped or written twice", told)
        if new.lease is None:
            if new.fence != old.fence or not self._may_end(asked, old):
                raise Failure("a lock ended that was not to", told)
        elif new.fence == old.fence:
            if not old.is_held(asked.user_id, asked.token) or new.lease["until"] < (old.lease or {})["until"]:
                raise Failure("prolonged by somebody else", told)
        else:
            self._taken(asked, began, old, new, told)

    def _may_end(self, asked: Asked, old: Held) -> bool:
        return asked.kind == "release" and old.is_held(asked.user_id, asked.token)

    def _taken(self, asked: Asked, began: int, old: Held, new: Held, told: str) -> None:
        assert new.lease is not None
        if new.fence != old.fence + 1 or not new.is_held(asked.user_id, new.fence):
            raise Failure("tokens do not grow", told)
        state = self._ledger.state(asked.id)
        assert state is not None
        held = [rights(person, state.place) for person in self._ledger.people[asked.user_id].since(began)]
        if not any(EDIT in each for each in held):
            raise Failure("locked without the right", told)
        if old.surely_lives(self._now()):
            assert old.lease is not None
            own = old.lease["holder"] == asked.user_id
            if not asked.take_over or not (own or any(REASSIGN in each for each in held)):
                raise Failure("two hold one lock", told)

    def answered(self, asked: Asked, answer: Answer[Any]) -> None:
        if asked.kind == "take" and answer.ok and answer.value["token"] > self._highest(asked.id):
            raise Failure("told of a token that nobody has", f"{asked}: {answer.value}")

    def _highest(self, id_: str) -> int:
        timeline = self._ledger.records[id_]
        return max((Held(state.item).fence for state in timeline.since(0) if state), default=0)

    # At rest ---------------------------------------------------------------------------------------------------------

    def at_rest(self) -> None:
        """What is told of locks is what the records hold of them."""
        expected = {
            (RecordPlace.of(item).room, f"lock#{item['sk'].replace('#', ':')}"): (Held(item).version, Held(item).fence)
            for item in self._world.table.items("R#")
            if Held(item).lease is not None
        }
        states = {
            (item["pk"].removeprefix("E#"), item["sk"]): (item["version"], item["state"]["token"])
            for item in self._world.table.items("E#")
            if "state" in item and item["sk"].startswith("lock#")
        }
        if states != expected:
            raise Failure("locks are told of wrongly", f"{states}, but the records hold {expected}")
