"""What a line of the dashboard is drawn of: metrics of our own or AWS's, and what is reckoned of several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from openhouse.core.metrics import Metric

Place = Literal["function", "http", "sockets", "queue", "table", "machine", "account"]


@dataclass(frozen=True)
class Own:
    """Of our own. `statistic`: such as `Sum` or `p95`."""

    metric: Metric
    statistic: str = "Sum"


@dataclass(frozen=True)
class Aws:
    """Of AWS. `of`: which function, queue and so on, by the name that the stack has for it."""

    place: Place
    name: str
    of: str = ""
    statistic: str = "Sum"


Source = Own | Aws


@dataclass(frozen=True)
class Line:
    """`expression`: CloudWatch's metric math over `sources`, which it names `a`, `b` and so on; or the one source."""

    label: str
    sources: tuple[Source, ...]
    expression: str = ""

    @property
    def named(self) -> Mapping[str, Source]:
        return {chr(ord("a") + number): source for number, source in enumerate(self.sources)}


@dataclass(frozen=True)
class Widget:
    """A chart. `unit`: of its axis. `note`: how to read it, in one sentence."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    note: str = ""
    stacked: bool = False


@dataclass(frozen=True)
class Section:
    """`question`: what its widgets answer. `good`: what that looks like when all is well."""

    question: str
    good: str
    widgets: tuple[Widget, ...] = field(default_factory=tuple)


def own(label: str, metric: Metric, statistic: str = "Sum") -> Line:
    return Line(label, (Own(metric, statistic),))


def aws(label: str, place: Place, name: str, of: str = "", statistic: str = "Sum") -> Line:
    return Line(label, (Aws(place, name, of, statistic),))
