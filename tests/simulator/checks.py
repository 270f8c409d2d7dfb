"""What must hold: of the log as it grows, of what Lambda was told is done, and of clients when all is quiet."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from openhouse.core.room_names import shards_of
from openhouse.delivery.queues import ShardTask
from openhouse.rooms.gateway import Outcome
from openhouse.storage.keys import Item, connection_key, head_key
from tests.simulator.device import Device
from tests.simulator.failures import Failure
from tests.simulator.functions import SKEW, Answer
from tests.simulator.hint_checks import HintChecks
from tests.simulator.record_checks import RecordChecks
from tests.simulator.sockets import DELIVERING, Place
from tests.simulator.stream import POISON, Record
from tests.simulator.view import everything, rooms_of
from tests.simulator.wishes import Wish
from tests.simulator.world import DEAL, SHARDS, World


@dataclass
class Call:
    """A write: what it put into logs, and how it ended."""

    commits: list[tuple[str, str, int]] = field(default_factory=list)  # room, record, version
    kind: str = ""
    document: Any = None
    outcome: str = "running"
    repeated_at: int | None = None  # the moment of the ledger at which it was sent once more


class Checks:
    def __init__(self, world: World) -> None:
        self._world = world
        self.records = RecordChecks(world)
        self.hints = HintChecks(world, self.records.ledger)
        self._last: dict[tuple[str, str], int] = {}  # by room and epoch
        self._calls: dict[int, Call] = defaultdict(Call)
        self._stale: dict[tuple[str, str], int] = {}  # by partition and member, when it left, or stopped to lag
        self._count = 0
        self._posted: list[Record] = []  # to be posted by workers, and acknowledged
        self._lost_tasks: list[ShardTask] = []
        self._missed: dict[tuple[str, Place], int] = {}  # by connection, what the fast lane could not post, and when
        world.table.told = self.told
        world.sockets.hastened = self._hastened
        world.stream.acknowledged = self.acknowledged
        world.stream.given_up = self._given_up
        world.shard_tasks.given_up = self._task_given_up

    # The table changes -----------------------------------------------------------------------------------------------

    def told(self, old: Item | None, new: Item | None) -> None:
        kind = (new or old or {})["pk"][0]
        if kind == "L" and new is not None and new["sk"] != "HEAD":
            self._entry(old, new)
        elif kind == "M" and old is not None and (new is None or (old.get("lagging") and not new.get("lagging"))):
            self._stale[old["pk"], old["sk"]] = self._count
            if new is None:
                self.hints.member_left(old)
        elif kind == "C" and old is not None and new is None:
            self._forgotten(old)
        elif kind == "P" and old is None and new is not None:
            self._marked(new)
        elif kind in "RHD":
            self.records.told(kind, old, new)

    def _forgotten(self, row: Item) -> None:
        """Who delivers forgets sockets that are gone, or whose time is over, and no others."""
        socket = self._world.sockets.all.get(row["pk"].removeprefix("C#"))
        by = self._world.functions.name
        over = row["expires_at"] <= self._world.clock.now.timestamp() + SKEW
        if by in DELIVERING and socket and socket.open and not socket.called_gone and not over:
            raise Failure("forgotten without a cause", f"{socket.id}, by the {by}")

    def _entry(self, old: Item | None, new: Item) -> None:
        if new["commit"] == POISON:
            return
        if old is not None:
            raise Failure("the log was overwritten", f"{new['room']}#{new['seq']}")
        commit = json.loads(new["commit"])
        room, epoch, seq = commit["room"], commit["epoch"], commit["seq"]
        before = self._last.get((room, epoch), 0)
        if seq != before + 1:
            raise Failure("the log has a gap", f"{room}#{seq} of {epoch} came after #{before}")
        self._last[room, epoch] = seq
        number = int(commit["id"].partition("/")[2])
        call = self._calls[number]
        for event in commit["events"]:
            if "version" in event["data"] and "dealId" in event["data"]:
                call.commits.append((room, event["data"]["dealId"], event["data"]["version"]))
        self._count += 1
        self._world.stream.add(Record(self._count, new, (room, epoch, seq), self._members(room), number))

    def _members(self, room: str) -> frozenset[str]:
        now = self._world.clock.now.timestamp()
        shards = [self._world.table.rows(f"M#{room}#{shard}") for shard in shards_of(room, SHARDS)]
        return frozenset(
            id_
            for members in shards
            for id_, row in members.items()
            if row["expires_at"] > now and not row.get("lagging")
        )

    # Acknowledged means attempted ------------------------------------------------------------------------------------

    def acknowledged(self, record: Record) -> None:
        if record.poisoned:
            return
        room, _, seq = record.place
        if self._world.shard_tasks.have_named(room, seq):
            self._posted.append(record)
        else:
            self._must_have_been_tried(record)

    def tasks_done(self) -> None:
        """The queue is empty: what was acknowledged and handed to it was posted, too."""
        for record in self._posted:
            room, _, seq = record.place
            entry = self._world.table.peek(record.item)
            if entry is None or entry["commit"] != record.item["commit"]:
                continue  # the worker may have found it gone
            if any(task.room == room and task.first <= seq <= task.last for task in self._lost_tasks):
                continue
            self._must_have_been_tried(record)
        self._posted.clear()

    def _must_have_been_tried(self, record: Record) -> None:
        world = self._world
        late = world.clock.now.timestamp() + SKEW
        for shard in shards_of(record.place[0], SHARDS):
            pk = f"M#{record.place[0]}#{shard}"
            for id_, row in world.table.rows(pk).items():
                if (
                    id_ in record.members
                    and row["expires_at"] > late
                    and not row.get("lagging")
                    and self._stale.get((pk, id_), 0) < record.number
                    and record.place not in world.sockets.attempted[id_]
                ):
                    raise Failure("acknowledged without an attempt", f"{record.place} to {id_}")

    def posts_are_few(self) -> None:
        """A commit is posted to a member once, once more each time that Lambda hands it over again, and once by the
        fast lane, as it may not be done when the stream comes.
        """
        world = self._world
        for (connection_id, place), posts in world.sockets.posts.items():
            room, _, seq = place
            again = sum(task.room == room and task.first <= seq <= task.last for task in world.shard_tasks.repeated)
            if posts > world.stream.handed_over[room, seq] + world.lane.handed_over[room, seq] + again:
                raise Failure("posted too often", f"{place} to {connection_id}: {posts} times")

    # Marked means posted ---------------------------------------------------------------------------------------------

    def _hastened(self, connection_id: str, places: Sequence[Place], outcome: Outcome) -> None:
        """To somebody who lags already, a post is only tried."""
        for place in places:
            lags = any(row.get("lagging") for row in self._rows(place[0], connection_id))
            if outcome in (Outcome.DELIVERED, Outcome.GONE):
                self._missed.pop((connection_id, place), None)
            elif not lags:
                self._missed[connection_id, place] = self._count

    def _marked(self, mark: Item) -> None:
        room = mark["pk"].removeprefix("P#")
        epoch, _, seq = mark["sk"].rpartition("#")
        place, now = (room, epoch, int(seq)), self._world.clock.now.timestamp()
        for (id_, missed), when in self._missed.items():
            rows = self._rows(room, id_) if missed == place else []
            if any(row["expires_at"] > now + SKEW and self._stale.get((row["pk"], id_), -1) < when for row in rows):
                raise Failure("marked, though a post failed", f"{place} to {id_}")

    def _rows(self, room: str, connection_id: str) -> list[Item]:
        """Of a member."""
        found = [self._world.table.rows(f"M#{room}#{shard}").get(connection_id) for shard in shards_of(room, SHARDS)]
        return [row for row in found if row]

    def _given_up(self, record: Record) -> None:
        self._world.sockets.lose(self._world.sockets.all)

    def _task_given_up(self, task: ShardTask) -> None:
        self._lost_tasks.append(task)
        self._world.sockets.lose(self._world.sockets.all)

    # Callers and the log ---------------------------------------------------------------------------------------------

    def began(self, number: int, wish: Wish) -> None:
        self._calls[number].kind = wish.kind
        self.records.began(number, wish)

    def repeated(self, number: int) -> None:
        self._calls[number].repeated_at = self.records.ledger.moment

    def answered(self, number: int, answer: Answer[Any]) -> None:
        call = self._calls[number]
        call.outcome = "done" if answer.ok else "died" if answer.died else "refused"
        call.document = answer.value if answer.ok else None
        if call.outcome == "refused":
            if call.commits and call.repeated_at is None:
                raise Failure("refused and written", f"call {number}: {type(answer.error).__name__}, {call.commits}")
            done_before = call.commits[-1][1] if call.commits else None
            self.records.refused(number, answer.error, done_before)
        elif call.document and call.repeated_at is not None:
            self.records.still_reached(number, call.repeated_at, call.document["id"])

    def log_is_what_callers_were_told(self) -> None:
        written: dict[Place, int] = {}
        for number, call in self._calls.items():
            for commit in call.commits:
                if commit in written:
                    raise Failure("a change is in the log twice", f"{commit} of calls {written[commit]} and {number}")
                written[commit] = number
        changes = {(id_, version) for _, id_, version in written}
        for number, call in self._calls.items():
            if call.outcome != "done":
                continue
            if call.kind in ("delete", "create"):
                fine = len(call.commits) == 1
            else:
                fine = (call.document["id"], call.document["version"]) in changes
            if call.document and call.commits:
                own = {(id_, version) for _, id_, version in call.commits}
                fine = fine and own == {(call.document["id"], call.document["version"])}
            if not fine:
                raise Failure("told, and not in the log", f"call {number} ({call.kind}): {call.commits}")

    # Clients ---------------------------------------------------------------------------------------------------------

    def is_served(self, device: Device) -> bool:
        """Its socket is one that the server has reason to post to."""
        socket = device.socket
        if socket is None or not socket.open:
            return False
        row = self._world.table.peek(connection_key(socket.id))
        return row is not None and row["expires_at"] > self._world.clock.now.timestamp()

    def is_up_to_date(self, device: Device, kind: str) -> None:
        wrong = self.differences(device)
        if wrong:
            raise Failure(kind, f"{device.name}: {wrong}")

    def differences(self, device: Device) -> str:
        """What its copy has that the server has not, or the other way round; empty if nothing."""
        heads: dict[str, Any] = {}
        for room in rooms_of(self._world, device.user_id):
            head = self._world.table.peek(head_key(room))
            if head is None:
                return f"{room} has no log yet"
            heads[room] = {"epoch": head["epoch"], "seq": head["seq"]}
        ours = {room: position.wire() for room, position in device.feed.positions().items()}
        if ours != heads:
            return f"it is at {ours}, the logs at {heads}"
        theirs = everything(self._world, device.user_id)
        copy = device.cache.all(DEAL.noun)
        if canonical(copy) != canonical(theirs):
            return f"it has {canonical(copy)}, the server {canonical(theirs)}"
        return ""


def canonical(document: Any) -> str:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
