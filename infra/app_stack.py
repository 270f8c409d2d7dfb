"""What can be thrown away and deployed again: the APIs and the functions, put together. Composition only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from itertools import chain
from typing import Any

from aws_cdk import Aws, CfnOutput, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cli.costs.prices import Prices
from deployed.board.sections import sections
from infra.alarms import Alarms, alarms
from infra.budget import Budget
from infra.clocks import Clocks
from infra.configuration import Configuration
from infra.dashboard import Dashboard
from infra.data_stack import DataStack
from infra.fanout import TableStream
from infra.function import Function, Layers
from infra.http_api import HttpApi
from infra.issuer import Issuer
from infra.language_model import LanguageModel
from infra.measured import Parts
from infra.model_access import model_statements
from infra.permissions import Statements
from infra.queries import SavedQueries
from infra.schedules import ScheduleGroup
from infra.shards import ShardQueue
from infra.tasks import TaskMachine
from infra.timers import TimerQueue
from infra.websocket_api import STAGE, WebSocketApi
from openhouse.entities import ENTITIES
from openhouse.function_spec import FunctionSpec, Trigger
from openhouse.functions import FANOUT, FAST_LANE, FUNCTIONS, POSTING_SECONDS, REMINDERS, TIMERS, WORD_INDEX
from openhouse.rooms.entity import Entity
from openhouse.settings import Settings


class AppStack(Stack):
    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        configuration: Configuration,
        data: DataStack,
        entities: Iterable[Entity] = ENTITIES,
    ) -> None:
        super().__init__(scope, id_, description="Openhouse: the APIs and their functions")
        self.sockets = sockets = WebSocketApi(
            self,
            "Sockets",
            events_per_second=configuration.socket_events_per_second,
            watched=configuration.watches_messages,
        )
        stream = TableStream(self, "TableStream", table=data.table)
        changes = TableStream(self, "RecordStream", table=data.records)
        shards = ShardQueue(self, "Shards", worker_seconds=POSTING_SECONDS, workers=configuration.workers)
        timers = TimerQueue(self, "TimerQueue", function_seconds=TIMERS.timeout_seconds)
        appointments = TableStream(self, "AppointmentStream", table=data.records)
        schedules = ScheduleGroup(self, "Schedules", target=timers.queue)
        tasks = TaskMachine(self, "Tasks")
        issuer = configuration.issuer
        values: dict[str, Any] = {
            "table_name": data.table.table_name,
            "records_table_name": data.records.table_name,
            "websocket_api_id": sockets.id,
            "websocket_stage": STAGE,
            "files_bucket": data.files.bucket.bucket_name,
            "url_suffix": Aws.URL_SUFFIX,
            "brokerage_shards": configuration.brokerage_shards,
            "posts_per_second": configuration.posts_per_second,
            "ping_seconds": configuration.ping_seconds,
            "shards_url": shards.queue.queue_url,
            "timers_url": timers.queue.queue_url,
            "timers_arn": timers.queue.queue_arn,
            "schedule_group": schedules.name,
            "schedule_role_arn": schedules.role.role_arn,
            "tasks_machine_arn": tasks.arn,
            "failures_url": stream.failures.queue_url,
            "fast_lane": configuration.fast_lane,
            "authorizer_is_cached": configuration.authorizer_seconds > 0,
            **_issuer_values(issuer, data),
            **_model_values(configuration.model),
        }
        layers = Layers(self, "Layers", target=configuration.target)
        may = Statements(
            table=data.table,
            records=data.records,
            stage=sockets.stage,
            queues={"shards": shards.queue, "failures": stream.failures, "timers": timers.queue},
            schedules=schedules.permitted,
            machine_arn=tasks.arn,
            files=data.files.bucket,
            pool=None if issuer else data.sign_in.pool,
            token_secret_arn=issuer.hs256_secret_arn if issuer else "",
            token_secret_key_arn=issuer.hs256_key_arn if issuer else "",
            model=_model_access(configuration.model),
        )
        functions: dict[str, Function] = {}
        invoked: dict[str, lambda_.IFunction] = {}
        for spec in _deployed(configuration):
            functions[spec.name] = function = Function(
                self,
                spec,
                settings=_told(spec, values),
                layers=layers,
                may=may.of(spec.grants, invoked),
                reserved=configuration.fanout_concurrency if spec is FANOUT else 0,
                log_level=configuration.log_level,
                system_log_level=configuration.system_log_level,
                traced=spec.trigger.is_traced or (spec.trigger is Trigger.SOCKET and configuration.watches_messages),
                provisioned=configuration.provisioned.get(spec.name, 0),
            )
            invoked[spec.name] = function.invoked
            if spec is FAST_LANE:
                values["fast_lane_function"] = function.invoked.function_name
        by_trigger = {spec.trigger: invoked[spec.name] for spec in FUNCTIONS if spec.name in functions}
        authorizer, fanout = by_trigger[Trigger.AUTHORIZER], by_trigger[Trigger.TABLE_STREAM]

        stream.feed(fanout, FANOUT.consumers)
        changes.feed(by_trigger[Trigger.RECORD_STREAM], WORD_INDEX.consumers, tried_for=Duration.hours(12))
        appointments.feed(by_trigger[Trigger.APPOINTMENTS], REMINDERS.consumers, tried_for=Duration.hours(12))
        shards.feed(by_trigger[Trigger.SHARD_QUEUE])
        timers.feed(by_trigger[Trigger.TIMER_QUEUE])
        tasks.call(by_trigger[Trigger.STATE_MACHINE])
        clocks = Clocks(self, "Clocks", schedules=schedules)
        clocks.every_minute("TaskWatch", by_trigger[Trigger.MINUTE])
        clocks.every_hour("FileEnds", by_trigger[Trigger.HOURLY])
        clocks.at_each_hour("Mornings", by_trigger[Trigger.MORNING])
        # Switched off, it stays: its log would go with it.
        clocks.every_minute("Canary", by_trigger[Trigger.CANARY], runs=configuration.canary)
        sockets.serve(authorizer=authorizer, function=by_trigger[Trigger.SOCKET])
        known = tuple(entities)
        served = {spec.name: spec.operations(known) for spec in FUNCTIONS if spec.operations}
        self.http = api = HttpApi(
            self,
            "Http",
            authorizer=authorizer,
            origins=configuration.origins,
            operations=[*chain(*served.values())],
            requests_per_second=configuration.requests_per_second,
            authorizer_seconds=configuration.authorizer_seconds,
        )
        for name, operations in served.items():
            api.serve(name, operations, invoked[name])

        parts = Parts(
            functions=functions,
            queues={
                "shards": shards.queue,
                "timers": timers.queue,
                "failed batches": stream.failures,
                "failed shards": shards.failures,
                "failed timers": timers.failures,
                "failed index": changes.failures,
                "failed reminders": appointments.failures,
            },
            tables={"main": data.table, "records": data.records},
            http_api_id=api.id,
            socket_api_id=sockets.id,
            socket_stage=STAGE,
            machine_arn=tasks.arn,
        )
        self._watch(configuration, parts, functions)
        for value in (sockets.id, api.id):
            # Also without a web app: that of before still imports them when this stack is deployed.
            self.export_value(value)

        for name, value in {
            "HttpApiId": api.id,
            "HttpUrl": api.url,
            "WebSocketApiId": sockets.id,
            "WebSocketUrl": sockets.url,
            "WebSocketStage": STAGE,
            "ShardsUrl": shards.queue.queue_url,
            "FailedBatchesUrl": stream.failures.queue_url,
            "FailedShardsUrl": shards.failures.queue_url,
            "TimersUrl": timers.queue.queue_url,
            "TimersArn": timers.queue.queue_arn,
            "ScheduleGroup": schedules.name,
            "ScheduleRoleArn": schedules.role.role_arn,
            "TasksMachineArn": tasks.arn,
            "BrokerageShards": str(configuration.brokerage_shards),
            "CognitoUrl": data.sign_in.url,
            "Region": Aws.REGION,
        }.items():
            CfnOutput(self, name, value=value)

    def _watch(self, configuration: Configuration, parts: Parts, functions: Mapping[str, Function]) -> None:
        wanted = alarms(
            posts_per_second=configuration.posts_per_second,
            canary=configuration.canary,
            fast_lane=configuration.fast_lane,
        )
        if not configuration.is_watched:
            followed = [alarm for alarm in wanted if alarm.is_followed_by_the_emulator]
            Alarms(self, "Alarms", parts=parts, wanted=followed, topic_arn="")
            return
        rung = Alarms(self, "Alarms", parts=parts, wanted=wanted, topic_arn=configuration.alarm_topic_arn)
        SavedQueries(self, "Queries", groups={name: function.lines for name, function in functions.items()})
        if configuration.dashboard:
            Dashboard(self, "Dashboard", parts=parts, sections=sections(_unit_prices()), alarms=rung.all)
        if configuration.monthly_budget:
            Budget(self, "Budget", dollars=configuration.monthly_budget, topic_arn=configuration.alarm_topic_arn)


def _unit_prices() -> dict[str, float]:
    """Dollars for one of each."""
    return {name: price.dollars(1) for name, price in Prices.read().aws.items()}


def _deployed(configuration: Configuration) -> list[FunctionSpec[Any, Any]]:
    """The fast lane first: those who hand it something are told its name, and may start it alone."""
    others = [spec for spec in FUNCTIONS if spec is not FAST_LANE]
    return [FAST_LANE, *others] if configuration.fast_lane else others


def _told(spec: FunctionSpec[Any, Any], values: Mapping[str, Any]) -> Settings:
    """The function's settings, of what the stack knows: those alone that it declares."""
    declared = {field.name for field in fields(spec.settings)}
    settings: Settings = spec.settings(**{name: value for name, value in values.items() if name in declared})
    return settings


