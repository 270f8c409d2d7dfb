"""What a deployment's functions have said: lines of CloudWatch Logs, and plainly why there are none.

Lines are JSON. The emulator matches no patterns of JSON, so what comes is looked at again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deployed.cloud import Cloud, aws_failure
from openhouse.core import clock

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

STACK = "Openhouse-App"
MOST_PAGES = 50  # of one question: each may be empty, where much else was said
_DELIVERED_AT = "INFO"


@dataclass(frozen=True)
class Line:
    """`at`: when it was said, by the clock of its function."""

    at: datetime
    function: str
    fields: Mapping[str, Any]

    @property
    def message(self) -> str:
        return str(self.fields.get("message", ""))


@dataclass(frozen=True)
class Found:
    """`unknown`: why lines may be missing, in sentences."""

    lines: Sequence[Line] = ()
    unknown: Sequence[str] = ()


class Logs:
    """`functions`: names of `openhouse.functions`."""

    def __init__(self, cloud: Cloud, *, now: Callable[[], datetime] = clock.utc_now) -> None:
        self._cloud = cloud
        self._now = now

    @cached_property
    def _client(self) -> CloudWatchLogsClient:
        return self._cloud.session.client("logs", endpoint_url=self._cloud.endpoint)

    @cached_property
    def _resources(self) -> Mapping[str, str]:
        """Physical names by logical ones, of the stack of functions."""
        pages = self._cloud.cloudformation().get_paginator("list_stack_resources").paginate(StackName=STACK)
        return {
            each["LogicalResourceId"]: each.get("PhysicalResourceId", "")
            for page in pages
            for each in page["StackResourceSummaries"]
            if each["ResourceType"] in ("AWS::Logs::LogGroup", "AWS::Lambda::Function")
        }

    def saying(
        self, messages: Sequence[str], functions: Sequence[str], begin: datetime, end: datetime, **naming: str
    ) -> Found:
        """The lines with one of these messages, of these functions, and with these fields; the earliest first."""
        lines: list[Line] = []
        unknown: dict[str, None] = {}
        for function in functions:
            try:
                group = self._group(function)
                if reason := self._silence(function, group, begin):
                    unknown[reason] = None
                if group:
                    lines += self._lines(function, group, messages, begin, end, naming)
            except ClientError as error:
                unknown[f"Of the log of {function}: {aws_failure(error)}"] = None
        return Found(sorted(lines, key=lambda line: line.at), [*unknown])

    def _group(self, function: str) -> str | None:
        return self._named(_logical(function, "Logs"))

    def _named(self, logical: str) -> str | None:
        """CloudFormation's names end with eight signs of CDK's."""
        whole = re.compile(rf"{logical}[0-9A-F]{{8}}")
        return next((name for each, name in self._resources.items() if whole.fullmatch(each)), None)

    def _silence(self, function: str, group: str | None, begin: datetime) -> str | None:
        """Why there is nothing to be found, if that is known."""
        if group is None:
            return f"The function {function} is not deployed here, so it has said nothing."
        level, kept = self._level(function), self._kept(group)
        if level not in (None, "DEBUG", "TRACE", _DELIVERED_AT):
            return f"The functions say nothing below {level} (logLevel in cdk.json), so deliveries are not logged."
        if kept is not None and self._now() - begin > timedelta(days=kept):
            return f"The log of {function} is kept for {kept} days, so what it said then is gone."
        return None

    def _level(self, function: str) -> str | None:
        """From which on its lines are kept; None if that is not told."""
        known = self._levels
        if function not in known:
            known[function] = None
            if name := self._named(_logical(function, "")):
                told = self._cloud.functions().get_function_configuration(FunctionName=name)
                known[function] = told.get("Environment", {}).get("Variables", {}).get("POWERTOOLS_LOG_LEVEL")
        return known[function]

    @cached_property
    def _levels(self) -> dict[str, str | None]:
        return {}

    def _kept(self, group: str) -> int | None:
        """Days; None for ever."""
        groups = self._client.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
        return next((each.get("retentionInDays") for each in groups if each.get("logGroupName") == group), None)

    def _lines(
        self,
        function: str,
        group: str,
        messages: Sequence[str],
        begin: datetime,
        end: datetime,
        naming: Mapping[str, str],
    ) -> Iterator[Line]:
        pages = self._client.get_paginator("filter_log_events").paginate(
            logGroupName=group,
            startTime=clock.milliseconds(begin),
            endTime=clock.milliseconds(end),
            filterPattern=_pattern(messages, naming),
            PaginationConfig={"PageSize": 10_000, "MaxItems": 10_000 * MOST_PAGES},
        )
        for page in pages:
            for event in page["events"]:
                if line := _line(function, event["message"], event["timestamp"]):
                    named = all(line.fields.get(name) == value for name, value in naming.items())
                    if line.message in messages and named:
                        yield line


def _line(function: str, text: str, milliseconds: int) -> Line | None:
    """None of what Lambda itself says."""
    try:
        fields = json.loads(text)
        at = fields.get("timestamp")
        moment = datetime.fromisoformat(at) if isinstance(at, str) else clock.from_milliseconds(milliseconds)
    except (ValueError, AttributeError):
        return None
    return Line(moment, function, fields)


def _pattern(messages: Sequence[str], naming: Mapping[str, str]) -> str:
    """What CloudWatch calls a filter pattern."""
    said = " || ".join(f"$.message = {_quoted(message)}" for message in messages)
    return (
        "{ " + " && ".join([f"({said})", *(f"($.{name} = {_quoted(value)})" for name, value in naming.items())]) + " }"
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _logical(function: str, of: str) -> str:
    """As `infra/function.py` names it."""
    return "".join(word.capitalize() for word in function.split("_")) + of
