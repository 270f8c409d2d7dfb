"""Sockets and the network around them: what posts become, in which order frames arrive, who hears of an end."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from openhouse.rooms.gateway import Delivery, Frame, Missed, Outcome
from tests.simulator.choices import Choices
from tests.simulator.failures import Failure
from tests.simulator.functions import Functions

Place = tuple[str, str, int]  # room, epoch, seq
DELIVERING = ("fanout", "worker", "fast_lane")  # functions; others post replies


class Owner(Protocol):
    """Whoever holds the other end."""

    name: str
    user_id: str


class Socket:
    def __init__(self, id_: str, owner: Owner) -> None:
        self.id = id_
        self.owner = owner
        self.open = True  # as far as API Gateway knows
        self.down: list[str] = []  # frames on their way to the client
        self.up: list[str] = []  # and from it
        self.called_gone = False  # by a 410
        self.losses = 0  # frames that the server counts as posted, or was kept from posting, and that do not arrive


class Sockets:
    """API Gateway: a `Gateway` for the services, a network for the clients."""

    def __init__(self, choices: Choices, functions: Functions) -> None:
        self.all: dict[str, Socket] = {}
        self.attempted: dict[str, set[Place]] = defaultdict(set)  # by connection, the commits that a post was tried of
        self.posts: Counter[tuple[str, Place]] = Counter()  # of a commit to a connection, by those who deliver
        self.reliable = False  # every post is delivered, once
        self.goodbyes: list[str] = []  # connections whose $disconnect is still to come
        self._choices = choices
        self._functions = functions
        self.hastened: Callable[[str, Sequence[Place], Outcome], None] = lambda _id, _places, _outcome: None
        self.hinted: Callable[[str, Sequence[Any]], None] = lambda _id, _hints: None
        self._places: dict[bytes, list[Place]] = {}
        self._done: set[Place] = set()

    # For the services ------------------------------------------------------------------------------------------------

    def post(self, deliveries: Sequence[Delivery]) -> list[Missed]:
        calm = self._functions.calm or self.reliable
        if not calm and self._choices.chance(1):
            self._functions.say("(API Gateway cannot be reached)")
            for delivery in deliveries:
                self.lose(delivery.connection_ids)
            return [dict.fromkeys(delivery.connection_ids, Outcome.UNREACHABLE) for delivery in deliveries]
        return [self._deliver(delivery, calm=calm) for delivery in deliveries]

    def close(self, connection_ids: Sequence[str]) -> None:
        for connection_id in connection_ids:
            self._functions.before("close")
            socket = self.all.get(connection_id)
            if socket is not None:
                self.end(socket)

    def _deliver(self, delivery: Delivery, *, calm: bool) -> Missed:
        missed: Missed = {}
        for connection_id in delivery.connection_ids:
            for frame in delivery.frames:
                outcome = self._post(connection_id, frame, calm=calm)
                if self._functions.name == "fast_lane":
                    self.hastened(connection_id, self.places(frame.body), outcome)
                if outcome is not Outcome.DELIVERED:
                    missed[connection_id] = outcome
                    break
        return missed

    def _post(self, connection_id: str, frame: Frame, *, calm: bool) -> Outcome:
        self._functions.before("post")
        if frame.body.startswith(b'{"ephemeral"'):
            self.hinted(connection_id, json.loads(frame.body)["ephemeral"])
        places = self.places(frame.body)
        self.attempted[connection_id].update(places)
        if self._functions.name in DELIVERING:
            self._count(connection_id, places)
        socket = self.all.get(connection_id)
        if socket is None or not socket.open:
            if socket is not None:
                socket.called_gone = True
            return Outcome.GONE
        text = frame.body.decode()
        if calm or not self._choices.chance(15):
            socket.down.append(text)
            return Outcome.DELIVERED
        return self._badly(socket, text)

    def _count(self, connection_id: str, places: Sequence[Place]) -> None:
        self.posts.update((connection_id, place) for place in places)
        self._functions.allowed -= 1
        if self._functions.allowed < 0:
            raise Failure("beyond the limit of posts", f"{self._functions.name} posts {places} to {connection_id}")
        if self._done and self._functions.name == "fanout" and (again := self._done.intersection(places)):
            raise Failure("posted, though everyone had it", f"{again} to {connection_id}")

    @contextmanager
    def done(self, places: set[Place]) -> Iterator[None]:
        """These are marked, which the stream's function can see."""
        self._done |= places
        try:
            yield
        finally:
            self._done -= places

    def _badly(self, socket: Socket, text: str) -> Outcome:
        what = self._choices.below(6)
        self._functions.say(f"({socket.id}: a post is {_BADLY[what]})")
        if what == 0:
            socket.down += [text, text]
            return Outcome.DELIVERED
        socket.losses += 1
        socket.called_gone = socket.called_gone or what == 4
        if what == 2:
            socket.down.append(text)
        return (
            Outcome.DELIVERED,
            Outcome.DELIVERED,
            Outcome.FAILED,
            Outcome.FAILED,
            Outcome.GONE,
            Outcome.UNREACHABLE,
        )[what]

    def places(self, body: bytes) -> list[Place]:
        """The commits in a frame."""
        found = self._places.get(body)
        if found is None:
            content = json.loads(body)
            found = [(each["room"], each["epoch"], each["seq"]) for each in content.get("commits", [])]
            self._places[body] = found
        return found

    @property
    def receiving(self) -> list[Socket]:
        """Those with frames on their way to the client."""
        return [socket for socket in self.all.values() if socket.down]

    @property
    def sending(self) -> list[Socket]:
        return [socket for socket in self.all.values() if socket.up]

    # For the clients -------------------------------------------------------------------------------------------------

    def end(self, socket: Socket) -> None:
        """API Gateway has closed it, or noticed that it is closed, and will say so to the $disconnect function."""
        if socket.open:
            socket.open = False
            self.goodbyes.append(socket.id)

    def lose(self, connection_ids: Iterable[str]) -> None:
        """Something that these should have got will not come."""
        for connection_id in connection_ids:
            if connection_id in self.all:
                self.all[connection_id].losses += 1


_BADLY = ("doubled", "delivered, and lost", "failed, and arrives", "failed", "answered with 410", "unreachable")
