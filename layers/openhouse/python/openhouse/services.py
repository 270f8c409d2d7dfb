"""Every service below the edges, made of a table, a gateway and queues when it is first asked for.

Functions, functional tests, the simulator and benchmarks all assemble the product here. Each property imports what it
makes: a cold start pays for its own imports and no one else's.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from openhouse.core import clock, ids
from openhouse.core.clock import Clock
from openhouse.settings import DirectorySettings, PostingSettings, SocketSettings

if TYPE_CHECKING:
    from openhouse.collaboration.attendance import Attendance
    from openhouse.collaboration.canary import Canary
    from openhouse.collaboration.chain import Chain
    from openhouse.collaboration.lock_rows import LockRows
    from openhouse.collaboration.locks import Locks
    from openhouse.collaboration.measured import Measured
    from openhouse.collaboration.notices import RecordNotices
    from openhouse.collaboration.notifications import Notifications
    from openhouse.collaboration.preferences import StoredPreferences
    from openhouse.collaboration.reconciler import GoneListener, PresenceReconciler
    from openhouse.collaboration.reminders import Reminders
    from openhouse.collaboration.sightings import Sighting, Sightings
    from openhouse.collaboration.views import Views
    from openhouse.crm.bulk import Bulk
    from openhouse.crm.commit_builder import CommitBuilder
    from openhouse.crm.file_ends import FileEnds
    from openhouse.crm.files import Files
    from openhouse.crm.history import History
    from openhouse.crm.likenesses import Likenesses
    from openhouse.crm.lists import Lists
    from openhouse.crm.module import Module
    from openhouse.crm.reach import Reach
    from openhouse.crm.records import Records
    from openhouse.crm.references import References
    from openhouse.crm.search import Search
    from openhouse.crm.stats import Stats
    from openhouse.crm.uploads import Uploads
    from openhouse.crm.word_index import WordIndex
    from openhouse.delivery.dispatcher import Dispatcher
    from openhouse.delivery.fanout import FanOut, ShardWorker
    from openhouse.delivery.fast_lane import FastLane
    from openhouse.delivery.hand_over import HandOver
    from openhouse.delivery.marks import Marks
    from openhouse.delivery.probe import Probe
    from openhouse.delivery.queues import Queues
    from openhouse.delivery.rate_limiter import RateLimiter
    from openhouse.identity.administration import Administration
    from openhouse.identity.audit import AuditTrail
    from openhouse.identity.callers import Callers
    from openhouse.identity.directory import Directory
    from openhouse.identity.invitations import Invitations
    from openhouse.identity.logins import Logins
    from openhouse.identity.membership import Membership
    from openhouse.identity.moved_sockets import MovedSockets
    from openhouse.language.engine import Engine
    from openhouse.rooms.connections import Connections
    from openhouse.rooms.gateway import Gateway
    from openhouse.rooms.live_states import LiveStates
    from openhouse.rooms.room_log import RoomLog
    from openhouse.rooms.timers import Timers
    from openhouse.storage.bucket import Bucket
    from openhouse.storage.idempotency import IdempotencyStore
    from openhouse.storage.table import Table
    from openhouse.tasks.kind import Kinds
    from openhouse.tasks.mornings import Mornings
    from openhouse.tasks.reconciler import TaskReconciler
    from openhouse.tasks.settling import Settling
    from openhouse.tasks.steps import Steps
    from openhouse.tasks.tasks import Tasks
    from openhouse.tasks.workflows import Workflows

T = TypeVar("T")


def _missing() -> Any:
    raise LookupError("this function's settings do not say how to reach that")


def _rules() -> Engine:
    """What reads and writes texts without AWS."""
    from openhouse.language.rules.engine import RulesEngine

    return RulesEngine()


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """Time, ids and randomness: those of the process, or a test's own."""

    now: Clock = clock.utc_now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    chance: Callable[[], float] = random.random
    new_record_id: Callable[[datetime], str] = ids.uuid7
    new_commit_id: Callable[[datetime], str] = ids.uuid7
    new_audit_id: Callable[[datetime], str] = ids.uuid7
    new_epoch: Callable[[], str] = ids.epoch
    new_ticket: Callable[[], str] = ids.token


