"""The composition root: settings to clients to services, one function per Lambda.

Each imports what it builds only when called: a cold start pays for its own imports and no one else's.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import boto3
from botocore.config import Config
from botocore.exceptions import NoCredentialsError

from openhouse.settings import (
    AuthorizerSettings,
    ConnectSettings,
    CrmSettings,
    DirectorySettings,
    DisconnectSettings,
    FanoutSettings,
    FanoutWorkerSettings,
    MessagesSettings,
    PostingSettings,
    SocketSettings,
    TableSettings,
)
from openhouse.storage.table import Table

if TYPE_CHECKING:
    from openhouse.api.http import Api
    from openhouse.api.messages import Messages
    from openhouse.delivery.dispatcher import Dispatcher
    from openhouse.delivery.fanout import FanOut, ShardWorker
    from openhouse.delivery.queues import Queues
    from openhouse.identity.sessions import Sessions
    from openhouse.rooms.connections import Connections
    from openhouse.rooms.gateway import Gateway

_TABLE_CONFIG = Config(connect_timeout=1, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 4})


def table(settings: TableSettings) -> Table:
    return Table(boto3.client("dynamodb", config=_TABLE_CONFIG), settings.table_name)


def crm(settings: CrmSettings) -> Api:
    from openhouse.api.crm_routes import crm_routes
    from openhouse.crm.bulk import Bulk
    from openhouse.crm.commit_builder import CommitBuilder
    from openhouse.crm.lists import Lists
    from openhouse.crm.modules import MODULES
    from openhouse.crm.records import Records
    from openhouse.crm.references import References
    from openhouse.crm.stats import Stats
    from openhouse.identity.directory import Directory
    from openhouse.rooms.room_log import RoomLog
    from openhouse.storage.idempotency import IdempotencyStore

    storage = table(settings)
    log, requests = RoomLog(storage), IdempotencyStore(storage)
    stats = Stats(storage, log)
    ledger = CommitBuilder(storage, References(storage, Directory(storage)), stats)
    records = Records(storage, log, requests, ledger)
    return crm_routes(MODULES, records, Lists(storage, log), stats, Bulk(records, log, requests, ledger))


def directory(settings: DirectorySettings) -> Api:
    from openhouse.api.directory_routes import directory_routes
    from openhouse.identity.administration import Administration
    from openhouse.identity.directory import Directory

    storage = table(settings)
    people, connections = Directory(storage), _connections(storage, settings)
    administration = Administration(people, connections, _gateway(settings))
    return directory_routes(people, administration, connections, settings.socket_url)


def sessions(settings: AuthorizerSettings) -> Sessions:
    from openhouse.identity.directory import Directory
    from openhouse.identity.sessions import Sessions
    from openhouse.identity.tokens import KeySet, Verifier
    from openhouse.rooms.connections import Connections

    if settings.hs256_secret_arn:
        secret = boto3.client("secretsmanager").get_secret_value(SecretId=settings.hs256_secret_arn)["SecretString"]
        key_for: Any = partial(_the_secret, secret)
    else:
        key_for = KeySet(partial(_fetch, settings.reachable_jwks_url)).key
    verifier = Verifier(
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        algorithms=settings.token_algorithms,
        key_for=key_for,
    )
    storage = table(settings)
    return Sessions(verifier, Directory(storage), Connections(storage), trust_claims=settings.trust_claims)


def connect(settings: ConnectSettings) -> Connections:
    return _connections(table(settings), settings)


def disconnect(settings: DisconnectSettings) -> Connections:
    return _connections(table(settings), settings)


def messages(settings: MessagesSettings) -> Messages:
    from openhouse.api.messages import Messages
    from openhouse.identity.directory import Directory
    from openhouse.rooms.room_log import RoomLog

    storage = table(settings)
    return Messages(
        _connections(storage, settings),
        Directory(storage),
        RoomLog(storage),
        _gateway(settings),
        trust_claims=settings.trust_claims,
    )


def fanout(settings: FanoutSettings) -> FanOut:
    from openhouse.delivery.fanout import FanOut

    storage, parallel_map = table(settings), _parallel_map()
    connections = _connections(storage, settings)
    dispatcher = _dispatcher(storage, connections, settings, parallel_map)
    return FanOut(connections, dispatcher, _queues(settings), parallel_map=parallel_map)


def fanout_worker(settings: FanoutWorkerSettings) -> ShardWorker:
    from openhouse.delivery.fanout import ShardWorker
    from openhouse.rooms.room_log import RoomLog

    storage, parallel_map = table(settings), _parallel_map()
    connections = _connections(storage, settings)
    dispatcher = _dispatcher(storage, connections, settings, parallel_map)
    return ShardWorker(connections, RoomLog(storage), dispatcher, _queues(settings), parallel_map=parallel_map)


def _parallel_map() -> Callable[..., Iterable[Any]]:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(8).map


def _queues(settings: PostingSettings) -> Queues:
    from openhouse.delivery.queues import SqsQueues

    client = boto3.client("sqs", config=_TABLE_CONFIG)
    return SqsQueues(client, shards_url=settings.shards_url, failures_url=settings.failures_url)


def _dispatcher(
    storage: Table, connections: Connections, settings: PostingSettings, parallel_map: Callable[..., Iterable[Any]]
) -> Dispatcher:
    from openhouse.delivery.dispatcher import Dispatcher
    from openhouse.delivery.rate_limiter import RateLimiter, rates

    rate_limiter = RateLimiter(storage, rates(settings.posts_per_second))
    return Dispatcher(connections, _gateway(settings), rate_limiter, parallel_map=parallel_map)


def _connections(storage: Table, settings: SocketSettings) -> Connections:
    from openhouse.rooms.connections import Connections

    return Connections(storage, brokerage_shards=settings.brokerage_shards)


def _gateway(settings: SocketSettings) -> Gateway:
    from openhouse.delivery.aws_gateway import AwsGateway
    from openhouse.delivery.signing import Credentials, Signer

    session = boto3.DEFAULT_SESSION or boto3.Session()  # of the clients made before, whose credentials it has

    def credentials() -> Credentials:
        found = session.get_credentials()
        if found is None:
            raise NoCredentialsError
        frozen = found.get_frozen_credentials()
        return Credentials(str(frozen.access_key), str(frozen.secret_key), frozen.token)

    signer = partial(Signer, service="execute-api", region=settings.aws_region, credentials=credentials)
    return AwsGateway(settings.callback_url, lambda host: signer(host=host))


def _fetch(url: str) -> bytes:
    with urlopen(url, timeout=3) as answer:  # noqa: S310 - infra gives the address, always http(s)
        return bytes(answer.read())


def _the_secret(secret: str, _kid: str) -> str:
    return secret