def _issuer_values(issuer: Issuer | None, data: DataStack) -> dict[str, Any]:
    if issuer is None:
        return {
            "token_issuer": data.sign_in.issuer,
            "token_audience": data.sign_in.client.user_pool_client_id,
            "token_algorithms": ("RS256",),
            "jwks_url": f"{data.sign_in.issuer}/.well-known/jwks.json",
            "user_pool_id": data.sign_in.pool.user_pool_id,
        }
    return {
        "token_issuer": issuer.url,
        "token_audience": issuer.audience,
        "token_algorithms": ("HS256",) if issuer.hs256_secret_arn else ("RS256", "ES256"),
        "jwks_url": issuer.jwks_url,
        "hs256_secret_arn": issuer.hs256_secret_arn,
        "trust_claims": issuer.trust_claims,
    }


def _model_values(model: LanguageModel | None) -> dict[str, Any]:
    if model is None:
        return {}
    return {
        "bedrock_model_id": model.id,
        "bedrock_region": model.region,
        "model_tokens_per_day": model.tokens_per_day,
        "model_cents_per_day": model.cents_per_day,
        "input_cents_per_million_tokens": model.input_cents,
        "output_cents_per_million_tokens": model.output_cents,
    }


def _model_access(model: LanguageModel | None) -> list[iam.PolicyStatement]:
    if model is None:
        return []
    statements = model_statements(
        model.id,
        region=model.region or Aws.REGION,
        account=Aws.ACCOUNT_ID,
        destinations=model.destinations,
        partition=Aws.PARTITION,
    )
    return [iam.PolicyStatement.from_json(statement) for statement in statements]
