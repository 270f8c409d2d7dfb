"""How CloudWatch evaluates an alarm, as its documentation has it: statistics by period, metric math, M out of N
periods, missing data. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from deployed.board.math import value_of

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Series = list[float | None]  # a value a period, the oldest first; None: nothing was told

MORE_LOOKED_AT = 2  # periods beside those that are evaluated: AWS does not say how many

_STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Minimum": min,
    "Average": lambda values: sum(values) / len(values),
    "SampleCount": len,
}
_SIDES: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


class Feed:
    """What was told of metrics: samples at minutes, counted from 0. A metric is its namespace, name and dimensions."""

    def __init__(self) -> None:
        self._samples: defaultdict[str, defaultdict[int, list[float]]] = defaultdict(lambda: defaultdict(list))

    def tell(self, metric: str, minute: int, *values: float) -> None:
        self._samples[metric][minute] += values

    def told(self, minute: int) -> dict[str, list[float]]:
        """By metric."""
        return {metric: samples[minute] for metric, samples in self._samples.items() if minute in samples}

    def series(self, metric: str, statistic: str, period: int, until: int, count: int) -> Series:
        """Of the last `count` periods, of so many minutes each, up to the minute `until`."""
        found: Series = []
        samples: dict[int, list[float]] = self._samples.get(metric) or {}
        for number in range(count, 0, -1):
            minutes = range(until - number * period, until - (number - 1) * period)
            values = [value for minute in minutes for value in samples.get(minute, ())]
            found.append(float(_STATISTICS[statistic](values)) if values else None)
        return found


def name_of(metric: Mapping[str, Any]) -> str:
    """Of an alarm's or a MetricStat's `Metric`."""
    dimensions = sorted(f"{each['Name']}={each['Value']}" for each in metric.get("Dimensions", []))
    return f"{metric['Namespace']} {metric['MetricName']} {','.join(dimensions)}".strip()


def state_of(alarm: Mapping[str, Any], feed: Feed, until: int) -> State:
    """`alarm`: its properties in a template."""
    periods = alarm["EvaluationPeriods"]
    wanted = alarm.get("DatapointsToAlarm", periods)
    looked_at = _series(alarm, feed, until, periods + MORE_LOOKED_AT)
    known = [value for value in looked_at if value is not None]
    missing = alarm.get("TreatMissingData", "missing")
    breaches = [_SIDES[alarm["ComparisonOperator"]](value, alarm["Threshold"]) for value in known[-periods:]]
    if len(breaches) < periods:
        # Only what is not there in all of what is looked at is filled in.
        if not breaches and missing == "missing":
            return "INSUFFICIENT_DATA"
        lacking = periods - len(breaches)
        if missing in ("breaching", "notBreaching"):
            breaches += [missing == "breaching"] * lacking
    return "ALARM" if sum(breaches) >= wanted else "OK"


def _series(alarm: Mapping[str, Any], feed: Feed, until: int, count: int) -> Series:
    if "MetricName" in alarm:
        return feed.series(name_of(alarm), alarm["Statistic"], alarm["Period"] // 60, until, count)
    found: dict[str, Series] = {}
    expression = ""
    for each in alarm["Metrics"]:
        if stat := each.get("MetricStat"):
            period = stat["Period"] // 60
            found[each["Id"]] = feed.series(name_of(stat["Metric"]), stat["Stat"], period, until, count)
        elif each.get("ReturnData", True):
            expression = each["Expression"]
    # FILL has nothing to fill where none of the metrics was ever told.
    if all(value is None for series in found.values() for value in series):
        return [None] * count
    return [value_of(expression, {name: series[number] for name, series in found.items()}) for number in range(count)]
