"""The composition root: from settings to services, one function for each of Lambda's. `adapters` reaches AWS for them.

Each imports what it builds only when called: a cold start pays for its own imports and no one else's.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from openhouse import adapters
from openhouse.delivery.stream import StreamConsumer, TableStream
from openhouse.services import Services
from openhouse.settings import (
    AuthorizerSettings,
    BucketSettings,
    CrmSettings,
    DirectorySettings,
    DueSettings,
    FanoutSettings,
    FileEndsSettings,
    FilesSettings,
    MorningSettings,
    PostingSettings,
    RecordsSettings,
    RestSettings,
    ScheduleSettings,
    ShardSettings,
    SocketApiSettings,
    SocketSettings,
    TableSettings,
    TaskSettings,
    TaskStepSettings,
    TaskWatchSettings,
    TimerSettings,
)
from openhouse.storage.item_kinds import LOG_ENTRIES, PEOPLE, RECORDS, TEAMS, records_of

if TYPE_CHECKING:
    from openhouse.api.operations.operation import AnyOperation
    from openhouse.api.rest import RestApi
    from openhouse.api.sockets import SocketApi
    from openhouse.collaboration.canary import Canary
    from openhouse.crm.file_ends import FileEnds
    from openhouse.delivery.fanout import ShardWorker
    from openhouse.delivery.fast_lane import FastLane
    from openhouse.delivery.timer_queue import DueTimers, TimerHandler
    from openhouse.identity.sessions import Sessions
    from openhouse.rooms.entity import Entity
    from openhouse.tasks.mornings import Mornings
    from openhouse.tasks.reconciler import TaskReconciler
    from openhouse.tasks.steps import Steps

Operations = Callable[[Iterable["Entity"]], list["AnyOperation"]]

# Each is handed its own of the table's stream. Lambda takes 5 filters at most.
STREAM_CONSUMERS = (
    StreamConsumer(LOG_ENTRIES, lambda services: services.fanout.process),
    StreamConsumer(PEOPLE, lambda services: services.moved_sockets.people_changed),
    StreamConsumer(TEAMS, lambda services: services.moved_sockets.teams_added),
)

# Who is handed which kind of timer.
TIMER_HANDLERS: Mapping[str, Callable[[Services], TimerHandler]] = {
    "lock": lambda services: services.locks.run_out,
    "lock_connection": lambda services: services.locks.connection_is_gone,
    "presence": lambda services: services.presence.run,
    "reminder": lambda services: services.reminders.remind,
}

# Of the table of records; each of a function of its own, so that neither waits for the other.
RECORD_CONSUMERS = (StreamConsumer(RECORDS, lambda services: services.word_index.process),)
APPOINTMENT_CONSUMERS = (StreamConsumer(records_of("appointment"), lambda schedules: schedules.process),)


def crm_operations(entities: Iterable[Entity]) -> list[AnyOperation]:
    from openhouse.api.operations.entities import operations_of
    from openhouse.api.operations.notifications import NOTIFICATION_OPERATIONS
    from openhouse.api.operations.search import search_operations
    from openhouse.api.operations.tasks import TASK_OPERATIONS
    from openhouse.api.operations.views import VIEW_OPERATIONS
    from openhouse.crm.module import Module

    known = list(entities)
    of_each = [operation for entity in known for operation in operations_of(entity)]
    search = search_operations([entity for entity in known if isinstance(entity, Module)])
    return [*of_each, *search, *VIEW_OPERATIONS, *NOTIFICATION_OPERATIONS, *TASK_OPERATIONS]


def directory_operations(_entities: Iterable[Entity]) -> list[AnyOperation]:
    from openhouse.api.operations.metrics import METRICS_OPERATIONS
    from openhouse.api.operations.people import PEOPLE_OPERATIONS

    return [*PEOPLE_OPERATIONS, *METRICS_OPERATIONS]


def files_operations(_entities: Iterable[Entity]) -> list[AnyOperation]:
    from openhouse.api.operations.files import FILE_OPERATIONS

    return [*FILE_OPERATIONS]


def crm(settings: CrmSettings) -> RestApi:
    from openhouse.api.rest import RestApi
    from openhouse.entities import ENTITIES

    return RestApi(crm_operations(ENTITIES), _services(settings))


def directory(settings: DirectorySettings) -> RestApi:
    from openhouse.api.rest import RestApi

    logins = partial(adapters.logins, settings.user_pool_id) if settings.user_pool_id else None
    made = _services(settings, socket_url=settings.socket_url, ping_seconds=settings.ping_seconds, logins=logins)
    return RestApi(directory_operations(()), made)


def files(settings: FilesSettings) -> RestApi:
    from openhouse.api.rest import RestApi

    return RestApi(files_operations(()), _services(settings))


def file_ends(settings: FileEndsSettings) -> FileEnds:
    return _services(settings).file_ends


def sessions(settings: AuthorizerSettings) -> Sessions:
    from openhouse import aws
    from openhouse.identity.sessions import Sessions
    from openhouse.identity.tokens import KeySet, Verifier

    if settings.hs256_secret_arn:
        secret = aws.client("secretsmanager").get_secret_value(SecretId=settings.hs256_secret_arn)["SecretString"]
        key_for: Any = partial(adapters.the_secret, secret)
    else:
        trust = aws.trust if settings.keys_are_at_aws else None
        key_for = KeySet(partial(adapters.fetch, settings.reachable_jwks_url, trust)).key
    verifier = Verifier(
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        algorithms=settings.token_algorithms,
        key_for=key_for,
    )
    made = _services(settings, trust_claims=settings.trust_claims)
    return Sessions(verifier, made.directory, made.connections)


def socket(settings: SocketApiSettings) -> SocketApi:
    from openhouse.api.messages import Messages
    from openhouse.api.sockets import SocketApi

    made = _services(settings, trust_claims=settings.trust_claims)
    return SocketApi(made, Messages(made))


def fanout(settings: FanoutSettings) -> TableStream:
    made = _services(settings)
    return TableStream((consumer.prefix, consumer.handler(made)) for consumer in STREAM_CONSUMERS)


def word_index(settings: TableSettings) -> TableStream:
    made = _services(settings)
    return TableStream((consumer.prefix, consumer.handler(made)) for consumer in RECORD_CONSUMERS)


def reminders(settings: ScheduleSettings) -> TableStream:
    from openhouse.collaboration.reminders import AppointmentSchedules

    schedules = AppointmentSchedules(
        cache(partial(adapters.schedules, settings)), cache(partial(adapters.timers, settings))
    )
    return TableStream((consumer.prefix, consumer.handler(schedules)) for consumer in APPOINTMENT_CONSUMERS)


def timers(settings: DueSettings) -> DueTimers:
    from openhouse.delivery.timer_queue import DueTimers

    made = _services(settings)
    handlers = {kind: handler(made) for kind, handler in TIMER_HANDLERS.items()}
    return DueTimers(handlers, lambda: made.timers)


def task_step(settings: TaskStepSettings) -> Steps:
    made = _services(settings, trust_claims=settings.trust_claims, language=partial(adapters.language, settings))
    return made.task_steps


def mornings(settings: MorningSettings) -> Mornings:
    return _services(settings).mornings


def task_watch(settings: TaskWatchSettings) -> TaskReconciler:
    return _services(settings).task_reconciler


def canary(settings: SocketSettings) -> Canary:
    return _services(settings, socket_url=settings.socket_url, open_probe=partial(adapters.probe, settings)).canary


def fast_lane(settings: PostingSettings) -> FastLane:
    return _services(settings).fast_lane


def fanout_worker(settings: ShardSettings) -> ShardWorker:
    return _services(settings).worker


def _services(settings: TableSettings, **options: Any) -> Services:
    """What the settings do not tell of cannot be reached."""
    if isinstance(settings, RestSettings):
        options |= {"authorizer_is_cached": settings.authorizer_is_cached, "trust_claims": settings.trust_claims}
    if isinstance(settings, SocketSettings):
        options |= {"gateway": partial(adapters.gateway, settings), "brokerage_shards": settings.brokerage_shards}
    if isinstance(settings, PostingSettings):
        options |= {"posts_per_second": settings.posts_per_second}
    if isinstance(settings, TimerSettings):
        options |= {"timers": partial(adapters.timers, settings)}
    if isinstance(settings, TaskSettings):
        options |= {"workflows": partial(adapters.workflows, settings)}
    if isinstance(settings, BucketSettings):
        options |= {"bucket": partial(adapters.bucket, settings)}
    if isinstance(settings, ShardSettings):
        options |= {"queues": partial(adapters.queues, settings)}
    if isinstance(settings, FanoutSettings):
        options |= {"has_fast_lane": settings.fast_lane}
    if isinstance(settings, RecordsSettings) and settings.fast_lane_function:
        options |= {"start_fast_lane": adapters.fast_lane_invoker(settings)}
    return Services(adapters.table(settings), parallel_map=adapters.parallel_map, **options)
