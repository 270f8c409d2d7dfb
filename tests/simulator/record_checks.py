"""What must hold of records: rights, history, and that each is in one place.

Rights are compared with the people and records of every moment of a call: while one is at work, others change both.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from openhouse.core.errors import Forbidden, Invalid, InvalidTransition, NotFound, UserUnknown
from openhouse.core.merge_patch import merge
from openhouse.core.principal import Principal
from openhouse.crm.history import MOST_STEPS, HistoryQuery
from openhouse.crm.list_query import MAX_LIMIT, ListQuery
from openhouse.crm.record_items import stored
from openhouse.storage.keys import Item, RecordPlace, record_key
from tests.simulator.access import DELETE, READ, Person, may_own, rights
from tests.simulator.brokerages import BROKERAGE, EVERYONE
from tests.simulator.failures import Failure
from tests.simulator.functions import SKEW
from tests.simulator.ledger import Ledger, State
from tests.simulator.lock_checks import LockChecks, is_of_its_lock_alone
from tests.simulator.wishes import Wish, may_have, may_step, names_an_owner
from tests.simulator.world import DEAL, World

_PLACED = ("room", "visibility", "team_id", "owner_id", "taken_over")
_AUDITED = ("created_at", "created_by", "updated_at", "updated_by")


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))


_SHOWN = {name: _camel(name) for name in ("id", "version", *_PLACED, "archived", *_AUDITED, "status", "city")}
REFUSALS = (Forbidden, NotFound, Invalid, InvalidTransition, UserUnknown)


class RecordChecks:
    def __init__(self, world: World) -> None:
        self._world = world
        self.ledger = Ledger(world)
        self.locks = LockChecks(world, self.ledger)
        self._wishes: dict[int, tuple[Wish, int, float]] = {}  # by call, and when it began, in moments and seconds

    # The table changes -----------------------------------------------------------------------------------------------

    def told(self, kind: str, old: Item | None, new: Item | None) -> None:
        if kind == "R" and old is not None and new is not None and is_of_its_lock_alone(old, new):
            self._lock(old, new)
        elif kind == "R":
            self._record(old, new)
        elif kind == "H" and old is not None:
            raise Failure("history was changed", f"{old['pk']} {old['sk']}")
        elif kind == "D" and new is not None and new["pk"].startswith("D#user:"):
            self.ledger.put_person(new)

    def _record(self, old: Item | None, new: Item | None) -> None:
        if new is None:
            assert old is not None
            id_ = RecordPlace.of(old).id
            before = self.ledger.state(id_)
            if before and before.deleted and before.item is old:  # for good: else another copy is written, too
                self.ledger.put_record(id_, None)
            return
        id_, after = RecordPlace.of(new).id, State.of(new)
        before = self.ledger.state(id_)
        wish, began, _ = self._wishes[self._world.call]

        def step() -> str:
            return f"call {self._world.call} ({wish}): {_told(before)} -> {_told(after)}"

        if after.version != (before.version + 1 if before else 1):
            raise Failure("a version was skipped or written twice", step())
        if new["pk"] != record_key(after.place.room, new["sk"], "")["pk"]:
            raise Failure("a record is in another room than it belongs to", step())
        if new["updated_by"] != wish.user_id:
            raise Failure("written in another's name", step())
        people = self.ledger.people[wish.user_id].since(began)
        if not any(may_step(person, before, after) for person in people):
            raise Failure("written without the right", f"{step()}, by {people}")
        owner = self.ledger.people[after.place.owner].now
        if names_an_owner(wish.user_id, before, after) and not may_own(owner, after.place, BROKERAGE[wish.user_id]):
            raise Failure("its owner is not in its team", f"{step()}, of {owner}")
        self.locks.saved(wish, before, after)
        self.ledger.put_record(id_, after)

    def _lock(self, old: Item, new: Item) -> None:
        if self._world.call:  # a save that changes nothing
            self.locks.unlocked(self._wishes[self._world.call][0], old, new)
        else:
            self.locks.stepped(old, new)
        self.ledger.put_record(RecordPlace.of(new).id, State.of(new))

    # Writes are asked for and answered -------------------------------------------------------------------------------

    def began(self, call: int, wish: Wish) -> None:
        self._wishes[call] = wish, self.ledger.moment, self._world.clock.now.timestamp()

    def refused(self, call: int, error: Exception | None, done_before: str | None) -> None:
        """Not by what broke, nor for haste. `done_before`: the record that it has written, if this is a repeat."""
        wish, began, at = self._wishes[call]
        if not done_before:
            self.locks.refused(wish, error, began, at)
        if not isinstance(error, REFUSALS):
            return
        states = self.ledger.states(wish.id or done_before, began)
        people = self.ledger.people[wish.user_id].since(began)
        if isinstance(error, NotFound) and (self._may_be_missed(states) or self._is_over(states)):
            return
        for state in states:
            if done_before and not all(_reaches(person, state) for person in people):
                return  # a repeat is answered to those who still reach the record
            owner = wish.owner or (state.place.owner if state else wish.user_id)
            owners = self.ledger.people[owner].since(began)
            if not all(may_have(wish, person, state, each) for person in people for each in owners):
                return
        words = f"call {call} ({wish}): {type(error).__name__}: {error}"
        raise Failure("refused, though it is one's right", f"{words}; {[_told(state) for state in states]}, {people}")

    def _may_be_missed(self, states: list[State | None]) -> bool:
        """One that changes rooms twice while it is looked for: no snapshot is taken of all rooms."""
        rooms = [state.place.room for state in states if state]
        return sum(one != other for one, other in pairwise(rooms)) > 1

    def _is_over(self, states: list[State | None]) -> bool:
        late = self._world.clock.now.timestamp() + SKEW
        return any(state and state.item.get("ttl", late + 1) <= late for state in states)

    # Reads are answered ----------------------------------------------------------------------------------------------

    def was_read(self, user_id: str, since: int, documents: Iterable[dict[str, Any]]) -> None:
        """Records, deleted ones too, as somebody was shown them."""
        people = self.ledger.people[user_id].since(since)
        for document in documents:
            state = self.ledger.versions.get((document["id"], document["version"]))
            if state is None:
                raise Failure("read what was never written", f"by {user_id}: {document}")
            if not any(READ in rights(person, state.place) for person in people):
                raise Failure("read what is hidden", f"{_told(state)} by {people}")

    def still_reached(self, call: int, since: int, id_: str) -> None:
        """Whoever is answered once more can reach the record still."""
        wish, _, _ = self._wishes[call]
        states = [state for state in self.ledger.states(id_, since) if state and not state.deleted]
        people = self.ledger.people[wish.user_id].since(since)
        if not any(READ in rights(person, state.place) for state in states for person in people):
            raise Failure("read what is hidden", f"call {call} ({wish}) was answered again")

    def history_was_read(self, user_id: str, since: int, id_: str, page: dict[str, Any]) -> None:
        people = self.ledger.people[user_id].since(since)
        states = [state for state in self.ledger.states(id_, since) if state]
        if not any(
            (DELETE if state.deleted else READ) in rights(person, state.place) for person in people for state in states
        ):
            raise Failure("read what is hidden", f"the history of {id_} by {people}")
        versions = [step["version"] for step in page["items"]]
        if versions != list(range(versions[0], versions[0] - len(versions), -1)):
            raise Failure("the history has gaps", f"{id_}: {versions}")

    # At rest ---------------------------------------------------------------------------------------------------------

    def at_rest(self) -> None:
        self.locks.at_rest()
        self._each_is_in_one_place()
        for id_ in self.ledger.records:
            self._history_is_whole(id_)
        self._lists_are_whole(self._world.choices.pick(EVERYONE))

    def _each_is_in_one_place(self) -> None:
        found = sorted((item["sk"], item["version"], item["pk"]) for item in self._world.table.items("R#"))
        states = [timeline.now for timeline in self.ledger.records.values()]
        expected = sorted((s.item["sk"], s.version, s.item["pk"]) for s in states if s)
        if found != expected:
            raise Failure("a record is in two places, or in none", f"{found}, but {expected} were written")

    def _history_is_whole(self, id_: str) -> None:
        """One step for each version, by whom, and together they make every version of the record."""
        brokerage = BROKERAGE[self.ledger.versions[id_, 1].item["created_by"]]
        reader = Principal(user_id="", brokerage_id=brokerage, role="admin", team_ids=(), expires_at=0)
        steps: list[dict[str, Any]] = []
        more: int | None = None
        found = stored(DEAL, self.ledger.newest(id_).item)
        while True:
            page = self._world.history.page(reader, DEAL.noun, found, HistoryQuery(limit=MOST_STEPS, before=more))
            steps += page["items"]
            if "cursor" not in page:
                break
            more = int(page["cursor"])
        document: dict[str, Any] = {}
        for version, step in enumerate(reversed(steps), 1):
            state = self.ledger.versions.get((id_, version))
            if state is None or step["version"] != version:
                raise Failure("the history has gaps", f"{id_}: {[step['version'] for step in steps]}")
            document = merge(document, step["changes"])
            if step["action"] == "deleted":  # and nothing else has changed
                document |= {"version": version, "updatedAt": step["at"], "updatedBy": step["by"]}
            if step["by"] != state.item["updated_by"] or document != _wire(state.item):
                raise Failure("the history is of something else", f"{id_}: {step}, but {_wire(state.item)}")
        if (id_, len(steps) + 1) in self.ledger.versions:
            raise Failure("the history has gaps", f"{id_}: it ends with {len(steps)}")

    def _lists_are_whole(self, user_id: str) -> None:
        """What somebody is listed is what the table lets them read, deleted or not."""
        world = self._world
        person, now = self.ledger.people[user_id].now, world.clock.now.timestamp()
        principal = world.directory.principal(user_id, 0)
        states = [timeline.now for timeline in self.ledger.records.values()]
        for deleted in (False, True):
            page = world.lists.page(DEAL, principal, ListQuery(limit=MAX_LIMIT, deleted=deleted))
            listed = {document["id"]: document["version"] for document in page["items"]}
            expected = {
                state.id: state.version
                for state in states
                if state
                and state.deleted == deleted
                and READ in rights(person, state.place)
                and state.item.get("ttl", now + 1) > now
            }
            if listed != expected:
                raise Failure("a list is not what one may read", f"{user_id}: {listed} instead of {expected}")


def _reaches(person: Person, state: State | None) -> bool:
    return state is not None and not state.deleted and READ in rights(person, state.place)


def _wire(item: Item) -> dict[str, Any]:
    """As clients see it, by our own account."""
    place = RecordPlace.of(item)
    whole = {**item, "id": place.id, "room": place.room}
    return {told: whole[name] for name, told in _SHOWN.items() if whole.get(name) is not None}


def _told(state: State | None) -> str:
    if state is None:
        return "nothing"
    what = f"deleted {state.id}" if state.deleted else state.id
    return f"{what} v{state.version} {state.item['status']} of {state.place}"
