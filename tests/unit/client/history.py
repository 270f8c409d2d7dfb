"""Random histories of everything that can happen around one client, in the moments at which it really happens.

The server's stream is delivered with drops, repeats and in any order. A list is read room by room, a single record
too, and anything may happen between those moments, before the answer arrives, or while several requests are under way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from random import Random
from typing import Any

from openhouse_client.cache import Cache, Fetch, Key
from openhouse_client.feed import NOWHERE, Feed
from openhouse_client.protocol import Commit, Position, read_positions
from tests.unit.client.model import NOUN, Model, Wire, read, sync_reply, wire

ROOMS = ("team:north", "user:ava")
EVERYWHERE = (*ROOMS, "elsewhere")


class Request:
    """Begun, then read by the server step by step, then answered."""

    def __init__(
        self, cache: Cache, steps: Sequence[Callable[[], Any]], load: Callable[[Fetch, list[Any]], None]
    ) -> None:
        self._stack = ExitStack()
        self._fetch = self._stack.enter_context(cache.fetching())
        self._steps = list(steps)
        self._load = load
        self._answers: list[Any] = []

    def go_on(self) -> bool:
        """True once it is over."""
        if self._steps:
            self._answers.append(self._steps.pop(0)())
            return False
        self._load(self._fetch, self._answers)
        self._stack.close()
        return True


class History:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.model = Model(*ROOMS)
        self.cache = Cache([NOUN])
        self.feed = Feed(capacity=4)
        self.network: list[Wire] = []  # commits that were posted and may still arrive
        self.arrived: list[Wire] = []
        self.posted = 0
        self.applied: dict[str, list[Position]] = {}  # since the last refetch of the room
        self.requests: list[Request] = []
        self.refetching: Request | None = None
        self.reply: tuple[dict[str, Position], Wire, bool] | None = None  # to a sync: asked, answered, is a part
        self.created = 0
        for _ in range(3):
            self.create()
        self.come_to_rest()

    def run(self, steps: int) -> None:
        """Some things happen more often than others; a refetch heals everything, so what leads to one is rare."""
        often: list[Callable[[], None]] = [self.update, self.move, self.deliver_in_order, self.deliver_one]
        often += [self.go_on_with_a_request, self.go_on_with_a_request, self.go_on_refetching, self.go_on_refetching]
        seldom = [self.create, self.delete, self.drop, self.repeat, self.ask, self.take_the_reply, self.ping]
        seldom += [self.read_a_wanted_record, self.look_at_a_list]
        rarely = [self.rebuild, self.expire, self.disconnect]
        actions = [*often * 6, *seldom * 4, *rarely]
        for _ in range(steps):
            self.random.choice(actions)()

    def come_to_rest(self) -> None:
        """Nobody changes anything any more; what is under way ends, and the client does what its needs say."""
        while self.refetching:
            self.go_on_refetching()
        while self.requests:
            self.go_on_with_a_request()
        self.take_the_reply()
        self.ping()
        for _ in range(1_000):
            if self.refetching:
                self.go_on_refetching()
            elif self.feed.behind:
                self.ask()
                self.deliver_in_order()
                self.take_the_reply()
            elif self.cache.wanted:
                self.read_a_wanted_record()
                while self.requests:
                    self.go_on_with_a_request()
            else:
                return
        raise AssertionError("it never comes to rest")

    # Other people ----------------------------------------------------------------------------------------------------

    def create(self) -> None:
        self.created += 1
        self.model.create(f"e{self.created}", self.random.choice(EVERYWHERE), ref=self._now_and_then(), city="Davis")

    def update(self) -> None:
        if id_ := self._some_record():
            self.model.update(id_, ref=self._now_and_then(), city=self.random.choice(["Chico", "Fresno", None]))

    def delete(self) -> None:
        if id_ := self._some_record():
            self.model.delete(id_)

    def move(self) -> None:
        room = self.random.choice(EVERYWHERE)
        id_ = self._some_record()
        if id_ and self.model.records[id_]["room"] != room:
            self.model.move(id_, room, ref=self._now_and_then())

    # The operator, and time ------------------------------------------------------------------------------------------

    def rebuild(self) -> None:
        self._post()
        self.model.rebuild(self.random.choice(ROOMS))

    def expire(self) -> None:
        self.model.expire(self.random.choice(ROOMS), self.random.randint(1, 5))

    # The network -----------------------------------------------------------------------------------------------------

    def deliver_one(self) -> None:
        if self._post():
            self._receive([self.network.pop(self.random.randrange(len(self.network)))])

    def deliver_in_order(self) -> None:
        self._post()
        self._receive(self.network)
        self.network = []

    def drop(self) -> None:
        if self._post():
            self.arrived.append(self.network.pop(self.random.randrange(len(self.network))))

    def repeat(self) -> None:
        if self.arrived:
            self._receive([self.random.choice(self.arrived)])

    def disconnect(self) -> None:
        self._post()
        self.network, self.reply = [], None

    # The client ------------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        if self.reply is None and self.refetching is None:
            asked, part = self.feed.positions(), self.random.random() < 0.3
            if part:
                room = self.random.choice(self.model.rooms)
                asked = {room: asked.get(room, NOWHERE)}
            replayed, content = self.model.sync(wire(asked), part=part, limit=self.random.randint(1, 4))
            self.network += replayed
            self.reply = asked, content, part

    def take_the_reply(self) -> None:
        if self.reply:
            asked, content, part = self.reply
            self.reply = None
            assert self.feed.resumed(asked, sync_reply(content), part=part) == []
            if part:
                self.feed.joined(self.model.rooms)
            if lost := set(self.feed.lost):
                steps: list[Callable[[], Any]] = [
                    self.model.heads,
                    *(partial(self.model.items, room) for room in self._rooms()),
                ]
                self.refetching = Request(self.cache, steps, partial(self._load_all, lost))

    def go_on_refetching(self) -> None:
        if self.refetching and self.refetching.go_on():
            self.refetching = None

    def ping(self) -> None:
        self.feed.heard(read_positions(self.model.heads()))

    def read_a_wanted_record(self) -> None:
        if self.cache.wanted:
            key = self.random.choice(self.cache.wanted)
            steps = [partial(self.model.items, room) for room in self._rooms()]
            self.requests.append(Request(self.cache, steps, partial(self._load_one, key)))

    def look_at_a_list(self) -> None:
        """For its own sake, with no consequence for the positions."""
        steps = [partial(self.model.items, room) for room in self._rooms()]
        self.requests.append(Request(self.cache, steps, self._load_page))

    def go_on_with_a_request(self) -> None:
        if self.requests:
            request = self.random.choice(self.requests)
            if request.go_on():
                self.requests.remove(request)

    # -----------------------------------------------------------------------------------------------------------------

    def _now_and_then(self) -> bool:
        return self.random.random() < 0.2

    def _some_record(self) -> str | None:
        return self.random.choice(sorted(self.model.records)) if self.model.records else None

    def _rooms(self) -> list[str]:
        return self.random.sample(ROOMS, len(ROOMS))

    def _post(self) -> bool:
        self.network += self.model.stream[self.posted :]
        self.posted = len(self.model.stream)
        return bool(self.network)

    def _receive(self, commits: list[Wire]) -> None:
        self.arrived += commits
        self._apply(self.feed.receive(read(commits)))

    def _apply(self, commits: list[Commit]) -> None:
        for commit in commits:
            before = self.applied.setdefault(commit.room, [])
            assert not before or commit.position == before[-1].next, "a gap or a repeat was let through"
            before.append(commit.position)
            self.cache.apply(commit)

    def _load_all(self, lost: set[str], fetch: Fetch, answers: list[Any]) -> None:
        heads, *pages = answers
        positions = {room: read_positions(heads)[room] for room in lost}
        self.cache.load_all(NOUN, [record for page in pages for record in page], fetch, rooms=lost)
        for room in lost:
            self.applied[room] = [positions[room]]
        self._apply(self.feed.reset(positions))

    def _load_one(self, key: Key, fetch: Fetch, answers: list[Any]) -> None:
        found = [record for page in answers for record in page if record["id"] == key.id]
        newest = max(found, key=lambda record: int(record["version"]), default=None)
        self.cache.load_wanted(key, newest, fetch)

    def _load_page(self, fetch: Fetch, answers: list[Any]) -> None:
        self.cache.load(NOUN, [record for page in answers for record in page], fetch)
