"""What is counted and measured, for CloudWatch: one document of its embedded metric format an invocation, or none.

Each name is a metric that costs $0.30 a month while it is told, so there is no dimension that takes many values: the
one that Powertools wants is the same for all. No ids: those are in the log.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import Enum
from threading import Lock
from typing import Literal

from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import AmazonCloudWatchEMFProvider

NAMESPACE = "Openhouse"
DIMENSIONS = {"service": "openhouse"}
MOST_SAMPLES = 99  # of a metric in a document, which takes 100 values: Powertools writes a document at the hundredth

Unit = Literal["Count", "Milliseconds"]


class Metric(Enum):
    """Its name for CloudWatch, its unit, and what it says."""

    COMMITS = ("Commits", "Count", "written to logs of rooms")
    CONFLICTS = ("Conflicts", "Count", "attempts at a commit that somebody else's was ahead of")
    COMMIT_TO_POST = ("CommitToPost", "Milliseconds", "from when a commit was written until it was posted to its room")
    POSTS = ("Posts", "Count", "frames that API Gateway has taken")
    GONE = ("Gone", "Count", "sockets that a post found closed")
    LAGGING = ("Lagging", "Count", "sockets that a post did not get to, and that were noted down for it")
    THROTTLED = ("Throttled", "Count", "posts put off by the limit of posts a second")
    CONNECTIONS = ("Connections", "Count", "sockets that opened")
    DISCONNECTIONS = ("Disconnections", "Count", "sockets that closed")
    TICKETS = ("Tickets", "Count", "issued, for a socket each")
    RESUMES = ("Resumes", "Count", "rooms that a client went on with from where it was")
    RESETS = ("Resets", "Count", "rooms of which the log could not tell it what it missed")
    LOCKS_TAKEN = ("LocksTaken", "Count", "of records, not counting those prolonged")
    LOCKS_REFUSED = ("LocksRefused", "Count", "as somebody else had it")
    TASKS_COMPLETED = ("TasksCompleted", "Count", "")
    TASKS_FAILED = ("TasksFailed", "Count", "")
    TASKS_CANCELLED = ("TasksCancelled", "Count", "")
    COMMIT_TO_SCREEN = ("CommitToScreen", "Milliseconds", "from a commit until a browser had painted it, of a sample")
    RECONNECTS = ("Reconnects", "Count", "of browsers, of a sample")
    BROWSER_ERRORS = ("BrowserErrors", "Count", "that no screen has handled, of a sample")
    CANARY = ("Canary", "Milliseconds", "from the canary's commit until its socket had it")

    def __init__(self, label: str, unit: Unit, says: str) -> None:
        self.label = label
        self.unit = unit
        self.says = says


class Collected:
    """What an invocation has counted so far. Threads may count side by side."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: defaultdict[Metric, float] = defaultdict(float)
        self._samples: defaultdict[Metric, list[float]] = defaultdict(list)

    def count(self, metric: Metric, number: float = 1) -> None:
        if number:
            with self._lock:
                self._counts[metric] += number

    def sample(self, metric: Metric, values: Sequence[float]) -> None:
        """Of more than a document takes, the first ones."""
        with self._lock:
            known = self._samples[metric]
            known += values[: MOST_SAMPLES - len(known)]

    def take(self) -> dict[Metric, list[float]]:
        """All of it, which is forgotten."""
        with self._lock:
            found = {metric: [value] for metric, value in self._counts.items()}
            found |= {metric: values for metric, values in self._samples.items() if values}
            self._counts.clear()
            self._samples.clear()
        return found

    def publish(self, log_level: int = logging.INFO) -> None:
        """Writes the document, if there is anything to say.

        A line without a level is one of level INFO to Lambda, which would leave it out where a function says less.
        """
        found = self.take()
        if not found:
            return
        document = AmazonCloudWatchEMFProvider(namespace=NAMESPACE, service=DIMENSIONS["service"])
        for metric, values in found.items():
            for value in values:
                document.add_metric(name=metric.label, unit=metric.unit, value=value)
        if log_level > logging.INFO:
            document.add_metadata("level", {logging.WARNING: "WARN"}.get(log_level, "ERROR"))
            document.add_metadata("timestamp", datetime.now(UTC).isoformat(timespec="milliseconds"))
        document.flush_metrics()


metrics = Collected()
