"""Holds a client's feed and cache to a recording, from the file alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openhouse_client.cache import Cache, Fetch, Key
from openhouse_client.feed import Feed
from openhouse_client.protocol import Commit, Commits, Position, Reply, read_frame, read_positions, read_sync

NOUN = "deal"


@dataclass
class _Request:
    stack: ExitStack
    fetch: Fetch
    record: str | None  # else a list
    rooms: frozenset[str]


class Player:
    def __init__(self) -> None:
        self.feed = Feed()
        self.cache = Cache([NOUN])
        self._asked: dict[str, tuple[str, dict[str, Position]]] = {}  # by id: the action, and where we were
        self._requests: dict[int, _Request] = {}

    def play(self, path: Path) -> None:
        """Raises AssertionError where the client would have done something else."""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            step = json.loads(line)
            try:
                getattr(self, f"_{next(iter(step))}")(step)
            except AssertionError as error:
                raise AssertionError(f"{path.name}, line {number}: {error}") from error

    def _connected(self, _step: Any) -> None:
        self._asked.clear()

    _disconnected = _connected

    def _send(self, step: Any) -> None:
        frame, positions = step["send"], self.feed.positions()
        if frame["action"] == "sync":
            assert frame["positions"] == _wire(positions), "it would sync from elsewhere"
        self._asked[frame["id"]] = frame["action"], positions

    def _receive(self, step: Any) -> None:
        match read_frame(step["receive"]):
            case Commits(commits):
                self._apply(self.feed.receive(commits))
            case Reply(id=str(id_), content=content, error=None) if id_ in self._asked:
                action, asked = self._asked.pop(id_)
                if action == "ping":
                    self.feed.heard(read_positions(content["rooms"]))
                elif action == "sync":
                    reply = read_sync(content)
                    for room in self.feed.resumed(asked, reply):
                        self.cache.leave(room)
            case Reply(id=str(id_)):
                self._asked.pop(id_, None)

    def _left(self, step: Any) -> None:
        assert not self.feed.positions().keys() & set(step["left"]), "it would still be there"

    def _get(self, step: Any) -> None:
        record, rooms = step.get("record"), frozenset(step.get("rooms", ()))
        if record is None:
            assert self.feed.lost.keys() == rooms, "it would load other rooms"
        else:
            assert Key(NOUN, record) in self.cache.wanted, "it would not want that record"
        stack = ExitStack()
        self._requests[step["get"]] = _Request(stack, stack.enter_context(self.cache.fetching()), record, rooms)

    def _abandoned(self, step: Any) -> None:
        self._requests.pop(step["abandoned"]).stack.close()

    def _answer(self, step: Any) -> None:
        request = self._requests.pop(step["answer"])
        with request.stack:
            if request.record is None:
                self._load_all(request, step)
            else:
                self.cache.load_wanted(Key(NOUN, request.record), step["record"], request.fetch)

    def _load_all(self, request: _Request, step: Any) -> None:
        positions = read_positions(step["positions"])
        if request.rooms <= positions.keys():
            self.cache.load_all(NOUN, step["items"], request.fetch, rooms=request.rooms)
            self._apply(self.feed.reset({room: positions[room] for room in request.rooms}))

    def _expect(self, step: Any) -> None:
        assert self.cache.all(NOUN) == step["expect"]["records"], "it would have other records"
        assert _wire(self.feed.positions()) == step["expect"]["positions"], "it would be elsewhere"

    def _apply(self, commits: Iterable[Commit]) -> None:
        for commit in commits:
            self.cache.apply(commit)


def _wire(positions: Mapping[str, Position]) -> dict[str, Any]:
    return {room: position.wire() for room, position in positions.items()}
