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
from openhouse.table import Table

if TYPE_CHECKING:
    from openhouse.connections import Connections
    from openhouse.courier import Courier
    from openhouse.fanout import FanOut, ShardWorker
    from openhouse.gateway import Gateway
    from openhouse.http import Api
    from openhouse.messages import Messages
    from openhouse.queues import Queues
    from openhouse.sessions import Sessions

_TABLE_CONFIG = Config(connect_timeout=1, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 4})


def table(settings: TableSettings) -> Table:
    return Table(boto3.client("dynamodb", config=_TABLE_CONFIG), settings.table_name)


def crm(settings: CrmSettings) -> Api:
    from openhouse.bulk import Bulk
    from openhouse.crm_api import crm_api
    from openhouse.directory import Directory
    from openhouse.ledger import Ledger
    from openhouse.lists import Lists
    from openhouse.modules import MODULES
    from openhouse.records import Records
    from openhouse.references import References
    from openhouse.requests import Requests
    from openhouse.room_log import RoomLog
    from openhouse.stats import Stats

    storage = table(settings)
    log, requests = RoomLog(storage), Requests(storage)
    stats = Stats(storage, log)
    ledger = Ledger(storage, References(storage, Directory(storage)), stats)
    records = Records(storage, log, requests, ledger)
    return crm_api(MODULES, records, Lists(storage, log), stats, Bulk(records, log, requests, ledger))


def directory(settings: DirectorySettings) -> Api:
    from openhouse.administration import Administration
    from openhouse.directory import Directory
    from openhouse.directory_api import directory_api

    storage = table(settings)
    people, connections = Directory(storage), _connections(storage, settings)
    administration = Administration(people, connections, _gateway(settings))
    return directory_api(people, administration, connections, settings.socket_url)


def sessions(settings: AuthorizerSettings) -> Sessions:
    from openhouse.auth import KeySet, Verifier
    from openhouse.connections import Connections
    from openhouse.directory import Directory
    from openhouse.sessions import Sessions

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
    from openhouse.directory import Directory
    from openhouse.messages import Messages
    from openhouse.room_log import RoomLog

    storage = table(settings)
    return Messages(
        _connections(storage, settings),
        Directory(storage),
        RoomLog(storage),
        _gateway(settings),
        trust_claims=settings.trust_claims,
    )


def fanout(settings: FanoutSettings) -> FanOut:
    from openhouse.fanout import FanOut

    storage, each = table(settings), _side_by_side()
    connections = _connections(storage, settings)
    courier = _courier(storage, connections, settings, each)
    return FanOut(connections, courier, _queues(settings), each=each)


def fanout_worker(settings: FanoutWorkerSettings) -> ShardWorker:
    from openhouse.fanout import ShardWorker
    from openhouse.room_log import RoomLog

    storage, each = table(settings), _side_by_side()
    connections = _connections(storage, settings)
    courier = _courier(storage, connections, settings, each)
    return ShardWorker(connections, RoomLog(storage), courier, _queues(settings), each=each)


def _side_by_side() -> Callable[..., Iterable[Any]]:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(8).map


def _queues(settings: PostingSettings) -> Queues:
    from openhouse.queues import SqsQueues

    client = boto3.client("sqs", config=_TABLE_CONFIG)
    return SqsQueues(client, shards_url=settings.shards_url, failures_url=settings.failures_url)


def _courier(
    storage: Table, connections: Connections, settings: PostingSettings, each: Callable[..., Iterable[Any]]
) -> Courier:
    from openhouse.budget import Budget, rates
    from openhouse.courier import Courier

    budget = Budget(storage, rates(settings.posts_per_second))
    return Courier(connections, _gateway(settings), budget, each=each)


def _connections(storage: Table, settings: SocketSettings) -> Connections:
    from openhouse.connections import Connections

    return Connections(storage, broker_shards=settings.broker_shards)


def _gateway(settings: SocketSettings) -> Gateway:
    from openhouse.poster import AwsGateway
    from openhouse.signing import Credentials, Signer

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
