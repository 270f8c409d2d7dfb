"""A model of the server for tests of the client: rooms, logs and records in memory, saying what the wire would say."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from openhouse_client.protocol import Commit, Commits, Position, SyncReply, read_frame, read_sync

Wire = dict[str, Any]

NOUN = "escrow"


class Model:
    """One person's rooms. What moves to `elsewhere` leaves their sight."""

    def __init__(self, *rooms: str) -> None:
        self.rooms: list[str] = []
        self.records: dict[str, Wire] = {}
        self.logs: dict[str, list[Wire]] = {}
        self.epochs: dict[str, str] = {}
        self.stream: list[Wire] = []  # every commit, in the order it happened
        self._lives = count(1)
        self._starts: dict[str, int] = {}
        for room in rooms:
            self.join(room)
        self.rebuild("elsewhere")

    # What people do --------------------------------------------------------------------------------------------------

    def create(self, id_: str, room: str, *, ref: bool = False, **fields: Any) -> None:
        record = {"id": id_, "version": 1, "room": room, **fields}
        self.records[id_] = record
        self._commit(room, "created", record, {"ref": True} if ref else {NOUN: copy.deepcopy(record)})

    def update(self, id_: str, *, ref: bool = False, verb: str = "updated", **changes: Any) -> None:
        record = self.records[id_]
        record["version"] += 1
        for name, value in changes.items():
            if value is None:
                record.pop(name, None)
            else:
                record[name] = value
        patch = {**changes, "version": record["version"]}
        self._commit(record["room"], verb, record, {"ref": True} if ref else {"changes": copy.deepcopy(patch)})

    def delete(self, id_: str) -> None:
        record = self.records.pop(id_)
        record["version"] += 1
        self._commit(record["room"], "deleted", record, {"reason": "deleted"})

    def move(self, id_: str, room: str, *, ref: bool = False) -> None:
        record = self.records[id_]
        before, record["room"] = record["room"], room
        record["version"] += 1
        self._commit(before, "deleted", record, {"reason": "moved"})
        self._commit(room, "created", record, {"ref": True} if ref else {NOUN: copy.deepcopy(record)})

    # What operators and time do --------------------------------------------------------------------------------------

    def join(self, room: str) -> None:
        """The person is let into one more room."""
        self.rooms.append(room)
        self.rebuild(room)

    def rebuild(self, room: str) -> None:
        """The log begins a new life."""
        self.epochs[room] = f"life-{next(self._lives)}"
        self.logs[room] = []
        self._starts[room] = 0

    def expire(self, room: str, commits: int) -> None:
        """The oldest commits are kept no longer."""
        gone = min(commits, len(self.logs[room]))
        self._starts[room] += gone
        del self.logs[room][:gone]

    # What the server answers -----------------------------------------------------------------------------------------

    def head(self, room: str) -> Wire:
        return {"epoch": self.epochs[room], "seq": self._starts[room] + len(self.logs[room])}

    def heads(self) -> dict[str, Wire]:
        return {room: self.head(room) for room in self.rooms}

    def items(self, room: str) -> list[Wire]:
        return [copy.deepcopy(record) for record in self.records.values() if record["room"] == room]

    def visible(self) -> dict[str, Wire]:
        return {item["id"]: item for room in self.rooms for item in self.items(room)}

    def sync(self, positions: Mapping[str, Wire], *, part: bool = False, limit: int = 1_000) -> tuple[list[Wire], Wire]:
        """The replayed commits, and the content of the reply."""
        replayed: list[Wire] = []
        rooms: dict[str, Wire] = {}
        more = False
        for room in [room for room in self.rooms if not part or room in positions]:
            head, after = self.head(room), positions.get(room)
            if (
                after is None
                or after["epoch"] != head["epoch"]
                or not self._starts[room] <= after["seq"] <= head["seq"]
            ):
                rooms[room] = {**head, "reset": True}
                continue
            missed = self.logs[room][after["seq"] - self._starts[room] :]
            sent = missed[: limit - len(replayed)]
            replayed += sent
            rooms[room] = {"epoch": head["epoch"], "seq": after["seq"] + len(sent), "reset": False}
            more = more or len(sent) < len(missed)
        return replayed, {"rooms": rooms, "more": more}

    def _commit(self, room: str, verb: str, record: Wire, content: Wire) -> None:
        seq = self.head(room)["seq"] + 1
        data = {f"{NOUN}Id": record["id"], "version": record["version"], "updatedBy": "u1", **content}
        commit = {
            "room": room,
            "epoch": self.epochs[room],
            "seq": seq,
            "id": f"{room}-{seq}",
            "at": "2026-03-01T09:00:00.000Z",
            "by": "u1",
            "events": [{"type": f"{NOUN}:{verb}", "data": data}],
        }
        self.logs[room].append(commit)
        if room in self.rooms:
            self.stream.append(commit)


def frame(commits: Iterable[Wire]) -> str:
    return json.dumps({"commits": list(commits)})


def read(commits: Iterable[Wire]) -> tuple[Commit, ...]:
    """As the client reads them off the wire."""
    frame_ = read_frame(frame(commits))
    assert isinstance(frame_, Commits)
    return frame_.commits


def sync_reply(content: Wire) -> SyncReply:
    return read_sync(json.loads(json.dumps(content)))


def wire(positions: Mapping[str, Position]) -> dict[str, Wire]:
    return {room: position.wire() for room, position in positions.items()}
