"""Which of the deployed alarms AWS would have raised, by what the emulator knows of their metrics."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from local.aws_like.conditions import Conditions
from local.aws_like.imitation import Imitation

_PERIOD = 0.5  # seconds between two looks: AWS takes the most of a minute


class Alarms:
    """`cloudwatch`, `sqs`, `states`: the emulator's modules. `raised` and `unknown`: names as CloudFormation made
    them.
    """

    def __init__(self, imitation: Imitation, cloudwatch: Any, sqs: Any, states: Any) -> None:
        self.raised: set[str] = set()
        self.unknown: set[str] = set()  # of metrics that are not followed here
        self._imitation = imitation
        self._cloudwatch = cloudwatch
        self._sqs = sqs
        self._states = states
        self._failed_before = 0  # executions, when AWS's habits were switched on
        self._ended = threading.Event()
        self._metrics: dict[tuple[str, str], Callable[[Any], float]] = {
            ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): lambda dimensions: len(self._visible(dimensions)),
            ("AWS/SQS", "ApproximateAgeOfOldestMessage"): self._oldest,
            ("AWS/States", "ExecutionsFailed"): lambda _: self._failed_executions() - self._failed_before,
            ("AWS/Lambda", "IteratorAge"): lambda _: 1000 * imitation.counts().get("stream.iterator_age_seconds", 0),
            # Of all functions together, which is never too few.
            ("AWS/Lambda", "Errors"): lambda _: imitation.counts().get("functions.failed", 0),
        }
        imitation.on_change.append(self._change)

    def look(self) -> None:
        alarms = [alarm for _, alarm in self._cloudwatch._alarms.all_items()]  # noqa: SLF001
        for alarm in alarms:
            metric = self._metrics.get((alarm["Namespace"], alarm["MetricName"]))
            if metric is None:
                self.unknown.add(alarm["AlarmName"])
            elif metric(_dimensions(alarm)) > alarm["Threshold"]:
                self.raised.add(alarm["AlarmName"])

    def _change(self, conditions: Conditions | None) -> None:
        self._ended.set()
        if conditions is not None:
            self.raised.clear()
            self._failed_before = self._failed_executions()
            self._ended = threading.Event()
            threading.Thread(target=self._watch, args=(self._ended,), daemon=True, name="alarms").start()

    def _watch(self, ended: threading.Event) -> None:
        while not ended.wait(_PERIOD):
            self.look()

    def _failed_executions(self) -> int:
        executions = self._states._executions.all_items()  # noqa: SLF001
        return sum(execution["status"] == "FAILED" for _, execution in executions)

    def _messages(self, dimensions: dict[str, str]) -> list[Any]:
        return [
            message
            for _, queue in self._sqs._queues.all_items()  # noqa: SLF001
            if queue["name"] == dimensions["QueueName"]
            for message in queue["messages"]
        ]

    def _visible(self, dimensions: dict[str, str]) -> list[Any]:
        now = time.time()
        return [message for message in self._messages(dimensions) if message["visible_at"] <= now]

    def _oldest(self, dimensions: dict[str, str]) -> float:
        now = time.time()
        return max((now - message["sent_at"] for message in self._messages(dimensions)), default=0)


def _dimensions(alarm: Any) -> dict[str, str]:
    found = alarm["Dimensions"]
    return found if isinstance(found, dict) else {each["Name"]: each["Value"] for each in found}