class Services:
    """`gateway`, `queues`, `timers`, `workflows`, `bucket` and `language` make theirs when one is needed; so does
    `logins`, where there is a user pool.

    `substitutes`: what stands for a class, in a test.

    `start_fast_lane(payload)` invokes its function, for those who write; `has_fast_lane`, for those who deliver.
    """

    def __init__(
        self,
        table: Table,
        *,
        gateway: Callable[[], Gateway] = _missing,
        queues: Callable[[], Queues] = _missing,
        timers: Callable[[], Timers] = _missing,
        workflows: Callable[[], Workflows] = _missing,
        bucket: Callable[[], Bucket] = _missing,
        language: Callable[[], Engine] = _rules,
        brokerage_shards: int = SocketSettings.brokerage_shards,
        posts_per_second: int = PostingSettings.posts_per_second,
        socket_url: str = "",
        open_probe: Callable[[str], Probe] = lambda _url: _missing(),
        ping_seconds: int = DirectorySettings.ping_seconds,
        trust_claims: bool = False,
        logins: Callable[[], Logins] | None = None,
        start_fast_lane: Callable[[bytes], None] | None = None,
        has_fast_lane: bool = False,
        authorizer_is_cached: bool = False,
        parallel_map: Callable[..., Iterable[Any]] = map,
        runtime: Runtime = Runtime(),
        substitutes: Mapping[type, Callable[..., Any]] | None = None,
    ) -> None:
        self.table = table
        self.socket_url = socket_url
        self.ping_seconds = ping_seconds
        self._open_probe = open_probe
        self._new_gateway = gateway
        self._new_queues = queues
        self._new_timers = timers
        self._new_workflows = workflows
        self._new_bucket = bucket
        self._new_language = language
        self._brokerage_shards = brokerage_shards
        self._posts_per_second = posts_per_second
        self._trust_claims = trust_claims
        self._new_logins = logins
        self._start_fast_lane = start_fast_lane
        self._has_fast_lane = has_fast_lane
        self._authorizer_is_cached = authorizer_is_cached
        self.parallel_map = parallel_map
        self._runtime = runtime
        self._substitutes = substitutes or {}

    @cached_property
    def gateway(self) -> Gateway:
        return self._new_gateway()

    @cached_property
    def queues(self) -> Queues:
        return self._new_queues()

    @cached_property
    def timers(self) -> Timers:
        return self._new_timers()

    @cached_property
    def workflows(self) -> Workflows:
        return self._new_workflows()

    @cached_property
    def bucket(self) -> Bucket:
        return self._new_bucket()

    @cached_property
    def language(self) -> Engine:
        return self._new_language()

    @cached_property
    def log(self) -> RoomLog:
        from openhouse.rooms.room_log import RoomLog

        return self.kind(RoomLog)(
            self.table,
            now=self._runtime.now,
            new_id=self._runtime.new_commit_id,
            new_epoch=self._runtime.new_epoch,
            jitter=self._runtime.jitter,
            sleep=self._runtime.sleep,
            monotonic=self._runtime.monotonic,
            parallel_map=self.parallel_map,
            committed=self.hand_over,
        )

    @cached_property
    def hand_over(self) -> HandOver | None:
        from openhouse.delivery.hand_over import HandOver

        if self._start_fast_lane is None:
            return None
        return HandOver(self._start_fast_lane, monotonic=self._runtime.monotonic)

    @cached_property
    def live_states(self) -> LiveStates:
        from openhouse.rooms.live_states import LiveStates

        return LiveStates(self.table, self.log, parallel_map=self.parallel_map)

    @cached_property
    def connections(self) -> Connections:
        from openhouse.rooms.connections import Connections

        return self.kind(Connections)(
            self.table,
            brokerage_shards=self._brokerage_shards,
            now=self._runtime.now,
            new_ticket=self._runtime.new_ticket,
            chance=self._runtime.chance,
            sleep=self._runtime.sleep,
            forgotten=lambda connection_id, who: self.sightings.gone(who.brokerage_id, who.user_id, connection_id),
        )

    @cached_property
    def sightings(self) -> Sightings:
        from openhouse.collaboration.sightings import Sightings

        return self.kind(Sightings)(self.table, now=self._runtime.now)

    @cached_property
    def attendance(self) -> Attendance:
        from openhouse.collaboration.attendance import Attendance

        return Attendance(self.sightings, self._presence_chain, now=self._runtime.now)

    @cached_property
    def presence(self) -> PresenceReconciler:
        from openhouse.collaboration.reconciler import PresenceReconciler

        return PresenceReconciler(
            self.sightings,
            self._presence_chain,
            self.live_states,
            self.log,
            self.directory,
            gone=self.gone_listeners,
        )

    @cached_property
    def gone_listeners(self) -> Sequence[GoneListener]:
        """Who is told of connections that count as gone, beside those who see the people behind them."""
        return (self._release_locks,)

    def _release_locks(self, _brokerage_id: str, lapsed: Sequence[Sighting]) -> None:
        for sighting in lapsed:
            if self.lock_rows.of(sighting.connection_id):  # what knows of records is not imported for less
                self.locks.release_of(sighting.connection_id)

    @cached_property
    def _presence_chain(self) -> Chain:
        from openhouse.collaboration.chain import Chain

        return self.kind(Chain)(self.table, lambda: self.timers, "presence", now=self._runtime.now)

    @cached_property
    def canary(self) -> Canary:
        from openhouse.collaboration.canary import Canary

        return Canary(
            self.directory, self.connections, self.log, self.socket_url, self._open_probe, now=self._runtime.now
        )

    @cached_property
    def measured(self) -> Measured:
        from openhouse.collaboration.measured import Measured

        return Measured(self.table, now=self._runtime.now)

    @cached_property
    def directory(self) -> Directory:
        from openhouse.identity.directory import Directory

        return Directory(self.table, trust_claims=self._trust_claims, audit=self.audit)

    @cached_property
    def audit(self) -> AuditTrail:
        from openhouse.identity.audit import AuditTrail

        return AuditTrail(self.table, now=self._runtime.now, new_id=self._runtime.new_audit_id)

    @cached_property
    def callers(self) -> Callers:
        from openhouse.identity.callers import Callers

        return Callers(self.directory, now=self._runtime.now, asks_again=self._authorizer_is_cached)

    @cached_property
    def administration(self) -> Administration:
        from openhouse.identity.administration import Administration

        return Administration(
            self.directory,
            self.moved_sockets,
            self.idempotency,
            now=self._runtime.now,
            new_id=self._runtime.new_record_id,
            removed=self._removed,
        )

    @cached_property
    def moved_sockets(self) -> MovedSockets:
        from openhouse.identity.moved_sockets import MovedSockets

        return MovedSockets(self.directory, self.connections, self.gateway, parallel_map=self.parallel_map)

    @cached_property
    def invitations(self) -> Invitations:
        from openhouse.identity.invitations import Invitations

        return Invitations(self.directory, self.idempotency, self._new_logins, now=self._runtime.now)

    @cached_property
    def membership(self) -> Membership:
        from openhouse.identity.membership import Membership

        return self.kind(Membership)(self.connections, self.directory, self.gateway)

    @cached_property
    def rate_limiter(self) -> RateLimiter:
        from openhouse.delivery.rate_limiter import RateLimiter, rates

        return self.kind(RateLimiter)(
            self.table, rates(self._posts_per_second), now=self._runtime.now, sleep=self._runtime.sleep
        )

    @cached_property
    def dispatcher(self) -> Dispatcher:
        from openhouse.delivery.dispatcher import Dispatcher

        return self.kind(Dispatcher)(
            self.connections,
            self.gateway,
            self.rate_limiter,
            now=self._runtime.now,
            monotonic=self._runtime.monotonic,
            parallel_map=self.parallel_map,
        )

    @cached_property
    def fanout(self) -> FanOut:
        from openhouse.delivery.fanout import FanOut

        return self.kind(FanOut)(
            self.connections,
            self.dispatcher,
            self.queues,
            marks=self.marks if self._has_fast_lane else None,
            parallel_map=self.parallel_map,
        )

    @cached_property
    def fast_lane(self) -> FastLane:
        from openhouse.delivery.fast_lane import FastLane

        return self.kind(FastLane)(
            self.connections, self.dispatcher, self.marks, now=self._runtime.now, parallel_map=self.parallel_map
        )

    @cached_property
    def marks(self) -> Marks:
        from openhouse.delivery.marks import Marks

        return self.kind(Marks)(self.table, now=self._runtime.now, parallel_map=self.parallel_map)

    @cached_property
    def worker(self) -> ShardWorker:
        from openhouse.delivery.fanout import ShardWorker

        return self.kind(ShardWorker)(
            self.connections, self.log, self.dispatcher, self.queues, parallel_map=self.parallel_map
        )

    @cached_property
    def idempotency(self) -> IdempotencyStore:
        from openhouse.storage.idempotency import IdempotencyStore

        return IdempotencyStore(self.table)

    @cached_property
    def reach(self) -> Reach:
        from openhouse.crm.reach import Reach

        return self.kind(Reach)(
            self.table, jitter=self._runtime.jitter, sleep=self._runtime.sleep, parallel_map=self.parallel_map
        )

    @cached_property
    def references(self) -> References:
        from openhouse.crm.references import References

        return References(self.reach, self.directory)

    @cached_property
    def stats(self) -> Stats:
        from openhouse.crm.stats import Stats

        return Stats(self.table, self.log, parallel_map=self.parallel_map)

    @cached_property
    def commit_builder(self) -> CommitBuilder:
        from openhouse.crm.commit_builder import CommitBuilder

        return self.kind(CommitBuilder)(self.table, self.references, self.likenesses, self.stats, self.notices)

    @cached_property
    def preferences(self) -> StoredPreferences:
        from openhouse.collaboration.preferences import StoredPreferences

        return StoredPreferences(self.live_states, self.log)

    @cached_property
    def notices(self) -> RecordNotices:
        from openhouse.collaboration.notices import RecordNotices

        return RecordNotices(self.preferences, self.directory, new_id=self._runtime.new_record_id)

    @cached_property
    def notifications(self) -> Notifications:
        from openhouse.collaboration.notifications import Notifications

        return Notifications(
            self.table,
            self.log,
            self.live_states,
            self.preferences,
            self.directory,
            self.reach,
            self.idempotency,
            self.audit,
            new_id=self._runtime.new_record_id,
            parallel_map=self.parallel_map,
        )

    @cached_property
    def reminders(self) -> Reminders:
        from openhouse.collaboration.reminders import Reminders

        return Reminders(self.table, self.directory, self.notifications, now=self._runtime.now)

    @cached_property
    def history(self) -> History:
        from openhouse.crm.history import History

        return History(self.table, jitter=self._runtime.jitter, sleep=self._runtime.sleep)

    @cached_property
    def likenesses(self) -> Likenesses:
        from openhouse.crm.likenesses import Likenesses

        return Likenesses(self.table)

    @cached_property
    def records(self) -> Records:
        from openhouse.crm.records import Records

        return self.kind(Records)(
            self.reach, self.log, self.idempotency, self.commit_builder, new_id=self._runtime.new_record_id
        )

    @cached_property
    def files(self) -> Files:
        from openhouse.crm.files import Files

        return Files(self.table, self.records, lambda: self.bucket, self.modules, now=self._runtime.now)

    @cached_property
    def uploads(self) -> Uploads:
        from openhouse.crm.uploads import Uploads

        return Uploads(
            self.table,
            self.records,
            self.files,
            lambda: self.bucket,
            now=self._runtime.now,
            new_id=self._runtime.new_record_id,
        )

    @cached_property
    def file_ends(self) -> FileEnds:
        from openhouse.crm.file_ends import FileEnds

        return FileEnds(self.table, lambda: self.bucket, now=self._runtime.now, monotonic=self._runtime.monotonic)

    @cached_property
    def lists(self) -> Lists:
        from openhouse.crm.lists import Lists

        return Lists(self.table, self.log, self.search, parallel_map=self.parallel_map)

    @cached_property
    def search(self) -> Search:
        from openhouse.crm.search import Search

        return self.kind(Search)(self.table, self.log, parallel_map=self.parallel_map)

    @cached_property
    def word_index(self) -> WordIndex:
        from openhouse.crm.modules import MODULES
        from openhouse.crm.word_index import WordIndex

        return WordIndex(self.table, MODULES, parallel_map=self.parallel_map)

    @cached_property
    def views(self) -> Views:
        from openhouse.collaboration.views import Views

        return self.kind(Views)(
            self.table, self.reach, self.log, self.connections, lambda: self.gateway, now=self._runtime.now
        )

    @cached_property
    def bulk(self) -> Bulk:
        from openhouse.crm.bulk import Bulk

        return Bulk(
            self.records,
            self.log,
            self.idempotency,
            self.commit_builder,
            new_id=self._runtime.new_record_id,
            monotonic=self._runtime.monotonic,
        )

    @cached_property
    def modules(self) -> Sequence[Module]:
        from openhouse.crm.modules import MODULES

        return MODULES

    @cached_property
    def lock_rows(self) -> LockRows:
        from openhouse.collaboration.lock_rows import LockRows

        return LockRows(self.table, lambda: self.timers, now=self._runtime.now)

    @cached_property
    def locks(self) -> Locks:
        from openhouse.collaboration.locks import Locks

        return self.kind(Locks)(
            self.table,
            self.records,
            self.log,
            self.idempotency,
            self.lock_rows,
            lambda: self.timers,
            self.modules,
            self.audit,
            on_taken_over=lambda taken: self.notices.lock_taken(
                taken.by, taken.lease.holder, taken.module, taken.record, taken.at
            ),
        )

    @cached_property
    def task_kinds(self) -> Kinds:
        from openhouse.tasks.kinds import KINDS

        return KINDS

    @cached_property
    def tasks(self) -> Tasks:
        from openhouse.tasks.tasks import Tasks

        return Tasks(
            self.table,
            self.log,
            self.live_states,
            self.idempotency,
            self.task_kinds,
            self.settling,
            lambda: self.workflows,
            self.audit,
            claims_are_trusted=self._trust_claims,
            new_id=self._runtime.new_record_id,
        )

    @cached_property
    def task_steps(self) -> Steps:
        from openhouse.tasks.steps import Steps

        return self.kind(Steps)(
            self.table,
            self.log,
            self.directory,
            self.task_kinds,
            self.settling,
            self,
            monotonic=self._runtime.monotonic,
            sleep=self._runtime.sleep,
        )

    @cached_property
    def task_reconciler(self) -> TaskReconciler:
        from openhouse.tasks.reconciler import TaskReconciler

        return TaskReconciler(
            self.table, self.log, self.settling, lambda: self.workflows, monotonic=self._runtime.monotonic
        )

    @cached_property
    def mornings(self) -> Mornings:
        from openhouse.tasks.mornings import Mornings

        return Mornings(
            self, self.preferences, self.notifications, now=self._runtime.now, monotonic=self._runtime.monotonic
        )

    @cached_property
    def settling(self) -> Settling:
        from openhouse.tasks.settling import Settling

        def wants_to_hear(user_id: str) -> bool:
            return bool(self.preferences.who_want([(user_id, "task_failed")]))

        return self.kind(Settling)(self.table, self.log, wants_to_hear, new_id=self._runtime.new_record_id)

    def _removed(self, brokerage_id: str, user_id: str) -> None:
        """Nothing is imported for that before somebody is."""
        self.presence.remove(brokerage_id, user_id)

    def kind(self, kind: type[T]) -> type[T]:
        """The class, or what stands for it."""
        substitute: Any = self._substitutes.get(kind, kind)
        return substitute  # type: ignore[no-any-return]
