"""What a local run has told of itself: the embedded metrics and the lines of its functions, in the emulator's logs.

Of AWS's own metrics, those are made up for that the lines tell of: calls, how long they took, and what went wrong.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from deployed.board.math import value_of
from deployed.board.sections import REST
from deployed.board.series import Line, Own, Source
from deployed.terminal import CommandFailed
from openhouse.core.metrics import NAMESPACE, Metric

MOST_STEPS = 60  # of a chart
STEPS = (1, 2, 5, 10, 30, 60, 300, 900, 3_600)  # seconds
_REPORT = re.compile(r"REPORT RequestId: .*?\tDuration: ([\d.]+) ms")  # Lambda's own, of each call


class Logged(NamedTuple):
    """A line: whose, and when, in seconds since 1970."""

    function: str
    at: float
    text: str


Place = tuple[str, str, str]  # of a metric: ours ("", name, ""), or AWS's by place, name and part
Samples = Mapping[Place, Sequence[tuple[float, float]]]  # seconds since 1970, and a value


@dataclass(frozen=True)
class Told:
    """`first`, `last`: of what was told, in seconds since 1970."""

    samples: Samples
    first: float
    last: float

    @property
    def step(self) -> int:
        """Seconds of a point on a chart."""
        return next((step for step in STEPS if (self.last - self.first) / step <= MOST_STEPS), STEPS[-1])

    @property
    def times(self) -> list[float]:
        """Where each step begins, in seconds since 1970."""
        first = int(self.first // self.step) * self.step
        return [float(at) for at in range(first, int(self.last) + 1, self.step)]

    def points(self, line: Line) -> list[float | None] | None:
        """A value for each of `times`; None where AWS alone tells what the line is drawn of."""
        known = {name: self._points(source) for name, source in line.named.items()}
        if all(series is None for series in known.values()):
            return None
        if not line.expression:
            return known["a"]
        empty: list[float | None] = [None] * len(self.times)
        columns = {name: empty if series is None else series for name, series in known.items()}
        return [
            value_of(line.expression, {name: series[number] for name, series in columns.items()})
            for number in range(len(empty))
        ]

    def whole(self, line: Line) -> float | None:
        """The same of all the run at once: a rate is the mean one."""
        steps = [point for point in self.points(line) or () if point is not None]
        source = line.sources[0]
        if not steps:
            return None
        if not line.expression and source.statistic != "Sum":
            return statistic_of(source.statistic, [value for _, value in self.samples[_place(source)]])
        return sum(steps) / (len(steps) if line.expression else len(self.times))

    def _points(self, source: Source) -> list[float | None] | None:
        samples = self.samples.get(_place(source))
        if not samples:
            return None
        steps: defaultdict[float, list[float]] = defaultdict(list)
        for at, value in samples:
            steps[at // self.step * self.step].append(value)
        is_rate = source.statistic == "Sum"
        found: list[float | None] = []
        for at in self.times:
            values = steps.get(at)
            if values is None:
                found.append(0.0 if is_rate else None)
            else:
                found.append(statistic_of(source.statistic, values) * (60 / self.step if is_rate else 1))
        return found


# Of AWS's, those that lines make up for.
_MADE_UP_FOR = {"Duration", "Errors", "Invocations", "Count", "Latency", "MessageCount", "5xx"}


def is_told_here(source: Source) -> bool:
    """Whether a local run would tell of it, if there were anything."""
    return isinstance(source, Own) or source.name in _MADE_UP_FOR


def _place(source: Source) -> Place:
    return ("", source.metric.label, "") if isinstance(source, Own) else (source.place, source.name, source.of)


def statistic_of(statistic: str, values: Sequence[float]) -> float:
    """As CloudWatch has them; of percentiles, the nearest value."""
    ordered = sorted(values)
    if statistic.startswith("p"):
        return ordered[min(len(ordered) - 1, int(len(ordered) * float(statistic[1:]) / 100))]
    return {"Sum": sum(ordered), "Maximum": ordered[-1], "SampleCount": float(len(ordered))}[statistic]


def read(lines: Iterable[Logged], *, last_seconds: float | None = None) -> Told:
    """Of the end of the run alone, if `last_seconds` says so. Raises CommandFailed where nothing was told."""
    found: defaultdict[Place, list[tuple[float, float]]] = defaultdict(list)
    for line in lines:
        document = _document(line.text)
        if document is None:
            _take_report(line, found)
        elif "_aws" in document:
            _take_metrics(document, found)
        elif document.get("level") in ("ERROR", "CRITICAL"):
            _take_error(line, document, found)
    moments = [at for (place, _, _), series in found.items() for at, _ in series if not place]
    if not moments:
        raise CommandFailed("No function has told a metric there yet: use the app for a moment, then try again.")
    last = max(moments)
    first = min(moments) if last_seconds is None else max(min(moments), last - last_seconds)
    return Told(_between(first, last, found), first, last)


def _document(text: str) -> dict[str, Any] | None:
    if not text.startswith("{"):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


Found = Mapping[Place, list[tuple[float, float]]]


def _take_metrics(document: Mapping[str, Any], found: Found) -> None:
    at = document["_aws"]["Timestamp"] / 1_000
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for metric in directive["Metrics"] if directive["Namespace"] == NAMESPACE else ():
            told = [(at, float(value)) for value in document[metric["Name"]]]
            found["", metric["Name"], ""].extend(told)
            if metric["Name"] == Metric.POSTS.label:
                found["sockets", "MessageCount", ""].extend(told)


def _take_report(line: Logged, found: Found) -> None:
    if not (report := _REPORT.match(line.text)):
        return
    took = float(report[1])
    found["function", "Duration", line.function].append((line.at, took))
    found["account", "Invocations", ""].append((line.at, 1.0))
    found["function", "Invocations", line.function].append((line.at, 1.0))
    if line.function in REST:
        found["http", "Count", ""].append((line.at, 1.0))
        found["http", "Latency", ""].append((line.at, took))
    elif line.function == "socket":
        found["sockets", "MessageCount", ""].append((line.at, 2.0))  # and its reply


def _take_error(line: Logged, document: Mapping[str, Any], found: Found) -> None:
    found["function", "Errors", line.function].append((line.at, 1.0))
    if document.get("message") == "request failed":
        found["http", "5xx", ""].append((line.at, 1.0))


def _between(first: float, last: float, found: Found) -> Samples:
    kept = {place: [each for each in series if first <= each[0] <= last] for place, series in found.items()}
    return {place: series for place, series in kept.items() if series}
