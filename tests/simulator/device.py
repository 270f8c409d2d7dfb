"""A client: the product's own ordering and cache, and around them, step by step, what its session does.

Everything that it sends, hears and asks for is told to `log`, so that another client can be held to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from openhouse_client.cache import Cache, Fetch, Key, Record
from openhouse_client.feed import Feed
from openhouse_client.protocol import (
    Commit,
    Commits,
    Ephemeral,
    Event,
    Position,
    Reply,
    SyncReply,
    read_frame,
    read_positions,
    read_sync,
)
from tests.simulator.failures import Failure
from tests.simulator.log import Log, nobody
from tests.simulator.sockets import Socket

Wire = dict[str, Any]


@dataclass(eq=False)
class Request:
    """A GET: sent, then answered by the server, then read. `key`: of one record; None for the list of all."""

    number: int
    key: Key | None
    lost: frozenset[str]
    fetch: Fetch
    stack: ExitStack
    busy: bool = False  # the server is at it
    answer: Any = None  # {items, positions}, or {record}, which may be None


@dataclass
class Asked:
    """A request over the socket that waits for its reply."""

    action: str
    losses: int
    positions: dict[str, Position] = field(default_factory=dict)


class Device:
    """`user_id` holds it. `capacity`: how many commits of a room it holds back."""

    def __init__(self, name: str, user_id: str, noun: str, log: Log, *, capacity: int) -> None:
        self.name = name
        self.user_id = user_id
        self.noun = noun
        self.log = log
        self.feed = self.new_feed(capacity)
        self.cache = Cache([noun])
        self.socket: Socket | None = None
        self.older: Socket | None = None  # the one before, until this one has brought everything
        self.asked: dict[str, Asked] = {}  # by id
        self.requests: list[Request] = []
        self.more = True  # there is more to sync
        self.active = True  # its person uses it
        self.ever: set[str] = set()  # rooms that its person was ever in
        self.clean_at = -1  # the socket's losses when the last completed sync was asked for
        self.hints: list[Event] = []
        self._numbers = self._beats = 0
        self._through: dict[str, Position] = {}
        self._versions: dict[Key, int] = {}

    def new_feed(self, capacity: int) -> Feed:
        return Feed(capacity=capacity)

    # The socket ------------------------------------------------------------------------------------------------------

    def connected(self, socket: Socket) -> None:
        self.older, self.socket = self.socket, socket
        self.asked, self.more, self.clean_at = {}, True, -1
        self._forget_lists()
        self.log({"connected": socket.id})

    def disconnected(self) -> None:
        """The socket has ended, or this client gives it up."""
        assert self.socket is not None
        self.log({"disconnected": self.socket.id})
        self.socket = self.older = None
        self.asked = {}
        self._forget_lists()

    @property
    def syncing(self) -> bool:
        return any(asked.action == "sync" for asked in self.asked.values())

    @property
    def stuck(self) -> bool:
        """It waits for a reply that is not under way."""
        return self.socket is not None and bool(self.asked) and not self.socket.up and not self.socket.down

    @property
    def lacking(self) -> bool:
        return self.more or self.feed.behind or bool(self.feed.lost)

    @property
    def clean(self) -> bool:
        """Nothing that was posted to its socket since its last whole sync was lost on purpose."""
        return self.socket is not None and not self.more and self.clean_at == self.socket.losses

    def send_sync(self) -> None:
        positions = self.feed.positions()
        self._send("sync", positions, positions={room: position.wire() for room, position in positions.items()})

    def send_ping(self) -> None:
        self._send("ping")

    def send_beat(self) -> None:
        """Has nothing to do with what it holds: no other client is held to it. Every second one wants no reply."""
        log, self.log = self.log, nobody
        self._beats += 1
        if self._beats % 2:
            self._send("presence", active=self.active)
        else:
            self._send("presence", active=self.active, silent=True)
        self.log = log

    def send_auth(self, ticket: str) -> None:
        self._send("auth", ticket=ticket)

    def send_view(self, record_id: str, *, leave: bool = False) -> None:
        self._send("view", noun=self.noun, recordId=record_id, leave=leave)

    def send_typing(self, record_id: str, field: str | None) -> None:
        self._send("typing", noun=self.noun, recordId=record_id, field=field)

    def receive(self, text: str) -> None:
        self.log({"receive": text})
        match read_frame(text):
            case Commits(commits):
                for commit in commits:
                    if commit.room not in self.ever:
                        raise Failure(
                            "a stranger's commit", f"{self.name} was sent {commit.room}#{commit.position.seq}"
                        )
                self._apply(self.feed.receive(commits))
            case Reply(id=str(id_), content=content, error=error) if id_ in self.asked:
                asked = self.asked.pop(id_)
                if error is None:
                    self._replied(asked, content)
                elif not error.retryable and error.code != "not_found":  # of what it wanted to look at
                    self.disconnected()
            case Ephemeral(events):
                self.hints += events

    def _replied(self, asked: Asked, content: Mapping[str, Any]) -> None:
        if asked.action == "ping":
            self.feed.heard(read_positions(content["rooms"]))
        elif asked.action == "sync":
            reply = read_sync(content)
            self._resumed(asked, reply)
            self.more = reply.more
            if not reply.more:
                self.clean_at = asked.losses
                self.older = None

    def _resumed(self, asked: Asked, reply: SyncReply) -> None:
        for room in (left := self.feed.resumed(asked.positions, reply)):
            self._look_at(self.cache.leave(room))
            self._through.pop(room, None)
        if left:
            self.log({"left": left})
        if lost := self.feed.lost:
            self._get(None, frozenset(lost))

    def _send(self, action: str, asked: dict[str, Position] | None = None, **content: Any) -> None:
        assert self.socket is not None
        self._numbers += 1
        frame = {"action": action, "id": str(self._numbers), **content}
        if "silent" not in content:
            self.asked[frame["id"]] = Asked(action, self.socket.losses, asked or {})
        self.socket.up.append(json.dumps(frame))
        self.log({"send": frame})

    # Requests --------------------------------------------------------------------------------------------------------

    @property
    def refetching(self) -> bool:
        return any(request.key is None for request in self.requests)

    @property
    def missing(self) -> list[Key]:
        """Wanted, and not asked for yet."""
        under_way = {request.key for request in self.requests}
        return [key for key in self.cache.wanted if key not in under_way]

    def get(self, key: Key) -> None:
        self._get(key, frozenset())

    def take(self, request: Request) -> None:
        """The answer to a GET has come."""
        self.requests.remove(request)
        self.log({"answer": request.number, **request.answer})
        with request.stack:
            if request.key is None:
                self._load_all(request)
            else:
                self._look_at(self.cache.load_wanted(request.key, request.answer["record"], request.fetch))

    def _load_all(self, request: Request) -> None:
        positions = read_positions(request.answer["positions"])
        if not request.lost <= positions.keys():  # a live room without a list: this connection will not do
            self.disconnected()
            return
        changed = self.cache.load_all(self.noun, request.answer["items"], request.fetch, rooms=request.lost)
        self._look_at(changed)
        found = {room: positions[room] for room in request.lost}
        self._through |= found
        self._apply(self.feed.reset(found))

    def _get(self, key: Key | None, lost: frozenset[str]) -> None:
        self._numbers += 1
        stack = ExitStack()
        self.requests.append(Request(self._numbers, key, lost, stack.enter_context(self.cache.fetching()), stack))
        wanted: Wire = {"list": self.noun, "rooms": sorted(lost)} if key is None else {"record": key.id}
        self.log({"get": self._numbers, **wanted})

    def _forget_lists(self) -> None:
        """A refetch ends with the connection that asked for it."""
        for request in [request for request in self.requests if request.key is None]:
            self.requests.remove(request)
            request.stack.close()
            self.log({"abandoned": request.number})

    # What must hold at any time --------------------------------------------------------------------------------------

    def _apply(self, commits: Iterable[Commit]) -> None:
        for commit in commits:
            before = self._through.get(commit.room)
            if before is None or commit.position != before.next:
                came = f"{commit.room}#{commit.position.seq} ({commit.position.epoch}) came after {before}"
                raise Failure("out of order", f"at {self.name}, {came}")
            self._through[commit.room] = commit.position
            self._look_at(self.cache.apply(commit))

    def _look_at(self, changed: Iterable[Key]) -> None:
        for key in changed:
            record: Record | None = self.cache.get(*key)
            if record is None:
                self._versions.pop(key, None)
                continue
            version = record["version"]
            if version <= self._versions.get(key, 0):
                raise Failure("a version went back", f"at {self.name}, {key.id} is at {version} again")
            self._versions[key] = version
