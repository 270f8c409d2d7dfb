"""The services over what stands here for AWS: a table, a stream, a queue, sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from itertools import count
from typing import Any, Literal

from openhouse.api.messages import Messages
from openhouse.api.sockets import SocketApi
from openhouse.core.errors import Busy
from openhouse.core.observability import logger
from openhouse.crm.module import Module, Record
from openhouse.delivery.fanout import FanOut, entries
from openhouse.delivery.fast_lane import FastLane
from openhouse.delivery.queues import ShardTask
from openhouse.delivery.rate_limiter import LONGEST_WAIT, RateLimiter, Traffic
from openhouse.delivery.timer_queue import DueTimers
from openhouse.identity.directory import Directory, Team, User
from openhouse.rooms.position import Position
from openhouse.rooms.room_log import Replay, RoomLog
from openhouse.rooms.timers import Timer
from openhouse.services import Runtime, Services
from openhouse.storage.keys import mark_key
from openhouse.wiring import TIMER_HANDLERS
from tests.fakes import NOON, counting
from tests.memory_table import MemoryTable
from tests.simulator.brokerages import PEOPLE, TEAMS
from tests.simulator.choices import Choices
from tests.simulator.device import Device
from tests.simulator.functions import Clock, Functions
from tests.simulator.lane import Lane
from tests.simulator.sockets import Place, Sockets
from tests.simulator.stream import Stream
from tests.simulator.tasks import TaskQueue
from tests.simulator.timers import TimerQueue

FEW = 3
SHARDS = 2  # of the members of a brokerage's room
SMALL = 2  # members up to which a room is posted to at once


class Deal(Record):
    status: Literal["open", "shut", "won"]
    city: str | None = None


DEAL = Module(
    noun="deal",
    path="deals",
    model=Deal,
    transitions={"open": ("shut", "won"), "shut": ("open",), "won": ()},
    example={},
    verbs={"shut": "shut"},
)


class FewAtOnce(RoomLog):
    """Replays no more than a few commits at once, where the product does so with hundreds."""

    def replay(self, room: str, after: Position | None, head: Position, *, max_commits: int, max_bytes: int) -> Replay:
        return super().replay(room, after, head, max_commits=min(max_commits, FEW), max_bytes=max_bytes)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What stands for the product's classes, and for the device's. A breakage puts another in the place of one.

    `onlookers`: whether people look at records, too, in histories of their own.
    """

    services: Mapping[type, Callable[..., Any]] = field(default_factory=dict)
    device: type[Device] = Device
    onlookers: bool = False


REAL = Parts()
WITH_ONLOOKERS = Parts(onlookers=True)


class World(Services):
    """`say`: notes in words what happened."""

    table: MemoryTable

    def __init__(self, choices: Choices, say: Callable[[str], None], parts: Parts = REAL) -> None:
        self.choices = choices
        self._say = say
        self.clock = Clock(NOON)
        self.functions = Functions(choices, self.clock, self.say)
        self.sockets = Sockets(choices, self.functions)
        self.stream = Stream(choices, self.functions, self._fan_out)
        self.lane = Lane(choices, self.functions, self._hasten)
        self.timer_queue = TimerQueue(choices, self.functions, self.clock, self._run_timer)
        self.shard_tasks = TaskQueue(choices, self.functions, self.clock, self._work)
        self.modules = (DEAL,)
        self.call = 0  # the number of the write that is running
        self.new_life = counting("life")
        commit_ids, others = counting("commit"), count(1)
        runtime = Runtime(
            now=self.clock,
            monotonic=self._monotonic,
            sleep=lambda seconds: self.clock.pass_(seconds + 1),  # so that whoever always loses gives up before long
            jitter=lambda: 0.0,
            chance=lambda: 0.5,
            new_record_id=counting("deal"),
            new_commit_id=lambda _now: f"{commit_ids()}/{self.call or -next(others)}",
            new_epoch=self.new_life,
            new_ticket=counting("ticket"),
        )
        super().__init__(
            MemoryTable(),
            gateway=lambda: self.sockets,
            queues=lambda: self.shard_tasks,
            timers=lambda: self.timer_queue,
            brokerage_shards=SHARDS,
            start_fast_lane=self.lane.start,
            has_fast_lane=True,
            runtime=runtime,
            substitutes={
                RoomLog: FewAtOnce,
                RateLimiter: lambda *_, **__: _Limit(self),
                **parts.services,
                **{kind: partial(parts.services.get(kind, kind), small=SMALL) for kind in (FanOut, FastLane)},
            },
        )
        self.new_socket_id = counting("socket")
        self.devices: list[Device] = []
        self.wires: dict[tuple[str, str, int], dict[str, Any]] = {}  # records as they are shown, by place and version
        self.table.copy(_founded())
        self.table.before = self.functions.before

    @cached_property
    def messages(self) -> Messages:
        return self.kind(Messages)(self)

    @cached_property
    def socket_api(self) -> SocketApi:
        return SocketApi(self, self.messages)

    @contextmanager
    def nobodys_call(self) -> Iterator[None]:
        """What is committed in it is the product's own doing."""
        outer, self.call = self.call, 0
        try:
            yield
        finally:
            self.call = outer

    def say(self, words: str) -> None:
        """Further in, the more functions are interrupted."""
        self._say("  " * self.functions.depth + words)

    def _fan_out(self, records: list[Any]) -> list[str]:
        batch = entries(records)
        done = set[Place]()
        if self.functions.calm or not self.functions.mortal:  # else it may fail to read the marks
            done.update(entry.place for entry in batch if self.table.peek(mark_key(*entry.place)))
        with self.sockets.done(done):
            return self.fanout.deliver(batch)

    def _hasten(self, event: Any) -> None:
        self.fast_lane.process(event)

    def _run_timer(self, timer: Timer) -> None:
        with self.nobodys_call():
            handlers = {kind: handler(self) for kind, handler in TIMER_HANDLERS.items()}
            DueTimers(handlers, lambda: self.timer_queue, now=self.clock).run(timer)

    def _monotonic(self) -> float:
        return self.clock.now.timestamp()

    def _work(self, tasks: list[ShardTask]) -> list[int]:
        failed = self.worker.deliver(tasks)
        return [at for at, task in enumerate(tasks) if task in failed]


@cache
def _founded() -> MemoryTable:
    """The brokerages and their people."""
    table = MemoryTable()
    directory = Directory(table)
    for broker, teams in TEAMS.items():
        admin = User(user_id=f"admin-{broker}", email="admin@demo.test", name="Admin", role="admin")
        directory.found(broker, broker.title(), admin)
        for team in teams:
            directory.put_team(broker, Team(team_id=team, name=team.title()))
        for user in PEOPLE[broker]:
            directory.put_user(broker, user)
    return table


class _Limit(RateLimiter):
    """Now and then, too much is being posted already."""

    def __init__(self, world: World) -> None:
        self._world = world

    def acquire(self, posts: int, traffic: Traffic, *, patience: float = LONGEST_WAIT) -> None:
        self._world.functions.before("spend")
        if not self._world.functions.calm and self._world.choices.chance(2):
            self._world.say(f"(the limit of posts is reached: {posts} more of the {traffic.value})")
            raise Busy("more is being posted than the account may")
        self._world.functions.allowed += posts


def silence() -> None:
    """Traces of what is broken on purpose are nobody's concern, and cost more than all the rest."""
    logger.setLevel("CRITICAL")
