"""The functions' own code over moto, with a clock that moves when told: what each thing that people do takes of AWS.

Everything that a function calls is counted: DynamoDB's calls and units by the meter, posts and their bytes, requests of
queues, and the bytes of its log lines. What it starts, the fast lane and what both streams hand over, runs as well.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from itertools import count
from math import ceil
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws

from bench.delays import delay_of
from bench.events import http_event
from bench.meter import Line, Meter
from local.aws_like import measures
from local.schema import create_tables
from openhouse.api.messages import Messages
from openhouse.api.rest import RestApi
from openhouse.api.sockets import SocketApi
from openhouse.core.metrics import metrics
from openhouse.core.observability import correlated, logger
from openhouse.core.principal import Principal
from openhouse.delivery.stream import TableStream
from openhouse.entities import ENTITIES
from openhouse.rooms.gateway import Delivery, Missed
from openhouse.rooms.timers import Timer
from openhouse.services import Runtime, Services
from openhouse.storage.item_kinds import LOG_ENTRIES, RECORDS
from openhouse.storage.keys import entry_key
from openhouse.storage.table import Table
from openhouse.wiring import TIMER_HANDLERS, crm_operations, directory_operations
from tests.fakes import FakeClock, FakeQueues
from tests.functional.quick_moto import PLAIN, quicken

TABLE, RECORD_TABLE = "openhouse", "openhouse-records"
_SESSION = boto3.Session()
OWN_MS = 5.0  # of our own code in a call; `python -m bench.aws_model` measures it
BESIDE = 8  # queries of several partitions run so many at a time (`adapters.parallel_map`)
POST_MS = 0.1  # each further post of a batch, which are sent side by side
FRAME_BYTES = 32_768  # a message of API Gateway's bill
REQUESTS_OF_A_MESSAGE = 3  # of SQS: it is sent, received, deleted

REQUEST = "0199a0c19d247b6e"  # as the app names one
_DELIVER = ("fanout", "fast_lane")


@dataclass
class Spent:
    """What something takes. `calls` and `milliseconds`: by function. `posts`: messages to sockets, of 32 KB at most,
    `received`: from them. `requests`: of REST. `queued`: requests of SQS.
    """

    calls: Counter[str] = field(default_factory=Counter)
    milliseconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    reads: float = 0.0
    writes: float = 0.0
    requests: int = 0
    received: int = 0
    posts: int = 0
    sent: int = 0  # bytes, to browsers
    queued: int = 0
    logged: int = 0  # bytes

    def wire(self, times: float = 1) -> dict[str, Any]:
        """Of one, if it was done so many times."""
        found: dict[str, Any] = {}
        for name, value in vars(self).items():
            if isinstance(value, dict):
                found[name] = {key: _rounded(value[key] / times) for key in sorted(value)}
            else:
                found[name] = _rounded(value / times)
        return found


class Stage:
    """A brokerage of one team, with a record store and nobody connected. `now`: moves when told."""

    def __init__(self, log: StringIO) -> None:
        client: Any = _SESSION.client("dynamodb", region_name="us-east-1", config=PLAIN)
        create_tables(client, TABLE, RECORD_TABLE)
        self._spy: Any = _SESSION.client("dynamodb", region_name="us-east-1", config=PLAIN)
        self._meter = Meter(client.meta.events, self._spy)
        self._log = log
        self._function = ""
        self._hastened: list[bytes] = []
        self._timers: list[Timer] = []
        self._told: list[tuple[str, int]] = []
        self._sequence = count(1)
        self.clock = FakeClock()
        self.spent = Spent()
        ids = count(1)

        def new_id(*_: Any) -> str:
            return f"01a20594-c049-7800-a03d-{next(ids):012d}"  # as long as ids are

        self.services = Services(
            Table(client, TABLE, RECORD_TABLE),
            gateway=lambda: self,
            queues=FakeQueues,
            timers=lambda: self,
            socket_url="wss://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/live",
            start_fast_lane=self._hastened.append,
            has_fast_lane=True,
            authorizer_is_cached=True,
            runtime=Runtime(
                now=self.clock,
                monotonic=lambda: self.clock().timestamp(),
                sleep=self.clock.advance,
                chance=lambda: 1.0,  # an allowance is written down by chance: `acts` adds what that comes to
                new_record_id=new_id,
                new_commit_id=new_id,
            ),
        )
        self._crm = RestApi(crm_operations(ENTITIES), self.services)
        self._directory = RestApi(directory_operations(()), self.services)
        self._sockets = SocketApi(self.services, Messages(self.services))
        self._table_stream = TableStream([(LOG_ENTRIES, self.services.fanout.process)])
        self._record_stream = TableStream([(RECORDS, self.services.word_index.process)])

    # What is done -----------------------------------------------------------------------------------------------------

    def rest(
        self,
        who: Principal,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        function: str = "crm",
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Any:
        """The answer's document. Raises RuntimeError of one that is refused."""
        event = http_event(who, method, path, body, query)
        event["headers"] |= headers or {}
        self.spent.requests += 1
        with self.call(function):
            answer = (self._crm if function == "crm" else self._directory).handle(event, None)
        text = answer.get("body") or ""
        if answer["statusCode"] >= 400:
            raise RuntimeError(text)
        self.spent.sent += len(text.encode())
        return json.loads(text) if text else None

    def authorize(self, who: Principal) -> None:
        """The authorizer is asked about a token, which API Gateway has not kept."""
        with self.call("authorizer"):
            self.services.directory.principal(who.user_id, who.expires_at)

    def redeem(self, ticket: str) -> Principal:
        with self.call("authorizer"):
            return self.services.connections.redeem(ticket)

    def socket(self, event_type: str, connection_id: str, **more: Any) -> None:
        with self.call("socket"):
            self._sockets.handle(
                {
                    "requestContext": {
                        "eventType": event_type,
                        "connectionId": connection_id,
                        "identity": {"sourceIp": "203.0.113.195"},
                        **more.pop("context", {}),
                    },
                    **more,
                }
            )

    def say(self, connection_id: str, **message: Any) -> None:
        self.spent.received += 1
        self.socket("MESSAGE", connection_id, body=json.dumps({"id": "42", **message}))

    def run_timers(self, kind: str = "presence", *, within: float = 4.0) -> None:
        """Those that are due within so many seconds, at their time or now; the others of this kind are forgotten."""
        until = self.clock.at + timedelta(seconds=within)
        due = [timer for timer in self._timers if timer.kind == kind and timer.due <= until]
        self._timers = [timer for timer in self._timers if timer.kind != kind]
        for timer in due:
            self.clock.at = max(self.clock.at, timer.due)
            with self.call("timers"):
                TIMER_HANDLERS[kind](self.services)(timer)

    def follow(self, before: Mapping[str, Any]) -> None:
        """What was committed goes its way: the fast lane, the stream, the index. `before`: `images()`, if any."""
        for payload in self._hastened:
            event = json.loads(payload)
            with self.call("fast_lane"):
                self.services.fast_lane.process(event)
            for commit in event["commits"]:
                self._hand_over("fanout", [self._entry(commit["room"], commit["seq"])])
        self._hastened.clear()
        if before and (changed := [*self._changes(before)]):
            self._hand_over("word_index", changed)

    def images(self) -> dict[str, Any]:
        """The items of records as they are."""
        pages = self._spy.get_paginator("scan").paginate(TableName=RECORD_TABLE)
        items = [item for page in pages for item in page["Items"]]
        return {f"{item['pk']['S']} {item['sk']['S']}": item for item in items}

    def stored(self) -> list[Mapping[str, Any]]:
        """Every item of both tables."""
        found = []
        for name in (TABLE, RECORD_TABLE):
            pages = self._spy.get_paginator("scan").paginate(TableName=name)
            found += [item for page in pages for item in page["Items"]]
        return found

    # What functions call ----------------------------------------------------------------------------------------------

    def post(self, deliveries: Sequence[Delivery]) -> list[Missed]:
        """API Gateway, which takes everything."""
        posts = 0
        for delivery in deliveries:
            for frame in delivery.frames:
                posts += len(delivery.connection_ids) * ceil(len(frame.body) / FRAME_BYTES)
                self.spent.sent += len(delivery.connection_ids) * len(frame.body)
        self.spent.posts += posts
        if posts:
            self.spent.milliseconds[self._function] += measures.POST_TO_CONNECTION.p50 + POST_MS * (posts - 1)
        return [{} for _ in deliveries]

    def close(self, connection_ids: Sequence[str]) -> None:
        """Nothing here does."""

    def set(self, timers: Sequence[Timer]) -> None:
        """SQS."""
        self._timers += timers
        self.spent.queued += REQUESTS_OF_A_MESSAGE * len(timers)
        self.spent.milliseconds[self._function] += measures.QUEUE_SEND.p50

    @contextmanager
    def call(self, function: str) -> Iterator[None]:
        """One call of this function, and all that it makes."""
        self._log.seek(0)
        self._log.truncate()
        self._function = function
        metrics.take()
        with self._meter.of(function), correlated(None, REQUEST):
            yield
        with redirect_stdout(self._log):
            metrics.publish()
        self.spent.calls[function] += 1
        self.spent.milliseconds[function] += OWN_MS
        self.spent.logged += len(self._log.getvalue())
        for line in self._meter.take():
            self.spent.reads += line.read_units
            self.spent.writes += line.write_units
            self.spent.milliseconds[function] += _milliseconds(function, line)

    def _hand_over(self, function: str, records: Sequence[Mapping[str, Any]]) -> None:
        stream = self._table_stream if function == "fanout" else self._record_stream
        with self.call(function):
            failed = stream.process(records)
        if failed:
            raise RuntimeError(f"{function} did not take {failed}")

    def _entry(self, room: str, seq: int) -> dict[str, Any]:
        key = {name: {"S": value} for name, value in entry_key(room, seq).items()}
        image = self._spy.get_item(TableName=TABLE, Key=key)["Item"]
        return self._record("INSERT", key, {"NewImage": image})

    def _changes(self, before: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        after = self.images()
        for place in {**before, **after}:
            old, new = before.get(place), after.get(place)
            if old == new:
                continue
            images = {name: image for name, image in (("OldImage", old), ("NewImage", new)) if image}
            item = new or old
            assert item is not None
            name = "MODIFY" if old and new else "INSERT" if new else "REMOVE"
            record = self._record(name, {"pk": item["pk"], "sk": item["sk"]}, images)
            if RECORDS.covers(record):
                yield record

    def _record(self, name: str, key: Mapping[str, Any], images: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "eventName": name,
            "dynamodb": {"Keys": key, "SequenceNumber": str(next(self._sequence)), **images},
        }


@contextmanager
def stage() -> Iterator[Stage]:
    """An account of its own, and the log caught."""
    log, handler = StringIO(), logger.registered_handler
    region = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "us-east-1"}
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    shown, level = handler.stream, logger.log_level  # type: ignore[attr-defined]
    with (
        patch.dict(os.environ, {**region, **keys}),
        pytest.MonkeyPatch.context() as quick,
        mock_aws(),
    ):
        quicken(quick)
        os.environ.pop("AWS_ENDPOINT_URL", None)
        handler.stream = log  # type: ignore[attr-defined]
        logger.setLevel("INFO")  # whatever else in this process has silenced it
        try:
            yield Stage(log)
        finally:
            handler.stream = shown  # type: ignore[attr-defined]
            logger.setLevel(level)


def _milliseconds(function: str, line: Line) -> float:
    """Of these calls, of few items each, one after the other; but for queries of several partitions."""
    turns = ceil(line.calls / BESIDE) if line.operation == "Query" and function in _DELIVER else line.calls
    return turns * delay_of(line.operation).p50


def _rounded(value: float) -> float:
    return round(value, 3)
