"""What can be thrown away and deployed again: the APIs and the functions, put together. Composition only."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TypedDict

from aws_cdk import Aws, CfnOutput, Stack
from constructs import Construct

from infra import permissions
from infra.access_logs import AccountLogRole
from infra.alarms import Alarms
from infra.configuration import Configuration, Issuer
from infra.data_stack import DataStack
from infra.fanout import LogStream
from infra.function import Function, Layers
from infra.http_api import HttpApi
from infra.shards import ShardQueue
from infra.websocket_api import STAGE, WebSocketApi
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.settings import (
    AuthorizerSettings,
    ConnectSettings,
    CrmSettings,
    DirectorySettings,
    DisconnectSettings,
    FanoutSettings,
    FanoutWorkerSettings,
    MessagesSettings,
)
from openhouse.storage.keys import INDEXES

_POSTING_SECONDS = 90  # the last turn begins within 25, waits for 10, posts for 15 and closes for 15 at most
_POSTING_MB = 1769  # one whole CPU: posting is signing and TLS


class _SocketNames(TypedDict):
    """What every function that deals with sockets is told."""

    table_name: str
    websocket_api_id: str
    websocket_stage: str
    brokerage_shards: int


class _PostingNames(TypedDict):
    """And those that post commits to them."""

    posts_per_second: int
    shards_url: str
    failures_url: str


class AppStack(Stack):
    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        configuration: Configuration,
        data: DataStack,
        modules: Iterable[Module] = MODULES,
    ) -> None:
        super().__init__(scope, id_, description="Openhouse: the APIs and their functions")
        table = data.table
        table_name = table.table_name
        sockets = WebSocketApi(self, "Sockets")
        if configuration.sets_account_log_role:
            sockets.stage.node.add_dependency(AccountLogRole(self, "AccountLogRole"))
        socket_names: _SocketNames = {
            "table_name": table_name,
            "websocket_api_id": sockets.id,
            "websocket_stage": STAGE,
            "brokerage_shards": configuration.brokerage_shards,
        }
        post = permissions.on_connections(sockets.stage, "POST")
        close = permissions.on_connections(sockets.stage, "DELETE")
        function = partial(Function, self, layers=Layers(self, "Layers", target=configuration.target))

        issuer = configuration.issuer
        authorizer = function(
            "authorizer",
            purpose="Says whose a token or a ticket is, for both APIs",
            settings=_authorizer_settings(issuer, data),
            may=[
                permissions.on_table(table, "GetItem", "Query", "DeleteItem"),
                *([permissions.on_secret(issuer.hs256_secret_arn)] if issuer and issuer.hs256_secret_arn else []),
            ],
            timeout_seconds=10,  # API Gateway gives an authorizer no longer
            memory_mb=1024,
        )
        crm = function(
            "crm",
            purpose="REST for the records of every module",
            settings=CrmSettings(table_name=table_name),
            may=[
                permissions.on_table(table, "GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
                permissions.on_indexes(table, INDEXES),
            ],
            timeout_seconds=28,  # a bulk request writes for 18 s, and its last part may be retried for 6
            memory_mb=1024,
        )
        directory = function(
            "directory",
            purpose="REST for who I am, tickets, teams and users",
            settings=DirectorySettings(**socket_names),
            may=[
                permissions.on_table(table, "GetItem", "Query", "PutItem", "DeleteItem", "BatchWriteItem"),
                close,
            ],
            timeout_seconds=15,
            memory_mb=1024,
        )
        connect = function(
            "connect",
            purpose="A socket opens",
            settings=ConnectSettings(**socket_names),
            may=[permissions.on_table(table, "PutItem")],
            timeout_seconds=10,
            memory_mb=512,
        )
        disconnect = function(
            "disconnect",
            purpose="A socket has closed",
            settings=DisconnectSettings(**socket_names),
            may=[permissions.on_table(table, "DeleteItem", "BatchWriteItem")],
            timeout_seconds=15,
            memory_mb=512,
        )
        messages = function(
            "messages",
            purpose="What a socket says: sync, ping, auth",
            settings=MessagesSettings(**socket_names, trust_claims=bool(issuer and issuer.trust_claims)),
            may=[
                permissions.on_table(
                    table,
                    "GetItem",
                    "BatchGetItem",
                    "Query",
                    "PutItem",
                    "UpdateItem",
                    "DeleteItem",
                    "BatchWriteItem",
                ),
                post,
                close,
            ],
            timeout_seconds=28,  # API Gateway waits 29
            memory_mb=1024,
        )
        stream = LogStream(self, "LogStream", table=table)
        shards = ShardQueue(self, "Shards", worker_seconds=_POSTING_SECONDS)
        posting_names: _PostingNames = {
            "posts_per_second": configuration.posts_per_second,
            "shards_url": shards.queue.queue_url,
            "failures_url": stream.failures.queue_url,
        }
        posting = [permissions.on_table(table, "Query", "UpdateItem", "DeleteItem", "BatchWriteItem"), post, close]
        fanout = function(
            "fanout",
            purpose="Posts each commit to the members of its room, or hands it on shard by shard",
            settings=FanoutSettings(**socket_names, **posting_names),
            may=[
                *posting,
                permissions.on_queue(shards.queue, "SendMessage"),
                permissions.on_queue(stream.failures, "SendMessage"),
            ],
            timeout_seconds=_POSTING_SECONDS,
            memory_mb=_POSTING_MB,
        )
        fanout_worker = function(
            "fanout_worker",
            purpose="Posts commits to one shard of a large room",
            settings=FanoutWorkerSettings(**socket_names, **posting_names),
            may=posting,
            timeout_seconds=_POSTING_SECONDS,
            memory_mb=_POSTING_MB,
        )

        stream.feed(fanout)
        shards.feed(fanout_worker)
        alarms = Alarms(self, "Alarms", topic_arn=configuration.alarm_topic_arn)
        alarms.on_failures({"BatchesFailed": stream.failures, "ShardsFailed": shards.failures})
        alarms.on_lateness(fanout, shards.queue)
        sockets.serve(authorizer=authorizer, connect=connect, disconnect=disconnect, messages=messages)
        api = HttpApi(self, "Http", authorizer=authorizer, origins=configuration.origins)
        for module in modules:
            api.serve_module(module.path, crm)
        api.serve_directory(directory)

        for name, value in {
            "HttpApiId": api.id,
            "HttpUrl": api.url,
            "WebSocketApiId": sockets.id,
            "WebSocketUrl": sockets.url,
            "WebSocketStage": STAGE,
            "ShardsUrl": shards.queue.queue_url,
            "FailedBatchesUrl": stream.failures.queue_url,
            "FailedShardsUrl": shards.failures.queue_url,
            "BrokerageShards": str(configuration.brokerage_shards),
            "CognitoUrl": data.sign_in.url,
            "Region": Aws.REGION,
        }.items():
            CfnOutput(self, name, value=value)


def _authorizer_settings(issuer: Issuer | None, data: DataStack) -> AuthorizerSettings:
    if issuer is None:
        return AuthorizerSettings(
            table_name=data.table.table_name,
            token_issuer=data.sign_in.issuer,
            token_audience=data.sign_in.client.user_pool_client_id,
            token_algorithms=("RS256",),
            jwks_url=f"{data.sign_in.issuer}/.well-known/jwks.json",
        )
    return AuthorizerSettings(
        table_name=data.table.table_name,
        token_issuer=issuer.url,
        token_audience=issuer.audience,
        token_algorithms=("HS256",) if issuer.hs256_secret_arn else ("RS256", "ES256"),
        jwks_url=issuer.jwks_url,
        hs256_secret_arn=issuer.hs256_secret_arn,
        trust_claims=issuer.trust_claims,
    )
