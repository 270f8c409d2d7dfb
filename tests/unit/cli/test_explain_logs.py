"""What is read from CloudWatch Logs, and what is said where nothing can be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cli.explain.logs import Logs
from deployed.cloud import Cloud

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
GROUP = "Openhouse-App-FanoutLogs1234ABCD-x"


def event(at: datetime = NOON, **fields: Any) -> dict[str, Any]:
    said = {"level": "INFO", "message": "delivered", "timestamp": at.isoformat(), **fields}
    return {"timestamp": int(NOON.timestamp() * 1000), "message": json.dumps(said)}


class Aws:
    """As much of its clients as is asked: each answers for all."""

    def __init__(self, *events: Any, level: str = "INFO", days: int | None = 30, refusal: str = "") -> None:
        self.events, self.level, self.days, self.refusal = events, level, days, refusal
        self.patterns: list[str] = []

    def client(self, _name: str, **_options: Any) -> Aws:
        return self

    def get_paginator(self, operation: str) -> Any:
        class Paginator:
            def paginate(paginator, **asked: Any) -> Iterator[Any]:  # noqa: N805 - `self` is the client
                yield from getattr(self, operation)(**asked)

        return Paginator()

    def list_stack_resources(self, **_asked: Any) -> Iterator[Any]:
        kinds = {"LogGroup": "AWS::Logs::LogGroup", "Function": "AWS::Lambda::Function"}
        names = {"FanoutLogs1234ABCD": (GROUP, "LogGroup"), "Fanout1234ABCD": ("fanout-x", "Function")}
        names |= {"FanoutWorkerLogs1234ABCD": ("another", "LogGroup")}
        yield {
            "StackResourceSummaries": [
                {"LogicalResourceId": logical, "PhysicalResourceId": name, "ResourceType": kinds[kind]}
                for logical, (name, kind) in names.items()
            ]
        }

    def describe_log_groups(self, **_asked: Any) -> Any:
        kept = {} if self.days is None else {"retentionInDays": self.days}
        return {"logGroups": [{"logGroupName": GROUP + "y"}, {"logGroupName": GROUP, **kept}]}

    def get_function_configuration(self, **_asked: Any) -> Any:
        return {"Environment": {"Variables": {"POWERTOOLS_LOG_LEVEL": self.level}}}

    def filter_log_events(self, **asked: Any) -> Iterator[Any]:
        assert asked["logGroupName"] == GROUP
        if self.refusal:
            raise ClientError({"Error": {"Code": self.refusal, "Message": "not for you."}}, "FilterLogEvents")
        self.patterns.append(asked["filterPattern"])
        yield {"events": []}
        yield {"events": list(self.events)}


def found(aws: Aws, *functions: str, at: datetime = NOON, **naming: str) -> Any:
    logs = Logs(Cloud(aws), now=lambda: NOON + timedelta(hours=1))  # type: ignore[arg-type]
    return logs.saying(("delivered",), functions or ("fanout",), at - timedelta(minutes=1), at, **naming)


def test_lines_that_were_asked_for_come_in_order_and_nothing_else_does() -> None:
    aws = Aws(
        event(NOON + timedelta(seconds=1), room="team:north", seq=2),
        event(room="team:north", seq=1),
        event(room="team:south"),
        event(room="team:north", message="posted before"),
        {"timestamp": 0, "message": "START RequestId: 1"},
        {"timestamp": 0, "message": "[]"},
    )
    told = found(aws, room="team:north")
    assert [(line.function, line.fields["seq"]) for line in told.lines] == [("fanout", 1), ("fanout", 2)]
    assert told.unknown == []
    assert aws.patterns == ['{ ($.message = "delivered") && ($.room = "team:north") }']


def test_a_text_cannot_break_out_of_a_pattern() -> None:
    aws = Aws()
    found(aws, room='x" || $.message = "*')
    assert aws.patterns == ['{ ($.message = "delivered") && ($.room = "x\\" || $.message = \\"*") }']


@pytest.mark.parametrize(
    ("aws", "function", "said"),
    [
        (Aws(level="WARNING"), "fanout", "say nothing below WARNING"),
        (Aws(days=1), "fanout", "The log of fanout is kept for 1 days"),
        (Aws(), "fast_lane", "The function fast_lane is not deployed here"),
        (
            Aws(refusal="AccessDeniedException"),
            "fanout",
            "Of the log of fanout: AWS refused FilterLogEvents: not for you.",
        ),
    ],
    ids=["off", "expired", "not deployed", "not allowed"],
)
def test_why_lines_are_missing_is_said(aws: Aws, function: str, said: str) -> None:
    (reason,) = found(aws, function, at=NOON - timedelta(days=2)).unknown
    assert said in reason


def test_a_log_that_is_kept_for_ever_never_expires() -> None:
    assert found(Aws(days=None), at=NOON - timedelta(days=900)).unknown == []
