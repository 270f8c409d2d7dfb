"""What is to be looked at again later: a queue hands it back, at that time or later, once or several times.

So whoever is handed a timer decides anew, on what is stored by then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self

from openhouse.core import clock
from openhouse.core.json_text import compact


@dataclass(frozen=True)
class Timer:
    """`kind`: who is handed it. `about`: a JSON object."""

    kind: str
    due: datetime
    about: Mapping[str, Any]

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError, KeyError or TypeError for what `text()` did not write."""
        document = json.loads(text)
        return cls(str(document["kind"]), datetime.fromisoformat(document["due"]), dict(document["about"]))

    def text(self) -> str:
        return compact({"kind": self.kind, "due": clock.to_wire(self.due), "about": dict(self.about)})


class Timers(Protocol):
    def set(self, timers: Sequence[Timer]) -> None:
        """Raises OSError if the queue takes none."""


class Unschedulable(Exception):
    """What is asked for is never taken, such as a time too far away."""


class Schedules(Protocol):
    """Timers that are set days or years ahead, for good. Each name is of one timer."""

    def put(self, name: str, timer: Timer, at: datetime) -> None:
        """Hands it to the queue of timers at that time, which must not have passed, or within the minute after it, once
        or several times. May be repeated. Raises Unschedulable.
        """
