"""The product, broken on purpose in one place each: what the simulator is there to find.

Here is what breaks delivery; `broken_records.py` has what breaks records, their rights and their history, and
`broken_views.py` who is told who looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import Any

from openhouse.api.actions import parse
from openhouse.api.actions.sync import SYNC
from openhouse.api.messages import Messages
from openhouse.collaboration.chain import NEVER, Chain, Link
from openhouse.collaboration.sightings import Sighting, Sightings
from openhouse.core.principal import Principal
from openhouse.delivery.census import Census
from openhouse.delivery.dispatcher import Dispatcher, Served
from openhouse.delivery.fanout import FanOut, LogEntry, ShardWorker
from openhouse.delivery.fast_lane import FastLane, Hastened
from openhouse.delivery.queues import Queues, ShardTask
from openhouse.delivery.rate_limiter import LONGEST_WAIT, RateLimiter, Traffic
from openhouse.identity.membership import Membership
from openhouse.rooms.connections import Connection, Connections
from openhouse.rooms.gateway import Frame, Missed
from openhouse.rooms.position import Position as ServerPosition
from openhouse.rooms.room_log import Entry, Replay, RoomLog
from openhouse.storage.keys import Item
from openhouse.storage.writes import ABSENT, PRESENT, AnyOf, Write
from openhouse_client.cache import Cache, Key
from openhouse_client.feed import Feed
from openhouse_client.protocol import Commit, Position, RoomReply
from openhouse_client.room import Need, Room
from tests.simulator.broken_locks import BROKEN_LOCKS
from tests.simulator.broken_records import BROKEN_RECORDS
from tests.simulator.broken_views import BROKEN_VIEWS
from tests.simulator.device import Device
from tests.simulator.log import Log
from tests.simulator.world import FewAtOnce, Parts

ANYWAY = AnyOf((PRESENT, ABSENT))


class CommitsRegardless(FewAtOnce):
    """Without the condition on HEAD, and without the one that the entry is new: each alone keeps writers apart."""

    def _appends(self, entries: Sequence[Entry], kept: Mapping[str, Item], now: datetime) -> list[Write]:
        return [replace(write, when=ANYWAY) for write in super()._appends(entries, kept, now)]


class AcknowledgesFirst(FanOut):
    """Says that it is done, and posts afterwards: when it is called the next time."""

    _late: Sequence[LogEntry] = ()

    def deliver(self, batch: Sequence[LogEntry]) -> list[str]:
        late, self._late = self._late, batch
        super().deliver(late)
        return []


class _AppliesWhateverComes(Room):
    def receive(self, commit: Commit) -> list[Commit]:
        released = super().receive(commit)
        if not released and not self._covers(commit.position) and self.need is not Need.REFETCH:
            self._held.clear()
            self._position = commit.position
            return [commit]
        return released


class _IgnoresEpochs(Room):
    """Compares numbers alone."""

    @property
    def need(self) -> Need:
        if self._lost:
            return Need.REFETCH
        behind = self._position is None or max(self._heads.values(), default=0) > self._position.seq
        return Need.SYNC if behind else Need.NOTHING

    def resumed(self, asked: Position | None, reply: RoomReply) -> None:
        same = asked and asked._replace(epoch=reply.reached.epoch)
        if self._position is not None:
            self._position = self._position._replace(epoch=reply.reached.epoch)
        super().resumed(same, reply)

    def _covers(self, position: Position) -> bool:
        return self._position is not None and position.seq <= self._position.seq


class _FeedOf(Feed):
    """Of another kind of rooms."""

    def __init__(self, kind: type[Room], capacity: int) -> None:
        super().__init__(capacity=capacity)
        self._kind = kind

    def _room(self, name: str) -> Room:
        if name not in self._rooms:
            self._rooms[name] = self._kind(capacity=self._capacity)
        return self._rooms[name]


class HasteDevice(Device):
    def new_feed(self, capacity: int) -> Feed:
        return _FeedOf(_AppliesWhateverComes, capacity)


class EpochlessDevice(Device):
    def new_feed(self, capacity: int) -> Feed:
        return _FeedOf(_IgnoresEpochs, capacity)


class EpochlessLog(FewAtOnce):
    def replay(
        self, room: str, after: ServerPosition | None, head: ServerPosition, *, max_commits: int, max_bytes: int
    ) -> Replay:
        same = after and ServerPosition(head.epoch, after.seq)
        return super().replay(room, same, head, max_commits=max_commits, max_bytes=max_bytes)


class JoinsNobody(Membership):
    def join(self, connection: Connection) -> Principal:
        return self.current(connection.principal)


class JoinsLast(Messages):
    """Reads and replays first, and joins afterwards."""

    def _answer(self, connection_id: str, frame: str) -> Frame | None:
        services = self._services
        joins = services.membership
        services.membership = JoinsNobody(services.connections, services.directory, services.gateway)
        try:
            reply = super()._answer(connection_id, frame)
        finally:
            services.membership = joins
        if parse(frame)[0] is SYNC:
            joins.join(self._connections.find(connection_id))
        return reply


class _Hoards(Cache):
    def leave(self, room: str) -> list[Key]:
        return []


class HoardingDevice(Device):
    """Keeps what it has of rooms that its person has left."""

    def __init__(self, name: str, user_id: str, noun: str, log: Log, *, capacity: int) -> None:
        super().__init__(name, user_id, noun, log, capacity=capacity)
        self.cache = _Hoards([noun])


class CallsFailuresServed(FanOut):
    """Does not hand back the rooms whose members it could not read."""

    def _census(self, rooms: Sequence[str]) -> Census:
        return replace(super()._census(rooms), unknown=set())


class _FromTheFirst:
    """Queues whose tasks name whatever the log holds, up to what is new."""

    def __init__(self, queues: Queues) -> None:
        self._queues = queues

    def __getattr__(self, name: str) -> Any:
        return getattr(self._queues, name)

    def send(self, tasks: Sequence[ShardTask], *, cause: str) -> None:
        self._queues.send([replace(task, first=1) for task in tasks], cause=cause)


class NamesOldCommitsToo(FanOut):
    def __init__(self, connections: Connections, dispatcher: Dispatcher, queues: Queues, **options: Any) -> None:
        super().__init__(connections, dispatcher, _FromTheFirst(queues), **options)


class ForgetsAnother(Connections):
    """Who deletes whoever stands first in the room, instead of whose socket is gone."""

    def forget(self, connection_id: str, found_in: Sequence[str] = ()) -> Principal | None:
        others = [member.connection_id for room in found_in for member in self.members(room)]
        return super().forget(others[0] if others else connection_id, found_in)


class MarksFirst(FastLane):
    """Marks what it has been handed, and posts it then."""

    def deliver(self, commits: Sequence[Hastened]) -> None:
        self._marks.put([each.place for each in commits])
        super().deliver(commits)


class _CallsItWhole(Dispatcher):
    def _follow_up(self, done: Any, missed: Missed, missed_nudge: Missed) -> Served:
        served = super()._follow_up(done, missed, missed_nudge)
        return Served.WHOLLY if served is Served.PARTLY else served


class _WithoutLimit(RateLimiter):
    def __init__(self) -> None: ...

    def acquire(self, posts: int, traffic: Traffic, *, patience: float = LONGEST_WAIT) -> None: ...


class AsksNobody(FastLane):
    def __init__(self, connections: Connections, dispatcher: Dispatcher, *services: Any, **options: Any) -> None:
        unlimited = copy(dispatcher)
        unlimited._rate_limiter = _WithoutLimit()
        super().__init__(connections, unlimited, *services, **options)


class SeesNoMarks(FanOut):
    """Posts what everyone has by the fast lane once more."""

    def _to_be_posted(self, batch: Sequence[LogEntry]) -> Sequence[LogEntry]:
        return batch


class SkipsAShard(ShardWorker):
    def deliver(self, tasks: Sequence[ShardTask]) -> list[ShardTask]:
        return super().deliver([task for task in tasks if task.shard == 0])


class TrustsTickets(Membership):
    """Joins the rooms that someone was in when their ticket was made, whatever the directory says by now."""

    def join(self, connection: Connection) -> Principal:
        if connection.rooms != connection.principal.rooms:
            self._connections.join(connection, connection.principal)
        return connection.principal


class WaitsForGoodbyes(Sightings):
    """Takes a connection for gone only if somebody has said so."""

    def of(self, brokerage_id: str) -> list[Sighting]:
        return [each if each.gone_at else replace(each, seen_at=NEVER) for each in super().of(brokerage_id)]


class SetsNoTimer(Chain):
    """After a run: it leaves that to whoever beats next."""

    def finish(self, brokerage_id: str, claimed: Link, due: int, not_before: int) -> None:
        super().finish(brokerage_id, claimed, NEVER, not_before)


BREAKAGES: Mapping[str, Parts] = {
    "the commit has no conditions": Parts(services={RoomLog: CommitsRegardless}),
    "the fan-out acknowledges before it posts": Parts(services={FanOut: AcknowledgesFirst}),
    "the client holds nothing back": Parts(device=HasteDevice),
    "nobody looks at epochs": Parts(services={RoomLog: EpochlessLog}, device=EpochlessDevice),
    "the sync delivers before it joins": Parts(services={Messages: JoinsLast}),
    "a dead socket costs another its membership": Parts(services={Connections: ForgetsAnother}),
    "the fan-out calls a room served that it could not read": Parts(services={FanOut: CallsFailuresServed}),
    "the client keeps what it has of rooms it has left": Parts(device=HoardingDevice),
    "the fan-out hands over what was posted before": Parts(services={FanOut: NamesOldCommitsToo}),
    "the worker skips a shard": Parts(services={ShardWorker: SkipsAShard}),
    "the fast lane marks before it posts": Parts(services={FastLane: MarksFirst}),
    "the fast lane marks what it could not post to one member": Parts(services={Dispatcher: _CallsItWhole}),
    "the fast lane posts past the limit": Parts(services={FastLane: AsksNobody}),
    "the stream posts what the fast lane has marked": Parts(services={FanOut: SeesNoMarks}),
    "a connection stays in rooms that its person has lost": Parts(services={Membership: TrustsTickets}),
    "a silent connection never counts as gone": Parts(services={Sightings: WaitsForGoodbyes}),
    "no run follows another": Parts(services={Chain: SetsNoTimer}),
    **BROKEN_RECORDS,
    **BROKEN_LOCKS,
    **BROKEN_VIEWS,
}
