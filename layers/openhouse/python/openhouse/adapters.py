"""What a function reaches outside of itself: AWS, behind interfaces of ours, and threads.

Each imports what it makes only when called: a cold start pays for its own imports and no one else's.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from openhouse.settings import (
    BucketSettings,
    FanoutSettings,
    RecordsSettings,
    ScheduleSettings,
    Settings,
    ShardSettings,
    SocketSettings,
    TableSettings,
    TaskSettings,
    TaskStepSettings,
    TimerSettings,
)

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor
    from ssl import SSLContext

    from openhouse.delivery.aws_gateway import AwsGateway
    from openhouse.delivery.executions import StepFunctions
    from openhouse.delivery.probe import WebSocketProbe
    from openhouse.delivery.queues import Queues
    from openhouse.delivery.schedules import AwsSchedules
    from openhouse.delivery.signing import Signer
    from openhouse.delivery.timer_queue import SqsTimers
    from openhouse.identity.logins import Logins
    from openhouse.language.engine import Engine
    from openhouse.storage.bucket import Bucket
    from openhouse.storage.table import Table


def table(settings: TableSettings) -> Table:
    from openhouse import aws
    from openhouse.storage.table import Table

    records = settings.records_table_name if isinstance(settings, RecordsSettings) else None
    return Table(aws.client("dynamodb"), settings.table_name, records)


def parallel_map(work: Callable[..., Any], *arguments: Iterable[Any]) -> Iterable[Any]:
    """For the outermost loop only: what it calls must not wait for a thread of it again. Clients may be shared."""
    calls = [*zip(*arguments, strict=False)]
    if len(calls) < 2:  # a thread would only take longer
        return [work(*call) for call in calls]
    return _threads().map(work, *zip(*calls, strict=True))


@cache
def _threads() -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(8)


@cache
def logins(pool_id: str) -> Logins:
    from openhouse import aws
    from openhouse.identity.logins import Logins

    return Logins(aws.client("cognito-idp"), pool_id)


def queues(settings: ShardSettings) -> Queues:
    from openhouse import aws
    from openhouse.delivery.queues import SqsQueues

    failures_url = settings.failures_url if isinstance(settings, FanoutSettings) else ""
    return SqsQueues(aws.client("sqs"), shards_url=settings.shards_url, failures_url=failures_url)


def schedules(settings: ScheduleSettings) -> AwsSchedules:
    from openhouse import aws
    from openhouse.delivery.schedules import AwsSchedules

    return AwsSchedules(
        aws.client("scheduler"),
        group=settings.schedule_group,
        role=settings.schedule_role_arn,
        queue=settings.timers_arn,
    )


def bucket(settings: BucketSettings) -> Bucket:
    from openhouse import aws
    from openhouse.storage.bucket import Bucket

    return Bucket(aws.client("s3"), settings.files_bucket)


def language(settings: TaskStepSettings) -> Engine:
    from uuid import uuid4

    from openhouse.language.bedrock.table_allowance import TableAllowance
    from openhouse.language.engines import engine_of

    return engine_of(settings, TableAllowance(table(settings)), lambda: str(uuid4()))


def timers(settings: TimerSettings | ScheduleSettings) -> SqsTimers:
    from openhouse import aws
    from openhouse.delivery.timer_queue import SqsTimers

    return SqsTimers(aws.client("sqs"), settings.timers_url)


def workflows(settings: TaskSettings) -> StepFunctions:
    from openhouse import aws
    from openhouse.delivery.executions import StepFunctions

    return StepFunctions(aws.client("stepfunctions"), settings.tasks_machine_arn)


def gateway(settings: SocketSettings) -> AwsGateway:
    from openhouse import aws
    from openhouse.delivery.aws_gateway import AwsGateway

    tls = aws.trust() if settings.callback_url.startswith("https:") else None
    return AwsGateway(settings.callback_url, _signer("execute-api", settings), tls=tls)


def probe(settings: SocketSettings, url: str) -> WebSocketProbe:
    from openhouse import aws
    from openhouse.core import ids
    from openhouse.delivery.probe import WebSocketProbe

    return WebSocketProbe(
        url,
        seconds=20,
        key=ids.token().encode()[:16],
        tls=aws.trust if settings.socket_url.startswith("wss:") else None,
    )


def fast_lane_invoker(settings: RecordsSettings) -> Callable[[bytes], None]:
    from openhouse import aws
    from openhouse.delivery.invoker import Invoker

    tls = aws.trust if settings.lambda_url.startswith("https:") else None
    return Invoker(settings.lambda_url, settings.fast_lane_function, _signer("lambda", settings), tls=tls)


def _signer(service: str, settings: Settings) -> Callable[[str], Signer]:
    """For a host of the service."""
    from openhouse import aws
    from openhouse.delivery.signing import Credentials, Signer

    def credentials() -> Credentials:
        frozen = aws.credentials()
        return Credentials(str(frozen.access_key), str(frozen.secret_key), frozen.token)

    return lambda host: Signer(service=service, region=settings.aws_region, host=host, credentials=credentials)


def fetch(url: str, trust: Callable[[], SSLContext] | None) -> bytes:
    """`trust`: None for the authorities that the system trusts."""
    from urllib.request import urlopen

    with urlopen(url, timeout=3, context=trust and trust()) as answer:  # noqa: S310 - infra gives it, always http(s)
        return bytes(answer.read())


def the_secret(secret: str, _kid: str) -> str:
    return secret
