"""Locks, whatever happens: two functions whose clocks differ, answers that are lost, requests that come twice or late,
timers that come early, late, twice or never. At any moment saves take one token at most.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from openhouse.collaboration.locks import LockWish
from openhouse.core.errors import Forbidden, Locked
from openhouse.core.principal import Principal
from openhouse.crm.leases import SKEW, Hold
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.records import Precondition
from openhouse.storage.idempotency import IdempotencyKey
from openhouse.storage.keys import record_key
from tests.fakes import AVA, BEN, NOON
from tests.functional.brokerage import LEE, staff
from tests.functional.conftest import World
from tests.memory_table import MemoryTable

PEOPLE = (AVA, BEN, LEE)
APART = 2.0  # seconds between the clocks of the two functions
MOST_TOKENS = 6  # that are tried, the last ones
MOST_STEPS = 6  # of a save, about

people = st.sampled_from(PEOPLE)
functions = st.integers(0, 1)
connections = st.sampled_from([None, "c-1", "c-2"])


@dataclass(frozen=True)
class Given:
    """A token that somebody was given, or would have been if the answer had arrived."""

    who: Principal
    token: int


class Locking(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.seconds = 0.0
        self.table = MemoryTable()
        self.functions = [World(None, self.table) for _ in range(2)]
        self.probes = [World(None, MemoryTable()) for _ in range(2)]
        self._set_clocks()
        first = self.functions[0]
        staff(first)
        self.id = first.records.create(ESCROWS, AVA, {"propertyAddress": "1 Main St"})["id"]
        for connection_id in ("c-1", "c-2"):
            first.connections.connect(connection_id, AVA)
        self.given: list[Given] = []
        self.requests: list[tuple[Principal, LockWish, IdempotencyKey, int]] = []
        self.timers: list[Any] = []
        self.highest = 0
        self.saves = 0

    def _set_clocks(self) -> None:
        for number, (function, probe) in enumerate(zip(self.functions, self.probes, strict=True)):
            at = NOON + timedelta(seconds=self.seconds + number * APART)
            function.clock.at = probe.clock.at = at

    def _take(self, function: int, who: Principal, wish: LockWish, key: IdempotencyKey | None = None) -> int | None:
        """The token of what was taken or prolonged."""
        world = self.functions[function]
        try:
            lock = world.locks.take(ESCROWS, who, self.id, wish, key)
        except (Locked, Forbidden):
            return None
        finally:
            self.timers += world.timers.waiting
            world.timers.waiting.clear()
            self._set_clocks()
        return int(lock["token"])

    def _hold(self) -> Hold:
        item = self.table.peek(record_key("team:north", "escrow", self.id))
        assert item is not None
        return Hold.of(item)

    @rule(function=functions, who=people, take_over=st.booleans(), connection=connections)
    def take(self, function: int, who: Principal, take_over: bool, connection: str | None) -> None:
        wish = LockWish(take_over=take_over, connection_id=connection)
        key = IdempotencyKey.of(who.user_id, f"k-{len(self.requests)}", "lock")
        before = self._hold()
        token = self._take(function, who, wish, None if connection else key)
        if token is None:
            assert before.lease is not None
            assert self._hold() == before
            return
        if not connection:
            self.requests.append((who, wish, key, token))
        if Given(who, token) not in self.given:
            assert token > self.highest
            self.given.append(Given(who, token))
        self.highest = max(self.highest, token)

    @precondition(lambda self: self.requests)
    @rule(function=functions, data=st.data())
    def repeat(self, function: int, data: st.DataObject) -> None:
        """The answer was lost, or the request comes once more, late."""
        who, wish, key, first = data.draw(st.sampled_from(self.requests))
        before = self._hold()
        token = self._take(function, who, wish, key)
        assert token == (first if before.is_held(who.user_id, first) else None)
        assert self._hold() == before

    @precondition(lambda self: self.given)
    @rule(function=functions, data=st.data(), connection=connections)
    def prolong(self, function: int, data: st.DataObject, connection: str | None) -> None:
        given = data.draw(st.sampled_from(self.given))
        before = self._hold()
        token = self._take(function, given.who, LockWish(token=given.token, connection_id=connection))
        after = self._hold()
        assert after.fence == before.fence
        if token is None:
            assert after == before
        else:
            assert token == given.token == before.fence
            assert before.lease is not None
            assert after.lease is not None
            assert after.lease.until >= before.lease.until

    @precondition(lambda self: self.given)
    @rule(function=functions, data=st.data(), by=people)
    def release(self, function: int, data: st.DataObject, by: Principal) -> None:
        """Mostly a late one, or somebody else's."""
        token = data.draw(st.sampled_from(self.given)).token
        before = self._hold()
        self.functions[function].locks.release(ESCROWS, by, self.id, token)
        is_holder = before.lease and (before.lease.holder, before.lease.token) == (by.user_id, token)
        assert self._hold() == (before.ended() if is_holder else before)
        self._set_clocks()

    @rule(function=functions, who=people, data=st.data())
    def save(self, function: int, who: Principal, data: st.DataObject) -> None:
        token = data.draw(st.sampled_from([None, *(each.token for each in self.given[-MOST_TOKENS:])]))
        before, saved = self._hold(), self._saves(self.functions[function], who, token)
        assert self._hold() == (before.ended() if saved else before)
        if saved:
            assert token in (None, self.highest)
        self._set_clocks()

    @rule(seconds=st.sampled_from([1.0, 10.0, 30.0, 299.0, 301.0, 303.0]))
    def wait(self, seconds: float) -> None:
        self.seconds += seconds
        self._set_clocks()

    @precondition(lambda self: self.timers)
    @rule(function=functions, data=st.data(), stays=st.booleans())
    def timer(self, function: int, data: st.DataObject, stays: bool) -> None:
        """One comes, at whatever time; perhaps it will come again."""
        timer = data.draw(st.sampled_from(self.timers))
        world, before = self.functions[function], self._hold()
        world.locks.run_out(timer)
        after = self._hold()
        if after != before:
            assert before.lease is not None
            assert before.lease.until + SKEW <= world.clock()
            assert after == before.ended()
        if not stays:
            self.timers.remove(timer)
        self.timers += [each for each in world.timers.waiting if each not in self.timers]
        world.timers.waiting.clear()
        self._set_clocks()

    @rule(function=functions, connection=st.sampled_from(["c-1", "c-2"]))
    def connection_is_gone(self, function: int, connection: str) -> None:
        before = self._hold()
        self.functions[function].locks.release_of(connection)
        is_its = before.lease and before.lease.connection == connection
        assert self._hold() == (before.ended() if is_its else before)
        self._set_clocks()

    @rule(data=st.data(), whose=st.tuples(people, people))
    def race(self, data: st.DataObject, whose: tuple[Principal, Principal]) -> None:
        """One has read what the other changes before it writes."""
        first, second = (self._act(data, number, who) for number, who in enumerate(whose))
        self._race(data.draw(st.integers(0, MOST_STEPS)), first, second)

    def _race(self, at: int, first: Callable[[], object], second: Callable[[], object]) -> None:
        """`at`: before which step of the first the second one acts."""
        steps = iter(range(at))

        def before(_step: str) -> None:
            if next(steps, None) is None:
                self.table.before = lambda _step: None
                second()

        self.table.before = before
        first()
        self.table.before = lambda _step: None
        self.highest = max([self.highest, *(each.token for each in self.given)])
        self._set_clocks()

    @rule(data=st.data(), whose=st.tuples(people, people), take_over=st.booleans())
    def race_a_save(self, data: st.DataObject, whose: tuple[Principal, Principal], take_over: bool) -> None:
        """It has been let through, and is not written yet, when somebody takes the lock."""
        saving, taking = whose
        token = data.draw(st.sampled_from([None, *(each.token for each in self.given[-1:])]))
        self._race(
            data.draw(st.integers(0, MOST_STEPS)),
            lambda: self._saves(self.functions[0], saving, token),
            lambda: self._taken(1, taking, None, take_over),
        )

    def _act(self, data: st.DataObject, function: int, who: Principal) -> Callable[[], object]:
        """Something that somebody does; what they are given is noted."""
        world = self.functions[function]
        token = data.draw(st.sampled_from([None, *(each.token for each in self.given[-MOST_TOKENS:])]))
        take_over = data.draw(st.booleans())

        acts: list[Callable[[], object]] = [
            lambda: self._taken(function, who, token, take_over),
            lambda: self._saves(world, who, token),
            lambda: world.locks.release(ESCROWS, who, self.id, token or 1),
        ]
        return data.draw(st.sampled_from(acts))

    def _taken(self, function: int, who: Principal, token: int | None, take_over: bool) -> None:
        taken = self._take(function, who, LockWish(token=token, take_over=take_over))
        if taken is not None and Given(who, taken) not in self.given:
            assert taken not in {each.token for each in self.given}
            self.given.append(Given(who, taken))

    def _saves(self, world: World, who: Principal, token: int | None) -> bool:
        self.saves += 1
        try:
            world.records.patch(
                ESCROWS, who, self.id, {"notes": f"{self.saves}"}, precondition=Precondition(lock_token=token)
            )
        except Locked:
            return False
        return True

    def _accepted(self, probe: World, who: Principal, token: int | None) -> bool:
        """Whether this save would go through now, tried on a copy."""
        copy: Any = probe.table
        copy.copy(self.table)
        at = probe.clock.at
        try:
            return self._saves(probe, who, token)
        finally:
            probe.clock.at = at

    @invariant()
    def one_token_at_most_is_accepted(self) -> None:
        hold = self._hold()
        assert hold.fence == self.highest
        tokens: set[int] = set()
        for probe in self.probes:
            accepted = {each for each in self.given[-MOST_TOKENS:] if self._accepted(probe, each.who, each.token)}
            tokens |= {each.token for each in accepted}
            if hold.lease and probe.clock() < hold.lease.until:
                assert accepted == {Given(self._who(hold.lease.holder), hold.lease.token)}
                for who in PEOPLE:
                    assert not self._accepted(probe, who, None)
                    if who.user_id != hold.lease.holder:
                        assert not self._accepted(probe, who, hold.lease.token)
        assert tokens <= {self.highest}

    def _who(self, user_id: str) -> Principal:
        return next(who for who in PEOPLE if who.user_id == user_id)


TestLocking = Locking.TestCase
TestLocking.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
