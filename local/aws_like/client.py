"""Switches AWS's habits on in an emulator that runs, and asks it what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from local.aws_like.conditions import Conditions

PATIENCE = 120.0  # seconds: whoever polls the stream first ends what it is at


@dataclass(frozen=True)
class Report:
    """Since it was switched on. `alarms`: the names of those that AWS would have raised."""

    counts: Mapping[str, float]
    alarms: tuple[str, ...]
    unknown_alarms: tuple[str, ...]  # of metrics that the emulator does not follow

    def __getitem__(self, name: str) -> int:
        return int(self.counts.get(name, 0))

    @property
    def retries(self) -> int:
        """How often Lambda handed on again what it had handed on before."""
        return self["stream.batches_again"] + self["sqs.messages_again"]

    def total(self, beginning: str) -> int:
        """Of all whose name begins so."""
        return int(sum(number for name, number in self.counts.items() if name.startswith(beginning)))


class AwsLike:
    """`emulator_url`: where it is reached."""

    def __init__(self, emulator_url: str) -> None:
        self._url = f"{emulator_url}/_aws_like"

    def switch_on(self, conditions: Conditions) -> None:
        self._call("PUT", conditions.values())

    def switch_off(self) -> None:
        self._call("DELETE")

    def report(self) -> Report:
        said = self._call("GET")
        return Report(said["counts"], tuple(said["alarms"]), tuple(said["unknownAlarms"]))

    @contextmanager
    def on(self, **conditions: float) -> Iterator[None]:
        """For the block. `conditions`: those of `Conditions` that shall differ."""
        self.switch_on(Conditions.read(conditions))
        try:
            yield
        finally:
            self.switch_off()

    def _call(self, method: str, content: Any = None) -> Any:
        with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
            return client.request(method, self._url, json=content).raise_for_status().json()
