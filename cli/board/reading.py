"""What a local run has told of itself: the embedded metrics and the lines of its functions, in the emulator's logs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deployed.board.math import value_of
from deployed.board.series import Aws, Line, Own, Source
from deployed.terminal import CommandFailed
from openhouse.core.metrics import NAMESPACE

MOST_STEPS = 60  # of a chart
STEPS = (1, 2, 5, 10, 30, 60, 300, 900, 3_600)  # seconds

Samples = Mapping[str, Sequence[tuple[float, float]]]  # by name: seconds since 1970, and a value


@dataclass(frozen=True)
class Told:
    """`metrics`: ours, by their names. `errors`: lines of level ERROR, by function."""

    metrics: Samples
    errors: Samples
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
        if not line.expression and isinstance(source, Own) and source.statistic != "Sum":
            return statistic_of(source.statistic, [value for _, value in self.metrics[source.metric.label]])
        return sum(steps) / len(self.times) if not line.expression else steps[-1]

    def _points(self, source: Source) -> list[float | None] | None:
        samples = self._samples(source)
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

    def _samples(self, source: Source) -> Sequence[tuple[float, float]]:
        if isinstance(source, Own):
            return self.metrics.get(source.metric.label, ())
        return self.errors.get(source.of, ()) if _is_errors(source) else ()


def _is_errors(source: Aws) -> bool:
    return (source.place, source.name) == ("function", "Errors")


def statistic_of(statistic: str, values: Sequence[float]) -> float:
    """As CloudWatch has them; of percentiles, the nearest value."""
    ordered = sorted(values)
    if statistic.startswith("p"):
        return ordered[min(len(ordered) - 1, int(len(ordered) * float(statistic[1:]) / 100))]
    return {"Sum": sum(ordered), "Maximum": ordered[-1], "SampleCount": float(len(ordered))}[statistic]


def read(lines: Iterable[str], *, last_seconds: float | None = None) -> Told:
    """Of the end of the run alone, if `last_seconds` says so. Raises CommandFailed where nothing was told."""
    metrics: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    errors: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for document in filter(None, map(_document, lines)):
        if "_aws" in document:
            _take(document, metrics)
        elif document.get("level") in ("ERROR", "CRITICAL"):
            at = datetime.fromisoformat(document["timestamp"]).timestamp()
            errors[document.get("service", "")].append((at, 1.0))
    moments = [at for series in metrics.values() for at, _ in series]
    if not moments:
        raise CommandFailed("No function has told a metric there yet: use the app for a moment, then try again.")
    last = max(moments)
    first = min(moments) if last_seconds is None else max(min(moments), last - last_seconds)
    return Told(_since(first, metrics), _since(first, errors), first, last)


def _document(line: str) -> dict[str, Any] | None:
    """What a line of the emulator's log holds, if it is one of a function."""
    if not line.startswith("{"):
        return None
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and ("_aws" in found or "level" in found) else None


def _take(document: Mapping[str, Any], metrics: Mapping[str, list[tuple[float, float]]]) -> None:
    at = document["_aws"]["Timestamp"] / 1_000
    for directive in document["_aws"]["CloudWatchMetrics"]:
        if directive["Namespace"] == NAMESPACE:
            for metric in directive["Metrics"]:
                values = document[metric["Name"]]
                metrics[metric["Name"]] += [(at, float(value)) for value in values]


def _since(first: float, samples: Samples) -> Samples:
    return {name: kept for name, series in samples.items() if (kept := [each for each in series if each[0] >= first])}
