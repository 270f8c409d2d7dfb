"""What a function does in one call, step by step: its own work, its AWS calls in their order, its posts.

Recorded on the functions' own code. The time of AWS calls is left out: whoever replays a trace says how long they take.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient

from openhouse import adapters
from openhouse.delivery.aws_gateway import AwsGateway
from openhouse.delivery.invoker import Invoker
from openhouse.rooms.gateway import Delivery, Missed

INVOKE = "Invoke"


@dataclass(frozen=True)
class Work:
    """CPU seconds of the function's own code."""

    seconds: float


@dataclass(frozen=True)
class Call:
    """`items`: how many items it names, 1 where it names none."""

    operation: str
    items: int = 1


@dataclass(frozen=True)
class Posts:
    """Frames to as many sockets, posted together."""

    count: int


@dataclass(frozen=True)
class Together:
    """Branches that run side by side, in a thread each."""

    branches: tuple[Trace, ...]


Step = Work | Call | Posts | Together
Trace = tuple[Step, ...]


class Tracer:
    """One function at a time: branches of its `parallel_map` are recorded one after the other."""

    def __init__(self) -> None:
        self._steps: list[Step] | None = None  # None while no function runs
        self._since = 0.0
        self._traces: dict[str, list[Trace]] = defaultdict(list)
        self._thread = threading.get_ident()
        self.frame = b""  # posted last
        self.payload = b""  # of the last invocation

    @contextmanager
    def of(self, function: str) -> Iterator[None]:
        """What happens in the block, this function does in one call."""
        self._steps, self._since = [], time.thread_time()
        try:
            yield
            self._worked()
            self._traces[function].append(tuple(self._steps))
        finally:
            self._steps = None

    def take(self) -> dict[str, list[Trace]]:
        """What was recorded since the last time, by function."""
        taken, self._traces = self._traces, defaultdict(list)
        return taken

    @contextmanager
    def listening(self) -> Iterator[None]:
        """To be entered before the functions are built."""
        call_aws, post = BaseClient._make_api_call, AwsGateway.post  # type: ignore[attr-defined]  # noqa: SLF001

        def called(client: BaseClient, operation: str, parameters: Mapping[str, Any]) -> Any:
            with self._apart(Call(operation, _items(parameters))):
                return call_aws(client, operation, parameters)

        def invoked(_invoker: Invoker, payload: bytes) -> None:  # nobody runs the function here
            with self._apart(Call(INVOKE)):
                self.payload = payload

        def posted(gateway: AwsGateway, deliveries: Sequence[Delivery]) -> list[Missed]:
            self.frame = next((delivery.frames[-1].body for delivery in deliveries if delivery.posts), self.frame)
            with self._apart(Posts(sum(delivery.posts for delivery in deliveries))):
                return post(gateway, deliveries)

        with (
            patch.object(BaseClient, "_make_api_call", called),
            patch.object(AwsGateway, "post", posted),
            patch.object(Invoker, "__call__", invoked),
            patch.object(adapters, "parallel_map", self._side_by_side),
        ):
            yield

    @contextmanager
    def _apart(self, step: Step) -> Iterator[None]:
        """The block's own time does not count."""
        if self._steps is None or threading.get_ident() != self._thread:
            yield
            return
        self._worked()
        self._steps.append(step)
        steps, self._steps = self._steps, None  # nor what is called for it
        try:
            yield
        finally:
            self._steps, self._since = steps, time.thread_time()

    def _side_by_side(self, work: Callable[..., Any], *arguments: Iterable[Any]) -> list[Any]:
        if self._steps is None:
            return [*map(work, *arguments)]
        self._worked()
        outer, branches, results = self._steps, [], []
        for each in zip(*arguments, strict=False):
            self._steps = []
            results.append(work(*each))
            self._worked()
            branches.append(tuple(self._steps))
        self._steps = outer
        outer.append(Together(tuple(branches)))
        return results

    def _worked(self) -> None:
        assert self._steps is not None
        now = time.thread_time()
        self._steps.append(Work(now - self._since))
        self._since = now


def _items(parameters: Mapping[str, Any]) -> int:
    if "TransactItems" in parameters:
        return len(parameters["TransactItems"])
    if "RequestItems" in parameters:
        wanted = parameters["RequestItems"].values()  # {"Keys": [...]} to read, [...] to write
        return sum(len(each if isinstance(each, list) else each["Keys"]) for each in wanted)
    return len(parameters.get("Entries", [1]))
